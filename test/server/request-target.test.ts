import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originForm } from '../../src/server/request-target.ts';

test('RFC 3986 §6.2.2.2: letters, digits, hyphen, underscore and tilde mean the same encoded; nothing else is decoded', () => {
  assert.equal(originForm('/%63alendars/%7Eann%2Ddoe%5f%30/'), '/calendars/~ann-doe_0/');
  for (const kept of ['/%2e%2E/', '/a%2Fb', '/%25%20%40%5B%60%7B%7d', '/%c3%a9', '/%', '/%4', '/%2541']) {
    assert.equal(originForm(kept), kept);
  }
});

test('RFC 9112 §3.2: absolute targets lose their origin, a query stays as it came, other targets are none', () => {
  assert.equal(originForm('http://mail.example.org/%61?q=%61%3F&r?%62'), '/a?q=%61%3F&r?%62');
  assert.deepEqual([originForm('HTTPS://h'), originForm('http://h?q'), originForm('*')], ['/', '/?q', '*']);
  assert.equal(originForm('mail.example.org:443'), null);
});

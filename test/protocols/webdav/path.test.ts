import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectionHref, encodeSegment, parsePath, pathOfHref } from '../../../protocols/webdav/path.ts';

test('a path is percent-decoded into NFC segments; empty ones do not count', () => {
  assert.deepEqual(parsePath('/a%20b/u%CC%88/%E2%82%AC@x'), { segments: ['a b', 'ü', '€@x'], hasTrailingSlash: false });
  assert.deepEqual(parsePath('//a//'), { segments: ['a'], hasTrailingSlash: true });
});

test('what does not name one thing is 400', () => {
  for (const path of [
    '/a%2Fb',
    '/a%2fb',
    '/%',
    '/%zz',
    '/%ff',
    '/%c0%af',
    '/a/../b',
    '/%2e%2E/b',
    '/./a',
    '/a%00',
    'a',
  ]) {
    assert.throws(() => parsePath(path), { status: 400 }, path);
  }
});

test('what is encoded is decoded to the same, and needs no XML escaping', () => {
  for (const name of ['a b', 'ü', "it's & <that>.ics", '100%', 'a?b#c', 'x@y', '日本', '(1)*!~']) {
    const segment = encodeSegment(name);
    assert.match(segment, /^[A-Za-z0-9._~@%()*!-]+$/);
    assert.deepEqual(parsePath(`/${segment}`).segments, [name]);
  }
  assert.equal(collectionHref(), '/');
  assert.equal(collectionHref('a b', 'c'), '/a%20b/c/');
});

test('an href is a path or a URL of this host', () => {
  assert.equal(pathOfHref(' /a/b?c#d ', 'h'), '/a/b');
  assert.equal(pathOfHref('https://dav.example.org/a%20b', 'DAV.example.org'), '/a%20b');
  assert.equal(pathOfHref('http://u:p@h:8080', 'h:8080'), '/');
  assert.equal(pathOfHref('https://h:443/a', 'h'), '/a');
  for (const foreign of ['https://other/a', '//other/a', 'http://h:81/a', 'mailto:a@b', 'a/b', 'http://h@other/']) {
    assert.equal(pathOfHref(foreign, 'h'), null, foreign);
  }
});

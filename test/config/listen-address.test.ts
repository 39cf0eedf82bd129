import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, listenUrl, parseListenAddress } from '../../src/config/listen-address.ts';

test('an address is scheme, host and port, IPv6 in brackets', () => {
  assert.deepEqual(parseListenAddress('https://0.0.0.0:8443'), { scheme: 'https', host: '0.0.0.0', port: 8443 });
  assert.deepEqual(parseListenAddress('http://[::1]:0'), { scheme: 'http', host: '::1', port: 0 });
  assert.deepEqual(parseListenAddress('HTTPS://dav.example.org/'), {
    scheme: 'https',
    host: 'dav.example.org',
    port: 443,
  });
  assert.equal(parseListenAddress('http://localhost').port, 80);
});

test('what is written is read as the same address', () => {
  for (const text of ['https://[::]:8443', 'http://127.0.0.1:1', 'https://dav.example.org:443']) {
    assert.equal(listenUrl(parseListenAddress(text)), text);
  }
});

test('anything else is refused with the text in the reason', () => {
  for (const text of [
    '8443',
    'localhost:8443',
    'https://::1:80',
    'https://a:70000',
    'http://a/b',
    'http://u@a',
    'http://[1.2.3.4]:1',
    'http://a_b:1',
  ]) {
    assert.throws(
      () => parseListenAddress(text),
      (error: Error) => error instanceof TypeError && error.message.includes(text),
    );
  }
});

test('loopback is 127/8, ::1 and localhost', () => {
  assert.deepEqual(['127.0.0.1', '127.8.0.1', '::1', 'localhost', '0.0.0.0', '::', '10.0.0.1'].map(isLoopback), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

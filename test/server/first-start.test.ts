import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstStartText, reachableUrls } from '../../src/server/first-start.ts';

const NAMES = { host: 'box.example.org', addresses: ['10.0.0.5', '2001:db8::5'] };
const urls = (listen: readonly string[], publicUrl?: string) =>
  reachableUrls(
    listen.map((url) => ({ url })),
    publicUrl === undefined ? {} : { publicUrl },
    NAMES,
  );

test('a listener on all addresses is reached by the name, then by each address of its family', () => {
  const four = ['https://box.example.org:8443', 'https://10.0.0.5:8443'];
  assert.deepEqual(urls(['https://0.0.0.0:8443']), four);
  assert.deepEqual(urls(['https://[::]:8443']), [...four, 'https://[2001:db8::5]:8443']);
});

test('https comes before http, and what only this machine reaches comes last', () => {
  const listen = ['http://127.0.0.1:80', 'http://10.0.0.5:80', 'https://[::1]:443', 'https://10.0.0.5:443'];
  assert.deepEqual(urls(listen), [
    'https://10.0.0.5:443',
    'http://10.0.0.5:80',
    'https://[::1]:443',
    'http://127.0.0.1:80',
  ]);
});

test('the address that was set comes first', () => {
  assert.equal(urls(['http://127.0.0.1:8080'], 'https://dav.example.org')[0], 'https://dav.example.org');
});

const USER = { address: 'admin@example.org', password: 'pass-word' };

test('what to type has server, port, user name and password for phones and a URL for programs', () => {
  const text = firstStartText({
    ...USER,
    urls: ['https://box.example.org:8443', 'https://10.0.0.5:8443'],
    fingerprint: null,
  });
  assert.match(text, /Server +box\.example\.org\n[\s\S]*Port +8443\n +SSL +on/);
  assert.match(
    text,
    /Address +https:\/\/box\.example\.org:8443\/\n +User name +admin@example\.org\n +Password +pass-word\n/,
  );
  assert.match(text, /https:\/\/10\.0\.0\.5:8443\//);
  assert.doesNotMatch(text, /certificate/);
});

test("a URL without a port tells the scheme's own, and http tells that SSL is off", () => {
  assert.match(
    firstStartText({ ...USER, urls: ['https://dav.example.org'], fingerprint: null }),
    /Port +443\n +SSL +on/,
  );
  assert.match(firstStartText({ ...USER, urls: ['http://127.0.0.1:80'], fingerprint: null }), /Port +80\n +SSL +off/);
});

test('an address that only this machine reaches is told to be one, with what to do', () => {
  const text = (url: string) => firstStartText({ ...USER, urls: [url], fingerprint: null });
  for (const url of ['http://127.0.0.1:80', 'http://[::1]:80', 'https://localhost:8443']) {
    assert.match(text(url), /Only this machine .*\n--listen https:\/\/0\.0\.0\.0:8443, .*--public-url/, url);
  }
  assert.doesNotMatch(text('https://10.0.0.5:8443'), /Only this machine/);
  const both = firstStartText({ ...USER, urls: ['https://10.0.0.5:8443', 'http://127.0.0.1:80'], fingerprint: null });
  assert.doesNotMatch(both, /127\.0\.0\.1|use instead/);
});

test('what to open in a browser, as an administrator and as everybody, is told under the best address', () => {
  const text = firstStartText({
    ...USER,
    urls: ['https://box.example.org:8443', 'http://10.0.0.5'],
    fingerprint: null,
  });
  assert.match(text, / https:\/\/box\.example\.org:8443\/admin\n.* https:\/\/box\.example\.org:8443\/me\n/);
});

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { html } from '../../../src/admin/pages/html.ts';
import { formsOf, PlainBrowser, startSite, textOf, withDevices } from './site.ts';

test('what is put into a template is escaped, in texts and in attributes', () => {
  const evil = '"><script>alert(1)</script>';
  assert.equal(
    html`<p title="${evil}">${[evil, null, false, 3]}</p>`.text,
    '<p title="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;">&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;3</p>',
  );
});

test('somebody who is not signed in is led to the sign-in, and from there to where they wanted', async (t) => {
  const { origin } = await startSite(t);
  const browser = new PlainBrowser(origin);
  const first = await browser.get('/admin/devices?text=a%26b');
  assert.equal(first.status, 303);
  const location = first.headers.get('location')!;
  assert.equal(location, '/me/sign-in?to=%2Fadmin%2Fdevices%3Ftext%3Da%2526b');
  const form = formsOf((await browser.get(location)).text)[0]!;
  const answer = await browser.post(form.action, { ...form.values, name: 'root', password: 'word' });
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/admin/devices?text=a%26b']);
});

test('nobody is led to another server by the sign-in', async (t) => {
  const { origin } = await startSite(t);
  for (const to of [
    'https://evil.example/',
    '//evil.example/',
    '/admin\\evil',
    '/adminx',
    '/admin/../x y',
    '/\t/evil',
  ]) {
    const answer = await new PlainBrowser(origin).post('/me/sign-in', { name: 'root', password: 'word', to });
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/admin'], to);
  }
});

test('a refused sign-in says how to go on, and not which part was wrong', async (t) => {
  const { origin } = await startSite(t);
  const browser = new PlainBrowser(origin);
  const wrong = await browser.post('/me/sign-in', { name: 'root', password: 'nothing' });
  const nobody = await browser.post('/me/sign-in', { name: 'nobody', password: 'nothing' });
  assert.deepEqual([wrong.status, nobody.status, browser.cookies.size], [403, 403, 0]);
  assert.match(textOf(wrong.text), /do not fit together/);
  assert.equal(textOf(wrong.text), textOf(nobody.text));
  const locked = await browser.post('/me/sign-in', { name: 'locked', password: 'x' });
  assert.deepEqual([locked.status, locked.headers.get('retry-after')], [429, '90']);
  assert.match(textOf(locked.text), /Try again in 2 minutes/);
});

test('cookies are out of reach of scripts and other sites, with TLS bound to this server alone', async (t) => {
  const { origin } = await startSite(t);
  const send = (secure: string) =>
    fetch(`${origin}/me/sign-in`, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ name: 'root', password: 'word' }) },
      headers: { Origin: origin, 'X-Test-Secure': secure },
    });
  const plain = (await send('no')).headers.getSetCookie();
  assert.equal(plain.length, 3);
  for (const cookie of plain) assert.match(cookie, /^causeway-\w+=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict$/);
  for (const cookie of (await send('yes')).headers.getSetCookie()) {
    assert.match(cookie, /^__Host-causeway-\w+=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  }
});

test('an access token that is over is renewed, a sign-in that is over leads to the sign-in', async (t) => {
  const { origin, signIns } = await startSite(t);
  const browser = await new PlainBrowser(origin).signIn('root');
  signIns.over.add('root.1');
  assert.equal((await browser.get('/admin/devices')).status, 200);
  assert.equal(browser.cookies.get('causeway-access'), 'root.2');
  signIns.over.add('root.2');
  signIns.ended.push('root.r');
  assert.equal((await browser.get('/admin/devices')).status, 303);
  // What refreshes itself loads the whole page, which leads there.
  const part = await browser.get('/admin/devices', { 'HX-Request': 'true' });
  assert.deepEqual([part.status, part.headers.get('hx-refresh'), part.text], [200, 'true', '']);
});

test('signing out ends the sign-in and takes the cookies away', async (t) => {
  const { origin, signIns } = await startSite(t);
  const browser = await new PlainBrowser(origin).signIn('root');
  const form = formsOf((await browser.get('/admin/devices')).text).find(({ action }) => action === '/me/sign-out')!;
  assert.equal((await browser.post(form.action, form.values)).status, 303);
  assert.deepEqual([signIns.ended, browser.cookies.size], [['root.r'], 0]);
});

test('a form is refused that comes from another site, or without the token of this sign-in', async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const browser = await new PlainBrowser(site.origin).signIn('root');
  const path = '/admin/devices/ann%40example.org/PHONE1';
  const { values } = formsOf((await browser.get(path)).text).find((form) => form.values.do === 'remove')!;
  const other = await new PlainBrowser(site.origin).signIn('root');
  const foreign = formsOf((await other.get(path)).text).find((form) => form.values.do === 'remove')!;
  const tries: [Record<string, string>, Record<string, string>][] = [
    [values, { Origin: 'https://evil.example' }],
    [values, { Origin: 'null' }],
    [values, { 'Sec-Fetch-Site': 'cross-site' }],
    [values, { 'Sec-Fetch-Site': 'same-site' }],
    [{ ...values, token: '' }, {}],
    [{ ...values, token: foreign.values.token! }, {}],
  ];
  for (const [fields, headers] of tries) {
    assert.equal((await browser.post(path, fields, headers)).status, 403, JSON.stringify([fields, headers]));
  }
  assert.equal((await site.administration.deviceList({ ...ALL })).devices.length, 3);
  assert.equal((await browser.post(path, values)).status, 303);
  assert.equal((await site.administration.deviceList({ ...ALL })).devices.length, 2);
});

const ALL = {
  address: null,
  text: null,
  domain: null,
  protocol: null,
  access: null,
  order: 'contact',
  after: null,
  limit: 9,
} as const;

test('every page forbids scripts and styles of others, frames, and keeping it', async (t) => {
  const { origin } = await startSite(t);
  const browser = await new PlainBrowser(origin).signIn('root');
  for (const path of ['/admin/devices', '/me/sign-in', '/admin/nothing']) {
    const { headers, text } = await browser.get(path);
    assert.equal(
      headers.get('content-security-policy'),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    assert.equal(headers.get('cache-control'), 'no-store');
    // Browsers would send forms with `Origin: null`.
    assert.notEqual(headers.get('referrer-policy'), 'no-referrer');
    assert.doesNotMatch(text, / style=| on\w+="|<script>|<style|javascript:/);
  }
});

test('static files are kept for ever under an address that has their hash', async (t) => {
  const { origin } = await startSite(t);
  const browser = new PlainBrowser(origin);
  const { text } = await browser.get('/me/sign-in');
  const paths = [...text.matchAll(/"(\/admin\/static\/[^"]+)"/gu)].map(([, path]) => path!);
  const files = readdirSync(new URL('../../../src/admin/pages/static', import.meta.url));
  assert.deepEqual([...new Set(paths.map((path) => path.split('/').at(-1)))].toSorted(), files.toSorted());
  for (const path of paths) {
    const file = await browser.get(path);
    assert.deepEqual([file.status, file.headers.get('cache-control')], [200, 'public, max-age=31536000, immutable']);
    const again = await browser.get(path, { 'If-None-Match': file.headers.get('etag')! });
    assert.equal(again.status, 304);
  }
  assert.equal((await browser.get('/admin/static/other/base.css')).status, 404);
});

test('a page that is none, a method that is none, a body that is no form', async (t) => {
  const { origin } = await startSite(t);
  const browser = await new PlainBrowser(origin).signIn('root');
  assert.equal((await browser.get('/admin/nothing')).status, 404);
  assert.equal((await browser.get('/admin/devices/%E0%A4/x')).status, 404);
  assert.equal((await browser.get('/admin/devices/ann%40example.org/NONE')).status, 404);
  const put = await fetch(`${origin}/admin/devices`, { method: 'PUT', redirect: 'manual' });
  assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, HEAD, POST']);
  const json = await fetch(`${origin}/admin/devices`, {
    method: 'POST',
    body: '{}',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
  });
  assert.equal(json.status, 415);
  const long = await browser.post('/admin/devices', { x: 'x'.repeat(1_100_000) });
  assert.equal(long.status, 413);
});

test('who has no role sees no administration, and who may only read sees no buttons', async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const ann = await new PlainBrowser(site.origin).signIn('ann');
  for (const path of ['/admin/devices', '/admin/devices/bob%40example.org/DROID']) {
    const answer = await ann.get(path);
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.text, /DROID|Pixel/);
  }
  const reader = await new PlainBrowser(site.origin).signIn('reader');
  const shown = await reader.get('/admin/devices/ann%40example.org/PHONE1');
  assert.equal(shown.status, 200);
  assert.deepEqual(
    formsOf(shown.text).map(({ action }) => action),
    ['/me/sign-out'],
  );
  // A button that is not offered is refused all the same.
  const { values } = formsOf(shown.text)[0]!;
  const path = '/admin/devices/ann%40example.org/PHONE1';
  const forced = await reader.post(path, { token: values.token!, do: 'remove' });
  assert.equal(forced.status, 403);
  assert.match(textOf(forced.text), /needs the scope "helpdesk"/);
});

test('who administers a domain comes in at the first page there is for them', async (t) => {
  const { origin } = await startSite(t);
  const dora = await new PlainBrowser(origin).signIn('domain');
  const answer = await dora.get('/admin');
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/admin/devices']);
});

test('where what was searched for is not there, the page is shown with the reason and its search', async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const browser = await new PlainBrowser(site.origin).signIn('root');
  for (const page of ['conflicts', 'quarantine', 'outbox', 'wipes']) {
    const { status, text } = await browser.get(`/admin/${page}?address=nobody@example.org`);
    assert.equal(status, 404, page);
    assert.match(textOf(text), /There is no user nobody@example\.org/, page);
    assert.match(text, /<form method="get"/, page);
  }
  const cursor = await browser.get('/admin/devices?after=made-up');
  assert.equal(cursor.status, 400);
  assert.match(textOf(cursor.text), /There is no such page.*bob@example\.org/);
  const gone = await browser.get('/admin/devices/ann%40example.org/NONE');
  assert.match(textOf(gone.text), /^This cannot be shown There is no device NONE/);
});

test('an open page about something that is removed meanwhile loads itself anew, and says that it is gone', async (t) => {
  const site = await startSite(t);
  await withDevices(site);
  const browser = await new PlainBrowser(site.origin).signIn('root');
  const page = '/admin/devices/ann%40example.org/PHONE1';
  const part = { 'HX-Request': 'true' };
  assert.equal((await browser.get(page, part)).headers.get('hx-refresh'), null);
  await site.administration.deviceRemove({ address: 'ann@example.org', device: 'PHONE1' });
  const answer = await browser.get(page, part);
  assert.deepEqual([answer.status, answer.headers.get('hx-refresh')], [200, 'true']);
  assert.equal((await browser.get(page)).status, 404);
});

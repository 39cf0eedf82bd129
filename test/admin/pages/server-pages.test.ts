import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { inLog } from '../../../src/observe/log-names.ts';
import { readExchanges } from '../../../src/recorder/capture.ts';
import { FIRST_RECORDING, syncExchange, takeExchange } from './server-parts.ts';
import { formsOf, PlainBrowser, startSite, textOf, withDevices } from './site.ts';

const RECORDING = `/admin/recordings/${FIRST_RECORDING}`;

async function visited(t: TestContext, who = 'root') {
  const site = await startSite(t);
  await withDevices(site);
  return { ...site, browser: await new PlainBrowser(site.origin).signIn(who) };
}

/** The address that the page asks next for what is new. */
function nextOf(text: string): string {
  return /<div id="tail" hx-get="([^"]+)"/u.exec(text)![1]!.replaceAll('&#38;', '&');
}

test('a log is followed by what is new alone, with the text and the mark that were asked for', async (t) => {
  const { browser, log } = await visited(t);
  const first = (await browser.get('/admin/logs/security?grep=ann&mark=FAILED')).text;
  assert.match(first, /sign-in <mark>failed<\/mark>/);
  for (const user of ['ann', 'bob']) inLog(log, 'security').info({ user }, 'sign-in failed again');
  const second = (await browser.get(nextOf(first))).text;
  assert.equal(second.match(/class="line"/gu)?.length, 1);
  assert.match(second, /<mark>failed<\/mark> again/);
  const third = (await browser.get(nextOf(second))).text;
  assert.doesNotMatch(third, /class="line"/);
  assert.doesNotMatch((await browser.get('/admin/logs/security?pause=yes')).text, /id="tail"/);
});

test('a page that follows begins anew when much has come', async (t) => {
  const { browser } = await visited(t);
  const { text } = await browser.get('/admin/logs/security?after=0%3A0&added=3000');
  assert.match(text, /<div id="tail" hx-get="\/admin\/logs\/security" .*hx-swap="innerHTML"/);
});

test('a log is saved as text and as HTML that needs nothing else, and shows what people wrote as text', async (t) => {
  const { browser } = await visited(t);
  const text = await browser.get('/admin/logs/operations?save=text');
  assert.match(text.headers.get('content-disposition') ?? '', /attachment; filename="causeway-operations-[\d-]+\.txt"/);
  assert.match(text.text, /^2026-01-01 00:00:00 info {2}item removed .*<b>now<\/b>"\n$/);
  const page = await browser.get('/admin/logs/operations?save=html&mark=removed');
  assert.match(page.headers.get('content-disposition') ?? '', /\.html"/);
  assert.match(page.text, /<mark>removed<\/mark>/);
  assert.doesNotMatch(page.text, /<b>now|src=|href=|<script/);
});

test('a log is emptied by who may, and who may not sees no button and is refused', async (t) => {
  const site = await visited(t);
  const { browser, administration } = site;
  const count = async () =>
    (await administration.logShow({ name: 'security', lines: 9, grep: null, after: null })).lines.length;
  assert.ok((await count()) > 0);
  assert.match(textOf((await browser.act('/admin/logs/security', 'clear')).text), /The log security is empty now/);
  assert.equal(await count(), 0);
  assert.match(textOf((await browser.get('/admin/logs/config')).text), /log cleared .*who=root@example\.org/);
  const dora = await new PlainBrowser(site.origin).signIn('domain');
  assert.equal((await dora.get('/admin/logs/config')).status, 403);
  assert.equal((await browser.get('/admin/logs/nonsense')).status, 400);
});

test('debug categories are switched, each by itself', async (t) => {
  const { browser, logs } = await visited(t);
  const { text } = await browser.get('/admin/logs');
  const webdav = formsOf(text).find(({ values }) => values.category === 'webdav')!;
  assert.equal((await browser.post(webdav.action, webdav.values)).status, 303);
  assert.deepEqual(logs.switches.on, ['webdav']);
  const off = formsOf((await browser.get('/admin/logs')).text).find(({ values }) => values.category === 'webdav')!;
  assert.equal(off.values.on, 'no');
  await browser.post(off.action, off.values);
  assert.deepEqual(logs.switches.on, []);
});

test('a form without its token, or from another site, does nothing on these pages either', async (t) => {
  const { browser, administration } = await visited(t);
  const sent = { do: 'clear' };
  assert.equal((await browser.post('/admin/logs/security', sent)).status, 403);
  const { values } = formsOf((await browser.get('/admin/logs/security')).text).find(
    (form) => form.values.do === 'clear',
  )!;
  assert.equal((await browser.post('/admin/logs/security', values, { Origin: 'https://evil.example' })).status, 403);
  const token = values.token!;
  for (const [path, does] of [
    [RECORDING, 'remove'],
    ['/admin/services', 'stop'],
    ['/me/app-passwords', 'add-password'],
  ] as const) {
    const foreign = await browser.post(path, { do: does, token: `${token}x`, name: 'webdav', label: 'x' });
    assert.equal(foreign.status, 403, path);
  }
  assert.equal((await administration.recordList()).length, 1);
});

test('exchanges are shown decoded and redacted; what a page has already is not sent again', async (t) => {
  const { browser, recorder } = await visited(t);
  await recorder.files(FIRST_RECORDING);
  const first = (await browser.get(RECORDING)).text;
  assert.match(first, /001 POST \/Microsoft-Server-ActiveSync\?Cmd=Sync/);
  assert.match(textOf(first), /<airsync:SyncKey|<SyncKey/);
  assert.doesNotMatch(first, /Dinner|Bob/);
  takeExchange(recorder);
  await waitForFile(recorder, '002.response');
  const live = /<div id="exchanges" hx-get="([^"]+)"/u.exec(first)![1]!.replaceAll('&#38;', '&');
  const second = (await browser.get(live)).text;
  assert.match(second, /<details class="exchange" id="x-001" hx-morph-skip><\/details>/);
  assert.match(second, /002 POST/);
});

/** Writing goes on behind what was taken. */
async function waitForFile(recorder: { files(id: string): Promise<readonly { name: string }[]> }, wanted: string) {
  while (!(await recorder.files(FIRST_RECORDING)).some(({ name }) => name === wanted)) await new Promise(setImmediate);
}

test('a recording is downloaded as an archive in the format of captures', async (t) => {
  const { browser, origin, recorder } = await visited(t);
  await waitForFile(recorder, '001.response');
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${origin}${RECORDING}?save=tar`, { headers: { Cookie: cookie } });
  assert.match(answer.headers.get('content-disposition') ?? '', /causeway-recording-20260101-00000000\.tar/);
  const folder = mkdtempSync(join(tmpdir(), 'causeway-download-'));
  try {
    writeFileSync(join(folder, 'all.tar'), Buffer.from(await answer.arrayBuffer()));
    await promisify(execFile)('tar', ['-xf', 'all.tar'], { cwd: folder });
    const [exchange] = readExchanges(folder);
    assert.match(exchange!.request.startLine, /Cmd=Sync/);
    assert.equal(exchange!.request.body.length, syncExchange().request.body.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a recording is started, stopped and removed; without redaction only by who may, and it says so plainly', async (t) => {
  const { browser, administration } = await visited(t);
  const started = await browser.act('/admin/recordings', 'start', {
    address: 'bob@example.org',
    minutes: '5',
    contents: 'on',
  });
  assert.match(textOf(started.text), /Recording of bob@example\.org .*This recording is not redacted/);
  const [newest] = await administration.recordList();
  const both = await administration.recordList();
  assert.deepEqual(both.map(({ withContents }) => withContents).toSorted(), [false, true]);
  assert.match(textOf((await browser.get('/admin/recordings')).text), /not redacted/);
  const id = both.find(({ withContents }) => withContents)!.id;
  assert.match(textOf((await browser.act(`/admin/recordings/${id}`, 'stop')).text), /over it was stopped/);
  assert.match(textOf((await browser.act(`/admin/recordings/${id}`, 'remove')).text), /is removed/);
  assert.equal((await administration.recordList()).length, 1);
  assert.ok(newest);
  const wrong = await browser.act('/admin/recordings', 'start', { address: 'bob@example.org', minutes: '0' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /value="bob@example\.org"/);
  assert.equal((await browser.get('/admin/recordings/20260101-000000ff')).status, 404);
});

test('services are stopped, started and limited; the administration is not stopped from itself', async (t) => {
  const { browser, administration, live } = await visited(t);
  const page = '/admin/services';
  const shown = (await browser.get(page)).text;
  assert.deepEqual(
    formsOf(shown).flatMap(({ values }) => (values.do === 'stop' ? [values.name] : [])),
    ['activesync', 'webdav'],
  );
  assert.match(textOf((await browser.act(page, 'stop')).text), /ActiveSync is stopped/);
  assert.equal(live.isRunning('activesync'), false);
  assert.match(textOf((await browser.act(page, 'start')).text), /ActiveSync runs/);
  await browser.act('/admin/address-groups', 'add', { name: 'office', ranges: '10.0.0.0/8\n2001:db8::/32' });
  const set = await browser.act(page, 'set', { connections: '7', group: 'office' });
  assert.match(textOf(set.text), /The settings of ActiveSync are in force/);
  const [service] = await administration.serviceList({});
  assert.deepEqual([service!.name, service!.maxConnections, service!.addressGroup], ['activesync', 7, 'office']);
  assert.match(textOf(set.text), /1 of 7 only office/);
  const wrong = await browser.act(page, 'set', { connections: '-3' });
  assert.equal(wrong.status, 400);
});

test('an address group is changed and removed; what is no range is refused and shown again', async (t) => {
  const { browser, administration } = await visited(t);
  const page = '/admin/address-groups';
  await browser.act(page, 'add', { name: 'home', ranges: '192.0.2.7' });
  const wrong = await browser.act(page, 'set', { name: 'home', ranges: '192.0.2.999' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, />\n192\.0\.2\.999<\/textarea>/);
  assert.match(
    textOf((await browser.act(page, 'set', { name: 'home', ranges: '192.0.2.8, 192.0.2.9' })).text),
    /has 2 ranges/,
  );
  assert.match(textOf((await browser.act(page, 'set', { name: 'home', ranges: '' })).text), /home is gone/);
  assert.deepEqual(await administration.addressGroupList({}), []);
});

test('live connections: who waits, from where; of one user where one is named; a domain sees its own', async (t) => {
  const { browser, origin } = await visited(t);
  const all = textOf((await browser.get('/admin/connections')).text);
  assert.match(
    all,
    /ann@example\.org PHONE1 Apple-iPhone15C2\/<i> ActiveSync encrypted 198\.51\.100\.9 Ping, waits, 1 min ago/,
  );
  assert.match(all, /not signed in did not say – not encrypted 203\.0\.113\.5 nothing/);
  assert.match(all, /No folder was looked at/);
  assert.doesNotMatch(textOf((await browser.get('/admin/connections?address=ann@example.org')).text), /not signed in/);
  const dora = await new PlainBrowser(origin).signIn('domain');
  const own = textOf((await dora.get('/admin/connections')).text);
  assert.match(own, /ann@example\.org/);
  assert.doesNotMatch(own, /not signed in/);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LmtpClient } from '../mail/lmtp-client.ts';
import { parseExposition } from '../support/exposition.ts';
import { temporaryFolder } from './support/start.ts';
import { startWhole } from './support/whole.ts';

const EVENT =
  'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nSUMMARY:Secret plan\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';

async function launch(t: TestContext, flags: readonly string[] = []) {
  const socket = join(temporaryFolder(t), 'lmtp');
  const options = { flags: ['--lmtp-listen', `unix:${socket}`, ...flags], hasLogFiles: true };
  const { administration, data, gateway, url } = await startWhole(t, options);
  const { address, password } = gateway.firstStart!;
  const call = (method: string, path: string, init: RequestInit = {}) => {
    const authorization = `Basic ${btoa(`${address}:${password}`)}`;
    return fetch(new URL(path, url), { method, ...init, headers: { authorization, ...init.headers } });
  };
  const lines = async (name: string) => {
    const page = await administration.logShow({ name, lines: 100, grep: null, after: null });
    return page.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { data, socket, url, address, password, call, administration, lines };
}

test('a deletion over CalDAV and a folder renamed are told in the operations log, with who and from where', async (t) => {
  const { call, lines } = await launch(t);
  const home = '/calendars/example.org/admin/';
  assert.equal((await call('MKCALENDAR', `${home}work/`)).status, 201);
  const headers = { 'content-type': 'text/calendar' };
  assert.equal((await call('PUT', `${home}work/a.ics`, { body: EVENT, headers })).status, 201);
  assert.equal(
    (await call('MOVE', `${home}work/a.ics`, { headers: { destination: `${home}Calendar/b.ics` } })).status < 300,
    true,
  );
  assert.equal((await call('DELETE', `${home}Calendar/b.ics`)).status, 204);
  assert.equal((await call('MOVE', `${home}work/`, { headers: { destination: `${home}play/` } })).status < 300, true);
  assert.equal((await call('DELETE', `${home}play/`)).status, 204);
  const told = await lines('operations');
  const who = { protocol: 'webdav', user: 'admin@example.org', address: '127.0.0.1' };
  for (const line of told) assert.deepEqual({ ...line, ...who }, line);
  assert.deepEqual(
    told.map(({ msg }) => msg),
    ['{MOVE}', '{DELETE}', '{MOVE_FOLDER}', '{DELETE_FOLDER}'],
  );
  assert.deepEqual([told[0]!.folder, told[0]!.item, told[0]!.size], ['~admin@example.org/work', 'a.ics', EVENT.length]);
  assert.deepEqual(
    [told[2]!.oldLocation, told[2]!.newLocation, told[2]!.items],
    ['~admin@example.org/work', '~admin@example.org/play', 0],
  );
  assert.doesNotMatch(JSON.stringify(told), /Secret/);
});

test('mail that comes is in the mail log, with neither subject nor text', async (t) => {
  const { socket, lines } = await launch(t);
  const lmtp = new LmtpClient({ path: socket });
  await lmtp.begin();
  assert.match(await lmtp.send('RCPT TO:<nobody@example.org>'), /^550/);
  assert.match(await lmtp.send('RCPT TO:<admin@example.org>'), /^250/);
  assert.match((await lmtp.data('Subject: Quiet\r\n\r\nPsst\r\n', 1))[0]!, /^250/);
  lmtp.destroy();
  const told = await lines('mail');
  assert.deepEqual(
    told.map(({ event }) => event),
    ['refused', 'accepted', 'delivered'],
  );
  assert.doesNotMatch(JSON.stringify(told), /Quiet|Psst/);
});

test('failed sign-ins are in the security log; who changed what is in the config log; no password is in any', async (t) => {
  const { data, url, administration, lines, password } = await launch(t);
  const authorization = `Basic ${btoa('admin@example.org:wrong-guess')}`;
  assert.equal((await fetch(url, { headers: { authorization } })).status, 401);
  assert.equal((await lines('security'))[0]!.msg, 'sign-in failed: wrong password');
  await administration.userAdd({
    address: 'ann@example.org',
    password: 'ann-secret',
    isAdmin: false,
    displayName: null,
  });
  await administration.userPasswd({ address: 'ann@example.org', password: 'ann-secret-2' });
  await administration.policySet({ policy: { required: true } });
  await administration.userRemove({ address: 'ann@example.org' });
  const config = (await lines('config')).filter(({ who }) => who === 'cli');
  assert.deepEqual(
    config.map(({ msg }) => msg),
    ['user added', 'password set', 'setting changed', 'device policy set', 'user removed with the mailbox'],
  );
  assert.deepEqual((config[2]!.changes as Record<string, unknown>).required, 'none → true');
  for (const name of ['config', 'security', 'server']) {
    const text = readFileSync(join(data, 'logs', `${name}.log`), 'utf8');
    for (const secret of [password, 'wrong-guess', 'ann-secret', authorization])
      assert.equal(text.includes(secret), false);
  }
});

test('debug categories are switched while the server runs', async (t) => {
  const { call, administration, lines } = await launch(t);
  await call('PROPFIND', '/', { headers: { depth: '0' } });
  assert.deepEqual(await lines('debug'), []);
  for (const category of ['webdav', 'authentication', 'store', 'push'] as const) {
    await administration.logDebug({ category, isOn: true });
  }
  await call('PROPFIND', '/', { headers: { depth: '0' } });
  await call('MKCALENDAR', '/calendars/example.org/admin/work/');
  const told = await lines('debug');
  assert.deepEqual(
    new Set(told.map(({ category }) => category)),
    new Set(['webdav', 'authentication', 'store', 'push']),
  );
  const exchange = told.find(({ category }) => category === 'webdav')!;
  assert.deepEqual([exchange.method, (exchange.requestHeaders as Record<string, unknown>).depth], ['PROPFIND', '0']);
  assert.doesNotMatch(JSON.stringify(told), /Basic /);
  const states = await administration.logDebug({ category: 'webdav', isOn: false });
  assert.equal(states.find(({ category }) => category === 'webdav')!.isOn, false);
  await assert.rejects(administration.logDebug({ category: 'x', isOn: true }), { code: 'name-invalid' });
});

test('a log is cleared, and the config log says by whom', async (t) => {
  const { call, administration, lines } = await launch(t);
  await call('GET', '/nothing');
  assert.ok((await lines('server')).length > 0);
  await administration.logClear({ name: 'server' });
  assert.deepEqual(await lines('server'), []);
  assert.deepEqual((({ msg, who, name }) => [msg, who, name])((await lines('config')).at(-1)!), [
    'log cleared',
    'cli',
    'server',
  ]);
  await assert.rejects(administration.logShow({ name: '../config', lines: 1, grep: null, after: null }), {
    code: 'name-invalid',
  });
});

test('/metrics is read from the addresses allowed without a sign-in, unless a front end nobody named forwards', async (t) => {
  const { call, url } = await launch(t);
  await call('PROPFIND', '/', { headers: { depth: '0' } });
  const answer = await fetch(new URL('/metrics', url));
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const samples = parseExposition(await answer.text());
  const request = samples.find(
    ({ name, labels }) => name === 'causeway_requests_total' && labels.command === 'PROPFIND',
  );
  assert.deepEqual(request?.labels, { protocol: 'webdav', command: 'PROPFIND', status: '207' });
  assert.ok(samples.some(({ name, labels }) => name === 'causeway_sign_ins_total' && labels.result === 'ok'));
  const forwarded = await fetch(new URL('/metrics', url), { headers: { 'x-forwarded-for': '198.51.100.1' } });
  assert.equal(forwarded.status, 401);
});

test('/metrics from elsewhere is for administrators alone', async (t) => {
  const { call, url, administration } = await launch(t, ['--metrics-allow', '192.0.2.1']);
  assert.equal((await fetch(new URL('/metrics', url))).status, 401);
  assert.equal((await call('GET', '/metrics')).status, 200);
  assert.equal((await call('POST', '/metrics')).status, 405);
  await administration.userAdd({ address: 'ann@example.org', password: 'pw', isAdmin: false, displayName: null });
  const authorization = `Basic ${btoa('ann@example.org:pw')}`;
  assert.equal((await fetch(new URL('/metrics', url), { headers: { authorization } })).status, 403);
});

test('the Grafana dashboard asks for nothing that is not measured', async (t) => {
  const { url } = await launch(t);
  const text = await (await fetch(new URL('/metrics', url))).text();
  const families = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]!));
  const declared = readFileSync('src/server/gateway-measures.ts', 'utf8');
  const dashboard = readFileSync('docs/grafana/causeway.json', 'utf8');
  JSON.parse(dashboard);
  const asked = new Set([...dashboard.matchAll(/\b(?:causeway|process)_[a-z_]+/g)].map((match) => match[0]));
  assert.ok(asked.size > 10);
  const unknown = [...asked].filter((name) => {
    const family = name.replace(/_(?:bucket|sum|count)$/, '');
    return !families.has(name) && !families.has(family) && !declared.includes(`'${family}'`);
  });
  assert.deepEqual(unknown, []);
});

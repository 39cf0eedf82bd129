import assert from 'node:assert/strict';
import { test } from 'node:test';
import { provision } from '../support/eas/set-up.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';
import { rawConnection, tlsConnection } from './support/raw.ts';
import { launchWhole } from './support/whole.ts';

const HOME = '/calendars/example.org/ann/';
const service = (more: object = {}) => ({
  ...{ startsAutomatically: true, maxConnections: 0, addressGroup: null },
  ...more,
});

test('a stopped HTTP service answers 503 with a sentence and asks for no password; the others go on', async (t) => {
  const { administration, call, phone } = await launchWhole(t);
  const stopped = await administration.serviceStop({ name: 'webdav' });
  assert.equal(stopped.state, 'stopped');
  const answer = await call('PROPFIND', HOME, { headers: { authorization: 'none' } });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get('retry-after'), '30');
  assert.equal(await answer.text(), 'This service is stopped; ask your administrator.\n');
  assert.equal((await phone().send('OPTIONS', '', new Uint8Array(0))).status, 200);
  assert.equal((await administration.serviceStart({ name: 'webdav' })).state, 'running');
  assert.equal((await call('PROPFIND', HOME)).status, 207);
});

/** A phone whose Ping waits for the Inbox, and what it asked. */
async function parkedPhone({ administration, phone, folderOf }: Awaited<ReturnType<typeof launchWhole>>) {
  const device = phone();
  await provision(device);
  await device.command('FolderSync', '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>');
  const id = `${(await folderOf('inbox')).id}`;
  await new SyncPhone(device).begin(id);
  const folders = `<Folders><Folder><Id>${id}</Id><Class>Email</Class></Folder></Folders>`;
  const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>900</HeartbeatInterval>${folders}</Ping>`;
  const waiting = device.post('Ping', ping);
  for (;;) if ((await administration.overview({})).parked === 1) break;
  return { device, waiting, ping };
}

test('stopping ActiveSync answers the requests that wait, and the next is refused', async (t) => {
  const whole = await launchWhole(t);
  const { administration } = whole;
  const { device, waiting, ping } = await parkedPhone(whole);

  const [connection] = await administration.connectionList({ address: 'ann@example.org' });
  const { protocol, user, doing, isWaiting, isSecure, from, device: known } = connection!;
  assert.deepEqual(
    { protocol, user, doing, isWaiting, isSecure, from, known },
    {
      ...{ protocol: 'activesync', user: 'ann@example.org', doing: 'Ping', isWaiting: true },
      ...{ isSecure: false, from: '127.0.0.1', known: 'PHONE1' },
    },
  );
  const open = await administration.openFolderList({ address: 'ann@example.org' });
  assert.deepEqual(
    open.map(({ folder, protocol: by, isWatched, device: its }) => [folder, by, isWatched, its]),
    [['Inbox', 'activesync', true, 'phone1']],
  );
  assert.deepEqual(await administration.openFolderList({ address: 'admin@example.org' }), []);

  await administration.serviceStop({ name: 'activesync' });
  assert.match((await waiting).xml, /<Status>1<\/Status>/);
  assert.equal((await device.post('Ping', null)).status, 503);
  await administration.serviceStart({ name: 'activesync' });
  const again = device.post('Ping', ping);
  for (;;) if ((await administration.overview({})).parked === 1) break;
  await administration.serviceStop({ name: 'activesync' });
  assert.equal((await again).status, 200);
});

test('what waits from an address that is not served any more is answered at once; from one that is, it waits on', async (t) => {
  const whole = await launchWhole(t);
  const { administration } = whole;
  const { device, waiting } = await parkedPhone(whole);
  await administration.addressGroupSet({ name: 'office', ranges: ['127.0.0.0/8', '192.0.2.0/24'] });
  await administration.serviceSet({ name: 'activesync', service: service({ addressGroup: 'office' }) });
  assert.equal((await administration.overview({})).parked, 1);
  await administration.addressGroupSet({ name: 'office', ranges: ['192.0.2.0/24'] });
  assert.match((await waiting).xml, /<Status>1<\/Status>/);
  assert.equal((await device.post('Ping', null)).status, 403);
});

test('a stopped LMTP does not listen, and listens again when it is started', async (t) => {
  const { administration, lmtp } = await launchWhole(t);
  const before = await lmtp();
  assert.match(await before.reply(), /^220 /);
  const connections = await administration.connectionList({ address: null });
  assert.ok(connections.some(({ protocol, from }) => protocol === 'lmtp' && from === '127.0.0.1'));
  await administration.serviceStop({ name: 'lmtp' });
  assert.match(await before.reply(), /^421 /);
  const [{ addresses: [configured] = [] } = {}] = (await administration.serviceList({})).filter(
    ({ name }) => name === 'lmtp',
  );
  assert.equal(configured, 'lmtp://127.0.0.1:0');
  assert.equal((await administration.serviceStart({ name: 'lmtp' })).state, 'running');
  assert.match(await (await lmtp()).reply(), /^220 /);
});

test('what does not start by itself is stopped after the next start, until somebody starts it', async (t) => {
  const first = await launchWhole(t);
  for (const name of ['webdav', 'lmtp']) {
    const set = await first.administration.serviceSet({ name, service: service({ startsAutomatically: false }) });
    assert.equal(set.state, 'running');
  }
  await first.close();
  const { administration, call, lmtp, data } = await launchWhole(t, { data: first.data });
  assert.equal(data, first.data);
  assert.equal((await call('PROPFIND', HOME)).status, 503);
  await administration.serviceStart({ name: 'lmtp' });
  assert.match(await (await lmtp()).reply(), /^220 /);
  await administration.serviceStart({ name: 'webdav' });
  assert.equal((await call('PROPFIND', HOME)).status, 207);
});

test('outside of its address group a service refuses with 403 or 554 and one security line a minute', async (t) => {
  const { administration, call, lmtp, logged, phone } = await launchWhole(t);
  await administration.addressGroupSet({ name: 'office', ranges: ['192.0.2.0/24', '2001:db8::/32'] });
  for (const name of ['webdav', 'lmtp'])
    await administration.serviceSet({ name, service: service({ addressGroup: 'office' }) });
  for (let times = 0; times < 3; times += 1) {
    const answer = await call('PROPFIND', HOME);
    assert.equal(answer.status, 403);
    assert.equal(await answer.text(), 'This service is not offered to your address.\n');
  }
  assert.match(await (await lmtp()).reply(), /^554 /);
  const lines = logged.lines.filter(({ log, message }) => log === 'security' && /address group/.test(message));
  assert.deepEqual(
    lines.map((line) => [line.service, line.address]),
    [
      ['webdav', '127.0.0.1'],
      ['lmtp', '127.0.0.1'],
    ],
  );
  assert.equal((await phone().send('OPTIONS', '', new Uint8Array(0))).status, 200);
  await administration.addressGroupSet({ name: 'office', ranges: ['127.0.0.0/8'] });
  assert.equal((await call('PROPFIND', HOME)).status, 207);
  assert.match(await (await lmtp()).reply(), /^220 /);
});

test('beyond its connections a service says 503 with Retry-After, or 421; an idle connection makes room', async (t) => {
  const whole = await launchWhole(t);
  const { administration, gateway, lmtp, address } = whole;
  await administration.serviceSet({ name: 'activesync', service: service({ maxConnections: 1 }) });
  const { waiting } = await parkedPhone(whole);
  const options = (auth = btoa(`${address}:a-password-of-hers`)) =>
    `OPTIONS /Microsoft-Server-ActiveSync HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${auth}\r\n\r\n`;
  const second = await rawConnection(gateway.listeners[0]!.port);
  second.send(options());
  const refused = await second.rest();
  assert.match(refused, /^HTTP\/1\.1 503 /);
  assert.match(refused, /\r\nRetry-After: 30\r\n/);
  await administration.serviceStop({ name: 'activesync' });
  await waiting;
  await administration.serviceStart({ name: 'activesync' });

  const third = await rawConnection(gateway.listeners[0]!.port);
  third.send(options());
  await third.until(/^HTTP\/1\.1 200 /);
  const fourth = await rawConnection(gateway.listeners[0]!.port);
  fourth.send(options());
  await fourth.until(/^HTTP\/1\.1 200 /);
  await third.rest();
  const { connections } = (await administration.serviceList({}))[0]!;
  assert.equal(connections, 1);
  fourth.socket.destroy();

  await administration.serviceSet({ name: 'lmtp', service: service({ maxConnections: 1 }) });
  const one = await lmtp();
  assert.match(await one.reply(), /^220 /);
  assert.match(await (await lmtp()).reply(), /^421 .*too many connections/);
  assert.match(await one.send('LHLO mx.example.org'), /^250/);
  const mailOf = async () =>
    (await administration.connectionList({ address: null })).filter((c) => c.service === 'lmtp');
  assert.deepEqual(
    (await mailOf()).map(({ agent, doing }) => [agent, doing]),
    [['mx.example.org', null]],
  );
  await one.send('MAIL FROM:<them@elsewhere.example>');
  await one.send('RCPT TO:<ann@example.org>');
  assert.equal((await mailOf())[0]?.doing, 'RCPT');
  one.destroy();
  for (;;) if ((await mailOf()).length === 0) break;
  assert.match(await (await lmtp()).reply(), /^220 /);
});

test('the administration is not stopped from itself, and is from the command line; its pages answer 503 then', async (t) => {
  const site = {
    name: 'admin-api',
    handles: (path: string) => path.startsWith('/api/'),
    handle: async (ctx: { status: number; body: unknown }) => {
      ctx.status = 200;
      ctx.body = 'here';
    },
  };
  const { administration, url } = await launchWhole(t, { change: (backend) => ({ ...backend, sites: [site] }) });
  const get = () => fetch(new URL('/api/x', url));
  assert.equal((await get()).status, 200);
  await assert.rejects(administration.serviceStop({ name: 'admin' }), {
    code: 'protected',
    message: /causeway service stop admin/,
  });
  await administration.serviceStop({ name: 'admin', alsoAdmin: true });
  assert.equal((await get()).status, 503);
  await administration.serviceStart({ name: 'admin' });
  await administration.addressGroupSet({ name: 'office', ranges: ['192.0.2.1'] });
  const set = await administration.serviceSet({ name: 'admin', service: service({ addressGroup: 'office' }) });
  assert.match(set.warnings.join(' '), /192\.0\.2\.1 alone; the command line/);
  assert.equal((await get()).status, 403);
});

test('the overview counts what is synchronised and what fails, by minute', async (t) => {
  const { administration, call, phone } = await launchWhole(t);
  assert.equal((await call('PROPFIND', HOME)).status, 207);
  await administration.serviceStop({ name: 'activesync' });
  await phone().send('OPTIONS', '', new Uint8Array(0));
  const told = await administration.overview({});
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  assert.deepEqual([told.syncsPerMinute.length, told.errorsPerMinute.length], [60, 60]);
  assert.deepEqual([sum(told.syncsPerMinute), sum(told.errorsPerMinute)], [1, 1]);
  assert.deepEqual([told.devices.total, told.devices.byProtocol], [1, [{ protocol: 'webdav', devices: 1 }]]);
  assert.ok(told.since !== null && told.disk !== null && told.disk.totalBytes > 0);
});

test('what a calendar program looked at is listed as open, and its connection with what it calls itself', async (t) => {
  const { administration, call } = await launchWhole(t);
  const headers = { 'user-agent': 'Calendar/1' };
  assert.equal((await call('PROPFIND', `${HOME}Calendar/`, { headers })).status, 207);
  const [open, ...more] = await administration.openFolderList({ address: null });
  assert.deepEqual(more, []);
  assert.deepEqual(
    [open?.user, open?.folder, open?.protocol, open?.device, open?.isWatched, open?.from],
    ['ann@example.org', 'Calendar', 'webdav', null, false, '127.0.0.1'],
  );
  const [connection] = await administration.connectionList({ address: 'ann@example.org' });
  assert.deepEqual([connection?.agent, connection?.service, connection?.doing], ['Calendar/1', 'webdav', null]);
});

test('a connection by TLS is listed as encrypted, from its handshake on, and no more when it is closed', async (t) => {
  const { administration, gateway } = await launchWhole(t, { flags: ['--listen', 'https://127.0.0.1:0'] });
  const listener = gateway.listeners.find(({ url }) => url.startsWith('https:'));
  const connection = await tlsConnection(listener!.port);
  const list = () => administration.connectionList({ address: null });
  for (;;) if ((await list()).length === 1) break;
  const [fresh] = await list();
  assert.deepEqual([fresh?.isSecure, fresh?.doing, fresh?.user, fresh?.service], [true, null, null, null]);
  connection.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await connection.until(/ready/);
  assert.equal((await list()).length, 1);
  connection.socket.destroy();
  for (;;) if ((await list()).length === 0) break;
});

test('a connection of the Admin API or a page is listed with who signed in there', async (t) => {
  const { administration, gateway, url, call } = await launchWhole(t);
  const { address: name, password } = gateway.firstStart!;
  const signIn = await call('POST', '/api/admin/v1/token', {
    ...{ body: JSON.stringify({ name, password }), headers: { 'content-type': 'application/json' } },
  });
  const { access } = (await signIn.json()) as { access: string };
  const connection = await rawConnection(Number(new URL(url).port));
  const head = `GET /api/admin/v1/token HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${access}\r\n\r\n`;
  connection.send(head);
  await connection.until(/scopes/);
  const [listed] = await administration.connectionList({ address: name });
  assert.deepEqual([listed?.service, listed?.protocol, listed?.user], ['admin', 'admin-api', name]);
  connection.send('GET /api/admin/v1/openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n');
  await connection.until(/openapi: 3/);
  for (;;) if ((await administration.connectionList({ address: name }))[0]?.doing === null) break;
  connection.socket.destroy();
});

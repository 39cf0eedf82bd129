import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type TestContext, test } from 'node:test';
import { decodeWbxml } from '../../protocols/activesync/wbxml/decode.ts';
import { encodeWbxml } from '../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../protocols/activesync/wbxml/to-xml.ts';
import type { Administration } from '../../src/admin/administration.ts';
import { SETUP_PROTOCOLS } from '../../src/admin/program-setup.ts';
import { wbxFromXml } from '../protocols/activesync/wbxml/from-xml.ts';
import { ANN, PASSWORD, recordedGateway } from '../recorder/recorded-gateway.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';

const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';

/** A whole gateway with ann, who has one app password, and her programs. */
async function scene(t: TestContext, protocols: readonly string[] | null = null) {
  const bench = await recordedGateway(t);
  const { administration, origin, phone } = bench;
  const { entry, password } = await administration.appPasswordAdd({ address: ANN, label: 'phone', protocols });
  const sync = async (deviceId: string, secret = password, version: '12.1' | '14.1' = '14.1') => {
    const { status, xml } = await phone({ password: secret, deviceId, version }).post('FolderSync', FOLDER_SYNC);
    return [status, /<Status>(\d+)<\/Status>/.exec(xml)?.[1] ?? null];
  };
  const ask = (path: string, agent: string, secret = password, method = 'PROPFIND') => {
    const authorization = `Basic ${Buffer.from(`${ANN}:${secret}`).toString('base64')}`;
    return fetch(`${origin}${path}`, { method, headers: { authorization, 'user-agent': agent, depth: '0' } });
  };
  const dav = async (agent: string, secret = password) =>
    (await ask('/calendars/example.org/ann/', agent, secret)).status;
  const logged = (message: string) => bench.logged.lines.filter((line) => line.message === message);
  return { ...bench, entry, password, sync, ask, dav, told: logged };
}

test('an app password for ActiveSync signs one phone in; over WebDAV it is 403, and its user is told why', async (t) => {
  const { sync, ask, told } = await scene(t, ['activesync']);
  assert.deepEqual(await sync('ONE'), [200, '1']);
  const refused = await ask('/calendars/example.org/ann/', 'DAVx5/4.3');
  assert.equal(refused.status, 403);
  assert.equal(await refused.text(), 'This app password is for activesync, not for webdav; make one for it.\n');
  assert.equal(told('an app password was refused').length, 1);
});

test('an app password for WebDAV signs in there; over ActiveSync it is status 126, HTTP 403 before 14.0 and at OPTIONS', async (t) => {
  const { sync, dav, ask } = await scene(t, ['webdav']);
  assert.equal(await dav('DAVx5/4.3'), 207);
  assert.deepEqual(await sync('ONE'), [200, '126']);
  assert.deepEqual(await sync('ONE', undefined, '12.1'), [403, null]);
  assert.equal((await ask('/Microsoft-Server-ActiveSync', 'x', undefined, 'OPTIONS')).status, 403);
});

test('a second device with the same app password is refused, over both protocols', async (t) => {
  const { sync, dav, administration } = await scene(t);
  assert.deepEqual(await sync('ONE'), [200, '1']);
  assert.deepEqual(await sync('TWO'), [200, '129']);
  assert.deepEqual(await sync('validate'), [200, '129']);
  assert.equal(await dav('DAVx5/4.3'), 403);
  assert.deepEqual(await sync('ONE'), [200, '1']);
  const devices = await devicesOf(administration);
  assert.deepEqual(
    devices.map(({ device }) => device),
    ['ONE'],
  );
});

test('a second DAV program with the same app password is refused, and the account’s own password goes on', async (t) => {
  const { dav } = await scene(t);
  assert.equal(await dav('DAVx5/4.3'), 207);
  assert.equal(await dav('Evolution/3.48'), 403);
  assert.equal(await dav('Evolution/3.48', PASSWORD), 207);
});

test('the line of a request says by which app password it was signed in', async (t) => {
  const { dav, entry, logged } = await scene(t);
  await dav('DAVx5/4.3');
  await dav('Evolution/3.48', PASSWORD);
  const lines = logged.lines.filter(({ path }) => path === '/calendars/example.org/ann/');
  assert.deepEqual(
    lines.map(({ appPassword }) => appPassword),
    [entry.id, undefined],
  );
});

test('the last use is told, with the device and the address', async (t) => {
  const { sync, administration } = await scene(t);
  await sync('ONE');
  const [entry] = await administration.appPasswordList({ address: ANN });
  assert.deepEqual([entry?.device, entry?.lastUsedFrom], [{ protocol: 'activesync', id: 'one' }, '127.0.0.1']);
  assert.ok(entry?.lastUsedAt);
});

test('revoked, it is 401 at the next request over both protocols; the others go on', async (t) => {
  const { sync, dav, administration, entry } = await scene(t);
  const { password: other } = await administration.appPasswordAdd({ address: ANN, label: 'laptop', protocols: null });
  assert.deepEqual(await sync('ONE'), [200, '1']);
  assert.equal(await dav('Evolution/3.48', other), 207);
  await administration.appPasswordRevoke({ address: ANN, id: entry.id });
  assert.deepEqual(await sync('ONE'), [401, null]);
  assert.equal(await dav('DAVx5/4.3'), 401);
  assert.equal(await dav('Evolution/3.48', other), 207);
});

const PING =
  '<Ping xmlns="Ping:"><HeartbeatInterval>600</HeartbeatInterval><Folders><Folder><Id>7</Id><Class>Calendar</Class></Folder></Folders></Ping>';

/** Until a request of the device waits. */
async function waits(administration: Administration, device: string): Promise<void> {
  while ((await administration.deviceShow({ address: ANN, device })).push.state !== 'waiting');
}

/** A phone that knows its folders and holds all there is in its calendar: its Pings wait. */
async function waitingPhone({ phone, administration }: Awaited<ReturnType<typeof scene>>, password: string) {
  const one = phone({ password, deviceId: 'ONE' });
  const first = await one.post('FolderSync', FOLDER_SYNC);
  const key = /<SyncKey>([^<]*)</.exec(first.xml)![1]!;
  await one.post('FolderSync', FOLDER_SYNC.replace('>0<', `>${key}<`));
  const device = new SyncPhone(one);
  await device.begin('7');
  const pinged = one.post('Ping', PING);
  await waits(administration, 'ONE');
  return { one, pinged };
}

test('what waits ends when its app password is revoked, or the account gets another password', async (t) => {
  const bench = await scene(t);
  const { administration, entry, password } = bench;
  const { pinged } = await waitingPhone(bench, password);
  await administration.appPasswordRevoke({ address: ANN, id: entry.id });
  assert.match((await pinged).xml, /<Status>1</);
  const { one, pinged: again } = await waitingPhone(bench, PASSWORD);
  await administration.userPasswd({ address: ANN, password: 'another-secret' });
  assert.match((await again).xml, /<Status>1</);
  assert.equal((await one.post('Ping', PING)).status, 401);
});

test('a request whose body comes after its app password was revoked does not wait', async (t) => {
  const bench = await scene(t);
  const { administration, entry, password, origin } = bench;
  const { one, pinged } = await waitingPhone(bench, password);
  const body = encodeWbxml(wbxFromXml(PING), { version: 'any' });
  const sent = httpRequest(
    `${origin}/Microsoft-Server-ActiveSync?Cmd=Ping&User=ann&DeviceId=ONE&DeviceType=TestPhone`,
    {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${ANN}:${password}`).toString('base64')}`,
        ...{ 'MS-ASProtocolVersion': '14.1', 'User-Agent': 'TestPhone/1.1' },
        ...{ 'Content-Type': 'application/vnd.ms-sync.wbxml', 'Content-Length': String(body.length) },
      },
    },
  );
  sent.write(body.subarray(0, 5));
  // It is let in: the register knows its new version.
  while ((await administration.deviceShow({ address: ANN, device: 'ONE' })).agent !== 'TestPhone/1.1');
  await administration.appPasswordRevoke({ address: ANN, id: entry.id });
  await pinged;
  sent.end(body.subarray(5));
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  assert.equal(response.statusCode, 200);
  assert.match(wbxmlToXml(decodeWbxml(Buffer.concat(chunks))), /<Status>1</);
  assert.equal((await one.post('Ping', PING)).status, 401);
});

test('with the device goes its app password; a new account password leaves it; with the user all go', async (t) => {
  const { sync, administration } = await scene(t);
  await sync('ONE');
  await administration.userPasswd({ address: ANN, password: 'another-secret' });
  assert.deepEqual(await sync('ONE'), [200, '1']);
  await administration.deviceRemove({ address: ANN, device: 'ONE' });
  assert.deepEqual(await sync('ONE'), [401, null]);
  const { password } = await administration.appPasswordAdd({ address: ANN, label: 'phone', protocols: null });
  assert.deepEqual(await sync('TWO', password), [200, '1']);
  await administration.userRemove({ address: ANN });
  await administration.userAdd({ address: ANN, password: 'x', isAdmin: false, displayName: null });
  assert.deepEqual(await sync('TWO', password), [401, null]);
});

test('wrong app passwords are wrong passwords: after five the address waits, and the right one still comes in', async (t) => {
  const { dav } = await scene(t);
  const statuses: number[] = [];
  for (const letter of 'abcdef') statuses.push(await dav('DAVx5/4.3', letter.repeat(20)));
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  assert.equal(await dav('DAVx5/4.3'), 207);
});

test('an administrator’s app password administers nothing: /metrics asks for the account’s own', async (t) => {
  const { administration, gateway } = await scene(t);
  const { address, password: own } = gateway.firstStart!;
  const { password } = await administration.appPasswordAdd({ address, label: 'phone', protocols: null });
  const metrics = async (secret: string) => {
    const authorization = `Basic ${Buffer.from(`${address}:${secret}`).toString('base64')}`;
    // A front end nobody named: the address alone opens nothing then.
    const headers = { authorization, 'x-forwarded-for': '198.51.100.1' };
    return (await fetch(`${gateway.listeners[0]!.url}/metrics`, { headers })).status;
  };
  assert.deepEqual([await metrics(own), await metrics(password)], [200, 403]);
});

test('what an app password can be bound to are the words by which clients are registered', async (t) => {
  const { sync, dav, administration } = await scene(t);
  await sync('ONE', PASSWORD);
  await dav('DAVx5/4.3', PASSWORD);
  const protocols = (await devicesOf(administration)).map(({ protocol }) => protocol);
  assert.deepEqual(new Set(protocols), new Set(SETUP_PROTOCOLS));
});

async function devicesOf(administration: Administration) {
  const any = { text: null, domain: null, protocol: null, access: null };
  const page = await administration.deviceList({ address: ANN, ...any, order: 'contact', after: null, limit: 10 });
  return page.devices;
}

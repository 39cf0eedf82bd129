import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import type { EasCommand, EasContext, EasResponse } from '../../../../protocols/activesync/command.ts';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { type EasServer, startEas } from '../support.ts';

const PING = el('Ping:Ping', el('Ping:HeartbeatInterval', 60));
const bytesOf = (root: Parameters<typeof encodeWbxml>[0]) => encodeWbxml(root, { version: 'any' });

let answer: (context: EasContext) => Promise<EasResponse>;
let seen: EasContext | null = null;
let server: EasServer;

/** Commands whose answers the tests choose: what is tested here is everything around them. */
function commandNamed(name: EasCommand['name'], more: Partial<EasCommand> = {}): EasCommand {
  return {
    name,
    protocolError: null,
    takes: {},
    handle: async (context) => {
      seen = context;
      return answer(context);
    },
    ...more,
  };
}

before(async () => {
  const commands = [
    commandNamed('Ping', { takes: { empty: true }, passesWithoutPolicy: true, protocolError: 4 }),
    commandNamed('MoveItems'),
    commandNamed('SendMail', { takes: { message: true } }),
    commandNamed('GetAttachment', { takes: { empty: true } }),
  ];
  server = await startEas({
    commands: new Map(commands.map((command) => [command.name, command])),
    limits: { maxRequestBytes: 100_000 },
  });
});
after(() => server.close());

const done = async (): Promise<EasResponse> => ({ kind: 'empty' });

test('MS-ASHTTP §2.2.3.2.7 OPTIONS lists versions ascending and the commands that are served, and registers no device', async () => {
  const options = await server.phone({ deviceId: 'ONLYLOOKS' }).send('OPTIONS', '', Buffer.alloc(0));
  assert.equal(options.status, 200);
  assert.equal(options.headers['ms-asprotocolversions'], '12.1,14.0,14.1');
  assert.equal(options.headers['ms-asprotocolcommands'], 'Ping,MoveItems,SendMail,GetAttachment');
  assert.equal(options.headers.allow, 'OPTIONS,POST');
  assert.equal(options.body.length, 0);
  const { sync } = server.environment;
  assert.equal(await sync.store.read(server.anna.mailboxId).deviceByAlias('onlylooks'), null);
});

test('the address is known in any case and with a slash behind it', async () => {
  answer = done;
  for (const path of ['/microsoft-server-activesync', '/MICROSOFT-SERVER-ACTIVESYNC/']) {
    const url = `${server.origin}${path}?Cmd=Ping&DeviceId=A1&DeviceType=T`;
    const headers = { Authorization: `Basic ${btoa('anna:x')}`, 'MS-ASProtocolVersion': '14.1' };
    assert.equal((await fetch(url, { method: 'POST', headers })).status, 200);
  }
});

test('other methods are 501', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    assert.equal((await server.phone().send(method, 'Ping', Buffer.alloc(0))).status, 501);
  }
});

test('MS-ASCMD §2.2.2 a command that is not served is 137, by HTTP 501 before 14.0', async () => {
  const modern = await server.phone().post('ValidateCert', el('ValidateCert:ValidateCert'));
  assert.match(modern.xml, /<ValidateCert xmlns="ValidateCert:"><Status>137<\/Status><\/ValidateCert>$/);
  assert.equal((await server.phone().post('Find', el('Find:Find'))).status, 501, 'a command of later versions');
  assert.equal((await server.phone({ version: '12.1' }).post('FolderSync', PING)).status, 501);
  assert.equal((await server.phone().post('Nonsense', PING)).status, 501);
});

test('MS-ASCMD §2.2.2 a version that is not served is 138, by HTTP before 14.0; version 1.0 is 505', async () => {
  const ask = (version: string) => server.phone().post('Ping', PING, { headers: { 'MS-ASProtocolVersion': version } });
  assert.equal((await ask('2.5')).status, 400);
  assert.equal((await ask('16.1')).status, 400);
  assert.equal((await ask('1.0')).status, 505);
  assert.equal((await ask('')).status, 400);
});

test('a request without command, device id or device type is 400; from 14.0 on a bad id is 108, a bad type 109', async () => {
  const post = (rawQuery: string, version: '12.1' | '14.1') => server.phone({ version }).post('', PING, { rawQuery });
  for (const query of ['', 'DeviceId=A&DeviceType=T', 'Cmd=', '%%%', 'x'.repeat(10_000)]) {
    assert.equal((await post(query, '14.1')).status, 400, query.slice(0, 30));
  }
  assert.match((await post('Cmd=MoveItems&DeviceId=&DeviceType=T', '14.1')).xml, /<Status>108</);
  assert.match((await post('Cmd=MoveItems&DeviceId=A&DeviceType=', '14.1')).xml, /<Status>109</);
  assert.equal((await post('Cmd=MoveItems&DeviceId=&DeviceType=T', '12.1')).status, 400);
  assert.equal((await post('Cmd=MoveItems&DeviceId=A&DeviceType=', '12.1')).status, 400);
});

test('a base64 query is read in both alphabets, with and without padding, and the headers may be missing', async () => {
  answer = done;
  const bytes = Buffer.concat([
    Buffer.from([141, 18, 9, 4, 4]),
    Buffer.from('AB?>'),
    Buffer.from([0, 2]),
    Buffer.from('PP'),
  ]);
  const queries = [bytes.toString('base64'), bytes.toString('base64url'), encodeURIComponent(bytes.toString('base64'))];
  for (const rawQuery of queries) {
    const answered = await server
      .phone()
      .post('', PING, { rawQuery, headers: { 'MS-ASProtocolVersion': '', 'X-MS-PolicyKey': '' } });
    assert.equal(answered.status, 200, rawQuery);
    assert.equal(seen?.line.deviceId, 'AB?>');
    assert.equal(seen?.version, '14.1');
  }
});

test('MS-ASCMD §2.2.2 a body that is no WBXML is 102, one with another root 103, none 101; by HTTP 400 before 14.0', async () => {
  answer = done;
  const statuses: [Uint8Array | null, number][] = [
    [Buffer.from('nonsense'), 102],
    [bytesOf(PING), 103],
    [null, 101],
  ];
  for (const [body, status] of statuses) {
    const modern = await server.phone().post('MoveItems', body);
    assert.equal(modern.status, 200);
    assert.match(modern.xml, new RegExp(`<MoveItems xmlns="Move:"><Status>${status}</Status></MoveItems>$`));
    assert.equal((await server.phone({ version: '12.1' }).post('MoveItems', body)).status, 400);
  }
});

test('a command with a status of its own for broken documents answers that in every version', async () => {
  answer = done;
  for (const version of ['12.1', '14.0', '14.1'] as const) {
    const answered = await server.phone({ version }).post('Ping', el('Move:MoveItems'));
    assert.match(answered.xml, /<Ping xmlns="Ping:"><Status>4<\/Status><\/Ping>$/);
  }
});

test('a content type or coding that is not taken is 101', async () => {
  for (const headers of [{ 'Content-Type': 'text/html' }, { 'Content-Encoding': 'br' }]) {
    const refused = await server.phone().post('MoveItems', PING, { headers: headers as Record<string, string> });
    assert.match(refused.xml, /<Status>101</);
  }
  const asMessage = { headers: { 'Content-Type': 'message/rfc822' } };
  assert.match((await server.phone().post('MoveItems', Buffer.from('Subject: x'), asMessage)).xml, /<Status>101</);
});

test('gzip and deflate bodies are unpacked; what is no gzip is 101, what unpacks beyond the limit 413', async () => {
  answer = done;
  const ask = (body: Uint8Array, coding: string) =>
    server.phone().post('Ping', body, { headers: { 'Content-Encoding': coding } });
  assert.equal((await ask(gzipSync(bytesOf(PING)), 'gzip')).status, 200);
  assert.equal((await ask(deflateSync(bytesOf(PING)), 'deflate')).status, 200);
  assert.match((await ask(Buffer.from('no gzip at all'), 'gzip')).xml, /<Status>101</);
  const bomb = { headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'message/rfc822' } };
  assert.equal((await server.phone().post('SendMail', gzipSync(Buffer.alloc(50_000_000)), bomb)).status, 413);
  assert.equal((await ask(gzipSync(bytesOf(PING)), 'gzip')).status, 200, 'the server goes on');
});

test('a body beyond the limit is 413', async () => {
  const message = { headers: { 'Content-Type': 'message/rfc822' } };
  assert.equal((await server.phone().post('SendMail', Buffer.alloc(200_000), message)).status, 413);
});

test('spellings of one device id are one device', async () => {
  answer = done;
  await server.phone({ deviceId: 'NineABCD' }).post('Ping', PING);
  const first = seen!.device.id;
  await server.phone({ deviceId: Buffer.from('NineABCD').toString('hex') }).post('Ping', PING);
  assert.equal(seen!.device.id, first);
  await server.phone({ deviceId: 'NINEabcd' }).post('Ping', PING);
  assert.equal(seen!.device.id, first);
});

test('first requests that come at once register one device', async () => {
  answer = done;
  const phone = server.phone({ deviceId: 'TWICE' });
  await Promise.all(Array.from({ length: 5 }, () => phone.post('Ping', PING)));
  const devices = await server.environment.sync.store.read(server.anna.mailboxId).devices();
  assert.equal(devices.filter(({ id }) => id === 'twice').length, 1);
});

test('a device id names a device of its own for each person', async () => {
  answer = done;
  await server.phone({ deviceId: 'SHARED', deviceType: 'Annas' }).post('Ping', PING);
  await server.phone({ deviceId: 'SHARED', deviceType: 'Berts', user: 'bert' }).post('Ping', PING);
  const { store } = server.environment.sync;
  assert.equal((await store.read(server.anna.mailboxId).deviceByAlias('shared'))?.type, 'Annas');
  assert.equal((await store.read(server.bert.mailboxId).deviceByAlias('shared'))?.type, 'Berts');
});

test('MS-ASHTTP §2.2.2.1.2 X-MS-RP tells a device once that other versions are served now, and a new one never', async () => {
  answer = done;
  const { store } = server.environment.sync;
  const newsFor = async (deviceId: string) => {
    const { headers } = await server.phone({ deviceId }).post('Ping', PING);
    return [headers['x-ms-rp'], headers['ms-asprotocolversions'], headers['ms-asprotocolcommands']];
  };
  const none = [undefined, undefined, undefined];
  assert.deepEqual(await newsFor('NEWCOMER'), none);
  assert.equal(await store.read(server.anna.mailboxId).document('newcomer/versions'), '12.1,14.0,14.1');
  await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.putDocument('oldtimer/versions', '2.5,12.1'));
  const all = await Promise.all([newsFor('OLDTIMER'), newsFor('OLDTIMER'), newsFor('OLDTIMER')]);
  const told = all.filter(([news]) => news !== undefined);
  assert.deepEqual(told, [['12.1,14.0,14.1', '12.1,14.0,14.1', 'Ping,MoveItems,SendMail,GetAttachment']]);
  assert.deepEqual(await newsFor('OLDTIMER'), none);
});

test('a probing device is answered and not registered', async () => {
  answer = done;
  assert.equal((await server.phone({ deviceId: 'validate' }).post('Ping', PING)).status, 200);
  assert.equal(await server.environment.sync.store.read(server.anna.mailboxId).deviceByAlias('validate'), null);
});

test('the last contact is written when something changed or some time has passed, not at every request', async () => {
  answer = done;
  const phone = server.phone({ deviceId: 'CONTACT' });
  const contact = async () => {
    await phone.post('Ping', PING);
    return (await server.environment.sync.store.read(server.anna.mailboxId).deviceByAlias('contact'))!.lastSeenAt;
  };
  const first = await contact();
  server.clock.advance(60_000);
  assert.equal(await contact(), first);
  server.clock.advance(600_000);
  assert.equal(await contact(), server.clock.now());
});

test('what the core refuses is a common status, before 14.0 an HTTP status, with Retry-After where that helps', async () => {
  answer = async () => {
    throw new GatewayError('store-unavailable', { reason: 'busy' });
  };
  assert.match((await server.phone().post('MoveItems', el('Move:MoveItems'))).xml, /<Status>114</);
  const old = await server.phone({ version: '12.1' }).post('MoveItems', el('Move:MoveItems'));
  assert.equal(old.status, 503);
  assert.equal(old.headers['retry-after'], '30');
});

test('a mistake of ours is 110, by HTTP 500 before 14.0, is logged, and the server goes on', async () => {
  answer = async () => {
    throw new TypeError('a bug');
  };
  const errors = () => server.lines.filter(({ level }) => level === 'error').length;
  const before = errors();
  assert.match((await server.phone().post('MoveItems', el('Move:MoveItems'))).xml, /<Status>110</);
  assert.equal((await server.phone({ version: '12.1' }).post('MoveItems', el('Move:MoveItems'))).status, 500);
  assert.equal((await server.phone().post('GetAttachment', null)).status, 500, 'a command without documents');
  assert.equal(errors() - before, 3);
});

test('answers are packed only for clients that ask, and only large ones', async () => {
  const text = 'x'.repeat(5_000);
  answer = async () => ({ kind: 'document', root: el('Ping:Ping', el('Ping:MaxFolders', text)) });
  const plain = await server.phone().post('Ping', PING);
  assert.equal(plain.headers['content-encoding'], undefined);
  const packed = await server.phone().post('Ping', PING, { headers: { 'Accept-Encoding': 'gzip, deflate' } });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  const refused = await server.phone().post('Ping', PING, { headers: { 'Accept-Encoding': 'gzip;q=0' } });
  assert.equal(refused.headers['content-encoding'], undefined);
  answer = async () => ({ kind: 'document', root: el('Ping:Ping', el('Ping:Status', 1)) });
  const small = await server.phone().post('Ping', PING, { headers: { 'Accept-Encoding': 'gzip' } });
  assert.equal(small.headers['content-encoding'], undefined);
});

test('MS-ASCMD §2.2.1.10.1 a multipart answer begins with its parts’ offsets and lengths', async () => {
  const part = (text: string) => ({
    byteLength: text.length,
    open: async function* () {
      yield Buffer.from(text);
    },
  });
  answer = async () => ({
    kind: 'multipart',
    root: el('Ping:Ping', el('Ping:Status', 1)),
    parts: [part('first'), part('second!')],
  });
  const { body, headers } = await server.phone().post('Ping', PING);
  assert.equal(headers['content-type'], 'application/vnd.ms-sync.multipart');
  assert.equal(body.readUInt32LE(0), 3);
  const at = (index: number) => {
    const offset = body.readUInt32LE(4 + index * 8);
    return body.subarray(offset, offset + body.readUInt32LE(8 + index * 8));
  };
  assert.deepEqual(at(0), Buffer.from(bytesOf(el('Ping:Ping', el('Ping:Status', 1)))));
  assert.equal(at(1).toString(), 'first');
  assert.equal(at(2).toString(), 'second!');
});

test('a part that gives another number of bytes than it said cuts the connection', async () => {
  const part = {
    byteLength: 10,
    open: async function* () {
      yield Buffer.from('short');
    },
  };
  answer = async () => ({ kind: 'multipart', root: el('Ping:Ping', el('Ping:Status', 1)), parts: [part] });
  await assert.rejects(server.phone().post('Ping', PING));
});

test('a waiting request is answered later, and let go of when its client leaves', async () => {
  let wake: (() => void) | null = null;
  let left = 0;
  answer = async () => ({
    kind: 'parked',
    park: (respond) => {
      wake = () => respond({ kind: 'empty' });
      return { cancel: () => (left += 1), end: () => respond({ kind: 'empty' }) };
    },
  });
  const waiting = server.phone().post('Ping', PING);
  while (wake === null) await new Promise((resolve) => setImmediate(resolve));
  (wake as () => void)();
  assert.equal((await waiting).status, 200);
  wake = null;
  const gone = server.phone().post('Ping', PING, { onSent: (request) => setTimeout(() => request.destroy(), 50) });
  await assert.rejects(gone);
  while (left === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(left, 1);
});

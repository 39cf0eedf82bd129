import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMAND_NAMES } from '../../../../protocols/activesync/query/commands.ts';
import { EasQueryError, type EasQueryErrorCode } from '../../../../protocols/activesync/query/error.ts';
import { parseQuery } from '../../../../protocols/activesync/query/parse-query.ts';
import { type EasRequestLine, withHeaders } from '../../../../protocols/activesync/query/request-line.ts';

interface Parts {
  readonly version?: number;
  readonly code?: number;
  readonly device?: Uint8Array | string;
  readonly key?: readonly number[];
  readonly type?: string;
  readonly parameters?: readonly (readonly [tag: number, value: string | Uint8Array])[];
}

const sized = (value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
};

function query(parts: Parts = {}): Buffer {
  return Buffer.concat([
    Buffer.of(parts.version ?? 141, parts.code ?? 0, 0x07, 0x04),
    sized(parts.device ?? 'device1'),
    sized(Uint8Array.from(parts.key ?? [])),
    sized(parts.type ?? 'PPC'),
    ...(parts.parameters ?? []).flatMap(([tag, value]) => [Buffer.of(tag), sized(value)]),
  ]);
}

function refuses(raw: string, code: EasQueryErrorCode, known: Partial<EasQueryError> = {}): void {
  assert.throws(
    () => parseQuery(raw),
    (error) => {
      assert.ok(error instanceof EasQueryError, String(error));
      assert.equal(error.code, code);
      for (const [key, value] of Object.entries(known)) assert.equal(error[key as keyof EasQueryError], value);
      return true;
    },
  );
}

const PLAIN: EasRequestLine = {
  form: 'plain',
  command: 'Sync',
  commandText: 'Sync',
  user: 'ana@example.com',
  deviceId: 'Device1',
  deviceIdAliases: ['device1', '44657669636531'],
  deviceType: 'SmartPhone',
  isProbe: false,
  protocolVersion: null,
  policyKey: null,
  showsPolicyKey: false,
  locale: null,
  attachmentName: null,
  collectionId: null,
  itemId: null,
  longId: null,
  occurrence: null,
  saveInSent: false,
  acceptMultipart: false,
};

test('a plain query is read in any order and any case, the first of repeated values counts', () => {
  for (const raw of [
    'Cmd=Sync&User=ana@example.com&DeviceId=Device1&DeviceType=SmartPhone',
    'devicetype=SmartPhone&DEVICEID=Device1&user=ana%40example.com&cmd=Sync',
    '&Cmd=&Cmd=Sync&Cmd=Ping&User=ana@example.com&DeviceId=Device1&DeviceType=SmartPhone&DeviceId=Other&x&=y&',
  ]) {
    assert.deepEqual(parseQuery(raw), PLAIN, raw);
  }
});

test('commands are known in any case; one that is none is told by its text', () => {
  const base = 'User=u&DeviceId=d&DeviceType=t&Cmd=';
  assert.equal(parseQuery(`${base}foldersync`).command, 'FolderSync');
  assert.deepEqual(
    COMMAND_NAMES.map((name) => parseQuery(base + name.toUpperCase()).command),
    COMMAND_NAMES,
  );
  const { command, commandText } = parseQuery(`${base}Notify`);
  assert.deepEqual([command, commandText], [null, 'Notify']);
  assert.equal(parseQuery(`${base}constructor`).command, null);
});

test('percent escapes and plus are decoded, what is no escape stays', () => {
  const raw =
    'Cmd=GetAttachment&User=EX%5Ctest&DeviceId=d&DeviceType=Windows+Mail&AttachmentName=a%2fb%20%C3%BC%zz&CollectionId=mail%252F1&ItemId=5%3a1&LongId=RgAA%2b&Occurrence=2026-03-01T10%3A00%3A00.000Z&SaveInSent=T';
  const line = parseQuery(raw);
  assert.equal(line.user, 'EX\\test');
  assert.equal(line.deviceType, 'Windows Mail');
  assert.equal(line.attachmentName, 'a/b ü%zz');
  assert.equal(line.collectionId, 'mail%2F1');
  assert.deepEqual([line.itemId, line.longId, line.occurrence], ['5:1', 'RgAA+', '2026-03-01T10:00:00.000Z']);
  assert.equal(line.saveInSent, true);
  assert.equal(parseQuery('Cmd=Sync&DeviceId=d&DeviceType=t&User=%ff').user, '\ufffd');
  assert.equal(parseQuery('Cmd=Provision&DeviceId=d&DeviceType=t&PolicyKey=4294967295').policyKey, 4_294_967_295);
});

test('MS-ASHTTP: a base64 query with every parameter', () => {
  const line = parseQuery(
    query({
      code: 3,
      version: 140,
      key: [0xc6, 0x5e, 0x86, 0xb1],
      parameters: [
        [0, 'att:1'],
        [1, 'coll'],
        [3, 'item'],
        [4, 'long'],
        [6, '2026-03-01T10:00:00.000Z'],
        [7, Uint8Array.of(3)],
        [8, 'EX\\Müller'],
        [9, 'something new'],
        [1, 'second'],
      ],
    }).toString('base64'),
  );
  assert.deepEqual(line, {
    ...PLAIN,
    form: 'base64',
    command: 'SmartReply',
    commandText: 'SmartReply',
    deviceId: 'device1',
    deviceIdAliases: ['device1', '64657669636531'],
    deviceType: 'PPC',
    protocolVersion: '14.0',
    locale: 0x0407,
    policyKey: 0xb1865ec6,
    showsPolicyKey: true,
    attachmentName: 'att:1',
    collectionId: 'coll',
    itemId: 'item',
    longId: 'long',
    occurrence: '2026-03-01T10:00:00.000Z',
    saveInSent: true,
    acceptMultipart: true,
    user: 'EX\\Müller',
  });
});

test('both alphabets, padded or not, percent-escaped or with spaces for plus', () => {
  for (let length = 1; length < 40; length += 1) {
    const bytes = query({ device: new Uint8Array(length).fill(0xfb), type: '?>ü~' });
    const standard = bytes.toString('base64');
    const expected = parseQuery(standard);
    assert.equal(expected.deviceId, 'FB'.repeat(length));
    for (const raw of [
      bytes.toString('base64url'),
      standard.replaceAll('=', ''),
      `${bytes.toString('base64url')}${'='.repeat((4 - (standard.replaceAll('=', '').length % 4)) % 4)}`,
      encodeURIComponent(standard),
      standard.replaceAll('+', '%20'),
    ]) {
      assert.deepEqual(parseQuery(raw), expected, raw);
    }
  }
});

test('codes and versions: those of the table, others told as they are', () => {
  const codes = [0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
  assert.deepEqual(
    codes.map((code) => parseQuery(query({ code }).toString('base64')).command),
    COMMAND_NAMES,
  );
  const unknown = parseQuery(query({ code: 5 }).toString('base64'));
  assert.deepEqual([unknown.command, unknown.commandText], [null, '5']);
  const versions = [25, 120, 121, 140, 141, 160, 161];
  assert.deepEqual(
    versions.map((version) => parseQuery(query({ version }).toString('base64')).protocolVersion),
    ['2.5', '12.0', '12.1', '14.0', '14.1', '16.0', '16.1'],
  );
});

test('a user, a key and parameters may be absent; a key of zero is none', () => {
  const line = parseQuery(query({ parameters: [[1, '']] }).toString('base64'));
  assert.deepEqual([line.user, line.policyKey, line.collectionId, line.saveInSent], [null, null, null, false]);
  assert.equal(parseQuery(query({ key: [0, 0, 0, 0] }).toString('base64')).policyKey, null);
});

test('one device: text, hex of text and GUID bytes share an alias whichever form is used', () => {
  const plain = (id: string): readonly string[] => parseQuery(`Cmd=Ping&DeviceId=${id}&DeviceType=t`).deviceIdAliases;
  const base64 = (device: Uint8Array | string): readonly string[] =>
    parseQuery(query({ device }).toString('base64')).deviceIdAliases;
  const share = (a: readonly string[], b: readonly string[]): boolean => a.some((alias) => b.includes(alias));
  assert.ok(share(plain('Nine1a2B'), base64('Nine1a2B')));
  assert.ok(share(plain(Buffer.from('Nine1a2B').toString('hex')), base64('Nine1a2B')));
  assert.ok(share(plain('nine1A2b'), plain('NINE1A2B')));
  const guid = Buffer.from('00ff8e1b2c3d4e5f60718293a4b5c6d7', 'hex');
  assert.ok(share(plain(guid.toString('hex')), base64(guid)));
  assert.ok(share(plain(guid.toString('hex').toUpperCase()), base64(guid)));
  assert.ok(!share(plain('device1'), plain('device2')) && !share(base64('device1'), base64('device12')));
});

test('a device that only tries the account out is recognised', () => {
  assert.equal(parseQuery('Cmd=FolderSync&DeviceId=validate&DeviceType=Android').isProbe, true);
  assert.equal(parseQuery(query({ device: 'Validate' }).toString('base64')).isProbe, true);
  assert.equal(parseQuery('Cmd=FolderSync&DeviceId=validate1&DeviceType=Android').isProbe, false);
});

test('what is missing is told, with the command it was asked for', () => {
  refuses('', 'missing');
  refuses(`Cmd=Sync&x=${'y'.repeat(9000)}`, 'too-long');
  refuses('DeviceId=d&DeviceType=t', 'command');
  refuses('Cmd', 'malformed');
  refuses('Cmd=Sync&DeviceType=t', 'device-id', { command: 'Sync' });
  for (const id of ['', '%00', 'a%20b', '%C3%BC', 'x'.repeat(33)]) {
    refuses(`Cmd=Ping&DeviceId=${id}&DeviceType=t`, 'device-id', { command: 'Ping' });
  }
  for (const type of ['', '%0a', 'x'.repeat(33)]) {
    refuses(`Cmd=Sync&DeviceId=d&DeviceType=${type}`, 'device-type', { command: 'Sync' });
  }
});

test('a base64 query that ends early or holds nonsense is refused with what was read', () => {
  const whole = query({ key: [1, 2, 3, 4], parameters: [[1, 'c']] });
  const ends = new Set([whole.length, whole.length - 3]);
  for (let length = 1; length < whole.length; length += 1) {
    const raw = whole.subarray(0, length).toString('base64');
    if (ends.has(length)) assert.doesNotThrow(() => parseQuery(raw));
    else refuses(raw, 'malformed');
  }
  const known = { command: 'Sync', protocolVersion: '14.1' } as const;
  refuses(query({ device: '' }).toString('base64'), 'device-id', known);
  refuses(query({ type: '' }).toString('base64'), 'device-type', known);
  refuses(query({ key: [1, 2] }).toString('base64'), 'malformed', known);
});

test('headers fill in what the query leaves open, and never overrule it', () => {
  const headers = { protocolVersion: ' 12.1 ', policyKey: '77', acceptMultipart: 'T' };
  const plain = withHeaders(PLAIN, headers);
  assert.deepEqual([plain.protocolVersion, plain.policyKey, plain.acceptMultipart], ['12.1', 77, true]);
  assert.deepEqual(withHeaders(PLAIN, {}), PLAIN);
  const base64 = parseQuery(query({ key: [5, 0, 0, 0] }).toString('base64'));
  assert.deepEqual(withHeaders(base64, headers), base64);
  assert.equal(withHeaders(parseQuery(query().toString('base64')), headers).policyKey, 77);
  for (const policyKey of ['0', '', 'x', '-1', '4294967296', '1e3']) {
    const line = withHeaders(PLAIN, { policyKey });
    assert.deepEqual([line.policyKey, line.showsPolicyKey], [null, true]);
  }
});

test('dots alone are no id: in the path of a page they lead elsewhere, and nobody could block or wipe the device', () => {
  for (const id of ['.', '..']) refuses(`Cmd=Sync&User=ann&DeviceId=${id}&DeviceType=PPC`, 'device-id');
  const { deviceId, deviceIdAliases } = parseQuery(query({ device: '..' }).toString('base64'));
  assert.deepEqual([deviceId, deviceIdAliases], ['2E2E', ['2e2e']]);
  assert.equal(parseQuery('Cmd=Sync&User=ann&DeviceId=...&DeviceType=PPC').deviceId, '...');
});

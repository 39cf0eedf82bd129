import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { type ByteRun, el, type WbxElement } from '../../../../protocols/activesync/wbxml/element.ts';
import { type EncodeOptions, encodeWbxml, streamWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { bytesOf, childText, requiredChild, textOf } from '../../../../protocols/activesync/wbxml/read-element.ts';

const v141: EncodeOptions = { version: '14.1' };

/** The document behind its header, in hex. */
function body(root: WbxElement, options: EncodeOptions = v141): string {
  const hex = Buffer.from(encodeWbxml(root, options)).toString('hex');
  assert.ok(hex.startsWith('03016a00'));
  return hex.slice(8);
}

async function streamed(root: WbxElement, options: EncodeOptions = v141): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamWbxml(root, options)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* flow(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk as string);
}

const run = (form: ByteRun['form'], byteLength: number, chunks: ByteRun['chunks']): ByteRun => ({
  form,
  byteLength,
  chunks,
});

test('the page is switched only where it changes', () => {
  assert.equal(
    body(
      el(
        'AirSync:Sync',
        el('Email:Flag'),
        el('Email:Read', true),
        el('AirSync:Status', 1),
        el('AirSyncBase:Body', el('AirSyncBase:Type', 2)),
      ),
    ),
    '45' +
      '0002' +
      '3a' +
      '55033100' +
      '01' +
      '0000' +
      '4e033100' +
      '01' +
      '0011' +
      '4a' +
      '46033200' +
      '01' +
      '01' +
      '01',
  );
  assert.equal(body(el('Ping:Ping', el('Ping:Status', 1))), '000d4547033100' + '0101');
});

test('an element without content, or with empty text, is one byte', () => {
  assert.equal(body(el('AirSync:Sync')), '05');
  assert.equal(body(el('AirSync:Sync', el('AirSync:SyncKey', ''))), '450b01');
  assert.equal(body({ page: 0, name: 'AirSync:Sync', children: ['', ''] }), '05');
});

test('OPAQUE of no length is one zero byte, longer ones have their length in sevens of bits', () => {
  const mime = (length: number): string =>
    body(el('ComposeMail:SendMail', el('ComposeMail:Mime', new Uint8Array(length))));
  assert.equal(mime(0), '00154550c3000101');
  assert.ok(mime(127).startsWith('00154550c37f00'));
  assert.ok(mime(128).startsWith('00154550c3810000'));
  assert.ok(mime(16_384).startsWith('00154550c3818000'));
  assert.ok(mime(2_097_152).startsWith('00154550c381808000'));
});

test('NUL and half surrogate pairs become U+FFFD, in short and in long text', () => {
  for (const padding of ['', 'x'.repeat(100_000)]) {
    const bytes = encodeWbxml(el('AirSync:Sync', el('Email:Subject', `${padding}a\0b\ud83cc\udf82`)), v141);
    assert.equal(childText(decodeWbxml(bytes), 'Email:Subject'), `${padding}a\ufffdb\ufffdc\ufffd`);
  }
});

test('numbers and booleans are text, null is nothing, lists are spread', () => {
  const root = el(
    'AirSync:Sync',
    null,
    [el('AirSync:Status', 4)],
    el('AirSync:GetChanges', false),
    el('AirSync:Limit', -1),
  );
  assert.deepEqual(root.children, [
    el('AirSync:Status', '4'),
    el('AirSync:GetChanges', '0'),
    el('AirSync:Limit', '-1'),
  ]);
  assert.throws(() => el('AirSync:Status', Number.NaN), TypeError);
});

test('an element that the version does not have is a bug, or left out and told where the caller wants that', () => {
  const root = el('AirSync:Sync', el('AirSync:Status', 1), el('Email2:UmCallerID', 'x'));
  assert.throws(
    () => encodeWbxml(root, { version: '12.1' }),
    /TypeError: Email2:UmCallerID is no element of protocol version 12\.1/,
  );
  const told: string[][] = [];
  const onMisfit = (...misfit: [string, string]): void => void told.push(misfit);
  assert.equal(body(root, { version: '12.1', onMisfit }), '454e0331000101');
  assert.deepEqual(told, [['Email2:UmCallerID', 'is no element of protocol version 12.1']]);
  assert.equal(body(root, { version: '14.0', onMisfit }), '454e033100010016' + '4503780001' + '01');
});

test('retired and unknown elements fit no version but can be written as they were read', () => {
  const unknown: WbxElement = { page: 30, name: 'unknown:30:5', children: [] };
  for (const child of [el('Email:MIMEData', 'x'), unknown]) {
    const root = el('AirSync:Sync', child);
    assert.throws(() => encodeWbxml(root, v141), TypeError);
    assert.deepEqual(decodeWbxml(encodeWbxml(root, { version: 'any' })), root);
  }
  assert.throws(() => encodeWbxml({ page: 0, name: 'unknown:0:64', children: [] }, { version: 'any' }), TypeError);
});

test('bytes in a string element and text in an opaque one are misfits too', () => {
  const wrong = [
    el('AirSync:Sync', el('Contacts:Picture', Uint8Array.of(1))),
    el('AirSync:Sync', el('Email2:ConversationId', 'AAEC')),
    el('AirSync:Sync', el('Email2:ConversationId', run('string', 1, [Uint8Array.of(65)]))),
  ];
  for (const root of wrong) {
    assert.throws(() => encodeWbxml(root, v141), TypeError);
    assert.equal(body(root, { version: '14.1', onMisfit: () => {} }), '4501');
  }
  assert.throws(() => encodeWbxml(el('Find:Find'), { version: '14.1', onMisfit: () => {} }), TypeError, 'the root');
});

test('a value is sent as it is read, opaque and text', async () => {
  const root = el(
    'ItemOperations:ItemOperations',
    el('ItemOperations:Properties', el('ItemOperations:Data', run('string', 9, flow('aGVs', 'bG8\0\0')))),
    el('ItemOperations:ConversationId', run('opaque', 5, flow('he', '', 'llo'))),
  );
  const tree = decodeWbxml(await streamed(root));
  const properties = requiredChild(tree, 'ItemOperations:Properties');
  assert.equal(childText(properties, 'ItemOperations:Data'), 'aGVsbG8\ufffd\ufffd');
  assert.equal(Buffer.from(bytesOf(requiredChild(tree, 'ItemOperations:ConversationId'))).toString(), 'hello');
});

test('a source that gives more or fewer bytes than it said is found before the frame is broken further', async () => {
  for (const chunks of [['hell'], ['hello', '!'], []]) {
    const root = (source: ByteRun['chunks']) =>
      el('ComposeMail:SendMail', el('ComposeMail:Mime', run('opaque', 5, source)));
    await assert.rejects(streamed(root(flow(...chunks))), TypeError);
    assert.throws(() => encodeWbxml(root(chunks.map((chunk) => Buffer.from(chunk))), v141), TypeError);
  }
});

test('an error of the source is passed on, and a value still to be read cannot be written at once', async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a');
    throw new Error('disk');
  };
  const root = el('ComposeMail:SendMail', el('ComposeMail:Mime', run('opaque', 2, failing())));
  await assert.rejects(streamed(root), /disk/);
  assert.throws(() => encodeWbxml(root, v141), TypeError);
});

test('a long answer comes in pieces of at most 64 KiB, long values apart', async () => {
  const item = el(
    'AirSync:Add',
    el('AirSync:ServerId', '1:1'),
    el('AirSync:ApplicationData', el('Email:Subject', 'x'.repeat(200))),
  );
  const root = el(
    'AirSync:Sync',
    Array.from({ length: 2000 }, () => item),
  );
  const sizes: number[] = [];
  for await (const piece of streamWbxml(root, v141)) sizes.push(piece.length);
  assert.ok(sizes.length > 6 && Math.max(...sizes) <= 65_536);
  assert.equal(
    sizes.reduce((sum, size) => sum + size),
    encodeWbxml(root, v141).length,
  );
});

test('a large value is passed on, not copied', async () => {
  const mime = new Uint8Array(5_000_000);
  const root = el('ComposeMail:SendMail', el('ComposeMail:Mime', mime));
  const pieces: Uint8Array[] = [];
  for await (const piece of streamWbxml(root, v141)) pieces.push(piece);
  assert.ok(pieces.some((piece) => piece.buffer === mime.buffer));
  assert.equal(textOf(el('AirSync:SyncKey', 'a', 'b')), 'ab');
});

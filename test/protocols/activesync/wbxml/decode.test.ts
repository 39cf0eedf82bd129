import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWbxml, readWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import { WbxmlError, type WbxmlErrorCode } from '../../../../protocols/activesync/wbxml/errors.ts';
import { DEFAULT_WBXML_LIMITS, type WbxmlLimits } from '../../../../protocols/activesync/wbxml/limits.ts';
import { textOf } from '../../../../protocols/activesync/wbxml/read-element.ts';

/** Hex digits and 'text' into bytes. */
function bytes(notation: string): Buffer {
  const parts = notation.match(/'[^']*'|[0-9a-f]{2}/gi) ?? [];
  return Buffer.concat(
    parts.map((part) => (part.startsWith("'") ? Buffer.from(part.slice(1, -1)) : Buffer.from(part, 'hex'))),
  );
}

const read = (body: string) => decodeWbxml(bytes(`03 01 6a 00 ${body}`));

/** Refused for this reason at this byte, and so when every byte comes alone. */
function refuses(document: Buffer, code: WbxmlErrorCode, offset: number, limits: Partial<WbxmlLimits> = {}): void {
  const all = { ...DEFAULT_WBXML_LIMITS, ...limits };
  const alone = Array.from(document, (byte) => Uint8Array.of(byte));
  for (const input of [document, alone]) {
    assert.throws(
      () => decodeWbxml(input, all),
      (error) => {
        assert.ok(error instanceof WbxmlError, String(error));
        assert.deepEqual([error.code, error.offset], [code, offset], error.message);
        return true;
      },
    );
  }
}

const refusesBody = (body: string, code: WbxmlErrorCode, offset: number, limits: Partial<WbxmlLimits> = {}): void =>
  refuses(bytes(`03 01 6a 00 ${body}`), code, offset, limits);

test('elements, text and pages', () => {
  assert.deepEqual(
    read("45 5c 4f 4b 03 '0' 00 01 00 11 45 46 03 '1' 00 01 01 00 00 13 01 01 01"),
    el(
      'AirSync:Sync',
      el(
        'AirSync:Collections',
        el(
          'AirSync:Collection',
          el('AirSync:SyncKey', '0'),
          el('AirSyncBase:BodyPreference', el('AirSyncBase:Type', '1')),
          el('AirSync:GetChanges'),
        ),
      ),
    ),
  );
});

test('a root without content is a whole document', () => {
  assert.deepEqual(read('05'), el('AirSync:Sync'));
  assert.deepEqual(read('00 0d 45 01'), el('Ping:Ping'));
});

test('WBXML 1.1 to 1.3 are read, with a public id of any kind', () => {
  for (const header of ['01 01', '02 01', '03 01', '03 9f 53', '03 00 00']) {
    assert.deepEqual(decodeWbxml(bytes(`${header} 6a 00 05`)), el('AirSync:Sync'), header);
  }
  refuses(bytes('00 01 6a 00 05'), 'version', 0);
  refuses(bytes('04 01 6a 00 05'), 'version', 0);
});

test('only UTF-8 is read', () => {
  refuses(bytes('03 01 04 00 05'), 'charset', 2);
  refuses(bytes('03 01 87 68 00 05'), 'charset', 2);
});

test('inline, table and entity pieces make one text; an empty one is nothing', () => {
  const table = "03 01 6a 08 'two' 00 'six' 00";
  assert.deepEqual(
    decodeWbxml(bytes(`${table} 45 4b 03 'one ' 00 83 00 03 00 83 04 02 20 02 87 e7 02 01 4b 03 00 01 01`)),
    el('AirSync:Sync', el('AirSync:SyncKey', 'one twosix 🎂'), el('AirSync:SyncKey')),
  );
});

test('bytes that are no UTF-8 become U+FFFD, a byte order mark stays', () => {
  assert.equal(textOf(read("45 03 ef bb bf 'a' ff 'b' 00 01")), '\ufeffa\ufffdb');
});

test('a token of no table is kept by page and token, with what it holds', () => {
  assert.deepEqual(read("45 00 1e 7f 03 'x' 00 4b 01 01 01"), {
    page: 0,
    name: 'AirSync:Sync',
    children: [{ page: 30, name: 'unknown:30:63', children: ['x', { page: 30, name: 'unknown:30:11', children: [] }] }],
  });
});

test('OPAQUE of no length is one zero byte', () => {
  assert.deepEqual(
    read('00 15 45 50 c3 00 01 01'),
    el('ComposeMail:SendMail', el('ComposeMail:Mime', new Uint8Array())),
  );
});

test('every beginning of a document is refused as truncated', () => {
  const whole = bytes("03 00 00 6a 04 'abc' 00 45 4b 03 '0' 00 01 00 15 50 c3 03 010203 02 87 e7 02 01 83 00 01");
  assert.doesNotThrow(() => decodeWbxml(whole));
  for (let length = 0; length < whole.length; length += 1) {
    assert.throws(() => decodeWbxml(whole.subarray(0, length)), { name: 'WbxmlError', code: 'truncated' }, `${length}`);
  }
  refusesBody("45 03 'endless'", 'truncated', 5);
  refusesBody('45 c3 05 0102', 'truncated', 5);
  refusesBody('45', 'truncated', 5);
});

test('what ActiveSync never uses is refused', () => {
  refusesBody('85 01', 'unsupported', 4);
  refusesBody('c5 01 01', 'unsupported', 4);
  for (const token of ['04', '40', '41', '42', '43', '44', '80', '81', '82', '84', 'c0', 'c1', 'c2', 'c4']) {
    refusesBody(`45 ${token} 00 01`, 'unsupported', 5);
  }
});

test('what stands outside the root is refused', () => {
  refusesBody('01', 'structure', 4);
  refusesBody("03 'text' 00 05", 'structure', 4);
  refusesBody('c3 01 00 05', 'structure', 4);
  refusesBody('05 05', 'trailing', 5);
  refusesBody('45 01 00', 'trailing', 6);
});

test('numbers have 32 bits', () => {
  refusesBody('45 c3 90 80 80 80 00', 'integer', 5);
  refusesBody('45 c3 80 80 80 80 80 00', 'integer', 5);
  refuses(bytes('03 90 80 80 80 00'), 'integer', 1);
  assert.deepEqual(read("45 c3 80 80 80 80 01 'a' 01").children, [new Uint8Array([0x61])]);
});

test('text of the string table that is not there, and characters that are none, are refused', () => {
  refusesBody('45 83 00 01', 'string-table', 5);
  refuses(bytes("03 01 6a 03 'abc' 45 83 00 01"), 'string-table', 8);
  refuses(bytes("03 01 6a 02 'a' 00 45 83 02 01"), 'string-table', 7);
  for (const value of ['00', '83 b0 00', 'c4 80 00']) refusesBody(`45 02 ${value} 01`, 'entity', 5);
});

test('the limits hold for depth, number, lengths and size, before memory is taken', () => {
  refusesBody('45 45 45 01 01 01', 'depth', 6, { maxDepth: 2 });
  refusesBody('45 45 05 01 01', 'depth', 6, { maxDepth: 2 });
  refusesBody('45 05 05 05 01', 'elements', 7, { maxElements: 3 });
  refusesBody('45 c3 00 c3 00 c3 00 01', 'elements', 9, { maxElements: 3 });
  refusesBody("45 03 '1234' 00 01", 'string-length', 5, { maxStringBytes: 3 });
  refusesBody("45 03 '12' 00 03 '34' 00 01", 'string-length', 9, { maxStringBytes: 3 });
  refusesBody('45 c3 8f ff ff ff 7f', 'opaque-length', 5);
  refusesBody('45 c3 04 01020304 01', 'opaque-length', 5, { maxOpaqueBytes: 3 });
  refuses(bytes('03 01 6a 8f ff ff ff 7f'), 'string-length', 3);
  refusesBody('45 c3 81 00', 'size', 5, { maxBytes: 20 });
  refusesBody("45 03 '0123456789' 00 01", 'size', 10, { maxBytes: 10 });
});

test('a long text named many times does not grow beyond the size limit', () => {
  const table = Buffer.concat([Buffer.alloc(1000, 'a'), Buffer.of(0)]);
  const pieces = Array.from({ length: 100 }, () => bytes('4b 83 00 01'));
  const document = Buffer.concat([bytes('03 01 6a 87 69'), table, bytes('45'), ...pieces, bytes('01')]);
  assert.equal(decodeWbxml(document).children.length, 100);
  refuses(document, 'size', 5 + 1001 + 1 + 4 * 10 + 1, { maxBytes: 10_000 });
});

test('an empty body is no document; read from a stream it is null', async () => {
  refuses(Buffer.alloc(0), 'truncated', 0);
  const stream = async function* (...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
    yield* chunks;
  };
  assert.equal(await readWbxml(stream()), null);
  assert.equal(await readWbxml(stream(Buffer.alloc(0))), null);
  assert.deepEqual(await readWbxml(stream(bytes('03 01 6a 00'), bytes('05'))), el('AirSync:Sync'));
  await assert.rejects(readWbxml(stream(bytes('03'))), WbxmlError);
});

test('a body of tiny chunks costs its bytes, not its chunks', () => {
  const length = 200_000;
  const head = bytes('03 01 6a 00 00 15 45 50 c3 8c 9a 40');
  const alone = Array.from({ length }, (_, index) => Uint8Array.of(index));
  const tree = decodeWbxml([head, ...alone, bytes('01 01')]);
  const value = tree.children[0];
  assert.ok(typeof value === 'object' && 'children' in value);
  const [run] = value.children;
  assert.ok(typeof run === 'object' && 'chunks' in run && run.byteLength === length);
  const chunks = run.chunks as Uint8Array[];
  assert.ok(chunks.length < 20 && chunks.every((chunk) => chunk.buffer.byteLength <= 65_536));
});

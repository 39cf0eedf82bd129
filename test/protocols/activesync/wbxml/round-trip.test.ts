import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { decodeWbxml, readWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { el, isElement, type WbxElement } from '../../../../protocols/activesync/wbxml/element.ts';
import { factsOf } from '../../../../protocols/activesync/wbxml/elements.ts';
import { encodeWbxml, streamWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../../../protocols/activesync/wbxml/to-xml.ts';
import { seededRandom } from '../../../support/random.ts';
import { wbxFromXml } from './from-xml.ts';
import { comparable, cut, randomTree } from './generate.ts';
import { libwbxmlRead, libwbxmlWrite, needsLibwbxml } from './libwbxml.ts';

const SEED = 20260304;
const any = { version: 'any' } as const;

function trees(count: number): WbxElement[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, () => randomTree(random));
}

async function* flow(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

test(`what is written is read as the same tree, and written as the same bytes (seed ${SEED})`, () => {
  for (const tree of trees(2000)) {
    const bytes = encodeWbxml(tree, any);
    const again = decodeWbxml(bytes);
    assert.ok(isDeepStrictEqual(comparable(again), comparable(tree)));
    assert.ok(Buffer.from(encodeWbxml(again, any)).equals(bytes));
  }
});

test(`however a document is cut, it is the same tree, value by value of 64 KiB at most (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  for (const tree of trees(150)) {
    const bytes = encodeWbxml(tree, any);
    const whole = decodeWbxml(bytes);
    for (const most of [bytes.length < 5000 ? 1 : 300, 1000, 40_000]) {
      const pieces = cut(bytes, most, random);
      const read = decodeWbxml(pieces);
      const expected = comparable(whole);
      assert.ok(isDeepStrictEqual(comparable(read), expected));
      assert.ok(isDeepStrictEqual(comparable((await readWbxml(flow(pieces)))!), expected));
      assert.deepEqual(kinds(read), kinds(whole));
    }
  }
});

/** Which values came in one piece and which in chunks. */
function kinds(element: WbxElement): unknown[] {
  return element.children.map((content) => {
    if (typeof content === 'string') return 'text';
    if (content instanceof Uint8Array) return content.length;
    return 'chunks' in content ? [content.form, content.byteLength] : kinds(content);
  });
}

test(`streaming gives the bytes of writing at once (seed ${SEED})`, async () => {
  for (const tree of trees(300)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of streamWbxml(tree, any)) pieces.push(piece);
    assert.ok(Buffer.concat(pieces).equals(encodeWbxml(tree, any)));
  }
});

test(`XML says all that a well-typed document says (seed ${SEED})`, () => {
  for (const tree of trees(500).map(wellTyped)) {
    assert.ok(isDeepStrictEqual(wbxFromXml(wbxmlToXml(tree)), tree), wbxmlToXml(tree).slice(0, 1000));
  }
});

/** Elements hold elements, or one value of their kind: what ActiveSync has. */
function wellTyped(element: WbxElement): WbxElement {
  const elements = element.children.filter(isElement);
  const isOpaque = factsOf(element.name)?.opaque ?? false;
  const values = element.children.filter((content) =>
    isOpaque ? content instanceof Uint8Array && content.length > 0 : typeof content === 'string',
  );
  return { ...element, children: elements.length > 0 ? elements.map(wellTyped) : values.slice(0, 1) };
}

test('a large value read from chunks is made of those chunks', () => {
  const random = seededRandom(SEED);
  const mime = random.bytes(300_000);
  const bytes = encodeWbxml(el('ComposeMail:SendMail', el('ComposeMail:Mime', mime)), any);
  const pieces = [bytes.subarray(0, 100_000), bytes.subarray(100_000, 100_010), bytes.subarray(100_010)];
  const [value] = (decodeWbxml(pieces).children[0] as WbxElement).children;
  assert.ok(typeof value === 'object' && 'chunks' in value);
  const chunks = value.chunks as Uint8Array[];
  assert.ok(Buffer.concat(chunks).equals(mime));
  assert.ok(chunks.filter((chunk) => chunk.buffer === bytes.buffer).length === 2, 'large chunks are not copied');
});

test('libwbxml reads what we write, and we read what it writes, string table or not', needsLibwbxml, () => {
  const document = el(
    'AirSync:Sync',
    el('AirSync:Status', 1),
    el('Email:Subject', 'Größe <&> "q" 🎂\r\nnext'),
    el('AirSyncBase:Body', el('AirSyncBase:Type', 1), el('AirSyncBase:Data', 'x'.repeat(40_000))),
    el('Email:Flag'),
    el('Email2:ConversationId', Uint8Array.of(0, 1, 2, 255)),
    el('GAL:Data', seededRandom(SEED).bytes(3000)),
  );
  const xml = wbxmlToXml(document);
  assert.equal(libwbxmlRead(encodeWbxml(document, any)).replaceAll('\r', '&#13;'), xml);
  for (const options of [['-a', '-n'], ['-a'], []]) {
    assert.equal(wbxmlToXml(decodeWbxml(libwbxmlWrite(xml, options))), xml);
  }
});

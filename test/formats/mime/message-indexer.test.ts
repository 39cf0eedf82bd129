import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latin1 } from '../../../src/formats/mime/charset.ts';
import { decodePart, decodePartText } from '../../../src/formats/mime/decode-part.ts';
import { fieldText, findField } from '../../../src/formats/mime/header-fields.ts';
import { type MessagePart, partsOf } from '../../../src/formats/mime/message-index.ts';
import { createMessageIndexer, indexMessage, readMessageHeader } from '../../../src/formats/mime/message-indexer.ts';
import { MimeError } from '../../../src/formats/mime/mime-error.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { chunked, makeMessage, streamOf } from './generate.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const bodyOf = (message: Uint8Array, part: MessagePart): string =>
  latin1(message.subarray(part.body.start, part.body.end));

async function decoded(source: Uint8Array | AsyncIterable<Uint8Array>, part: MessagePart): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodePart(source, part)) chunks.push(chunk);
  return latin1(Buffer.concat(chunks));
}

const NESTED = [
  'From: a@example.com',
  'Content-Type: multipart/mixed; boundary="outer"',
  '',
  'preamble',
  '--outer',
  'Content-Type: multipart/alternative; boundary=inner',
  '',
  '--inner',
  '',
  'plain',
  'text',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  '<p>=C3=A4</p>',
  '--inner--',
  '--outer',
  'Content-Type: message/rfc822',
  'Content-Disposition: attachment; filename=inner.eml',
  '',
  'Subject: embedded',
  '',
  'embedded body',
  '',
  '--outer--',
  'epilogue',
].join('\r\n');

test('RFC 2046 §5.1.1 parts are found at their delimiters, the line break before one is not of the body', () => {
  const message = bytesOf(NESTED);
  const { root, fields, size } = indexMessage(message);
  assert.equal(size, message.length);
  assert.equal(fieldText(findField(fields, 'from')!), 'a@example.com');
  assert.deepEqual(
    [...partsOf(root)].map((part) => [part.path, part.mediaType, part.lines]),
    [
      ['', 'multipart/mixed', 24],
      ['1', 'multipart/alternative', 10],
      ['1.1', 'text/plain', 2],
      ['1.2', 'text/html', 1],
      ['2', 'message/rfc822', 3],
      ['2.1', 'text/plain', 1],
    ],
  );
  const [first, second] = root.children;
  assert.equal(bodyOf(message, first!.children[0]!), 'plain\r\ntext');
  assert.equal(first!.children[1]!.transferEncoding, 'quoted-printable');
  assert.equal(second!.filename, 'inner.eml');
  assert.equal(second!.disposition, 'attachment');
  assert.equal(bodyOf(message, second!.children[0]!), 'embedded body\r\n');
});

test('the index does not depend on how the message was cut into chunks', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seededRandom(seed);
    const message = makeMessage(random);
    const indexer = createMessageIndexer();
    for (const chunk of chunked(random, message)) {
      indexer.write(chunk);
      chunk.fill(0);
    }
    assert.deepEqual(indexer.end(), indexMessage(message), `seed ${seed}`);
  }
});

test('decoded bytes and text do not depend on how the message was cut into chunks', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const random = seededRandom(seed);
    const message = makeMessage(random);
    for (const part of partsOf(indexMessage(message).root)) {
      const whole = await decoded(message, part);
      assert.equal(await decoded(streamOf(chunked(random, message)), part), whole, `seed ${seed} part ${part.path}`);
      let text = '';
      for await (const piece of decodePartText(message, part)) text += piece;
      let streamed = '';
      for await (const piece of decodePartText(streamOf(chunked(random, message)), part)) streamed += piece;
      assert.equal(streamed, text, `seed ${seed} text ${part.path}`);
    }
  }
});

test('every part lies inside its parent and behind its elder sibling', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { root, size } = indexMessage(makeMessage(seededRandom(seed)));
    assert.ok(root.header.start === 0 && root.body.end === size, `seed ${seed}`);
    for (const part of partsOf(root)) {
      assert.ok(part.header.end <= part.body.start && part.body.start <= part.body.end, `seed ${seed}`);
      let from = part.body.start;
      for (const child of part.children) {
        assert.ok(child.header.start >= from && child.body.end <= part.body.end, `seed ${seed} ${child.path}`);
        from = child.body.end;
      }
    }
  }
});

test('a body without line ends is not held in memory', () => {
  const indexer = createMessageIndexer({ maxHeaderBytes: 1000 });
  indexer.write(bytesOf('Subject: x\n\n'));
  for (let count = 0; count < 64; count += 1) indexer.write(new Uint8Array(65536).fill(120));
  const { root } = indexer.end();
  assert.equal(root.body.end - root.body.start, 64 * 65536);
  assert.equal(root.lines, 1);
});

test('any bytes have an index: text without header, nothing, blank lines, random bytes', () => {
  const text = indexMessage(bytesOf('just text\nmore'));
  assert.deepEqual(text.root.header, { start: 0, end: 0 });
  assert.deepEqual([text.root.body, text.root.mediaType, text.root.lines], [{ start: 0, end: 14 }, 'text/plain', 2]);
  assert.equal(indexMessage(new Uint8Array(0)).root.lines, 0);
  assert.equal(indexMessage(bytesOf('\r\n\r\n')).root.body.start, 2);
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = seededRandom(seed);
    const noise = Uint8Array.from({ length: 2000 }, () => random.below(256));
    assert.equal(indexMessage(noise).size, 2000, `seed ${seed}`);
  }
});

test('broken multiparts: missing final boundary, missing blank line, no boundary parameter, boundary used twice', () => {
  const open = bytesOf('Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/html\n');
  const { root } = indexMessage(open);
  assert.deepEqual([root.children.length, bodyOf(open, root.children[0]!)], [2, 'one']);
  assert.equal(indexMessage(bytesOf('Content-Type: multipart/mixed\n\n--b\n\none')).root.children.length, 0);
  const twice = 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b\n\n';
  const nested = indexMessage(bytesOf(`${twice}--b\n\nx\n--b--\n--b\n\ny\n--b--\n`)).root;
  assert.deepEqual([nested.children.length, nested.children[0]!.children.length], [2, 1]);
});

test('a boundary that begins another one is not taken for it', () => {
  const text =
    'Content-Type: multipart/mixed; boundary=ab\n\n--ab\nContent-Type: multipart/mixed; boundary=abc\n\n--abc\n\nx\n--abc--\n--ab--\n';
  const { root } = indexMessage(bytesOf(text));
  assert.equal(root.children.length, 1);
  assert.equal(root.children[0]!.children.length, 1);
});

test('line ends: bare LF, and bare CR where the first line ends in one; a CR inside an LF message ends nothing', () => {
  const mac = bytesOf('Subject: a\rContent-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b--\r');
  assert.equal(bodyOf(mac, indexMessage(mac).root.children[0]!), 'one');
  const { fields } = indexMessage(bytesOf('Subject: a\nX: b\rBcc: evil@example.com\n\nx'));
  assert.deepEqual(
    fields.map((field) => field.name),
    ['Subject', 'X'],
  );
});

test('RFC 2046 §5.1.5 parts of a digest are messages unless they say otherwise', () => {
  const text =
    'Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nbody\n--b\nContent-Type: text/plain\n\nx\n--b--\n';
  const [first, second] = indexMessage(bytesOf(text)).root.children;
  assert.deepEqual([first!.mediaType, first!.children.length, second!.mediaType], ['message/rfc822', 1, 'text/plain']);
});

test('an encoded message/rfc822 is a leaf', () => {
  const text = 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA==';
  assert.equal(indexMessage(bytesOf(text)).root.children.length, 0);
});

test('limits are the only refusal and name the line', () => {
  const parts = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(20)}`;
  const isCode = (code: string) => (error: unknown) =>
    error instanceof MimeError && error.code === code && error.line > 0;
  assert.throws(() => indexMessage(bytesOf(parts), { maxParts: 10 }), isCode('too-many-parts'));
  assert.throws(
    () => indexMessage(bytesOf('A: '.padEnd(5000, 'x')), { maxHeaderBytes: 1000 }),
    isCode('header-too-large'),
  );
  assert.throws(() => indexMessage(bytesOf(NESTED), { maxDepth: 2 }), isCode('too-deep'));
});

test('the header alone is read without the body', () => {
  const big = Buffer.concat([bytesOf('Subject: x\r\nTo: y\r\n\r\n'), Buffer.alloc(100_000, 'a')]);
  const header = readMessageHeader(big);
  assert.deepEqual([header.header, header.bodyStart], [{ start: 0, end: 19 }, 21]);
  assert.deepEqual(
    header.fields.map((field) => field.name),
    ['Subject', 'To'],
  );
});

test('every real message: fields joined are the header, chunks give the same index, parts can be decoded', {
  skip: skipWithout('eml'),
}, async () => {
  for (const { name, bytes } of sharedFiles('eml')) {
    const index = indexMessage(bytes);
    const { start, end } = index.root.header;
    assert.equal(index.fields.map((field) => field.raw).join(''), latin1(bytes.subarray(start, end)), name);
    assert.ok(index.fields.length > 0, name);
    const indexer = createMessageIndexer();
    for (const chunk of chunked(seededRandom(7), bytes)) indexer.write(chunk);
    assert.deepEqual(indexer.end(), index, name);
    for (const part of partsOf(index.root)) {
      assert.equal(typeof (await decoded(bytes, part)), 'string', name);
    }
  }
});

test('real messages: parts that their broken headers hide are found', { skip: skipWithout('eml') }, async () => {
  const files = new Map(sharedFiles('eml').map(({ name, bytes }) => [name.replace(/^mail__|\.eml$/g, ''), bytes]));
  const tree = (name: string): string[] =>
    [...partsOf(indexMessage(files.get(name)!).root)].map((part) => `${part.mediaType} ${part.transferEncoding}`);
  assert.deepEqual(tree('raw_email_with_illegal_boundary').length, 3);
  assert.deepEqual(tree('email_with_similar_boundaries').length > 3, true);
  const pdf = files.get('attachment_pdf')!;
  const part = [...partsOf(indexMessage(pdf).root)].find((one) => one.filename !== null)!;
  assert.ok((await decoded(pdf, part)).startsWith('%PDF'));
  const uu = files.get('content_transfer_encoding_x_uuencode')!;
  assert.ok([...partsOf(indexMessage(uu).root)].some((one) => one.transferEncoding === 'x-uuencode'));
});

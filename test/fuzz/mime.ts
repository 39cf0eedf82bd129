import assert from 'node:assert/strict';
import { isAscii, isUtf8 } from 'node:buffer';
import { formatAddressList, parseAddressList } from '../../src/formats/mime/address-list.ts';
import { createTextDecoder, latin1 } from '../../src/formats/mime/charset.ts';
import { decodeWords } from '../../src/formats/mime/encoded-words.ts';
import { fieldText, unfold } from '../../src/formats/mime/header-fields.ts';
import { parseMailDate } from '../../src/formats/mime/mail-date.ts';
import { parseMessageIds } from '../../src/formats/mime/message-ids.ts';
import { type MessageIndex, type MessagePart, partsOf } from '../../src/formats/mime/message-index.ts';
import { createMessageIndexer, indexMessage } from '../../src/formats/mime/message-indexer.ts';
import { MimeError } from '../../src/formats/mime/mime-error.ts';
import { TextWriter } from '../../src/formats/mime/text-message.ts';
import { TextPlanner, type TextTarget } from '../../src/formats/mime/text-plan.ts';
import { createTransferDecoder } from '../../src/formats/mime/transfer-decoder.ts';
import { withHeader } from '../../src/formats/mime/with-header.ts';
import { makeMessage } from '../formats/mime/generate.ts';
import { seededRandom } from '../support/random.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Any bytes have an index, the same however they are cut; fields, parts and edits keep the bytes. */
export const mimeTarget: FuzzTarget = {
  name: 'mime',
  seeds: () => Array.from({ length: 40 }, (_, seed) => makeMessage(seededRandom(seed + 1))),
  dictionary: [
    '--b',
    '--b--',
    'boundary=b',
    'Content-Type: multipart/mixed; boundary="b"\r\n',
    'Content-Type: message/rfc822\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    '=?utf-8?Q?=C3?=',
    "filename*0*=utf-8''%C3",
    '<a@b>',
    'begin 644 x\n',
  ],
  run(input) {
    const index = tryIndex(input);
    if (index === null) return;
    const { start, end } = index.root.header;
    assert.equal(index.fields.map((field) => field.raw).join(''), latin1(input.subarray(start, end)));
    assert.equal(index.root.body.end, input.length);
    const indexer = createMessageIndexer();
    const cut = input.length === 0 ? 0 : input[0]! % input.length;
    indexer.write(input.subarray(0, cut));
    indexer.write(input.subarray(cut));
    assert.deepEqual(indexer.end(), index);
    for (const part of partsOf(index.root)) checkPart(input, part);
    for (const field of index.fields) checkText(unfold(field.value), fieldText(field));
    checkEdit(input, index);
    for (const target of ['utf-8', 'us-ascii'] as const) checkSentAsText(input, index, target);
  },
};

function tryIndex(input: Uint8Array): MessageIndex | null {
  try {
    return indexMessage(input);
  } catch (error) {
    if (error instanceof MimeError) return null;
    throw error;
  }
}

function checkPart(input: Uint8Array, part: MessagePart): void {
  assert.ok(part.header.start <= part.header.end && part.header.end <= part.body.start);
  assert.ok(part.body.start <= part.body.end && part.body.end <= input.length);
  for (const child of part.children) {
    assert.ok(child.header.start >= part.body.start && child.body.end <= part.body.end);
  }
  const body = input.subarray(part.body.start, part.body.end);
  const whole = createTransferDecoder(part.transferEncoding);
  const expected = Buffer.concat([whole.write(body), whole.end()]);
  const halves = createTransferDecoder(part.transferEncoding);
  const middle = body.length >> 1;
  const pieces = [halves.write(body.subarray(0, middle)), halves.write(body.subarray(middle)), halves.end()];
  assert.ok(Buffer.concat(pieces).equals(expected));
  const text = createTextDecoder(part.parameters.get('charset') ?? '');
  assert.equal(typeof (text.write(expected) + text.end()), 'string');
}

function checkText(raw: string, text: string): void {
  assert.equal(typeof decodeWords(text), 'string');
  const date = parseMailDate(text);
  assert.ok(date === null || Number.isFinite(date));
  assert.ok(parseMessageIds(text).every((id) => id !== ''));
  const written = formatAddressList(parseAddressList(raw));
  assert.ok(!/[\r\n]/.test(written), 'an address list cannot end a line');
}

function checkEdit(input: Uint8Array, index: MessageIndex): void {
  const edited = withHeader(input, 'X-Fuzz', 'ä\r\nBcc: x');
  const after = indexMessage(edited);
  const names = (of: MessageIndex): number => of.fields.filter(({ name }) => name.toLowerCase() === 'bcc').length;
  assert.equal(names(after), names(index));
  assert.ok(
    Buffer.from(edited)
      .subarray(edited.length - (input.length - index.root.body.start))
      .equals(input.subarray(index.root.body.start)),
  );
}

/** What is sent is UTF-8 of the length that was planned, or ASCII where that was planned and is said. */
function checkSentAsText(input: Uint8Array, index: MessageIndex, target: TextTarget): void {
  const planner = new TextPlanner(index, target);
  planner.write(input);
  const plan = planner.end();
  const writer = new TextWriter(plan);
  const middle = input.length >> 1;
  const pieces = [...writer.write(input.subarray(0, middle)), ...writer.write(input.subarray(middle)), ...writer.end()];
  const sent = Buffer.concat(pieces);
  assert.equal(sent.length, plan.byteLength);
  assert.ok(isUtf8(sent) && !sent.includes(0));
  assert.equal(isAscii(sent), plan.isAscii);
  // In the way of ASCII is nothing but an address in a header.
  const address = /^(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)[ \t]*:[^\0]*[\x80-\xff]/im;
  if (target === 'us-ascii' && !plan.isAscii) assert.match(latin1(sent), address);
  if (!index.root.mediaType.startsWith('multipart/')) assert.equal(plan.breaksSignature, false);
}

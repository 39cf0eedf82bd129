import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddressList } from '../../../src/formats/mime/address-list.ts';
import { latin1 } from '../../../src/formats/mime/charset.ts';
import { decodeWords } from '../../../src/formats/mime/encoded-words.ts';
import { findText } from '../../../src/formats/mime/header-fields.ts';
import { readMaildirName } from '../../../src/formats/mime/mail-flags.ts';
import { type MboxOptions, splitMbox } from '../../../src/formats/mime/mbox.ts';
import type { TransferEncoding } from '../../../src/formats/mime/message-index.ts';
import { indexMessage, readMessageHeader } from '../../../src/formats/mime/message-indexer.ts';
import { MimeError } from '../../../src/formats/mime/mime-error.ts';
import { readTransferEncoding } from '../../../src/formats/mime/part-content.ts';
import { createTransferDecoder } from '../../../src/formats/mime/transfer-decoder.ts';
import { withHeader } from '../../../src/formats/mime/with-header.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { chunked, makeMessage, streamOf } from './generate.ts';

function decode(encoding: TransferEncoding, text: string): string {
  const decoder = createTransferDecoder(encoding);
  return latin1(Buffer.concat([decoder.write(Buffer.from(text, 'latin1')), decoder.end()]));
}

test('RFC 2045 §6.7 quoted-printable: soft breaks, blanks before line ends, bad escapes', () => {
  const cases: readonly [string, string][] = [
    ['Now is the time =\r\nfor all=20\r\n', 'Now is the time for all \r\n'],
    ['a=E4=e4', 'a\xe4\xe4'],
    ['line  \t\r\nnext', 'line\r\nnext'],
    ['soft = \t\r\nnext', 'soft next'],
    ['bad =XY =4', 'bad =XY =4'],
    ['a= b', 'a= b'],
    ['end=', 'end'],
    ['tail  ', 'tail'],
    ['lf=\nonly \n', 'lfonly\n'],
  ];
  for (const [text, wanted] of cases) assert.equal(decode('quoted-printable', text), wanted);
});

test('RFC 2045 §6.8 base64: line breaks, foreign characters, data after padding, cut input', () => {
  assert.equal(decode('base64', 'SGVs\r\nbG8=\r\n'), 'Hello');
  assert.equal(decode('base64', 'SG*Vs bG8'), 'Hello');
  assert.equal(decode('base64', 'SGVsbG8=SGVsbG8='), 'HelloHello');
  assert.equal(decode('base64', '===='), '');
});

test('uuencode: block, text around it, missing trailing blanks', () => {
  const block = 'intro\nbegin 644 cat.txt\n#0V%T\n`\nend\noutro\n';
  assert.equal(decode('x-uuencode', block), 'Cat');
  assert.equal(decode('x-uuencode', 'begin 644 x\r\n$```\r\nend\r\n').length, 4);
});

test('names of encodings with common mistakes are understood, others left alone', () => {
  assert.equal(readTransferEncoding('7-bit'), '7bit');
  assert.equal(readTransferEncoding('Quoted-Printable;'), 'quoted-printable');
  assert.equal(readTransferEncoding('base64 (comment)'), 'base64');
  assert.equal(readTransferEncoding(''), '7bit');
  assert.equal(readTransferEncoding('x-gzip64'), 'unknown');
  assert.equal(readTransferEncoding('constructor'), 'unknown');
});

test('a header edit leaves every other byte as it was', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const message = makeMessage(seededRandom(seed));
    const edited = withHeader(message, 'X-New', 'value');
    const before = readMessageHeader(message);
    const after = readMessageHeader(edited);
    assert.equal(findText(after.fields, 'x-new'), 'value', `seed ${seed}`);
    // A header cut off in its last line gets the line end it lacks.
    if (before.header.end === message.length) continue;
    const body = (bytes: Uint8Array, start: number): string => latin1(bytes.subarray(start));
    assert.equal(body(edited, after.bodyStart), body(message, before.bodyStart), `seed ${seed}`);
    const raw = after.fields.filter((field) => field.name !== 'X-New').map((field) => field.raw);
    assert.deepEqual(
      raw,
      before.fields.map((field) => field.raw),
      `seed ${seed}`,
    );
    if (before.fields.length > 0)
      assert.deepEqual(Buffer.from(withHeader(edited, 'x-new', null)), Buffer.from(message), `seed ${seed}`);
  }
});

test('a field is replaced in its place, further ones of its name go', () => {
  const message = Buffer.from('A: 1\nSubject: old\n folded\nB: 2\nsubject: again\n\nbody\n');
  assert.equal(latin1(withHeader(message, 'Subject', 'new')), 'A: 1\nSubject: new\nB: 2\n\nbody\n');
  assert.equal(latin1(withHeader(message, 'SUBJECT', null)), 'A: 1\nB: 2\n\nbody\n');
});

test('new values are encoded and folded, line breaks cannot make new fields', () => {
  const message = Buffer.from('A: 1\r\n\r\nbody');
  const long = `Grüße ${'sehr '.repeat(60)}lang`;
  const edited = withHeader(message, 'Subject', long);
  const lines = latin1(edited).split('\r\n');
  assert.ok(lines.every((line) => line.length <= 78 && /^[\x20-\x7e]*$/.test(line)));
  assert.equal(decodeWords(findText(readMessageHeader(edited).fields, 'subject')!), long);
  const evil = readMessageHeader(withHeader(message, 'Subject', 'x\r\nBcc: evil@x.test'));
  assert.deepEqual(
    evil.fields.map((field) => field.name),
    ['A', 'Subject'],
  );
  assert.throws(() => withHeader(message, 'Sub ject', 'x'), TypeError);
  const addresses = [{ name: 'Zoë', address: 'z@x.test' }];
  const to = findText(readMessageHeader(withHeader(message, 'To', addresses)).fields, 'to')!;
  assert.deepEqual(parseAddressList(to), addresses);
});

test('a header edit of every real message keeps its parts', { skip: skipWithout('eml') }, () => {
  for (const { name, bytes } of sharedFiles('eml')) {
    const before = indexMessage(bytes);
    const after = indexMessage(withHeader(bytes, 'X-Causeway-Test', 'ä'));
    const shape = (part: typeof before.root): unknown => [part.mediaType, part.lines, part.children.map(shape)];
    assert.deepEqual(shape(after.root), shape(before.root), name);
  }
});

const MBOX = [
  'From a@x.test Thu Jan  1 10:00:00 2004',
  'Subject: one',
  'Status: RO',
  'X-Status: AF',
  '',
  'From now on this is text, at 10:00',
  '>From the quoted',
  '>>From twice',
  '',
  'From b@x.test Thu Jan  1 10:00:00 +0000 2004',
  'Subject: two',
  '',
  'last',
  '',
  '',
].join('\n');

async function split(text: string, seed: number, options?: MboxOptions): Promise<[number, string, string][]> {
  const found: [number, string, string][] = [];
  for await (const { line, message, flags } of splitMbox(
    streamOf(chunked(seededRandom(seed), Buffer.from(text))),
    options,
  )) {
    const set = Object.entries(flags).filter(([, isSet]) => isSet);
    found.push([line, latin1(message), set.map(([name]) => name).join()]);
  }
  return found;
}

test('mbox: messages, their lines and flags, From_ quoting undone, however the file is cut', async () => {
  const first = 'Subject: one\nStatus: RO\nX-Status: AF\n\nFrom now on this is text, at 10:00\n';
  for (let seed = 1; seed <= 20; seed += 1) {
    assert.deepEqual(await split(MBOX, seed), [
      [2, `${first}From the quoted\n>From twice\n`, 'read,flagged,answered'],
      [11, 'Subject: two\n\nlast\n', ''],
    ]);
  }
});

test('mbox: no separator at the start, CRLF, missing blank line, empty file, too large a message', async () => {
  assert.deepEqual(await split('Subject: x\n\nbody\n', 1), [[1, 'Subject: x\n\nbody\n', '']]);
  const crlf = await split(MBOX.replaceAll('\n', '\r\n'), 2);
  assert.equal(crlf[1]![1], 'Subject: two\r\n\r\nlast\r\n');
  assert.equal(
    (await split('From a Thu Jan 1 10:00:00 2004\nA: b\n\nx\nFrom a Thu Jan 1 10:00:00 2004\nA: c\n', 1)).length,
    2,
  );
  assert.deepEqual(await split('', 1), []);
  await assert.rejects(
    split(MBOX, 3, { maxMessageBytes: 40 }),
    (error) => error instanceof MimeError && error.code === 'message-too-large' && error.line === 2,
  );
});

test('Maildir: flags of file names', () => {
  assert.deepEqual(readMaildirName('1204.M1P2.host:2,FRS'), {
    unique: '1204.M1P2.host',
    flags: { read: true, flagged: true, answered: true, draft: false, deleted: false },
  });
  assert.equal(readMaildirName('1204.host;2,S').flags.read, true);
  assert.equal(readMaildirName('1204.host').flags.read, false);
});

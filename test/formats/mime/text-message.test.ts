import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePart } from '../../../src/formats/mime/decode-part.ts';
import { findText } from '../../../src/formats/mime/header-fields.ts';
import { partsOf } from '../../../src/formats/mime/message-index.ts';
import { indexMessage } from '../../../src/formats/mime/message-indexer.ts';
import { textMessage } from '../../../src/formats/mime/text-message.ts';
import { planText } from '../../../src/formats/mime/text-plan.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { makeMessage } from './generate.ts';

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function sent(bytes: Uint8Array, size = 50): Promise<Buffer> {
  const plan = await planText(cut(bytes, size), indexMessage(bytes));
  const chunks: Uint8Array[] = [];
  for await (const chunk of textMessage(cut(bytes, size), plan)) chunks.push(chunk);
  const text = Buffer.concat(chunks);
  assert.equal(text.length, plan.byteLength, 'the length is known beforehand');
  assert.ok(!text.includes(0), 'no NUL');
  new TextDecoder('utf-8', { fatal: true }).decode(text);
  return text;
}

function latin1(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

async function bodyOf(bytes: Uint8Array, path: string): Promise<string> {
  const part = [...partsOf(indexMessage(bytes).root)].find((candidate) => candidate.path === path)!;
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodePart(bytes, part)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

test('a message of ASCII keeps its bytes, an 8bit label with it', async () => {
  const message = latin1('Content-Transfer-Encoding: 8bit', 'Subject: x', '', 'body', '');
  assert.deepEqual(await sent(message), message);
});

test('a body in Latin-1 is sent in base64 under its own charset', async () => {
  const message = latin1(
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: 8bit',
    'X-After: 1',
    '',
    'Gr\xfc\xdfe\r\n'.repeat(30),
  );
  for (const size of [1, 7, 57, 4096]) {
    const text = await sent(message, size);
    assert.match(text.toString('latin1'), /^Content-Type.*\r\nX-After: 1\r\nContent-Transfer-Encoding: base64\r\n\r\n/);
    assert.ok(
      text
        .toString('latin1')
        .split('\r\n')
        .every((line) => line.length <= 76),
    );
    assert.equal(await bodyOf(text, ''), 'Gr\xfc\xdfe\r\n'.repeat(30));
  }
});

test('only the parts that need it are encoded; NULs of a binary part come across', async () => {
  const message = latin1(
    'Content-Type: multipart/mixed; boundary=m',
    '',
    'pre\xe4mble',
    '--m',
    '',
    'plain',
    '--m',
    'Content-Type: application/x',
    'Content-Transfer-Encoding: binary',
    '',
    'a\0b',
    '--m',
    '',
    'no header \xe4',
    '--m',
    'text at once \xe4',
    '--m',
    'Content-Type: message/rfc822',
    '',
    'Subject: inner',
    '',
    'inn\xe9r',
    '--m--',
    '',
  );
  const text = await sent(message);
  assert.match(text.toString('latin1'), /pre\?mble\r\n--m\r\n\r\nplain\r\n--m\r\n/);
  assert.equal(await bodyOf(text, '2'), 'a\0b');
  assert.equal(await bodyOf(text, '3'), 'no header \xe4');
  assert.equal(await bodyOf(text, '4'), 'text at once \xe4');
  assert.equal(await bodyOf(text, '5.1'), 'inn\xe9r');
});

test('a message that is nothing but 8-bit text gets a header', async () => {
  const text = await sent(latin1('\xe4 b'));
  assert.equal(text.toString('latin1'), 'Content-Transfer-Encoding: base64\r\n\r\n5CBi');
});

test('raw bytes in quoted-printable are escaped, in base64 they are as little as before', async () => {
  const quoted = latin1('Content-Transfer-Encoding: quoted-printable', '', '=E4 \xe4');
  assert.match((await sent(quoted)).toString('latin1'), /\r\n\r\n=E4 =E4$/);
  const base64 = latin1('Content-Transfer-Encoding: base64', '', 'YQ\xff==');
  assert.equal(await bodyOf(await sent(base64), ''), 'a');
});

test('RFC 6152 §3 as ASCII a message has no byte beyond it, blanks that are none of MIME’s among them', async () => {
  const bytes = Buffer.from('Content-Type: text/plain; \ufeffcharset=utf-8\u00a0\r\nX: \u00a0\r\n\r\nGrüße');
  const plan = await planText(cut(bytes, 7), indexMessage(bytes), 'us-ascii');
  assert.equal(plan.isAscii, true);
  const chunks: Uint8Array[] = [];
  for await (const chunk of textMessage(cut(bytes, 7), plan)) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString('latin1'), /^[\x01-\x7f]*$/);
});

test('raw 8-bit text of headers becomes encoded words that read the same', async () => {
  const message = Buffer.concat([
    Buffer.from('Subject: Grüße =?utf-8?q?=C3=A4?=\r\n'),
    latin1(
      'From: J\xfcrgen <j@example.com>, "B, \xe9" <b@example.com>',
      'X-Plain:  kept ',
      'broken \xe4 line',
      'Content-Type: text/plain; name="\xfc x.txt"',
      '',
      'a',
    ),
  ]);
  const text = await sent(message);
  const { fields, root } = indexMessage(text);
  assert.match(text.toString('latin1'), /^[\x01-\x7f]*$/);
  assert.equal(findText(fields, 'subject')?.startsWith('=?UTF-8?'), true);
  assert.match(text.toString('latin1'), /\r\nX-Plain: {2}kept \r\nbroken \? line\r\n/);
  assert.equal(root.filename, 'ü x.txt');
  assert.match(findText(fields, 'from')!, /^=\?UTF-8\?.*\?= <j@example\.com>, =\?UTF-8\?.*<b@example\.com>$/);
});

function signedMessage(text: string): Buffer {
  return Buffer.concat([
    latin1('Subject: \xe4', 'Content-Type: multipart/signed; boundary=s', '', ''),
    Buffer.from(`--s\r\nContent-Transfer-Encoding: 8bit\r\nX: ü\r\n\r\n`),
    Buffer.from(text, 'latin1'),
    Buffer.from('\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nAA==\r\n--s--\r\n'),
  ]);
}

test('RFC 1847 what is signed keeps its bytes as long as they are UTF-8', async () => {
  const utf8 = signedMessage(Buffer.from('Grüße').toString('latin1'));
  const body = (bytes: Buffer): string => bytes.subarray(bytes.indexOf('--s')).toString('latin1');
  const text = await sent(utf8, 3);
  assert.equal(body(text), body(utf8));
  assert.match(text.toString('latin1'), /^Subject: =\?UTF-8\?/);
  assert.equal(await bodyOf(await sent(signedMessage('Gr\xfc\xdfe')), '1'), 'Gr\xfc\xdfe');
});

test('every shared message can be sent as text, its parts decode to the same', {
  skip: skipWithout('eml'),
}, async () => {
  for (const { name, bytes } of sharedFiles('eml')) await assertSame(bytes, name);
});

test('every generated message can be sent as text however it is cut', async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const bytes = makeMessage(seededRandom(seed));
    assert.deepEqual(await sent(bytes, 1 + (seed % 13)), await sent(bytes, 100_000), `seed ${seed}`);
  }
});

async function assertSame(bytes: Uint8Array, name: string): Promise<void> {
  const text = await sent(bytes, 1000);
  const before = [...partsOf(indexMessage(bytes).root)];
  const after = [...partsOf(indexMessage(text).root)];
  assert.deepEqual(
    after.map(({ path, mediaType }) => [path, mediaType]),
    before.map(({ path, mediaType }) => [path, mediaType]),
    name,
  );
  for (const { path, children, mediaType, transferEncoding } of before) {
    const isEncoded = transferEncoding === 'base64' || transferEncoding === 'quoted-printable';
    if (children.length > 0 || mediaType.startsWith('multipart/') || isEncoded) continue;
    assert.equal(await bodyOf(text, path), await bodyOf(bytes, path), `${name} ${path}`);
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunksOf } from '../../../src/domain/content.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { conversationOf } from '../../../src/domain/message/conversation.ts';
import { decodePart, decodePartText } from '../../../src/formats/mime/decode-part.ts';
import { findText } from '../../../src/formats/mime/header-fields.ts';
import { type MessagePart, partsOf } from '../../../src/formats/mime/message-index.ts';
import { indexMessage, readMessageHeader } from '../../../src/formats/mime/message-indexer.ts';
import { CannotCompose } from '../../../src/mail/compose/cannot-compose.ts';
import { type ComposeRequest, composeReply } from '../../../src/mail/compose/compose-reply.ts';
import { originalMessage } from '../../../src/mail/compose/original.ts';
import { seededRandom } from '../../support/random.ts';

const HEAD = ['From: a@x.example', 'To: b@x.example', 'Subject: s', 'Message-ID: <new@x>'];
const ORIGINAL_HEAD = ['From: b@x.example', 'Subject: o', 'Message-ID: <old@x>', 'Bcc: hidden@x.example'];

function lines(...text: readonly string[]): Buffer {
  return Buffer.from([...text, ''].join('\r\n'), 'latin1');
}

interface Composed {
  readonly bytes: Buffer;
  readonly chunks: readonly Uint8Array[];
  readonly leaves: readonly MessagePart[];
  text(part: MessagePart): Promise<string>;
  field(name: string): string | null;
}

async function compose(
  kind: 'reply' | 'forward',
  message: Uint8Array | readonly Uint8Array[],
  source: Uint8Array | readonly Uint8Array[],
  change: Partial<ComposeRequest> = {},
): Promise<Composed> {
  const { fields: thread, ...original } = await originalMessage(source);
  const random = seededRandom(1).bytes;
  const request = { kind, message, original, thread, now: Date.UTC(2026, 4, 4), random, ...change };
  const chunks = await composeReply(request);
  const bytes = Buffer.concat(chunks);
  const { root, fields } = indexMessage(bytes, { maxParts: 30_000 });
  return {
    bytes,
    chunks,
    leaves: [...partsOf(root)].filter(({ children }) => children.length === 0),
    async text(part) {
      let text = '';
      for await (const piece of decodePartText(bytes, part)) text += piece;
      return text;
    },
    field: (name) => findText(fields, name),
  };
}

function typesOf({ leaves }: Composed): string[] {
  return leaves.map(({ mediaType }) => mediaType);
}

const HTML_ORIGINAL = lines(
  ...ORIGINAL_HEAD,
  'Content-Type: multipart/related; boundary=r',
  '',
  '--r',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<html><head><style>p{color:red}</style></head><body class="x"><p>Old</p><img src="cid:logo@x"></body></html>',
  '--r',
  'Content-Type: image/png',
  'Content-ID: <logo@x>',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw==',
  '--r',
  'Content-Type: image/png',
  'Content-ID: <other@x>',
  'Content-Transfer-Encoding: base64',
  '',
  'AAAA',
  '--r--',
);
const PLAIN_ORIGINAL = lines(...ORIGINAL_HEAD, 'Content-Type: text/plain; charset=utf-8', '', 'a < b');
const ALTERNATIVE = lines(
  ...HEAD,
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/alternative; boundary=m2',
  '',
  '--m2',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Disposition: inline',
  '',
  'New',
  '--m2',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<html><body><b>New</b></body></html>',
  '--m2--',
  '--m',
  'Content-Type: application/pdf; name=mine.pdf',
  'Content-Transfer-Encoding: base64',
  '',
  'AQID',
  '--m--',
);

test('a reply in text and HTML quotes in both, inside the body, and leaves the own attachment alone', async () => {
  const composed = await compose('reply', ALTERNATIVE, HTML_ORIGINAL);
  assert.deepEqual(typesOf(composed), ['text/plain', 'text/html', 'application/pdf', 'image/png']);
  const [plain, html, pdf, image] = composed.leaves as [MessagePart, MessagePart, MessagePart, MessagePart];
  assert.match(
    await composed.text(plain),
    /^New\r\n\r\n-----Original Message-----\r\nFrom: b@x\.example\r\nSubject: o\r\n\r\n> Old\r\n$/,
  );
  assert.equal(plain.disposition, 'inline', 'what else was said of the part stays');
  const markup = await composed.text(html);
  assert.match(
    markup,
    /^<html><body><b>New<\/b>[\s\S]*<b>From:<\/b> b@x\.example<br>[\s\S]*<blockquote type="cite"[^>]*><style>p\{color:red\}<\/style><p>Old<\/p><img src="cid:logo@x"><\/blockquote>\s*<\/body><\/html>\s*$/,
  );
  assert.equal(await composed.text(pdf), '\x01\x02\x03');
  assert.equal(image.contentId, 'logo@x', 'only the picture that the quote shows comes along');
});

test('a reply in text alone is quoted the text of an HTML original, without its pictures', async () => {
  const composed = await compose('reply', lines(...HEAD, '', 'New'), HTML_ORIGINAL);
  assert.deepEqual(typesOf(composed), ['text/plain']);
  assert.match(await composed.text(composed.leaves[0]!), /\r\n> Old\r\n$/);
});

test('an HTML reply to a text escapes it', async () => {
  const composed = await compose('reply', lines(...HEAD, 'Content-Type: text/html', '', '<p>Hi</p>'), PLAIN_ORIGINAL);
  assert.match(await composed.text(composed.leaves[0]!), /^<p>Hi<\/p>[\s\S]*a &lt; b/);
});

test('a forward takes all along, in a frame of its own; the parts of the message stay nested as they were', async () => {
  const composed = await compose('forward', ALTERNATIVE, HTML_ORIGINAL);
  assert.deepEqual(typesOf(composed), ['text/plain', 'text/html', 'application/pdf', 'image/png', 'image/png']);
  assert.ok(composed.bytes.includes('\r\n\r\niVBORw==\r\n--'));
  assert.doesNotMatch(await composed.text(composed.leaves[0]!), /^> /m);
  assert.ok(composed.bytes.includes('boundary=m2'));
});

test('a message without any text gets one', async () => {
  const bare = lines(...HEAD, 'Content-Type: image/gif', 'Content-Transfer-Encoding: base64', '', 'R0lG');
  const composed = await compose('reply', bare, PLAIN_ORIGINAL);
  assert.deepEqual(typesOf(composed), ['text/plain', 'image/gif']);
  assert.match(await composed.text(composed.leaves[0]!), /> a < b/);
});

test('format=flowed is resolved before anything is added to it; lines end in CRLF whatever came', async () => {
  const flowed = Buffer.from(`${HEAD.join('\n')}\nContent-Type: text/plain; format=flowed\n\none \ntwo\n`);
  const composed = await compose('reply', flowed, Buffer.from('Subject: o\n\nold \r\nline\n'));
  assert.match(await composed.text(composed.leaves[0]!), /^one two\r\n/);
  assert.equal(composed.leaves[0]!.parameters.get('format'), undefined);
  assert.doesNotMatch(composed.bytes.toString('latin1'), /(?<!\r)\n|\r(?!\n)/);
});

test('a signed message is left as it is, byte for byte, and the original attached without whom it hides', async () => {
  const signed = [
    '--s',
    'Content-Type: text/plain',
    '',
    'Signed  ',
    '--s',
    'Content-Type: application/pkcs7-signature',
    '',
    'MIIB',
    '--s--',
    '',
  ].join('\r\n');
  const type = 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s';
  for (const kind of ['reply', 'forward'] as const) {
    const composed = await compose(kind, Buffer.from([...HEAD, type, '', signed].join('\r\n')), PLAIN_ORIGINAL);
    assert.ok(composed.bytes.includes(`${type}\r\n\r\n${signed}`));
    assert.deepEqual(typesOf(composed), ['text/plain', 'application/pkcs7-signature', 'text/plain']);
    assert.ok(composed.bytes.includes('Content-Type: message/rfc822\r\n'));
    assert.ok(!composed.bytes.includes('hidden@x.example'));
  }
});

test('nothing is put beside what is encrypted; a multipart without parts is no message', async () => {
  for (const type of ['application/pkcs7-mime; smime-type=enveloped-data', 'multipart/encrypted; boundary=e']) {
    await assert.rejects(
      compose('reply', lines(...HEAD, `Content-Type: ${type}`, '', '--e', '', 'x', '--e--'), PLAIN_ORIGINAL),
      CannotCompose,
    );
  }
  await assert.rejects(
    compose('reply', lines(...HEAD, 'Content-Type: multipart/mixed; boundary=e', '', 'x'), PLAIN_ORIGINAL),
    (error: unknown) => error instanceof GatewayError && error.code === 'message-invalid',
  );
});

test('an original that is signed or encrypted, or has more parts than are read, is forwarded whole', async () => {
  const encrypted = lines(...ORIGINAL_HEAD, 'Content-Type: application/pkcs7-mime; name=smime.p7m', '', 'MIIB');
  const signed = lines(
    ...ORIGINAL_HEAD,
    'Content-Type: multipart/signed; boundary=s',
    '',
    '--s',
    '',
    'Old',
    '--s',
    'Content-Type: application/pgp-signature',
    '',
    'x',
    '--s--',
  );
  const many = lines(
    ...ORIGINAL_HEAD,
    'Content-Type: multipart/mixed; boundary=p',
    '',
    '--p\r\n\r\n'.repeat(10_001),
    '--p--',
  );
  for (const source of [encrypted, signed, many]) {
    const composed = await compose('forward', lines(...HEAD, '', 'New'), source);
    const attached = [...partsOf(indexMessageOf(composed))].filter(({ mediaType }) => mediaType === 'message/rfc822');
    assert.equal(attached.length, 1);
    assert.ok(composed.bytes.includes(source.subarray(source.indexOf('\r\n\r\n'))), 'the body stays byte for byte');
    assert.ok(!composed.bytes.includes('hidden@x.example'));
  }
});

function indexMessageOf({ bytes }: Composed): MessagePart {
  return indexMessage(bytes, { maxParts: 30_000 }).root;
}

test('an original whose header is beyond every limit cannot be gone through for what it hides', async () => {
  const endless = lines(...ORIGINAL_HEAD, 'X-Long: '.padEnd(5 * 1024 * 1024, 'x'), '', 'Old');
  await assert.rejects(compose('forward', lines(...HEAD, '', 'New'), endless), CannotCompose);
});

test('a uuencoded file in the text is forwarded as the file it is, not as text', async () => {
  const block = ['begin 644 r\u00e9sum\u00e9.txt', '#0V%T', '`', 'end'];
  const source = Buffer.from(
    [...ORIGINAL_HEAD, 'Content-Type: text/plain; charset=utf-8', '', 'Before', ...block, 'After', ''].join('\r\n'),
  );
  const composed = await compose('forward', lines(...HEAD, '', 'New'), source);
  assert.deepEqual(typesOf(composed), ['text/plain', 'application/octet-stream']);
  assert.match(await composed.text(composed.leaves[0]!), /Before\r\nAfter\r\n$/);
  assert.equal(await composed.text(composed.leaves[1]!), 'Cat');
  assert.equal(composed.leaves[1]!.filename, 'r\u00e9sum\u00e9.txt');
});

test('a text too long to be quoted is attached to a forward', async () => {
  const long = 'word '.repeat(600_000);
  const composed = await compose('forward', lines(...HEAD, '', 'New'), lines(...ORIGINAL_HEAD, '', long));
  assert.deepEqual(typesOf(composed), ['text/plain', 'text/plain']);
  assert.equal((await composed.text(composed.leaves[1]!)).trimEnd(), long.trimEnd());
});

test('a large attachment is not copied: what is sent is the memory that it was read into', async () => {
  const head = [
    ...ORIGINAL_HEAD,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '',
    'Old',
    '--b',
    'Content-Type: application/zip',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ];
  const line = Buffer.from(`${'A'.repeat(76)}\r\n`);
  const blocks = Array.from(
    { length: 64 },
    () => new Uint8Array(Buffer.concat(Array.from({ length: 840 }, () => line))),
  );
  const source = [new Uint8Array(Buffer.from(head.join('\r\n'))), ...blocks, new Uint8Array(Buffer.from('--b--\r\n'))];
  const { chunks, leaves, bytes } = await compose('forward', lines(...HEAD, '', 'New'), source);
  const memory = new Set(chunksOf(source).map(({ buffer }) => buffer));
  const copied = chunks.filter(({ buffer }) => !memory.has(buffer)).reduce((sum, chunk) => sum + chunk.byteLength, 0);
  assert.ok(copied < 4_096, `${copied} bytes are new`);
  let size = 0;
  for await (const chunk of decodePart(bytes, leaves[1]!)) size += chunk.length;
  assert.equal(size, 64 * 840 * 57);
});

test('RFC 5322 §3.6.4 the thread goes on: References, else what the original answered; ids that cannot be written are left out', async () => {
  const answer = lines(...HEAD, '', 'New');
  const threadOf = async (...fields: readonly string[]) => {
    const composed = await compose('reply', answer, lines(...fields, '', 'Old'), { original: null });
    return [composed.field('in-reply-to'), composed.field('references')];
  };
  assert.deepEqual(await threadOf('Message-ID: <c@x>', 'References: <a@x>', ' <b@x>'), ['<c@x>', '<a@x> <b@x> <c@x>']);
  assert.deepEqual(await threadOf('Message-ID: <c@x>', 'In-Reply-To: <p@x>'), ['<c@x>', '<p@x> <c@x>']);
  assert.deepEqual(await threadOf('Message-ID: <c@x>', 'In-Reply-To: <p@x> <q@x>'), ['<c@x>', '<c@x>']);
  assert.deepEqual(await threadOf('Subject: none'), [null, null]);
  assert.deepEqual(await threadOf('Message-ID: <\xe9@x>'), [null, null]);
  const many = Array.from({ length: 80 }, (_, at) => `<${at}@x>`);
  const [, references] = await threadOf('Message-ID: <c@x>', `References: ${many.join('\r\n ')}`);
  const ids = references!.split(' ');
  assert.deepEqual([ids.length, ids[0], ids[1], ids.at(-1)], [50, '<0@x>', '<32@x>', '<c@x>']);
});

test('MS-OXOMSG §2.2.1.3 a Thread-Index is continued by one level', async () => {
  const index = Buffer.concat([Buffer.from('01dcd0000000', 'hex'), Buffer.alloc(16, 7)]);
  const source = lines('Message-ID: <c@x>', `Thread-Index: ${index.toString('base64')}`, '', 'Old');
  const composed = await compose('reply', lines(...HEAD, '', 'New'), source);
  const next = Buffer.from(composed.field('thread-index')!, 'base64');
  assert.deepEqual([next.length, next.subarray(0, 22)], [27, index]);
  const passed = (BigInt(next.readUInt32BE(22)) << 18n) / 10_000_000n;
  const began = (0x01dcd0000000n << 16n) / 10_000_000n - 11_644_473_600n;
  assert.ok(Math.abs(Number(began + passed) - Date.UTC(2026, 4, 4) / 1000) < 2, `${began + passed}`);
  const own = await compose('reply', lines(...HEAD, 'Thread-Index: own', '', 'New'), source);
  assert.equal(own.field('thread-index'), 'own');
});

test('MS-ASCON_R86, R87 an answer to what has no Thread-Index begins as its original is shown, one level on', async () => {
  const answer = lines(...HEAD, '', 'New');
  const first = ['Message-ID: <c@x>', 'Date: Mon, 4 May 2026 08:00:00 +0000'];
  for (const fields of [first, [...first, 'References: <a@x> <b@x>'], [...first, 'Thread-Index: AAAA']]) {
    const source = lines(...fields, '', 'Old');
    const shown = conversationOf(readMessageHeader(source).fields, Date.UTC(2026, 4, 4, 8) / 1000)!;
    const composed = await compose('reply', answer, source, { original: null });
    const own = conversationOf(readMessageHeader(composed.bytes).fields, 0)!;
    assert.deepEqual(own.id, shown.id);
    assert.equal(own.index.length, shown.index.length + 5);
    assert.deepEqual(own.index.subarray(0, shown.index.length), shown.index);
  }
  const nameless = await compose('reply', answer, lines('Subject: none', '', 'Old'), { original: null });
  assert.equal(nameless.field('thread-index'), null);
});

test('without an original to include only header fields are added', async () => {
  const composed = await compose('forward', ALTERNATIVE, PLAIN_ORIGINAL, { original: null });
  const { bodyStart } = readMessageHeader(composed.bytes);
  const own = readMessageHeader(ALTERNATIVE);
  assert.deepEqual(composed.bytes.subarray(bodyStart), ALTERNATIVE.subarray(own.bodyStart));
  assert.equal(composed.field('in-reply-to'), '<old@x>');
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SMTPServerOptions } from 'smtp-server';
import { decodePart } from '../../src/formats/mime/decode-part.ts';
import { partsOf } from '../../src/formats/mime/message-index.ts';
import { indexMessage } from '../../src/formats/mime/message-indexer.ts';
import type { RelayRequest } from '../../src/mail/relay.ts';
import { kinds, openServer, relayTo } from './relay-server.ts';
import { MailWorld } from './world.ts';

const NO_8BIT: SMTPServerOptions = { hide8BITMIME: true, hideSMTPUTF8: true };
const NO_UTF8: SMTPServerOptions = { hideSMTPUTF8: true };
const SILENT = { info: () => undefined, error: () => undefined, warn: () => undefined };
const ASCII = /^[\x01-\x7f]*$/;

async function started(t: TestContext, options: SMTPServerOptions) {
  let connections = 0;
  const server = await openServer(t, {
    ...options,
    onConnect(_, callback) {
      connections += 1;
      callback();
    },
  });
  return { ...server, relay: relayTo(t, `smtp://127.0.0.1:${server.port}`), connections: () => connections };
}

/** `lines` in UTF-8; a Buffer stands for its bytes. */
function request(
  lines: readonly (string | Buffer)[],
  recipients: readonly string[] = ['a@x.example'],
  sender = 'ana@example.org',
): RelayRequest {
  const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]));
  return {
    ...{ sender, recipients, size: bytes.length },
    async *content() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
  };
}

/** Media type, transfer encoding and content of each leaf. */
async function leavesOf(text: string): Promise<(readonly [string, string, string])[]> {
  const bytes = Buffer.from(text, 'latin1');
  const leaves = [...partsOf(indexMessage(bytes).root)].filter(({ children }) => children.length === 0);
  return Promise.all(
    leaves.map(async (part) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of decodePart(bytes, part)) chunks.push(chunk);
      return [part.mediaType, part.transferEncoding, Buffer.concat(chunks).toString()] as const;
    }),
  );
}

const HEAD = ['From: ana@example.org', 'To: a@x.example', 'Subject: Grüße', 'MIME-Version: 1.0'];
const PLAIN_8BIT = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', ''];
const SIGNED = (text: string, encoding = '8bit') => [
  ...[...HEAD, 'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=s', '', '--s'],
  ...['Content-Type: text/plain; charset=utf-8', `Content-Transfer-Encoding: ${encoding}`, '', text, '--s'],
  ...['Content-Type: application/pgp-signature', '', '-----BEGIN PGP SIGNATURE-----', '--s--'],
];

test('RFC 6152 §3 a relay without 8BITMIME gets 8-bit parts in base64, the others as they are', async (t) => {
  const { relay, taken } = await started(t, NO_8BIT);
  const lines = [
    ...[...HEAD, 'Content-Type: multipart/mixed; boundary=b', '', '--b', ...PLAIN_8BIT, 'Schöne Grüße', '--b'],
    ...['Content-Type: text/html; charset=us-ascii', '', '<p>plain</p>', '--b'],
    ...['Content-Type: message/rfc822', '', 'Subject: inner', ...PLAIN_8BIT, 'Früher', '--b'],
    ...['Content-Type: application/octet-stream', 'Content-Transfer-Encoding: base64', '', '3q2+7w==', '--b--'],
  ];
  assert.deepEqual(kinds(await relay.send(request(lines))), [['a@x.example', 'accepted']]);
  const { text, args } = taken[0]!;
  assert.match(text, ASCII);
  assert.match(text, /^Subject: =\?utf-8\?[^\r]*\?=\r\n/im);
  assert.doesNotMatch(JSON.stringify(args), /8BITMIME|SMTPUTF8/);
  assert.deepEqual((await leavesOf(text)).slice(0, 3), [
    ['text/plain', 'base64', 'Schöne Grüße'],
    ['text/html', '7bit', '<p>plain</p>'],
    ['text/plain', 'base64', 'Früher'],
  ]);
  assert.match(text, /\r\n\r\n3q2\+7w==\r\n--b--/);
});

test('a body that was never declared becomes one that every reader can undo (RFC 2045 §4)', async (t) => {
  const { relay, taken } = await started(t, NO_8BIT);
  await relay.send(request(['From: ana@example.org', '', 'Grüße']));
  assert.match(taken[0]!.text, ASCII);
  assert.match(taken[0]!.text, /^MIME-Version: 1\.0\r$/m);
  assert.deepEqual(await leavesOf(taken[0]!.text), [['text/plain', 'base64', 'Grüße\r\n']]);
});

test('a relay with 8BITMIME gets every byte; one without it gets ASCII as it is, and is not asked before', async (t) => {
  const able = await started(t, {});
  const eightBit = request([...HEAD, ...PLAIN_8BIT, 'Grüße']);
  await able.relay.send(eightBit);
  await able.relay.send(eightBit);
  const bytes = Buffer.from([...HEAD, ...PLAIN_8BIT, 'Grüße', ''].join('\r\n')).toString('latin1');
  assert.deepEqual(
    able.taken.map(({ text }) => text),
    [bytes, bytes],
  );
  assert.equal(able.connections(), 2, 'one to ask, one to send');
  const unable = await started(t, NO_8BIT);
  const ascii = ['From: ana@example.org', 'Subject: x', '', 'plain'];
  await unable.relay.send(request(ascii));
  assert.equal(unable.taken[0]!.text, [...ascii, ''].join('\r\n'));
  assert.equal(unable.connections(), 1);
});

test('RFC 1847 what is signed as 8-bit text is refused with the reason and a remedy; signed in ASCII it goes as it is', async (t) => {
  const { relay, taken } = await started(t, NO_8BIT);
  const verdicts = await relay.send(request(SIGNED('Grüße'), ['a@x.example', 'b@x.example']));
  assert.deepEqual(kinds(verdicts), [
    ['a@x.example', 'refused', '5.6.3'],
    ['b@x.example', 'refused', '5.6.3'],
  ]);
  assert.match(JSON.stringify([...verdicts]), /signed.*8BITMIME.*sign it in base64/);
  assert.equal(taken.length, 0);
  const ascii = SIGNED('Gr=C3=BC=C3=9Fe', 'quoted-printable');
  assert.deepEqual(kinds(await relay.send(request(ascii))), [['a@x.example', 'accepted']]);
  const [signed, kept] = [taken[0]!.text, ascii.join('\r\n')].map((text) => text.slice(text.indexOf('--s\r\n')));
  assert.equal(signed, `${kept}\r\n`);
  assert.match(taken[0]!.text, ASCII);
});

test('RFC 5891 domains go out as A-labels, in the envelope and in the header, to a relay without SMTPUTF8', async (t) => {
  // The server shows addresses as people write them: what it was sent stands in its log.
  const commands: string[] = [];
  const logger = { debug: (_: object, ...words: unknown[]) => void commands.push(words.join(' ')), ...SILENT };
  const { relay, taken } = await started(t, { ...NO_8BIT, logger });
  const head = ['From: Änne <ana@bücher.example>', 'To: b@bücher.example, Gruppe: c@straße.example;'];
  const verdicts = await relay.send(request([...head, '', 'x'], ['b@bücher.example'], 'ana@bücher.example'));
  assert.deepEqual(kinds(verdicts), [['b@bücher.example', 'accepted']]);
  const { text } = taken[0]!;
  assert.match(commands.join('\n'), /MAIL FROM:<ana@xn--bcher-kva\.example>/);
  assert.match(commands.join('\n'), /RCPT TO:<b@xn--bcher-kva\.example>/);
  assert.match(text, /^From: =\?utf-8\?[^\r]*\?= <ana@xn--bcher-kva\.example>\r$/im);
  assert.match(text, /^To: b@xn--bcher-kva\.example, Gruppe:c@xn--strae-oqa\.example;\r$/m);
});

for (const [what, options] of [
  ['without 8BITMIME and SMTPUTF8', NO_8BIT],
  ['without SMTPUTF8', NO_UTF8],
] as const) {
  test(`a name beyond ASCII before the @ is refused by itself for a relay ${what}; the others get the message`, async (t) => {
    const { relay, taken } = await started(t, options);
    const verdicts = await relay.send(request(['From: ana@example.org', '', 'x'], ['søren@x.example', 'b@x.example']));
    assert.deepEqual(kinds(verdicts), [
      ['søren@x.example', 'refused', '5.6.7'],
      ['b@x.example', 'accepted'],
    ]);
    assert.deepEqual(taken[0]!.to, ['b@x.example']);
    const alone = await relay.send(request(['From: ana@example.org', '', 'x'], ['søren@x.example']));
    assert.deepEqual(kinds(alone), [['søren@x.example', 'refused', '5.6.7']]);
    const from = await relay.send(request(['From: x', '', 'x'], ['b@x.example'], 'søren@example.org'));
    assert.deepEqual(kinds(from), [['b@x.example', 'refused', '5.6.7']]);
    const named = request(['From: ana@example.org', 'Cc: søren@x.example', '', 'x'], ['b@x.example']);
    assert.deepEqual(kinds(await relay.send(named)), [['b@x.example', 'refused', '5.6.9']]);
    assert.equal(taken.length, 1);
  });
}

test('RFC 6532 a relay with 8BITMIME alone gets headers in ASCII, and 8-bit bodies that are signed as they are', async (t) => {
  const { relay, taken } = await started(t, NO_UTF8);
  await relay.send(request([...HEAD, '', 'plain']));
  assert.match(taken[0]!.text, ASCII);
  const plainHead = HEAD.map((line) => line.replace('Grüße', 'Hello'));
  const lines = [...plainHead, ...PLAIN_8BIT, 'Grüße'];
  await relay.send(request(lines));
  assert.equal(taken[1]!.text, Buffer.from([...lines, ''].join('\r\n')).toString('latin1'));
  await relay.send(request(SIGNED('Grüße')));
  assert.equal(taken[2]!.text, Buffer.from([...SIGNED('Grüße'), ''].join('\r\n')).toString('latin1'));
});

test('a relay that cannot be asked is tried again later', async (t) => {
  const relay = relayTo(t, 'smtp://127.0.0.1:1');
  assert.equal([...(await relay.send(request([...HEAD, '', 'Grüße']))).values()][0]!.kind, 'later');
  const { port } = await openServer(t, {
    onConnect: (_, callback) => callback(Object.assign(new Error('busy'), { responseCode: 421 })),
  });
  const busy = relayTo(t, `smtp://127.0.0.1:${port}`);
  assert.equal([...(await busy.send(request([...HEAD, '', 'Grüße']))).values()][0]!.kind, 'later');
});

test('the sender is told of it at once while waiting, and by a report for one of several', async (t) => {
  const { port, taken } = await openServer(t, NO_8BIT);
  const world = new MailWorld(t, 'sqlite', relayTo(t, `smtp://127.0.0.1:${port}`));
  const ana = await world.user('ana@example.org');
  const submit = (to: string, bcc = 'c@x.example') => {
    const bytes = Buffer.from(`From: ana@example.org\r\nTo: ${to}\r\nBcc: ${bcc}\r\nSubject: Hi\r\n\r\nGrüße\r\n`);
    return world.submission.submit({ principal: ana.principal, message: bytes, saveInSent: true, operation: null });
  };
  await assert.rejects(submit('søren@x.example', ''), /søren@x\.example: the relay takes no address/);
  assert.deepEqual(await world.held(ana.mailboxId, 'sent'), []);
  // The header names the one that the relay cannot take, so that nobody gets it.
  await assert.rejects(submit('søren@x.example, b@x.example'), /no SMTPUTF8/);
  assert.equal(taken.length, 0);
  assert.equal(await submit('b@x.example', 'søren@x.example'), 'sent');
  assert.match(taken[0]!.text, ASCII);
  assert.deepEqual(taken[0]!.to, ['b@x.example']);
  const [report, ...more] = await world.held(ana.mailboxId, 'inbox');
  assert.equal(more.length, 0);
  assert.match(report!.text, /Action: failed\r\nStatus: 5\.6\.7/);
  assert.match(report!.text, /ask for another address/);
});

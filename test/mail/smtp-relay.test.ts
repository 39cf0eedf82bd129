import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { parseRelayUrl } from '../../src/config/relay-url.ts';
import type { RelayRequest } from '../../src/mail/relay.ts';
import { kinds, openServer, relayTo } from './relay-server.ts';
import { MailWorld, message } from './world.ts';

const TEXT = 'Subject: caf\xe9\r\n\r\n.leading dot\r\n..two\r\n\xff\xfe raw\r\n';

function request(recipients: readonly string[], text = TEXT, sender = 'ana@example.org'): RelayRequest {
  return {
    sender,
    recipients,
    size: text.length,
    async *content() {
      // Pieces as small as can be, cut within line ends and dots.
      for (const byte of Buffer.from(text, 'latin1')) yield Uint8Array.of(byte);
    },
  };
}

function refuse(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

test('every byte arrives, the envelope is as given, SIZE and 8BITMIME are declared', async (t) => {
  const { port, taken } = await openServer(t, { size: 1_000_000 });
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  assert.deepEqual(kinds(await relay.send(request(['a@x.example', 'Ünï@bücher.example']))), [
    ['a@x.example', 'accepted'],
    ['Ünï@bücher.example', 'accepted'],
  ]);
  assert.equal(taken[0]!.text, TEXT);
  assert.equal(taken[0]!.from, 'ana@example.org');
  assert.deepEqual(taken[0]!.to, ['a@x.example', 'Ünï@bücher.example']);
  assert.deepEqual(taken[0]!.args, { SMTPUTF8: true, BODY: '8BITMIME', SIZE: String(TEXT.length) });
  // The null sender of reports, over the same connection.
  await relay.send(request(['a@x.example'], TEXT, ''));
  assert.equal(taken[1]!.from, '');
});

test('an address is sent as it is: nothing is read out of it', async (t) => {
  const { port, taken } = await openServer(t, { lenientAddressParsing: true });
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  const address = '"a,b@evil.example"@x.example';
  const verdicts = await relay.send(request([address, 'c@x.example']));
  assert.ok(!taken.some(({ to }) => to.some((one) => /@evil\.example$/.test(one))));
  assert.equal(verdicts.get('c@x.example')!.kind, 'accepted');
});

test('refused for good, for now, and one of two', async (t) => {
  const { port, taken } = await openServer(t, {
    onRcptTo({ address }, _, callback) {
      if (address.startsWith('bad')) callback(refuse(550, '5.1.1 nobody'));
      else if (address.startsWith('later')) callback(refuse(451, '4.7.1 greylisted'));
      else callback();
    },
  });
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  assert.deepEqual(kinds(await relay.send(request(['bad@x.example', 'good@x.example', 'later@x.example']))), [
    ['bad@x.example', 'refused', '5.1.1'],
    ['good@x.example', 'accepted'],
    ['later@x.example', 'later', '4.7.1'],
  ]);
  assert.deepEqual(kinds(await relay.send(request(['bad@x.example', 'later@x.example']))), [
    ['bad@x.example', 'refused', '5.1.1'],
    ['later@x.example', 'later', '4.7.1'],
  ]);
  const refused = await relay.send(request(['bad@x.example']));
  assert.deepEqual(refused.get('bad@x.example'), {
    kind: 'refused',
    status: '5.1.1',
    reason: 'the relay said 550 5.1.1 nobody',
  });
  assert.equal(taken.length, 1);
});

test('the message itself is refused: for good, for now, too large', async (t) => {
  let answer = refuse(554, 'looks like spam');
  const { port } = await openServer(t, {
    size: 10_000,
    onData(stream, _, callback) {
      stream.resume();
      stream.on('end', () => callback(answer));
    },
  });
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  assert.deepEqual(kinds(await relay.send(request(['a@x.example', 'b@x.example']))), [
    ['a@x.example', 'refused', '5.0.0'],
    ['b@x.example', 'refused', '5.0.0'],
  ]);
  answer = refuse(452, '4.3.1 disk full');
  assert.deepEqual(kinds(await relay.send(request(['a@x.example']))), [['a@x.example', 'later', '4.3.1']]);
  const large = await relay.send(request(['a@x.example'], `Subject: x\r\n\r\n${'y'.repeat(20_000)}`));
  assert.deepEqual(kinds(large), [['a@x.example', 'refused', '5.3.4']]);
});

test('a relay that hangs up, in the middle of the message or before, is tried again later and not by itself', async (t) => {
  let asked = 0;
  const { port } = await openServer(t, {
    onData(stream) {
      asked += 1;
      stream.once('data', () => dropAll());
    },
  });
  const sockets = new Set<{ destroy(): void }>();
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const { createServer, connect } = await import('node:net');
  // In between, so that the connection can be cut where a cable would be.
  const cable = createServer((socket) => {
    const other = connect(port, '127.0.0.1');
    for (const end of [socket, other]) {
      sockets.add(end);
      end.on('error', () => undefined);
    }
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve) => cable.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    dropAll();
    cable.close();
  });
  const relay = relayTo(t, `smtp://127.0.0.1:${(cable.address() as AddressInfo).port}`);
  const [verdict] = (await relay.send(request(['a@x.example'], `Subject: x\r\n\r\n${'y'.repeat(200_000)}`))).values();
  assert.equal(verdict!.kind, 'later');
  assert.equal(asked, 1);
  const nobody = relayTo(t, 'smtp://127.0.0.1:1');
  assert.equal([...(await nobody.send(request(['a@x.example']))).values()][0]!.kind, 'later');
});

test('a message that cannot be read to its end is not sent as if it were whole', async (t) => {
  const { port, taken } = await openServer(t);
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  const broken: RelayRequest = {
    ...request(['a@x.example']),
    async *content() {
      yield Buffer.from('Subject: x\r\n\r\nhalf');
      throw new Error('the store is closed');
    },
  };
  assert.equal([...(await relay.send(broken)).values()][0]!.kind, 'later');
  assert.deepEqual(taken, []);
});

test('wrong credentials are no fault of the message; right ones are taken', async (t) => {
  const { port, taken } = await openServer(t, {
    authOptional: false,
    onAuth({ username, password }, _, callback) {
      if (username === 'us:er' && password === 'p@ss') callback(null, { user: 'x' });
      else callback(new Error('wrong'));
    },
  });
  const wrong = relayTo(t, `smtp://user:secret@127.0.0.1:${port}`);
  const [verdict] = (await wrong.send(request(['a@x.example']))).values();
  assert.equal(verdict!.kind, 'later');
  assert.doesNotMatch(JSON.stringify(verdict), /secret/);
  const right = relayTo(t, `smtp://us%3Aer:p%40ss@127.0.0.1:${port}`);
  assert.deepEqual(kinds(await right.send(request(['a@x.example']))), [['a@x.example', 'accepted']]);
  assert.equal(taken.length, 1);
});

test('a certificate that nobody vouches for is refused unless the settings allow it', async (t) => {
  const { port, taken } = await openServer(t, { secure: true });
  const strict = relayTo(t, `smtps://127.0.0.1:${port}`);
  const [verdict] = (await strict.send(request(['a@x.example']))).values();
  assert.equal(verdict!.kind, 'later');
  assert.match((verdict as { reason: string }).reason, /certificate/i);
  assert.deepEqual(taken, []);
  const lenient = relayTo(t, `smtps://127.0.0.1:${port}`, true);
  assert.deepEqual(kinds(await lenient.send(request(['a@x.example']))), [['a@x.example', 'accepted']]);
});

test('closing ends what hangs', async (t) => {
  const { port } = await openServer(t, { onRcptTo: () => undefined });
  const relay = relayTo(t, `smtp://127.0.0.1:${port}`);
  const pending = relay.send(request(['a@x.example']));
  await new Promise((resolve) => setTimeout(resolve, 300));
  relay.close();
  assert.equal([...(await pending).values()][0]!.kind, 'later');
});

test('a message submitted goes out through the relay with one Received field and its bytes', async (t) => {
  const { port, taken } = await openServer(t);
  const world = new MailWorld(t, 'sqlite', relayTo(t, `smtp://127.0.0.1:${port}`));
  const ana = await world.user('ana@example.org');
  const bytes = message(
    ['From: ana@example.org', 'To: x@elsewhere.example', 'Date: Mon, 4 May 2026 10:00:00 +0000', 'Message-ID: <1@x>'],
    '.\r\n8-bit \xe9\r\n',
  );
  assert.equal(
    await world.submission.submit({ principal: ana.principal, message: bytes, saveInSent: true, operation: null }),
    'sent',
  );
  assert.equal(
    taken[0]!.text.replace(/^Received: by mail\.example\.org with HTTP id [\w-]+;\r\n\t.*\r\n/, ''),
    Buffer.from(bytes).toString('latin1'),
  );
});

test('the address of a relay: what it may be, and no password in what is said about it', () => {
  assert.deepEqual(parseRelayUrl('smtp://u%40x:p%3A@[::1]'), {
    host: '::1',
    port: 587,
    isSecure: false,
    user: 'u@x',
    password: 'p:',
  });
  assert.deepEqual(parseRelayUrl('SMTPS://mail.example.org'), {
    host: 'mail.example.org',
    port: 465,
    isSecure: true,
    user: null,
    password: null,
  });
  for (const text of [
    'http://x',
    'smtp://',
    'smtp://h:0',
    'smtp://h:70000',
    'smtp://u:secret%@h',
    'smtp://u:secret@x@h',
    'smtp://u:secret@h/path',
  ]) {
    assert.throws(
      () => parseRelayUrl(text),
      (error: Error) => error instanceof TypeError && !error.message.includes('secret'),
      text,
    );
  }
});

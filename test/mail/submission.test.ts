import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../src/domain/errors.ts';
import type { SubmissionRequest } from '../../src/mail/submission.ts';
import { FakeRelay, MailWorld, message, REFUSED, STORES } from './world.ts';

const PLAIN = [
  'From: ana@example.org',
  'To: bob@example.org',
  'Subject: Hi',
  'Message-ID: <1@x>',
  'Date: Mon, 4 May 2026 10:00:00 +0000',
];

function request(
  principal: SubmissionRequest['principal'],
  bytes: Uint8Array,
  more: Partial<SubmissionRequest> = {},
): SubmissionRequest {
  return { principal, message: bytes, saveInSent: true, operation: null, ...more };
}

function refusal(code: string) {
  return (error: unknown) => error instanceof GatewayError && error.code === code;
}

for (const kind of STORES) {
  test(`${kind}: a message to a user of this server is in the Inbox, unread, with trace fields (RFC 5321 §4.4)`, async (t) => {
    const world = new MailWorld(t, kind);
    const ana = await world.user('ana@example.org', 'Ana Lee');
    const bob = await world.user('bob@example.org');
    assert.equal(await world.submission.submit(request(ana.principal, message(PLAIN))), 'sent');
    const [arrived, ...more] = await world.held(bob.mailboxId, 'inbox');
    assert.equal(more.length, 0);
    assert.equal(arrived!.isRead, false);
    assert.match(
      arrived!.text,
      /^Return-Path: <ana@example\.org>\r\nDelivered-To: bob@example\.org\r\nReceived: by mail\.example\.org with HTTP id [\w-]+\r\n\tfor <bob@example\.org>;\r\n\tMon, 4 May 2026 10:00:00 \+0000\r\nFrom: /,
    );
    assert.ok(arrived!.text.endsWith(Buffer.from(message(PLAIN)).toString()), 'the bytes stayed');
    const [copy] = await world.held(ana.mailboxId, 'sent');
    assert.deepEqual([copy!.text, copy!.isRead], [Buffer.from(message(PLAIN)).toString(), true]);
    assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
    assert.deepEqual(await world.documents(ana.mailboxId), []);
  });

  test(`${kind}: the same operation again sends nothing and writes nothing`, async (t) => {
    const world = new MailWorld(t, kind);
    const ana = await world.user('ana@example.org');
    const bob = await world.user('bob@example.org');
    const sent = request(ana.principal, message(PLAIN), { operation: 'phone/SendMail/1' });
    assert.equal(await world.submission.submit(sent), 'sent');
    const { head } = await world.mailboxes.read(ana.mailboxId).mailbox();
    assert.equal(await world.submission.submit(sent), 'already-sent');
    world.restart();
    assert.equal(await world.submission.submit(sent), 'already-sent');
    assert.equal((await world.mailboxes.read(ana.mailboxId).mailbox()).head, head);
    assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  });

  test(`${kind}: what everybody refuses while the sender waits leaves nothing, and may be sent again`, async (t) => {
    const relay = new FakeRelay();
    relay.answer = () => REFUSED;
    const world = new MailWorld(t, kind, relay);
    const ana = await world.user('ana@example.org');
    const bytes = message(['To: x@elsewhere.example']);
    const sent = request(ana.principal, bytes, { operation: 'phone/SendMail/2' });
    await assert.rejects(world.submission.submit(sent), (error: unknown) => {
      assert.ok(refusal('submission-refused')(error));
      assert.match((error as Error).message, /x@elsewhere\.example: nobody of that name/);
      return true;
    });
    for (const role of ['outbox', 'sent', 'inbox'] as const)
      assert.deepEqual(await world.held(ana.mailboxId, role), []);
    assert.deepEqual(await world.documents(ana.mailboxId), []);
    relay.answer = () => ({ kind: 'accepted' });
    assert.equal(await world.submission.submit(sent), 'sent');
  });

  test(`${kind}: alsoWrite is in the transaction that queues: when it fails nothing is kept`, async (t) => {
    const world = new MailWorld(t, kind);
    const ana = await world.user('ana@example.org');
    const bob = await world.user('bob@example.org');
    const alsoWrite = async () => {
      throw new GatewayError('item-not-found', { item: '1' });
    };
    const failing = request(ana.principal, message(PLAIN), { alsoWrite, operation: 'a/b' });
    await assert.rejects(world.submission.submit(failing), refusal('item-not-found'));
    for (const role of ['outbox', 'sent'] as const) assert.deepEqual(await world.held(ana.mailboxId, role), []);
    assert.deepEqual(await world.held(bob.mailboxId, 'inbox'), []);
    assert.equal(await world.submission.submit(request(ana.principal, message(PLAIN), { operation: 'a/b' })), 'sent');
  });

  test(`${kind}: alsoTakeBack undoes what alsoWrite did when everybody refuses, and only then`, async (t) => {
    const relay = new FakeRelay();
    relay.answer = () => REFUSED;
    const world = new MailWorld(t, kind, relay);
    const ana = await world.user('ana@example.org');
    const done: string[] = [];
    const sent = request(ana.principal, message(['To: x@elsewhere.example']), {
      alsoWrite: async () => void done.push('written'),
      alsoTakeBack: async () => void done.push('taken back'),
    });
    await assert.rejects(world.submission.submit(sent), refusal('submission-refused'));
    assert.deepEqual(done.splice(0), ['written', 'taken back']);
    relay.answer = () => ({ kind: 'accepted' });
    assert.equal(await world.submission.submit(sent), 'sent');
    assert.deepEqual(done, ['written']);
  });

  test(`${kind}: a sender without room for the message is told, and nothing is kept`, async (t) => {
    const world = new MailWorld(t, kind);
    const ana = await world.user('ana@example.org');
    await world.mailboxes.setQuota(ana.mailboxId, { bytes: 100, items: null });
    await assert.rejects(world.submission.submit(request(ana.principal, message(PLAIN))), refusal('quota-exceeded'));
    assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
  });
}

test('Bcc is in the copy in Sent only, and whom it names gets the message', async (t) => {
  const relay = new FakeRelay();
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  const eve = await world.user('eve@example.org');
  const bytes = message([...PLAIN.slice(0, 3), 'bCC: Eve <EVE@Example.org>,', ' other@elsewhere.example', 'X-Last: 1']);
  assert.equal(await world.submission.submit(request(ana.principal, bytes)), 'sent');
  for (const { mailboxId } of [bob, eve]) {
    const [{ text }] = (await world.held(mailboxId, 'inbox')) as unknown as [{ text: string }];
    assert.doesNotMatch(text.replace(/^Delivered-To.*\r\n|^\tfor .*\r\n/gim, ''), /eve|bcc|elsewhere/i);
    assert.match(text, /Subject: Hi\r\nX-Last: 1\r\n/);
  }
  assert.doesNotMatch(relay.taken[0]!.text, /eve|bcc|elsewhere/i);
  assert.deepEqual(relay.taken[0]!.recipients, ['other@elsewhere.example']);
  assert.equal(relay.taken[0]!.sender, 'ana@example.org');
  const [copy] = await world.held(ana.mailboxId, 'sent');
  assert.match(copy!.text, /^bCC: Eve <EVE@Example.org>,\r\n other@elsewhere\.example\r\nFrom: /);
});

test('From, Date and Message-ID are added where they are missing or say nothing', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org', 'Ana Lée');
  const bob = await world.user('bob@example.org');
  const send = async (lines: readonly string[]) => {
    await world.submission.submit(request(ana.principal, message(lines)));
    return (await world.held(bob.mailboxId, 'inbox')).at(-1)!.text;
  };
  const bare = await send(['To: bob@example.org', 'Subject: x']);
  assert.match(bare, /\r\nFrom: =\?UTF-8\?Q\?Ana_L=C3=A9e\?= <ana@example\.org>\r\n/);
  assert.match(bare, /\r\nDate: Mon, 4 May 2026 10:00:00 \+0000\r\nMessage-ID: <[0-9a-f]{32}@example\.org>\r\n\r\n/);
  const empty = await send(['From: Anna <ana>', 'Date: yesterday', 'Message-ID:', 'To: bob@example.org']);
  assert.match(empty, /\r\nFrom: Anna <ana@example\.org>\r\n/);
  assert.doesNotMatch(empty, /yesterday/);
  assert.equal(empty.match(/^message-id:/gim)!.length, 1);
  const named = await send(['From: "A." <Ana+work@EXAMPLE.org>', 'To: bob@example.org']);
  assert.match(named, /\r\nFrom: "A\." <Ana\+work@EXAMPLE\.org>\r\n/);
});

test('a From that readers could take for two addresses is written with the one that was judged', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  for (const [place, [written, becomes]] of [
    ['From: <bob@example.org> <ana@example.org>', 'ana@example.org'],
    ['From: bob@example.org <ana@example.org>', '"bob@example.org" <ana@example.org>'],
    ['From: "Bob <bob@example.org>" <ana@example.org>', '"Bob <bob@example.org>" <ana@example.org>'],
  ].entries()) {
    await world.submission.submit(request(ana.principal, message([written!, 'To: bob@example.org'])));
    const { text } = (await world.held(bob.mailboxId, 'inbox'))[place]!;
    assert.deepEqual(text.match(/^From: .*(?=\r)/gm), [`From: ${becomes}`]);
  }
});

test('nobody sends as somebody else: From and Sender are judged', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  await world.user('bob@example.org');
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['From: bob@example.org'], 'access-denied'],
    [['From: ana@example.org, bob@example.org'], 'access-denied'],
    [['From: ana@elsewhere.example'], 'access-denied'],
    [['From: anabel@example.org'], 'access-denied'],
    [['From: ana@example.org', 'Sender: bob@example.org'], 'access-denied'],
    [['From: ana@example.org', 'from: bob@example.org'], 'message-invalid'],
  ];
  for (const [lines, code] of cases) {
    const sent = request(ana.principal, message([...lines, 'To: bob@example.org']));
    await assert.rejects(world.submission.submit(sent), refusal(code), lines.join());
  }
  assert.deepEqual(await world.held(ana.mailboxId, 'sent'), []);
});

test('recipients: each once, groups opened, and what is no address is named', async (t) => {
  const relay = new FakeRelay();
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  const send = (lines: readonly string[]) => world.submission.submit(request(ana.principal, message(lines)));
  await send(['To: A <a@x.example>, B@X.example', 'Cc: team: a@X.EXAMPLE, c@bücher.example;', 'Bcc: b@x.example']);
  assert.deepEqual(relay.taken[0]!.recipients, ['a@x.example', 'B@X.example', 'c@bücher.example']);
  await assert.rejects(send(['To: undisclosed-recipients:;']), refusal('no-recipient'));
  await assert.rejects(send(['Subject: x']), refusal('no-recipient'));
  for (const address of [
    'nobody',
    'a@',
    'a..b@x.example',
    'a@-x-.example',
    '<a b@x.example>',
    `${'a'.repeat(65)}@x.example`,
  ]) {
    await assert.rejects(send([`To: ${address}`]), refusal('recipient-invalid'), address);
  }
  await assert.rejects(
    send([`To: ${Array.from({ length: 1001 }, (_, n) => `a${n}@x.example`).join(', ')}`]),
    refusal('recipient-invalid'),
  );
  assert.equal(relay.asked, 1);
});

test('plus-addressing and case: user+detail@domain is the user, once', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  const odd = await world.user('bob+own@example.org');
  await world.submission.submit(
    request(ana.principal, message(['To: BOB+news@Example.ORG, bob@example.org, bob+own@example.org'])),
  );
  assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  assert.equal((await world.held(odd.mailboxId, 'inbox')).length, 1);
});

test('line ends become CRLF, every other byte stays (RFC 5321 §2.3.8)', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  const body = 'caf\xe9 \x00\xff\n.\n..\r\nbare\rCR\r\n\r\nlast\r';
  const text = `From: ana@example.org\nTo: bob@example.org\nSubject: a\n b\nDate: Mon, 4 May 2026 10:00:00 +0000\nMessage-ID: <1@x>\n\n${body}`;
  const whole = Buffer.from(text, 'latin1');
  // Cut everywhere, also within a line end.
  const pieces = Array.from({ length: whole.length }, (_, at) => whole.subarray(at, at + 1));
  await world.submission.submit({ ...request(ana.principal, whole), message: pieces });
  const [copy] = await world.held(ana.mailboxId, 'sent');
  assert.equal(copy!.text, text.replace(/\r\n|\r|\n/g, '\r\n'));
  assert.ok((await world.held(bob.mailboxId, 'inbox'))[0]!.text.endsWith(copy!.text));
});

test('a bare CR within a field begins no new field: nobody slips a From past the judgement', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  const lines = ['From: ana@example.org', 'To: bob@example.org', 'Subject: a\rFrom: bob@example.org\r\r', 'X: y\r z'];
  await world.submission.submit(request(ana.principal, message(lines)));
  const [{ text }] = (await world.held(bob.mailboxId, 'inbox')) as unknown as [{ text: string }];
  assert.match(text, /\r\nSubject: a From: bob@example\.org {2}\r\nX: y\r\n z\r\n/);
  assert.equal(text.match(/^From:/gm)!.length, 1);
});

test('a field is judged as it will be sent: what bare CRs make of a Date counts', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  const date = `Date: Mon, 4 May 2026 10:00:00 +0000${'\r'.repeat(300)}x`;
  await world.submission.submit(request(ana.principal, message([...PLAIN.slice(0, 4), date])));
  const [arrived] = await world.held(bob.mailboxId, 'inbox');
  assert.equal(arrived!.text.match(/^Date: /gm)?.length, 1);
  assert.doesNotMatch(arrived!.text, / {300}/);
});

test('what is no message is refused with a reason, what is too large with the limit', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const send = (bytes: Uint8Array) => world.submission.submit(request(ana.principal, bytes));
  await assert.rejects(send(new Uint8Array(0)), refusal('message-invalid'));
  await assert.rejects(send(message([`X: ${'a'.repeat(2 * 1024 * 1024)}`])), refusal('message-invalid'));
  await assert.rejects(send(Buffer.from('no header at all')), refusal('no-recipient'));
  await assert.rejects(
    send(message(['To: bob@example.org', 'neither field nor fold', 'Bcc: ana@example.org'])),
    refusal('message-invalid'),
  );
  world.restart({ maxMessageBytes: 1000 });
  await assert.rejects(send(message(PLAIN, 'x'.repeat(1000))), refusal('item-too-large'));
  assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
});

test('a message without a body, without an end of its last line, and with a line of an mbox file can be sent', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  await world.submission.submit(
    request(ana.principal, Buffer.from('From x Mon\r\nReturn-Path: <a@b>\r\nTo: bob@example.org')),
  );
  const [{ text }] = (await world.held(bob.mailboxId, 'inbox')) as unknown as [{ text: string }];
  assert.match(text, /\r\nTo: bob@example\.org\r\nFrom: /);
  assert.doesNotMatch(text, /From x|a@b/);
  assert.ok(text.endsWith('\r\n\r\n'));
});

test('saveInSent false keeps no copy', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  await world.user('bob@example.org');
  await world.submission.submit(request(ana.principal, message(PLAIN), { saveInSent: false }));
  assert.deepEqual(await world.held(ana.mailboxId, 'sent'), []);
});

test('why a message is refused never quotes its words: reasons are logged', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bytes = Buffer.from('To: bob@example.org\r\nthe code is 4711\r\n\r\nbody');
  await assert.rejects(
    world.submission.submit(request(ana.principal, bytes)),
    (error) => error instanceof GatewayError && error.code === 'message-invalid' && !/4711/.test(error.message),
  );
});

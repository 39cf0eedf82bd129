import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { IN_OFFICE, OUT_OF_OFFICE_DOCUMENT, type OutOfOffice } from '../../src/domain/out-of-office.ts';
import { parseHeaderFields } from '../../src/formats/mime/header-fields.ts';
import { startAutoReplies } from '../../src/mail/auto-reply/auto-replies.ts';
import { mayAnswer } from '../../src/mail/auto-reply/should-answer.ts';
import { deliver } from '../../src/mail/deliver.ts';
import { FakeRelay, MailWorld, message } from './world.ts';

const DAY_MS = 86_400_000;

const text = (words: string, bodyType: 'TEXT' | 'HTML' = 'TEXT') => ({ enabled: true, text: words, bodyType }) as const;
const AWAY: OutOfOffice = {
  ...{ state: 1, start: null, end: null },
  internal: text('Dear colleague,\nback on Monday. é'),
  externalKnown: text('<p>Dear friend</p>', 'HTML'),
  externalUnknown: text('Dear stranger'),
};

async function away(t: TestContext, more: Partial<OutOfOffice> = {}, hasRelay = true) {
  const relay = new FakeRelay();
  const world = new MailWorld(t, 'memory', hasRelay ? relay : null);
  const ana = await world.user('ana@example.org', 'Ana');
  const bob = await world.user('bob@example.org');
  const set = (value: OutOfOffice) =>
    world.services.syncState.write(ana.mailboxId, CLIENT_ORIGIN, (tx) => tx.putDocument(OUT_OF_OFFICE_DOCUMENT, value));
  await set({ ...AWAY, ...more });
  const replies = startAutoReplies(world.services, world.worker);
  const send = async (sender: string, lines: readonly string[] = []) => {
    const content = [
      message([
        `From: ${sender}`,
        'To: Ana <ana@example.org>',
        'Subject: =?UTF-8?Q?Caf=C3=A9?=',
        'Message-ID: <q@x>',
        ...lines,
      ]),
    ];
    await deliver(world.services, { user: ana, address: 'ana@example.org', sender, content, operation: null });
    await replies.close();
  };
  return { world, relay, ana, bob, send, set };
}

const bodyOf = (reply: string) => Buffer.from(reply.slice(reply.indexOf('\r\n\r\n')), 'base64').toString();

test('a colleague gets the internal answer, once in seven days, as RFC 3834 §3 wants it', async (t) => {
  const { world, ana, bob, send } = await away(t);
  await send('bob@example.org');
  await send('Bob@Example.org');
  const [{ text: reply }, ...more] = (await world.held(bob.mailboxId, 'inbox')) as unknown as [{ text: string }];
  assert.equal(more.length, 0);
  assert.match(reply, /^Return-Path: <>\r\n/);
  assert.match(
    reply,
    /\r\nFrom: Ana <ana@example\.org>\r\nTo: bob@example\.org\r\nSubject: =\?UTF-8\?Q\?Auto=3A_Caf=C3=A9\?=\r\n/,
  );
  assert.match(reply, /\r\nIn-Reply-To: <q@x>\r\nReferences: <q@x>\r\nAuto-Submitted: auto-replied\r\n/);
  assert.match(reply, /\r\nContent-Type: text\/plain; charset=utf-8\r\n/);
  assert.equal(bodyOf(reply), 'Dear colleague,\r\nback on Monday. é');
  for (const role of ['outbox', 'sent'] as const) assert.deepEqual(await world.held(ana.mailboxId, role), []);
  await world.advance(7 * DAY_MS);
  await send('bob@example.org');
  assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 2);
});

test('others get the answer for strangers, or for those in the contacts', async (t) => {
  const { world, relay, ana, send } = await away(t);
  await send('stranger@elsewhere.example');
  assert.equal(relay.taken[0]!.sender, '');
  assert.deepEqual(relay.taken[0]!.recipients, ['stranger@elsewhere.example']);
  assert.equal(bodyOf(relay.taken[0]!.text), 'Dear stranger');
  const card =
    'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:F\r\nN:F;;;;\r\nEMAIL;TYPE=INTERNET:Friend@Elsewhere.example\r\nEND:VCARD\r\n';
  await world.mailboxes.write(ana.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const folder = (await tx.folders()).find(({ role }) => role === 'contacts')!;
    const index = { kind: 'VCARD', uid: '1', rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
    await tx.createItem({
      folderId: folder.id,
      name: '1.vcf',
      content: Buffer.from(card),
      contentType: 'text/vcard',
      index,
    });
  });
  await send('friend@elsewhere.example');
  assert.match(relay.taken[1]!.text, /Content-Type: text\/html; charset=utf-8/);
  assert.equal(bodyOf(relay.taken[1]!.text), '<p>Dear friend</p>');
});

test('nobody is answered who should not be: off, out of its time, not enabled, or without a way to send', async (t) => {
  const { world, relay, bob, send, set } = await away(t);
  const now = Math.floor(world.clock.now() / 1000);
  const silent: readonly OutOfOffice[] = [
    IN_OFFICE,
    { ...AWAY, state: 0 },
    { ...AWAY, state: 2, start: now + 60, end: now + 600 },
    { ...AWAY, state: 2, start: now - 600, end: now - 60 },
    { ...AWAY, internal: { ...AWAY.internal, enabled: false } },
    { ...AWAY, internal: { ...AWAY.internal, text: '' } },
  ];
  for (const value of silent) {
    await set(value);
    await send('bob@example.org');
  }
  assert.deepEqual(await world.held(bob.mailboxId, 'inbox'), []);
  await set({ ...AWAY, state: 2, start: now - 60, end: now + 60 });
  await send('bob@example.org');
  assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  assert.equal(relay.asked, 0);
  const alone = await away(t, {}, false);
  await alone.send('stranger@elsewhere.example');
  assert.deepEqual(await alone.world.held(alone.ana.mailboxId, 'outbox'), []);
});

test('an answer that cannot be delivered is reported to nobody', async (t) => {
  const { world, relay, ana, send } = await away(t);
  relay.answer = () => ({ kind: 'refused', status: '5.1.1', reason: 'no' });
  await send('stranger@elsewhere.example');
  assert.equal((await world.held(ana.mailboxId, 'inbox')).length, 1, 'the message itself');
  assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
});

test('RFC 3834 §2: programs, lists, bulk mail and what was not written to the person are not answered', () => {
  const fields = (...lines: string[]) => parseHeaderFields([...lines, ''].join('\r\n'));
  const to = 'To: x@y.example, Ana <ANA+news@example.org>';
  const judge = (sender: string, ...lines: string[]) => mayAnswer(fields(...lines), sender, 'ana@example.org');
  assert.equal(judge('bob@x.example', to), true);
  assert.equal(judge('bob@x.example', 'Cc: ana@example.org', 'Auto-Submitted: no', 'Precedence: first-class'), true);
  for (const line of [
    ...[
      'Auto-Submitted: auto-generated',
      'Precedence: bulk',
      'Precedence: List',
      'List-Id: <x>',
      'list-unsubscribe: <x>',
    ],
    ...['X-Auto-Response-Suppress: DR, OOF', 'X-Auto-Response-Suppress: All', 'X-Spam-Flag: YES'],
  ]) {
    assert.equal(judge('bob@x.example', to, line), false, line);
  }
  for (const sender of [
    ...[
      '',
      'MAILER-DAEMON@x.example',
      'postmaster@x.example',
      'no-reply@x.example',
      'NoReply2@x.example',
      'owner-list@x.example',
    ],
    ...['list-request@x.example', 'list-bounces+ana=example.org@x.example', 'ana@example.org', 'ana+x@example.org'],
  ]) {
    assert.equal(judge(sender, to), false, sender);
  }
  assert.equal(judge('bob@x.example', 'To: everybody@example.org'), false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Content, chunksOf, contentLength } from '../../src/domain/content.ts';
import { indexMessage } from '../../src/formats/mime/message-indexer.ts';
import { withoutGrowth } from '../../src/items/operations/space-guard.ts';
import type { SubmissionRequest } from '../../src/mail/submission.ts';
import type { SyncStateStore, SyncWriter } from '../../src/store/sync-state-store.ts';
import { FakeRelay, LATER, MailWorld, message, REFUSED, STORES } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function to(
  principal: SubmissionRequest['principal'],
  recipients: string,
  operation: string | null = null,
): SubmissionRequest {
  return {
    principal,
    message: message([`To: ${recipients}`, 'Subject: =?UTF-8?Q?H=C3=AB?=', 'Message-ID: <1@x>']),
    saveInSent: true,
    operation,
  };
}

/** A store whose n-th write, counted from now, ends the process: before it, or after it without anybody being told. */
function dyingAt(count: number, when: 'before' | 'after') {
  let left = count;
  return (store: SyncStateStore): SyncStateStore => ({
    read: (mailboxId) => store.read(mailboxId),
    async write(mailboxId, origin, work) {
      left -= 1;
      if (left < 0 || (left === 0 && when === 'before')) throw new Error('killed');
      const result = await store.write(mailboxId, origin, work);
      if (left === 0) throw new Error('killed');
      return result;
    },
  });
}

for (const kind of STORES) {
  test(`${kind}: killed at any write, a message is lost nowhere and doubled in no mailbox here`, async (t) => {
    // Writes: queue, Bob's Inbox, Eve's Inbox, the end of the envelope.
    for (const when of ['before', 'after'] as const) {
      for (let count = 1; count <= 4; count += 1) {
        const relay = new FakeRelay();
        const world = new MailWorld(t, kind, relay);
        const ana = await world.user('ana@example.org');
        const bob = await world.user('bob@example.org');
        const eve = await world.user('eve@example.org');
        world.restart(world.withSyncState(dyingAt(count, when)));
        const sent = to(ana.principal, 'bob@example.org, eve@example.org, x@elsewhere.example', 'phone/SendMail/1');
        const result = await world.submission.submit(sent).catch(() => 'lost answer');
        const isQueued = count > 1 || when === 'after';
        assert.equal(result, count === 1 ? 'lost answer' : 'queued');
        // The phone repeats what it had no answer to, against the server that was started again.
        world.restart(world.withSyncState((store) => store));
        await world.worker.scan();
        await world.advance(0);
        const again = await world.submission.submit(sent);
        assert.equal(again, isQueued ? 'already-sent' : 'sent', `${when} ${count}`);
        for (const { mailboxId } of [bob, eve]) {
          assert.equal((await world.held(mailboxId, 'inbox')).length, 1, `${when} ${count}`);
        }
        assert.equal((await world.held(ana.mailboxId, 'sent')).length, 1);
        assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
        assert.deepEqual(await world.documents(ana.mailboxId), []);
        // The relay is told again when the note of its answer was lost, with the same Message-ID.
        assert.equal(relay.taken.length, count === 4 && when === 'before' ? 2 : 1);
        for (const { text } of relay.taken) assert.match(text, /Message-ID: <1@x>/);
      }
    }
  });

  test(`${kind}: without a relay mail for others is kept, the sender is told once, and a relay set up later takes it`, async (t) => {
    const world = new MailWorld(t, kind);
    const ana = await world.user('ana@example.org');
    const bob = await world.user('bob@example.org');
    assert.equal(await world.submission.submit(to(ana.principal, 'bob@example.org, x@elsewhere.example')), 'queued');
    assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
    assert.equal((await world.held(ana.mailboxId, 'outbox')).length, 1);
    const [report, ...more] = await world.held(ana.mailboxId, 'inbox');
    assert.equal(more.length, 0);
    assert.match(report!.text, /Action: delayed\r\nStatus: 4\.4\.4\r\n/);
    assert.match(report!.text, /x@elsewhere\.example: this server has no relay/);
    assert.ok(
      world.lines.some(({ level, message: words }) => level === 'warn' && words === 'message kept in the Outbox'),
    );
    world.restart();
    await world.worker.scan();
    await world.advance(10 * DAY);
    assert.equal((await world.held(ana.mailboxId, 'inbox')).length, 1, 'told once');
    const relay = new FakeRelay();
    world.restart({ relay });
    await world.worker.scan();
    await world.advance(0);
    assert.deepEqual(
      relay.taken.map(({ recipients }) => recipients),
      [['x@elsewhere.example']],
    );
    assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
    assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  });
}

test('a passing failure is tried again after growing pauses, and given up after five days with a report', async (t) => {
  const relay = new FakeRelay();
  relay.answer = () => LATER;
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  assert.equal(await world.submission.submit(to(ana.principal, 'x@elsewhere.example')), 'queued');
  const asked: number[] = [];
  for (let minutes = 1; minutes <= 60; minutes += 1) {
    const before = relay.asked;
    await world.advance(MINUTE);
    if (relay.asked > before) asked.push(minutes);
  }
  assert.deepEqual(asked, [1, 3, 7, 15, 31]);
  assert.deepEqual(await world.held(ana.mailboxId, 'inbox'), []);
  for (let hours = 1; hours < 5 * 24 + 4; hours += 1) await world.advance(HOUR);
  assert.ok(relay.asked < 40, `${relay.asked} attempts`);
  const [report, ...more] = await world.held(ana.mailboxId, 'inbox');
  assert.equal(more.length, 0);
  assert.match(
    report!.text,
    /Action: failed\r\nStatus: 5\.2\.0\r\nDiagnostic-Code: X-Causeway; given up after 5 days: come back\r\n/,
  );
  assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
  assert.equal((await world.held(ana.mailboxId, 'sent')).length, 1);
  assert.deepEqual(await world.documents(ana.mailboxId), []);
  assert.equal(world.clock.pending, 0);
});

test('refused for some: the others have it, and the sender gets a report that programs can read (RFC 3464)', async (t) => {
  const relay = new FakeRelay();
  relay.answer = (address) => (address.startsWith('bad') ? REFUSED : { kind: 'accepted' });
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  assert.equal(await world.submission.submit(to(ana.principal, 'good@x.example, bad@x.example')), 'sent');
  const [report] = await world.held(ana.mailboxId, 'inbox');
  const { root, fields } = indexMessage(Buffer.from(report!.text, 'latin1'));
  assert.equal(root.mediaType, 'multipart/report');
  assert.equal(root.parameters.get('report-type'), 'delivery-status');
  assert.deepEqual(
    root.children.map(({ mediaType }) => mediaType),
    ['text/plain', 'message/delivery-status', 'text/rfc822-headers'],
  );
  const status = report!.text.slice(root.children[1]!.body.start, root.children[1]!.body.end);
  assert.match(
    status,
    /^Reporting-MTA: dns; mail\.example\.org\r\nArrival-Date: .*\r\n\r\nFinal-Recipient: rfc822; bad@x\.example\r\nAction: failed\r\nStatus: 5\.1\.1\r\n/,
  );
  const returned = report!.text.slice(root.children[2]!.body.start, root.children[2]!.body.end);
  assert.match(returned, /To: good@x\.example, bad@x\.example\r\nSubject: =\?UTF-8/);
  assert.deepEqual(
    fields.map(({ name }) => name),
    [
      ...[
        'Return-Path',
        'From',
        'To',
        'Subject',
        'Date',
        'Message-ID',
        'Auto-Submitted',
        'MIME-Version',
        'Content-Type',
      ],
    ],
  );
});

test('a relay that does not answer in time: the sender goes on, and is told later of a refusal', async (t) => {
  const relay = new FakeRelay();
  let open: () => void = () => undefined;
  relay.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  relay.answer = () => REFUSED;
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  const submitted = world.submission.submit(to(ana.principal, 'x@elsewhere.example', 'phone/1'));
  await world.settle();
  world.clock.advance(20_000);
  assert.equal(await submitted, 'queued');
  open();
  await world.settle();
  assert.equal((await world.held(ana.mailboxId, 'sent')).length, 1);
  assert.match((await world.held(ana.mailboxId, 'inbox'))[0]!.text, /Action: failed/);
  assert.equal(await world.submission.submit(to(ana.principal, 'x@elsewhere.example', 'phone/1')), 'already-sent');
});

test('a full mailbox here is tried again; one that can never hold the message refuses it', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  const bob = await world.user('bob@example.org');
  await world.mailboxes.setQuota(bob.mailboxId, { bytes: null, items: 0 });
  assert.equal(await world.submission.submit(to(ana.principal, 'bob@example.org')), 'queued');
  await world.mailboxes.setQuota(bob.mailboxId, { bytes: null, items: null });
  await world.advance(MINUTE);
  assert.equal((await world.held(bob.mailboxId, 'inbox')).length, 1);
  await world.mailboxes.setQuota(bob.mailboxId, { bytes: 50, items: null });
  await assert.rejects(world.submission.submit(to(ana.principal, 'bob@example.org')), /larger than the whole mailbox/);
});

test('what is deleted from the Outbox is not sent', async (t) => {
  const relay = new FakeRelay();
  relay.answer = () => LATER;
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  await world.submission.submit(to(ana.principal, 'x@elsewhere.example'));
  const [{ id }] = (await world.held(ana.mailboxId, 'outbox')) as unknown as [{ id: number }];
  await world.mailboxes.write(ana.mailboxId, { kind: 'client', by: null }, (tx) => tx.deleteItem(id));
  relay.answer = () => ({ kind: 'accepted' });
  await world.advance(HOUR);
  assert.deepEqual(relay.taken, []);
  assert.deepEqual(await world.documents(ana.mailboxId), []);
});

test('two programs that repeat one operation at the same time send once', async (t) => {
  const relay = new FakeRelay();
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  const sent = to(ana.principal, 'x@elsewhere.example', 'phone/1');
  const results = await Promise.all([world.submission.submit(sent), world.submission.submit(sent)]);
  assert.deepEqual(results.toSorted(), ['already-sent', 'sent']);
  assert.equal(relay.taken.length, 1);
});

test('closing waits for what is under way, then cuts it off; the next start takes it up', async (t) => {
  const relay = new FakeRelay();
  let cut: (error: Error) => void = () => undefined;
  relay.gate = new Promise((_, reject) => {
    cut = reject;
  });
  relay.gate.catch(() => undefined);
  relay.close = () => cut(new Error('cut off'));
  const world = new MailWorld(t, 'memory', relay);
  const ana = await world.user('ana@example.org');
  const submitted = world.submission.submit(to(ana.principal, 'x@elsewhere.example'));
  await world.settle();
  const closed = world.worker.close(5_000);
  world.clock.advance(5_000);
  await closed;
  assert.equal(await submitted, 'queued');
  const next = new FakeRelay();
  world.restart({ relay: next });
  await world.worker.scan();
  await world.advance(0);
  assert.equal(next.taken.length, 1);
});

test('a message of 25 MB for ten mailboxes is held once', async (t) => {
  const world = new MailWorld(t, 'memory');
  const ana = await world.user('ana@example.org');
  for (let n = 0; n < 10; n += 1) await world.user(`u${n}@example.org`);
  const size = 25 * 1024 * 1024;
  const contents: Content[] = [];
  const spying = (store: SyncStateStore): SyncStateStore => ({
    read: (mailboxId) => store.read(mailboxId),
    write: (mailboxId, origin, work) =>
      store.write(mailboxId, origin, (tx) => {
        const createItem: SyncWriter['createItem'] = (item) => {
          contents.push(item.content);
          // What is kept is not what is measured here.
          return tx.createItem({ ...item, content: [] });
        };
        return work(Object.assign(Object.create(tx), { createItem }));
      }),
  });
  world.restart(world.withSyncState(spying));
  const body = Buffer.alloc(size, 'x');
  const names = Array.from({ length: 10 }, (_, n) => `u${n}@example.org`).join(', ');
  const header = message([`To: ${names}`, 'Bcc: ana@example.org'], '');
  await world.submission.submit({
    principal: ana.principal,
    message: [header, body],
    saveInSent: true,
    operation: null,
  });
  assert.equal(contents.length, 13, 'Outbox, Sent, ten Inboxes and the own one');
  for (const content of contents) {
    assert.equal(chunksOf(content).at(-1)!.buffer, body.buffer, 'what the client sent, and no copy');
    assert.ok(contentLength(content) > size);
  }
});

for (const kind of STORES) {
  test(`${kind}: below the hard limit of the disk a message that left is settled and reported, not sent again`, async (t) => {
    const relay = new FakeRelay();
    relay.answer = () => LATER;
    const world = new MailWorld(t, kind, relay);
    const ana = await world.user('ana@example.org');
    assert.equal(await world.submission.submit(to(ana.principal, 'x@elsewhere.example')), 'queued');
    const full = (store: SyncStateStore): SyncStateStore => ({
      read: (mailboxId) => store.read(mailboxId),
      write: (mailboxId, origin, work) => store.write(mailboxId, origin, (tx) => work(withoutGrowth(tx))),
    });
    await world.worker.close(0);
    world.restart(world.withSyncState(full));
    relay.answer = () => REFUSED;
    await world.worker.scan();
    await world.advance(MINUTE);
    const asked = relay.asked;
    assert.deepEqual(await world.held(ana.mailboxId, 'outbox'), []);
    const [report, ...more] = await world.held(ana.mailboxId, 'inbox');
    assert.match(report?.text ?? '', /^Subject: Not delivered: /m);
    assert.deepEqual(more, []);
    await world.advance(DAY);
    assert.equal(relay.asked, asked);
    const again = world.submission.submit(to(ana.principal, 'x@elsewhere.example'));
    await assert.rejects(again, { code: 'storage-full', message: /hard limit/ });
  });
}

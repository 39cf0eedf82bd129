import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGatewayError } from '../../src/domain/errors.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { createMailboxWithDefaults } from '../../src/items/default-folders.ts';
import { drainedStore } from '../../src/items/drained/drained-store.ts';
import { drainStamp } from '../../src/items/drained/explanation.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';

async function bench() {
  const clock = fakeClock();
  const random = (length: number) => new Uint8Array(length);
  const { mailboxes: store } = createMemoryStores({ clock, random, publish() {} });
  const mailboxId = await createMailboxWithDefaults({ store, clock, random, limits: DEFAULT_LIMITS });
  const drain = { mailboxId, owner: 'ann@example.org', client: 'Ann’s; phone, old', at: clock.now() };
  const emptied: number[] = [];
  const drained = drainedStore(store, drain, (id) => emptied.push(id));
  return { store, mailboxId, drain, emptied, drained, reader: drained.read(mailboxId) };
}

test('in each folder stands one item of its class, found by id, name, UID, list and feed alike', async () => {
  const { reader, emptied, drain } = await bench();
  const folders = await reader.folders();
  assert.equal(folders.length, 10);
  for (const folder of folders) {
    const { items, next } = await reader.list(folder.id, { limit: 500, withContent: true });
    const [{ item, content } = { item: null, content: null }, ...others] = items;
    assert.ok(item !== null && content && others.length === 0 && next === null, folder.name);
    const text = Buffer.from(content).toString();
    assert.match(
      text.replaceAll('\r\n ', ''),
      /This device was emptied[\s\S]*Ann’s\\?; phone\\?, old holds of ann@example\.org/,
    );
    assert.ok(text.split('\r\n').every((line) => folder.itemClass === 'mail' || Buffer.byteLength(line) <= 75));
    assert.deepEqual(await reader.item(item.id), item);
    assert.deepEqual(await reader.itemByName(folder.id, item.name), item);
    assert.equal(item.uid === null ? 1 : (await reader.itemsByUid(item.uid, folder.id)).length, 1);
    assert.equal((await reader.itemsByNames(folder.id, [item.name, 'x'], false)).length, 1);
    const page = await reader.changes(folder.id, 0, 10, true);
    assert.deepEqual([page.entries.length, page.next, folder.last], [1, drainStamp(drain), drainStamp(drain)]);
    assert.deepEqual((await reader.changes(folder.id, page.next, 10, false)).entries, []);
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.content(item.id, { start: 1, end: 4 })) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), text.slice(1, 4));
  }
  assert.deepEqual(
    [...new Set(emptied)],
    folders.map(({ id }) => id),
  );
});

test('nothing of what is really there is read, and no cursor of before is valid', async () => {
  const { store, mailboxId, reader } = await bench();
  const [inbox] = await store.read(mailboxId).folders();
  const content = Buffer.from('Subject: secret\r\n\r\n');
  const index = { kind: 'MESSAGE', uid: 'u', rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
  const real = await store.write(mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.createItem({ folderId: inbox!.id, name: 'a', content, contentType: 'message/rfc822', index }),
  );
  assert.equal(await reader.item(real.id), null);
  assert.equal(await reader.itemByName(inbox!.id, 'a'), null);
  assert.deepEqual(await reader.itemsByUid('u'), []);
  await assert.rejects(async () => {
    for await (const _ of reader.content(real.id)) assert.fail('there is no content');
  }, /does not exist/);
  for (const since of [1, real.rev, real.rev + 1]) {
    await assert.rejects(reader.changes(inbox!.id, since, 10, false), (error) =>
      isGatewayError(error, 'cursor-expired'),
    );
  }
});

test('a list may be narrowed by kind, time and place', async () => {
  const { reader, drain } = await bench();
  const calendar = (await reader.folders()).find(({ role }) => role === 'calendar')!;
  const count = async (query: object) =>
    (await reader.list(calendar.id, { limit: 5, withContent: false, ...query })).items.length;
  const now = drain.at / 1000;
  assert.equal(await count({ kind: 'VEVENT' }), 1);
  assert.equal(await count({ kind: 'VTODO' }), 0);
  assert.equal(await count({ range: { start: now - 100_000, end: now + 100_000 } }), 1);
  assert.equal(await count({ range: { start: now + 1_000_000 } }), 0);
  const [{ item } = { item: null }] = (await reader.list(calendar.id, { limit: 5, withContent: false })).items;
  assert.equal(await count({ after: item!.id }), 0);
});

test('nothing is written', async () => {
  const { drained, mailboxId } = await bench();
  const denied = (error: unknown) => isGatewayError(error, 'access-denied') && /was emptied/.test(error.message);
  await assert.rejects(
    drained.write(mailboxId, CLIENT_ORIGIN, async () => assert.fail('no work is done')),
    denied,
  );
  await assert.rejects(drained.createMailbox(), denied);
  await assert.rejects(drained.removeMailbox(mailboxId), denied);
  await assert.rejects(drained.setQuota(mailboxId, { bytes: 1, items: 1 }), denied);
  await assert.rejects(drained.prune(mailboxId, 1), denied);
});

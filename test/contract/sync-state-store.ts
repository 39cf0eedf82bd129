import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ABOVE_ALL, LOWEST_KEY } from '../../src/domain/edge.ts';
import type { Item } from '../../src/domain/item.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { ConflictLoser, FeedRow, JournalEntry, SyncWriter } from '../../src/store/sync-state-store.ts';
import { entryOf, partnershipOf } from './partnership-fixture.ts';
import { bytes, mailboxWithFolder, newFolder, newIndex, newItem, type OpenStore } from './store-under-test.ts';

const EVERYTHING = { low: { key: LOWEST_KEY, id: 0 }, high: ABOVE_ALL };

/** Everything a SyncStateStore must do, run whole over every adapter. */
export function syncStateStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: SyncStateStore`, () => {
    describe('state', () => stateContract(open));
    describe('writers', () => writerContract(open));
    describe('reads of a partnership', () => readContract(open));
  });
}

async function fixture(open: OpenStore) {
  const store = await open();
  const { mailboxId, folder, write, add } = await mailboxWithFolder(store);
  const { syncState } = store;
  const sync = <T>(work: (tx: SyncWriter) => Promise<T>, origin = CLIENT_ORIGIN): Promise<T> =>
    syncState.write(mailboxId, origin, work);
  return { store, mailboxId, folder, write, add, sync, read: syncState.read(mailboxId) };
}

function stateContract(open: OpenStore): void {
  test('a partnership is read as it was written, and replaced', async () => {
    const { folder, sync, read } = await fixture(open);
    assert.equal(await read.partnership(folder.id, 'p'), null);
    const first = partnershipOf(folder.id, 'p');
    await sync((tx) => tx.putPartnership(first));
    assert.deepEqual(await read.partnership(folder.id, 'p'), first);
    const second = { ...first, number: 2, answers: 6, previous: null };
    await sync((tx) => tx.putPartnership(second));
    assert.deepEqual(await read.partnership(folder.id, 'p'), second);
    assert.equal(await read.partnership(folder.id, 'P'), null);
  });

  test('partnerships are listed for the mailbox and for one device', async () => {
    const { folder, sync, read } = await fixture(open);
    await sync((tx) => tx.putPartnership(partnershipOf(folder.id, 'a')));
    await sync((tx) => tx.putPartnership(partnershipOf(folder.id, 'b')));
    assert.deepEqual((await read.partnerships()).map(({ device }) => device).sort(), ['a', 'b']);
    assert.deepEqual(
      (await read.partnerships('b')).map(({ device }) => device),
      ['b'],
    );
  });

  test('state, items and log are committed together or not at all', async () => {
    const { folder, sync, read } = await fixture(open);
    const { head } = await read.mailbox();
    const work = sync(async (tx) => {
      await tx.createItem(newItem(folder.id, 'a'));
      await tx.putPartnership(partnershipOf(folder.id, 'p'));
      await tx.putCommand(folder.id, 'p', 'journal', entryOf('x'));
      await tx.keepConflictLoser({ ...LOSER, folderId: folder.id });
      assert.notEqual(await tx.partnership(folder.id, 'p'), null);
      assert.equal((await tx.commands(folder.id, 'p', 'journal')).length, 1);
      throw new RangeError('no');
    });
    await assert.rejects(work, RangeError);
    assert.equal(await read.partnership(folder.id, 'p'), null);
    assert.deepEqual(await read.commands(folder.id, 'p', 'journal'), []);
    assert.deepEqual(await read.conflictLosers(), []);
    assert.equal((await read.mailbox()).head, head);
  });

  test('lists keep the order of first putting, replace by name, and are apart from each other', async () => {
    const { folder, sync, read } = await fixture(open);
    await sync(async (tx) => {
      for (const name of ['b', 'a', 'c']) await tx.putCommand(folder.id, 'p', 'journal', entryOf(name));
      await tx.putCommand(folder.id, 'p', 'journal', entryOf('a', { status: 'conflict', hashes: ['h', 'i'] }));
      await tx.putCommand(folder.id, 'p', 'carried', entryOf('z'));
      await tx.putCommand(folder.id, 'q', 'journal', entryOf('y'));
    });
    const journal = await read.commands(folder.id, 'p', 'journal');
    assert.deepEqual(journal, [entryOf('b'), entryOf('a', { status: 'conflict', hashes: ['h', 'i'] }), entryOf('c')]);
    await sync((tx) => tx.removeCommand(folder.id, 'p', 'journal', 'b'));
    await sync((tx) => tx.clearCommands(folder.id, 'p', 'carried'));
    assert.deepEqual(names(await read.commands(folder.id, 'p', 'journal')), ['a', 'c']);
    assert.deepEqual(await read.commands(folder.id, 'p', 'carried'), []);
    assert.deepEqual(names(await read.commands(folder.id, 'q', 'journal')), ['y']);
  });

  test('a partnership is forgotten with its lists, also when its folder goes', async () => {
    const { folder, sync, read, write } = await fixture(open);
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    for (const [folderId, device] of [
      [folder.id, 'p'],
      [folder.id, 'q'],
      [other.id, 'p'],
    ] as const) {
      await sync((tx) => tx.putPartnership(partnershipOf(folderId, device)));
      await sync((tx) => tx.putCommand(folderId, device, 'journal', entryOf('x')));
    }
    await sync((tx) => tx.removePartnership(folder.id, 'p'));
    assert.equal((await read.partnerships()).length, 2);
    assert.deepEqual(await read.commands(folder.id, 'p', 'journal'), []);
    await write((tx) => tx.deleteFolder(folder.id));
    assert.deepEqual(
      (await read.partnerships()).map(({ folderId }) => folderId),
      [other.id],
    );
    assert.deepEqual(await read.commands(folder.id, 'q', 'journal'), []);
    assert.deepEqual(names(await read.commands(other.id, 'p', 'journal')), ['x']);
  });

  test('numbers of partnerships are never given twice', async () => {
    const { sync } = await fixture(open);
    const taken = [];
    for (let n = 0; n < 3; n += 1) taken.push(await sync((tx) => tx.takePartnershipNumber()));
    assert.deepEqual(taken, [1, 2, 3]);
  });

  test('losing versions are kept with their bytes until they are old', async () => {
    const { folder, sync, read } = await fixture(open);
    await sync((tx) => tx.keepConflictLoser({ ...LOSER, folderId: folder.id, at: 100 }));
    await sync((tx) => tx.keepConflictLoser({ ...LOSER, folderId: folder.id, at: 200, side: 'server' }));
    const kept = await read.conflictLosers();
    assert.deepEqual(
      kept.map(({ at, side }) => [at, side]),
      [
        [100, 'client'],
        [200, 'server'],
      ],
    );
    assert.deepEqual(Buffer.from(kept[0]!.content), Buffer.from('lost'));
    assert.equal(await sync((tx) => tx.dropConflictLosers(200)), 1);
    assert.deepEqual(
      (await read.conflictLosers()).map(({ at }) => at),
      [200],
    );
  });

  test('state outlives a close, where anything does', async () => {
    const { store, mailboxId, folder, sync } = await fixture(open);
    await sync((tx) => tx.putPartnership(partnershipOf(folder.id, 'p')));
    const again = (await store.reopen?.()) ?? store;
    const read = again.syncState.read(mailboxId);
    assert.deepEqual(await read.partnership(folder.id, 'p'), partnershipOf(folder.id, 'p'));
  });
}

const LOSER: Omit<ConflictLoser, 'id'> = {
  ...{ folderId: 0, itemId: 3, device: 'p', at: 1, side: 'client', rule: 'server-wins' },
  ...{ contentType: 'text/calendar', content: bytes('lost') },
};

function writerContract(open: OpenStore): void {
  test('writes carry the partnership that signs them, one by one', async () => {
    const { folder, sync, read } = await fixture(open);
    const made = await sync(
      async (tx) => [
        await tx.createItem(newItem(folder.id, 'a')),
        await tx.signed(null).createItem(newItem(folder.id, 'b')),
        await tx.signed(6).createItem(newItem(folder.id, 'c')),
      ],
      { kind: 'client', by: 5 },
    );
    assert.deepEqual(
      made.map(({ by }) => by),
      [5, null, 6],
    );
    const rows = await read.feedRows(folder.id, folder.rev, 10);
    assert.deepEqual(
      rows.map(({ log }) => log?.by),
      [5, null, 6],
    );
    await sync((tx) => tx.signed(9).deleteItem(made[0]!.id));
    assert.equal((await read.feedRows(folder.id, made[2]!.rev, 10))[0]?.log?.by, 9);
  });

  test('a new stamp signed by nobody changes nothing else', async () => {
    const { folder, sync, read } = await fixture(open);
    const item = await sync((tx) => tx.signed(5).createItem(newItem(folder.id, 'a')));
    const stamped = await sync((tx) => tx.restamp(item.id));
    assert.ok(stamped.rev > item.rev);
    assert.deepEqual(await read.item(item.id), { ...item, rev: stamped.rev, by: null });
    assert.equal((await read.folder(folder.id))?.last, stamped.rev);
    await assert.rejects(
      sync((tx) => tx.restamp(99)),
      { code: 'item-not-found' },
    );
  });

  test('what was kept of a finished transaction refuses to write', async () => {
    const { folder, sync } = await fixture(open);
    const kept = await sync(async (tx) => ({ tx, signed: tx.signed(1) }));
    await assert.rejects(kept.tx.takePartnershipNumber(), TypeError);
    await assert.rejects(kept.signed.createItem(newItem(folder.id, 'a')), TypeError);
  });
}

function readContract(open: OpenStore): void {
  test('the feed merges log rows and last writes in stamp order, and gives items in the row’s stay only', async () => {
    const { folder, write, add, read } = await fixture(open);
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const [a, b, c] = [await add('a', 'a', { filterKey: 10 }), await add('b'), await add('c')];
    const since = c.rev;
    const content = (filterKey: number) => ({
      content: bytes('x'),
      contentType: 't/x',
      index: newIndex({ filterKey }),
    });
    await write((tx) => tx.setFlags(b.id, { read: true }));
    await write((tx) => tx.replaceContent(a.id, content(20)));
    await write((tx) => tx.moveItem(c.id, other.id, 'c'));
    await write((tx) => tx.moveItem(c.id, folder.id, 'c'));
    await write((tx) => tx.deleteItem(b.id));
    const rows = await read.feedRows(folder.id, since, 10);
    assert.deepEqual(rows.map(shown), ['a 10>20 live', 'c 3600>null gone', 'c null>3600 live', 'b 3600>null gone']);
    const [first] = await read.feedRows(folder.id, since, 1);
    assert.deepEqual(first, rows[0]);
    assert.deepEqual(await read.feedRows(folder.id, rows[1]!.stamp, 10), rows.slice(2));
    assert.deepEqual(await read.feedRows(folder.id, rows[3]!.stamp, 10), []);

    function shown({ itemId, log, item }: FeedRow): string {
      const name = { [a.id]: 'a', [b.id]: 'b', [c.id]: 'c' }[itemId];
      return `${name} ${log === null ? 'edit' : `${log.before}>${log.after}`} ${item === null ? 'gone' : 'live'}`;
    }
  });

  test('a plain edit is a row without log, at its last stamp only', async () => {
    const { folder, write, add, read } = await fixture(open);
    const item = await add('a');
    await write((tx) => tx.setFlags(item.id, { read: true }));
    const now = await write((tx) => tx.setFlags(item.id, { read: false }));
    assert.deepEqual(await read.feedRows(folder.id, item.rev, 10), [
      { stamp: now.rev, itemId: item.id, log: null, item: now },
    ]);
  });

  test('a log row is found by its stamp until it is pruned', async () => {
    const { store, mailboxId, folder, add, read } = await fixture(open);
    const item = await add('a');
    const row = { stamp: item.rev, itemId: item.id, stay: item.rev, before: null, after: 3600, by: null };
    assert.deepEqual(await read.logRowAt(folder.id, item.rev), row);
    await store.mailboxes.prune(mailboxId, item.rev);
    assert.equal(await read.logRowAt(folder.id, item.rev), null);
  });

  test('items around an edge come in the order of filter key and id, from either end', async () => {
    const { folder, add, read, write } = await fixture(open);
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    await write((tx) => tx.createItem(newItem(other.id, 'x', 'x', { filterKey: 5 })));
    const made: Item[] = [];
    for (const filterKey of [5, -7, 5, 9, 0]) made.push(await add(`n${made.length}`, 'x', { filterKey }));
    const ids = async (range: typeof EVERYTHING, order: 'up' | 'down', limit = 10) =>
      (await read.itemsBetween(folder.id, range, order, limit)).map(({ id }) => made.findIndex((one) => one.id === id));
    assert.deepEqual(await ids(EVERYTHING, 'up'), [1, 4, 0, 2, 3]);
    assert.deepEqual(await ids(EVERYTHING, 'down', 2), [3, 2]);
    const [low, high] = [
      { key: 5, id: made[0]!.id + 1 },
      { key: 9, id: made[3]!.id },
    ];
    assert.deepEqual(await ids({ low, high }, 'up'), [2]);
    assert.deepEqual(await ids({ low: { key: 5, id: made[0]!.id }, high: low }, 'up'), [0]);
    assert.equal(await read.hasItemBetween(folder.id, { low, high }), true);
    assert.equal(await read.hasItemBetween(folder.id, { low: high, high }), false);
    assert.equal(await read.hasItemBetween(folder.id, { low: { key: 6, id: 0 }, high }), false);
  });
}

function names(entries: readonly JournalEntry[]): string[] {
  return entries.map(({ name }) => name);
}

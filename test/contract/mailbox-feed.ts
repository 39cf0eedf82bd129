import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../src/domain/changes.ts';
import { bytes, mailboxWithFolder, newFolder, newIndex, type OpenStore, text } from './store-under-test.ts';

export function feedContract(open: OpenStore): void {
  const fixture = async () => mailboxWithFolder(await open());

  test('a feed from 0 gives all that is there, and no removals', async () => {
    const { folder, add, write, read, last } = await fixture();
    const gone = await add('gone');
    await add('b');
    await add('a');
    await write((tx) => tx.deleteItem(gone.id));
    const page = await read.changes(folder.id, 0, 10, false);
    assert.deepEqual(shown(page.entries), ['b', 'a']);
    assert.equal(page.next, await last());
    assert.equal(page.more, false);
    assert.equal('contents' in page, false);
  });

  test('nothing new is an empty page that keeps the cursor', async () => {
    const { folder, add, read, last } = await fixture();
    await add('a');
    const next = await last();
    assert.deepEqual(await read.changes(folder.id, next, 10, false), { entries: [], next, more: false });
  });

  test('each kind of write appears once, at its stamp', async () => {
    const { folder, add, write, read, last } = await fixture();
    const [a, b, c, d] = [await add('a'), await add('b'), await add('c'), await add('d')];
    const since = await last();
    const fresh = { content: bytes('new'), contentType: 'text/calendar', index: newIndex() };
    await write((tx) => tx.replaceContent(a.id, fresh));
    await write((tx) => tx.setFlags(b.id, { read: true }));
    await write((tx) => tx.deleteItem(c.id));
    await write((tx) => tx.replaceContent(a.id, fresh));
    const { entries } = await read.changes(folder.id, since, 10, false);
    assert.deepEqual(shown(entries), ['b', '-c', 'a']);
    assert.deepEqual(
      entries.map(({ stamp }) => stamp),
      entries.map(({ stamp }) => stamp).sort((x, y) => x - y),
    );
    assert.ok(entries.every((entry) => entry.kind !== 'changed' || entry.item.id !== d.id));
  });

  test('an item moved out is removed here and changed there', async () => {
    const { folder, add, write, read, last } = await fixture();
    const item = await add('a');
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const [here, there] = [await last(), await last(other.id)];
    await write((tx) => tx.moveItem(item.id, other.id, 'z'));
    const left = await read.changes(folder.id, here, 10, false);
    assert.deepEqual(shown(left.entries), ['-a']);
    assert.equal(left.entries[0]?.kind === 'removed' && left.entries[0].itemId, item.id);
    assert.deepEqual(shown((await read.changes(other.id, there, 10, false)).entries), ['z']);
  });

  test('an item that left and came back to its name is changed only', async () => {
    const { folder, add, write, read, last } = await fixture();
    const item = await add('a');
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const since = await last();
    await write((tx) => tx.moveItem(item.id, other.id, 'a'));
    await write((tx) => tx.moveItem(item.id, folder.id, 'a'));
    assert.deepEqual(shown((await read.changes(folder.id, since, 10, false)).entries), ['a']);
    assert.deepEqual(shown((await read.changes(other.id, (await read.folder(other.id))!.rev, 10, false)).entries), [
      '-a',
    ]);
  });

  test('a name deleted and made again is the new item, not a removal', async () => {
    const { folder, add, write, read, last } = await fixture();
    const item = await add('a');
    const since = await last();
    await write((tx) => tx.deleteItem(item.id));
    const fresh = await add('a');
    const { entries } = await read.changes(folder.id, since, 10, false);
    assert.equal(entries.length, 1);
    assert.equal(entries[0]?.kind === 'changed' && entries[0].item.id, fresh.id);
  });

  test('a rename is the removal of the old name and a change under the new one', async () => {
    const { folder, add, write, read, last } = await fixture();
    const item = await add('a');
    const since = await last();
    await write((tx) => tx.moveItem(item.id, folder.id, 'b'));
    assert.deepEqual(shown((await read.changes(folder.id, since, 10, false)).entries), ['-a', 'b']);
    const first = await read.changes(folder.id, since, 1, false);
    assert.deepEqual([shown(first.entries), first.more], [['-a'], true]);
    const second = await read.changes(folder.id, first.next, 1, false);
    assert.deepEqual([shown(second.entries), second.more], [['b'], false]);
  });

  test('a name removed more than once is reported once', async () => {
    const { folder, add, write, read, last } = await fixture();
    const since = await last();
    for (let n = 0; n < 3; n += 1) {
      const { id } = await add('a');
      await write((tx) => tx.deleteItem(id));
    }
    assert.deepEqual(shown((await read.changes(folder.id, since, 10, false)).entries), ['-a']);
  });

  test('a page is full at its limit and says whether there is more', async () => {
    const { folder, add, read, last } = await fixture();
    for (const name of ['a', 'b', 'c']) await add(name);
    const page = await read.changes(folder.id, 0, 2, false);
    assert.deepEqual([shown(page.entries), page.more], [['a', 'b'], true]);
    assert.equal(page.next, page.entries[1]?.stamp);
    const rest = await read.changes(folder.id, page.next, 1, false, page.floor);
    assert.deepEqual([shown(rest.entries), rest.more, rest.next], [['c'], false, await last()]);
    await assert.rejects(read.changes(folder.id, 0, 0, false), TypeError);
  });

  test('content comes with the changes when asked for', async () => {
    const { folder, add, read, write } = await fixture();
    const a = await add('a', 'body of a');
    const b = await add('b', 'body of b');
    const gone = await add('c');
    await write((tx) => tx.deleteItem(gone.id));
    const { contents } = await read.changes(folder.id, a.rev, 10, true);
    assert.deepEqual(
      [...contents!].map(([id, content]) => [id, text(content)]),
      [[b.id, 'body of b']],
    );
  });

  test('a change of the folder alone moves its cursor without an entry', async () => {
    const { folder, write, read, last, add } = await fixture();
    await add('a');
    const since = await last();
    const changed = await write((tx) => tx.updateFolder(folder.id, { displayName: 'x' }));
    const page = await read.changes(folder.id, since, 10, false);
    assert.deepEqual(page, { entries: [], next: changed.rev, more: false });
  });

  test('writes in one folder leave the cursor of another', async () => {
    const { add, write, last } = await fixture();
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    await add('a');
    assert.equal(await last(other.id), other.rev);
  });

  test('a cursor beyond the folder has expired; a folder that is not there is not found', async () => {
    const { folder, read, last } = await fixture();
    await assert.rejects(read.changes(folder.id, (await last()) + 1, 10, false), { code: 'cursor-expired' });
    await assert.rejects(read.changes(99, 0, 10, false), { code: 'folder-not-found' });
    await assert.rejects(read.changes(folder.id, -1, 10, false), TypeError);
    await assert.rejects(read.changes(folder.id, 0.5, 10, false), TypeError);
  });

  test('pruning expires the older cursors of the folders concerned, and of no other', async () => {
    const store = await open();
    const { folder, add, write, read, mailboxId, last } = await mailboxWithFolder(store);
    const quiet = await write((tx) => tx.createFolder(newFolder('quiet')));
    const [old, quietCursor] = [await last(), quiet.last];
    const a = await add('a');
    await add('b');
    const middle = await last();
    await write((tx) => tx.deleteItem(a.id));
    assert.equal(await store.mailboxes.prune(mailboxId, middle), 2);
    assert.equal((await read.folder(folder.id))?.pruned, middle);
    assert.equal((await read.folder(quiet.id))?.pruned, 0);
    await assert.rejects(read.changes(folder.id, old, 10, false), { code: 'cursor-expired' });
    assert.deepEqual(shown((await read.changes(folder.id, middle, 10, false)).entries), ['-a']);
    assert.deepEqual((await read.changes(quiet.id, quietCursor, 10, false)).entries, []);
    assert.deepEqual(shown((await read.changes(folder.id, 0, 10, false)).entries), ['b']);
    assert.equal(await store.mailboxes.prune(mailboxId, middle), 0);
  });

  test('pruning takes removed folders out of the folder feed', async () => {
    const store = await open();
    const { folder, write, read, mailboxId } = await mailboxWithFolder(store);
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const before = (await read.folderChanges(0, 10)).next;
    await write((tx) => tx.deleteFolder(folder.id));
    const { head } = await read.mailbox();
    await store.mailboxes.prune(mailboxId, head);
    await assert.rejects(read.folderChanges(before, 10), { code: 'cursor-expired' });
    const { entries, next } = await read.folderChanges(0, 10);
    assert.deepEqual(
      entries.map((entry) => entry.kind === 'changed' && entry.folder.id),
      [other.id],
    );
    assert.equal(next, head);
  });

  test('a folder whose log was pruned can be read from 0 in pages, also while it is written to', async () => {
    const store = await open();
    const { folder, add, write, read, mailboxId } = await mailboxWithFolder(store);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await add(name);
    for (let n = 0; n < 3; n += 1) {
      const { id } = await add('x');
      await write((tx) => tx.deleteItem(id));
    }
    await store.mailboxes.prune(mailboxId, (await read.mailbox()).head);
    const first = await read.changes(folder.id, 0, 2, false);
    assert.deepEqual([shown(first.entries), first.more], [['a', 'b'], true]);
    const a = (await read.itemByName(folder.id, 'a'))!;
    await write((tx) => tx.deleteItem(a.id));
    const second = await read.changes(folder.id, first.next, 2, false, first.floor);
    assert.deepEqual([shown(second.entries), second.more], [['c', 'd'], true]);
    const third = await read.changes(folder.id, second.next, 2, false, second.floor);
    assert.deepEqual([shown(third.entries), third.more, third.floor], [['e', '-a'], false, undefined]);
    await store.mailboxes.prune(mailboxId, (await read.mailbox()).head);
    await assert.rejects(read.changes(folder.id, second.next, 2, false, second.floor), { code: 'cursor-expired' });
  });

  test('stamps can be found by age to the hour, never too high', async () => {
    const store = await open();
    const hour = 3_600_000;
    const start = store.clock.now();
    const { add, read, mailboxId } = await mailboxWithFolder(store);
    const early = (await add('a')).rev;
    store.clock.advance(5 * hour);
    const late = (await add('b')).rev;
    assert.equal(await store.mailboxes.stampAt(mailboxId, start - hour), 0);
    assert.equal(await store.mailboxes.stampAt(mailboxId, start + 2 * hour), early);
    assert.equal(await store.mailboxes.stampAt(mailboxId, start + 5 * hour), early);
    assert.equal(await store.mailboxes.stampAt(mailboxId, start + 7 * hour), late);
    store.clock.turnBack(55 * hour);
    await add('c');
    assert.equal(await store.mailboxes.stampAt(mailboxId, start - 40 * hour), 0);
    assert.equal(await store.mailboxes.stampAt(mailboxId, start + 7 * hour), (await read.mailbox()).head);
  });
}

/** Entries as words: a changed item's name, a removed name with a minus before it. */
export function shown(entries: readonly Change[]): string[] {
  return entries.map((entry) => (entry.kind === 'changed' ? entry.item.name : `-${entry.name}`));
}

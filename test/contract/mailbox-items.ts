import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDLESS, type Item, type ItemFlags } from '../../src/domain/item.ts';
import {
  bytes,
  collect,
  newFolder,
  newIndex,
  newItem,
  type OpenStore,
  openedWithFolder,
  text,
} from './store-under-test.ts';

export function itemContract(open: OpenStore): void {
  const fixture = () => openedWithFolder(open);

  test('an item is read back whole', async () => {
    const { folder, write, read, store, mailboxId } = await fixture();
    const flags = { read: true, flagged: false, categories: ['Läufe', 'b'] };
    const index = { kind: 'VTODO', uid: 'u-1', rangeStart: -5, rangeEnd: ENDLESS, filterKey: ENDLESS } as const;
    const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'ä b.ics', 'body', index), flags }));
    const expected: Item = {
      ...index,
      mailboxId,
      id: item.id,
      folderId: folder.id,
      name: 'ä b.ics',
      size: 4,
      contentType: 'text/calendar',
      entered: item.rev,
      rev: item.rev,
      contentRev: item.rev,
      by: null,
      createdAt: store.clock.now(),
      modifiedAt: store.clock.now(),
      flags,
      flagRevs: {},
    };
    assert.deepEqual(item, expected);
    assert.deepEqual(await read.item(item.id), expected);
    assert.deepEqual(await read.itemByName(folder.id, 'ä b.ics'), expected);
    assert.equal(text(await collect(read.content(item.id))), 'body');
  });

  test('a missing item is null; a missing folder rejects', async () => {
    const { folder, read } = await fixture();
    assert.equal(await read.item(99), null);
    assert.equal(await read.itemByName(folder.id, 'none'), null);
    await assert.rejects(read.itemByName(99, 'none'), { code: 'folder-not-found' });
    await assert.rejects(read.itemsByNames(99, ['none'], false), { code: 'folder-not-found' });
    await assert.rejects(read.itemsByUid('u', 99), { code: 'folder-not-found' });
    await assert.rejects(collect(read.content(99)), { code: 'item-not-found' });
  });

  test('an item id is never given twice, not even that of the last one deleted', async () => {
    const { add, write } = await fixture();
    const first = await add('a');
    const second = await add('b');
    await write((tx) => tx.deleteItem(second.id));
    const third = await add('c');
    assert.ok(first.id < second.id && second.id < third.id);
    await write(async (tx) => {
      await tx.deleteItem(first.id);
      await tx.deleteItem(third.id);
    });
    assert.ok((await add('d')).id > third.id);
  });

  test('a name is unique in its folder, case-sensitive, and free in another', async () => {
    const { add, write } = await fixture();
    await add('a.ics');
    await assert.rejects(add('a.ics'), { code: 'name-taken' });
    await add('A.ics');
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    await write((tx) => tx.createItem(newItem(other.id, 'a.ics')));
  });

  test('names that differ only in Unicode form or hold odd characters are different names', async () => {
    const { add, read, folder } = await fixture();
    const names = ['\u00e9', 'e\u0301', "o'brien", '%', 'a_b', '"', '\\', '😀', ' '];
    for (const name of names) await add(name);
    for (const name of names) assert.equal((await read.itemByName(folder.id, name))?.name, name);
    const found = await read.itemsByNames(folder.id, names, true);
    assert.deepEqual(found.map(({ content }) => text(content)).sort(), [...names].sort());
  });

  test('an item keeps its id, content and content revision when it is moved, and begins a new stay', async () => {
    const { add, write, read, folder } = await fixture();
    const item = await add('a', 'body');
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const moved = await write((tx) => tx.moveItem(item.id, other.id, 'b'));
    assert.deepEqual(moved, { ...item, folderId: other.id, name: 'b', entered: moved.rev, rev: moved.rev });
    assert.ok(moved.rev > item.rev);
    assert.equal(await read.itemByName(folder.id, 'a'), null);
    assert.deepEqual(await read.itemByName(other.id, 'b'), moved);
    assert.equal(text(await collect(read.content(item.id))), 'body');
  });

  test('a rename inside the folder keeps the stay', async () => {
    const { add, write, folder } = await fixture();
    const item = await add('a');
    const renamed = await write((tx) => tx.moveItem(item.id, folder.id, 'b'));
    assert.deepEqual(renamed, { ...item, name: 'b', rev: renamed.rev });
    assert.ok(renamed.rev > item.rev);
  });

  test('a move to where the item already is changes nothing', async () => {
    const { add, write, folder, last } = await fixture();
    const item = await add('a');
    assert.deepEqual(await write((tx) => tx.moveItem(item.id, folder.id, 'a')), item);
    assert.equal(await last(), item.rev);
  });

  test('a move onto a taken name, of nothing or to nowhere is refused', async () => {
    const { add, write, folder } = await fixture();
    const item = await add('a');
    await add('b');
    await assert.rejects(
      write((tx) => tx.moveItem(item.id, folder.id, 'b')),
      { code: 'name-taken' },
    );
    await assert.rejects(
      write((tx) => tx.moveItem(item.id, 99, 'a')),
      { code: 'folder-not-found' },
    );
    await assert.rejects(
      write((tx) => tx.moveItem(99, folder.id, 'x')),
      { code: 'item-not-found' },
    );
  });

  test('two items can swap names in one transaction', async () => {
    const { add, write, folder, read } = await fixture();
    const a = await add('a');
    const b = await add('b');
    await write(async (tx) => {
      await tx.moveItem(a.id, folder.id, 'c');
      await tx.moveItem(b.id, folder.id, 'a');
      await tx.moveItem(a.id, folder.id, 'b');
    });
    assert.equal((await read.itemByName(folder.id, 'a'))?.id, b.id);
    assert.equal((await read.itemByName(folder.id, 'b'))?.id, a.id);
  });

  test('new content takes a new revision and replaces index and bytes', async () => {
    const { add, write, read, store } = await fixture();
    const item = await add('a', 'old');
    store.clock.advance(5000);
    const index = newIndex({ uid: 'new', rangeStart: 7, rangeEnd: 8, filterKey: 8 });
    const fresh = { content: bytes('newer'), contentType: 'text/x', index };
    const changed = await write((tx) => tx.replaceContent(item.id, fresh));
    const at = { rev: changed.rev, contentRev: changed.rev, modifiedAt: store.clock.now() };
    assert.deepEqual(changed, { ...item, ...index, ...at, size: 5, contentType: 'text/x' });
    assert.ok(changed.rev > item.rev);
    assert.deepEqual(await read.item(item.id), changed);
    assert.equal(text(await collect(read.content(item.id))), 'newer');
  });

  test('flags take a stamp but leave content and its revision', async () => {
    const { add, write, read } = await fixture();
    const item = await add('a', 'body');
    const flagged = await write((tx) => tx.setFlags(item.id, { flagged: true }));
    assert.equal(flagged.contentRev, item.contentRev);
    assert.ok(flagged.rev > item.rev);
    assert.deepEqual(flagged.flags, { flagged: true });
    assert.deepEqual((await read.item(item.id))?.flags, { flagged: true });
    assert.deepEqual((await write((tx) => tx.setFlags(item.id, {}))).flags, {});
  });

  test('each aspect of the flags has the stamp of the write that changed it; content, name and place have none', async () => {
    const { add, write, read, folder } = await fixture();
    const { id } = await add('a', 'body');
    const set = async (flags: ItemFlags) => (await write((tx) => tx.setFlags(id, flags))).rev;
    const first = await set({ read: true });
    const second = await set({ read: true, flagged: true, categories: ['x'] });
    await set({ read: true, flagged: true, categories: ['x'] });
    const followUp = { isDone: false, label: '', completedAt: null, details: { a: '1' } };
    const third = await set({ read: true, flagged: true, followUp, lastVerb: { verb: 'reply', at: 1 } });
    const expected = { read: first, categories: third, followUp: third, lastVerb: third };
    assert.ok(first < second && second < third);
    assert.deepEqual((await read.item(id))?.flagRevs, expected);
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    await write((tx) => tx.moveItem(id, folder.id, 'b'));
    await write((tx) => tx.moveItem(id, other.id, 'b'));
    const fresh = { content: bytes('newer'), contentType: 'text/x', index: newIndex({}) };
    const replaced = await write((tx) => tx.replaceContent(id, fresh));
    assert.deepEqual(replaced.flagRevs, expected);
    assert.deepEqual((await read.item(id))?.flagRevs, expected);
    const fourth = await set({ read: false });
    const last = { read: fourth, categories: third, followUp: fourth, lastVerb: fourth };
    assert.deepEqual((await read.item(id))?.flagRevs, last);
  });

  test('a follow-up and the last verb are kept, from creation or set later', async () => {
    const { folder, write, read } = await fixture();
    const details = { StartDate: '2026-01-02', 'ä "b"': '' };
    const first: ItemFlags = {
      ...{ flagged: true, followUp: { isDone: false, label: 'Follow up', completedAt: null, details } },
      lastVerb: { verb: 'reply-all', at: 1_767_312_000 },
    };
    const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'a'), flags: first }));
    assert.deepEqual((await read.item(item.id))?.flags, first);
    const later: ItemFlags = {
      followUp: { isDone: true, label: '', completedAt: 1_767_398_400, details: {} },
      lastVerb: { verb: 'forward', at: 0 },
    };
    await write((tx) => tx.setFlags(item.id, later));
    assert.deepEqual((await read.item(item.id))?.flags, later);
  });

  test('an item remembers the partnership that wrote last', async () => {
    const { add, write } = await fixture();
    const item = await add('a');
    const byPhone = { kind: 'client', by: 7 } as const;
    assert.equal((await write((tx) => tx.setFlags(item.id, { read: true }), byPhone)).by, 7);
    assert.equal((await write((tx) => tx.setFlags(item.id, { read: false }))).by, null);
  });

  test('writes to a missing item are refused', async () => {
    const { write } = await fixture();
    const fresh = { content: bytes('x'), contentType: 'text/calendar', index: newIndex() };
    for (const work of [
      () => write((tx) => tx.replaceContent(9, fresh)),
      () => write((tx) => tx.setFlags(9, {})),
      () => write((tx) => tx.deleteItem(9)),
    ]) {
      await assert.rejects(work(), { code: 'item-not-found' });
    }
    await assert.rejects(
      write((tx) => tx.createItem(newItem(9, 'a'))),
      { code: 'folder-not-found' },
    );
  });

  test('a deleted item is gone with its content, and its name is free', async () => {
    const { add, write, read, folder } = await fixture();
    const item = await add('a');
    await write((tx) => tx.deleteItem(item.id));
    assert.equal(await read.item(item.id), null);
    assert.equal(await read.itemByName(folder.id, 'a'), null);
    await assert.rejects(collect(read.content(item.id)), { code: 'item-not-found' });
    assert.notEqual((await add('a')).id, item.id);
  });

  test('items are found by UID in one folder and in the whole mailbox', async () => {
    const { add, write, read, folder } = await fixture();
    const a = await add('a', 'a', { uid: 'same' });
    await add('b', 'b', { uid: 'else' });
    await add('c');
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const d = await write((tx) => tx.createItem(newItem(other.id, 'd', 'd', { uid: 'same' })));
    const ids = (items: readonly Item[]) => items.map(({ id }) => id).sort((x, y) => x - y);
    assert.deepEqual(ids(await read.itemsByUid('same')), [a.id, d.id]);
    assert.deepEqual(ids(await read.itemsByUid('same', folder.id)), [a.id]);
    assert.deepEqual(await read.itemsByUid('none'), []);
  });

  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000, 1_200_000]) {
    test(`content of ${size} bytes comes back in chunks of at most 64 KiB`, async () => {
      const { folder, write, read } = await fixture();
      const content = Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8)) & 255);
      const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'big'), content }));
      assert.equal(item.size, size);
      for await (const chunk of read.content(item.id)) assert.ok(chunk.length > 0 && chunk.length <= 65_536);
      assert.ok((await collect(read.content(item.id))).equals(content));
      const [listed] = (await read.list(folder.id, { limit: 1, withContent: true })).items;
      assert.ok(Buffer.from(listed!.content!).equals(content));
      const { contents } = await read.changes(folder.id, 0, 5, true);
      assert.ok(Buffer.from(contents!.get(item.id)!).equals(content));
    });
  }

  for (const [what, cuts] of [
    ['no chunk', null],
    ['empty chunks', [0, 0, 0]],
    ['chunks of a few bytes', Array.from({ length: 900 }, (_, n) => n % 97)],
    ['chunks that end where rows end', [65_536, 65_536, 65_536]],
    ['chunks that span rows', [1, 65_535, 0, 65_537, 150_000, 3]],
  ] as const) {
    test(`content given as ${what} is their concatenation, at creation and as a replacement`, async () => {
      const { folder, write, read } = await fixture();
      const chunks = (cuts ?? []).map((length, n) =>
        Uint8Array.from({ length }, (_, at) => (at * 13 + (at >> 8) + n) & 255),
      );
      const whole = Buffer.concat(chunks);
      const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'a'), content: chunks }));
      const other = await write((tx) => tx.createItem(newItem(folder.id, 'b', 'something else')));
      const next = { content: chunks, contentType: 'message/rfc822', index: newIndex() };
      const replaced = await write((tx) => tx.replaceContent(other.id, next));
      assert.deepEqual([item.size, replaced.size], [whole.length, whole.length]);
      assert.equal((await read.mailbox()).usedBytes, 2 * whole.length);
      for (const chunk of chunks) chunk.fill(255);
      for (const { id } of [item, other]) assert.ok((await collect(read.content(id))).equals(whole));
    });
  }

  test('the limit of a mailbox counts all chunks', async () => {
    const { store, mailboxId, folder, write } = await fixture();
    await store.mailboxes.setQuota(mailboxId, { bytes: 5, items: null });
    const put = (name: string, content: Uint8Array[]) =>
      write((tx) => tx.createItem({ ...newItem(folder.id, name), content }));
    await assert.rejects(put('a', [bytes('abc'), bytes('def')]), { code: 'quota-exceeded' });
    assert.equal((await put('a', [bytes('abc'), bytes('de')])).size, 5);
  });

  test('a range of content is exact at every edge', async () => {
    const { folder, write, read } = await fixture();
    const content = Uint8Array.from({ length: 150_000 }, (_, at) => (at * 7 + (at >> 7)) & 255);
    const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'big'), content }));
    const edges = [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 149_999, 150_000, 160_000];
    for (const start of edges) {
      for (const end of edges) {
        const got = await collect(read.content(item.id, { start, end }));
        assert.ok(got.equals(content.subarray(start, Math.max(start, end))), `${start}-${end}`);
      }
    }
  });

  test('shorter content leaves nothing of the longer', async () => {
    const { folder, write, read } = await fixture();
    const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'a'), content: new Uint8Array(200_000) }));
    const fresh = { content: bytes('short'), contentType: 'text/calendar', index: newIndex() };
    await write((tx) => tx.replaceContent(item.id, fresh));
    assert.equal(text(await collect(read.content(item.id))), 'short');
    assert.equal((await read.mailbox()).usedBytes, 5);
  });

  test('the store keeps its own copy of what it is given', async () => {
    const { folder, write, read } = await fixture();
    const content = bytes('before');
    const item = await write((tx) => tx.createItem({ ...newItem(folder.id, 'a'), content }));
    content.fill(0);
    assert.equal(text(await collect(read.content(item.id))), 'before');
  });
}

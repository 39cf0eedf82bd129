import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailboxWithFolder, newFolder, newItem, type OpenStore } from './store-under-test.ts';

export function folderContract(open: OpenStore): void {
  const fixture = async () => mailboxWithFolder(await open());

  test('a folder is read back whole', async () => {
    const store = await open();
    const { write, read, mailboxId } = await mailboxWithFolder(store);
    const properties = { '{http://apple.com/ns/ical/}calendar-color': '#FF2968FF', '{DAV:}__proto__': '<x/>' };
    const more = { displayName: 'Arbeit', components: ['VEVENT', 'VTODO'], properties } as const;
    const folder = await write((tx) => tx.createFolder(newFolder('Büro', more)));
    const place = { mailboxId, id: folder.id, parentId: null, itemClass: 'calendar', role: null, name: 'Büro' };
    const stamps = { createdAt: store.clock.now(), rev: folder.rev, last: folder.rev, pruned: 0 };
    assert.deepEqual(folder, { ...place, ...more, ...stamps });
    assert.deepEqual(await read.folder(folder.id), folder);
    assert.deepEqual(await read.folderByName('calendars', null, 'Büro'), folder);
    assert.equal(await read.folderByName('addressbooks', null, 'Büro'), null);
    assert.equal(await read.folderByName('calendars', folder.id, 'Büro'), null);
    assert.equal(await read.folder(99), null);
  });

  test('folders come with the default roles first in their fixed order, then by id', async () => {
    const { write, read } = await fixture();
    await write(async (tx) => {
      await tx.createFolder(newFolder('notes', { itemClass: 'notes', role: 'notes' }));
      await tx.createFolder(newFolder('z'));
      await tx.createFolder(newFolder('cal', { role: 'calendar' }));
      await tx.createFolder(newFolder('in', { itemClass: 'mail', role: 'inbox' }));
      await tx.createFolder(newFolder('a'));
    });
    assert.deepEqual(
      (await read.folders()).map(({ name }) => name),
      ['in', 'cal', 'notes', 'work', 'z', 'a'],
    );
  });

  test('a name is unique among siblings of one home only', async () => {
    const { write } = await fixture();
    await assert.rejects(
      write((tx) => tx.createFolder(newFolder('work'))),
      { code: 'name-taken' },
    );
    await assert.rejects(
      write((tx) => tx.createFolder(newFolder('work', { itemClass: 'tasks' }))),
      { code: 'name-taken' },
    );
    await write((tx) => tx.createFolder(newFolder('Work')));
    await write((tx) => tx.createFolder(newFolder('work', { itemClass: 'contacts' })));
    const files = await write((tx) => tx.createFolder(newFolder('f', { itemClass: 'files' })));
    await write((tx) => tx.createFolder(newFolder('f', { itemClass: 'files', parentId: files.id })));
  });

  test('a role is given once', async () => {
    const { write } = await fixture();
    await write((tx) => tx.createFolder(newFolder('one', { role: 'calendar' })));
    await assert.rejects(
      write((tx) => tx.createFolder(newFolder('two', { role: 'calendar' }))),
      { code: 'name-taken' },
    );
  });

  test('a folder id is never given twice', async () => {
    const { write, folder } = await fixture();
    await write((tx) => tx.deleteFolder(folder.id));
    assert.ok((await write((tx) => tx.createFolder(newFolder('work')))).id > folder.id);
  });

  test('a patch changes what it names, sets and removes properties, and takes a stamp', async () => {
    const { write, folder, read } = await fixture();
    await write((tx) => tx.updateFolder(folder.id, { properties: { a: '1', b: '2' }, displayName: 'Shown' }));
    const changed = await write((tx) => tx.updateFolder(folder.id, { properties: { a: null, c: '3', none: null } }));
    assert.deepEqual(changed.properties, { b: '2', c: '3' });
    assert.equal(changed.displayName, 'Shown');
    assert.ok(changed.rev > folder.rev && changed.last === changed.rev);
    assert.deepEqual(await read.folder(folder.id), changed);
    assert.equal((await write((tx) => tx.updateFolder(folder.id, { displayName: null }))).displayName, null);
    assert.deepEqual((await write((tx) => tx.updateFolder(folder.id, { components: ['VTODO'] }))).components, [
      'VTODO',
    ]);
  });

  test('a rename is refused onto a sibling, and to its own name it is not', async () => {
    const { write, folder } = await fixture();
    await write((tx) => tx.createFolder(newFolder('taken')));
    await assert.rejects(
      write((tx) => tx.updateFolder(folder.id, { name: 'taken' })),
      { code: 'name-taken' },
    );
    assert.equal((await write((tx) => tx.updateFolder(folder.id, { name: 'work' }))).name, 'work');
    assert.equal((await write((tx) => tx.updateFolder(folder.id, { name: 'free' }))).name, 'free');
  });

  test('changes to a missing folder, or below a missing one, are refused', async () => {
    const { write, folder } = await fixture();
    for (const work of [
      () => write((tx) => tx.updateFolder(99, { name: 'x' })),
      () => write((tx) => tx.deleteFolder(99)),
      () => write((tx) => tx.createFolder(newFolder('x', { parentId: 99 }))),
      () => write((tx) => tx.updateFolder(folder.id, { parentId: 99 })),
    ]) {
      await assert.rejects(work(), { code: 'folder-not-found' });
    }
  });

  test('a folder cannot be moved below itself', async () => {
    const { write } = await fixture();
    const top = await write((tx) => tx.createFolder(newFolder('top', { itemClass: 'files' })));
    const below = await write((tx) => tx.createFolder(newFolder('below', { itemClass: 'files', parentId: top.id })));
    for (const parentId of [top.id, below.id]) {
      await assert.rejects(
        write((tx) => tx.updateFolder(top.id, { parentId })),
        { code: 'protected' },
      );
    }
    assert.equal((await write((tx) => tx.updateFolder(below.id, { parentId: null }))).parentId, null);
  });

  test('deleting a folder removes all below and in it, and counts it off', async () => {
    const { write, read } = await fixture();
    const top = await write((tx) => tx.createFolder(newFolder('top', { itemClass: 'files' })));
    const below = await write((tx) => tx.createFolder(newFolder('below', { itemClass: 'files', parentId: top.id })));
    const ids = await write(async (tx) => {
      const a = await tx.createItem({ ...newItem(top.id, 'a'), content: new Uint8Array(70_000) });
      const b = await tx.createItem(newItem(below.id, 'b'));
      return [a.id, b.id];
    });
    await write((tx) => tx.deleteFolder(top.id));
    assert.equal(await read.folder(top.id), null);
    assert.equal(await read.folder(below.id), null);
    for (const id of ids) assert.equal(await read.item(id), null);
    const { usedBytes, itemCount } = await read.mailbox();
    assert.deepEqual([usedBytes, itemCount], [0, 0]);
    await assert.rejects(read.changes(top.id, 0, 5, false), { code: 'folder-not-found' });
  });

  test('a folder of many items is deleted whole, each item with its own stamp', async () => {
    const { write, read, folder } = await fixture();
    await write(async (tx) => {
      for (let n = 0; n < 2500; n += 1) await tx.createItem(newItem(folder.id, `n${n}`));
    });
    const { head } = await read.mailbox();
    await write((tx) => tx.deleteFolder(folder.id));
    assert.deepEqual(await read.mailbox(), {
      ...(await read.mailbox()),
      itemCount: 0,
      usedBytes: 0,
      head: head + 2501,
    });
    assert.deepEqual(await read.folders(), []);
  });

  test('the folder feed tells what was created, changed and removed, in stamp order, once each', async () => {
    const { write, read, folder } = await fixture();
    const b = await write((tx) => tx.createFolder(newFolder('b')));
    const c = await write((tx) => tx.createFolder(newFolder('c')));
    const start = await read.folderChanges(0, 100);
    assert.deepEqual(
      start.entries.map((entry) => [entry.kind, entry.kind === 'changed' && entry.folder.name]),
      [
        ['changed', 'work'],
        ['changed', 'b'],
        ['changed', 'c'],
      ],
    );
    assert.deepEqual((await read.folderChanges(start.next, 100)).entries, []);
    await write((tx) => tx.updateFolder(folder.id, { name: 'renamed' }));
    await write((tx) => tx.deleteFolder(b.id));
    await write((tx) => tx.updateFolder(c.id, { displayName: 'C' }));
    const { entries, more } = await read.folderChanges(start.next, 100);
    assert.equal(more, false);
    assert.deepEqual(
      entries.map((e) => (e.kind === 'changed' ? [e.kind, e.folder.name] : [e.kind, e.folderId, e.name])),
      [
        ['changed', 'renamed'],
        ['removed', b.id, 'b'],
        ['changed', 'c'],
      ],
    );
  });

  test('the folder feed in pages of any size equals the whole, and starts without removals', async () => {
    const { write, read, folder } = await fixture();
    await write((tx) => tx.deleteFolder(folder.id));
    for (const name of ['a', 'b', 'c', 'd']) await write((tx) => tx.createFolder(newFolder(name)));
    for (const limit of [1, 2, 3, 4, 5]) {
      const names: string[] = [];
      let page = await read.folderChanges(0, limit);
      for (;;) {
        assert.ok(page.entries.length <= limit);
        for (const entry of page.entries) names.push(entry.kind === 'changed' ? entry.folder.name : `-${entry.name}`);
        if (!page.more) break;
        page = await read.folderChanges(page.next, limit, page.floor);
      }
      assert.deepEqual(names, ['a', 'b', 'c', 'd'], `limit ${limit}`);
    }
  });

  test('items written in a folder do not appear in the folder feed', async () => {
    const { read, add } = await fixture();
    const { next } = await read.folderChanges(0, 10);
    await add('a');
    assert.deepEqual(await read.folderChanges(next, 10), { entries: [], next, more: false });
  });

  test('a folder cursor beyond the counter has expired', async () => {
    const { read } = await fixture();
    await assert.rejects(read.folderChanges(1000, 10), { code: 'cursor-expired' });
  });
}

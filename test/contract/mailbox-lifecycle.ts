import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { bytes, mailboxWithFolder, newFolder, newIndex, newItem, type OpenStore } from './store-under-test.ts';

export function lifecycleContract(open: OpenStore): void {
  test('a new mailbox is empty and counts nothing', async () => {
    const { mailboxes } = await open();
    const id = await mailboxes.createMailbox();
    const counters = { head: 0, usedBytes: 0, itemCount: 0, quotaBytes: null, quotaItems: null };
    assert.deepEqual(await mailboxes.read(id).mailbox(), { id, ...counters });
    assert.deepEqual(await mailboxes.read(id).folders(), []);
    assert.deepEqual(await mailboxes.read(id).folderChanges(0, 5), { entries: [], next: 0, more: false });
  });

  test('a mailbox that is not there reads as a folder not found', async () => {
    const { mailboxes } = await open();
    const read = mailboxes.read(77);
    await assert.rejects(read.mailbox(), { code: 'folder-not-found' });
    await assert.rejects(read.folderChanges(0, 5), { code: 'folder-not-found' });
    await assert.rejects(read.list(1, { limit: 1, withContent: false }), { code: 'folder-not-found' });
    assert.equal(await read.folder(1), null);
    assert.equal(await read.item(1), null);
    await assert.rejects(
      mailboxes.write(77, CLIENT_ORIGIN, async () => 1),
      { code: 'folder-not-found' },
    );
    await assert.rejects(mailboxes.setQuota(77, { bytes: 1, items: 1 }), { code: 'folder-not-found' });
    await assert.rejects(mailboxes.removeMailbox(77), { code: 'folder-not-found' });
    await assert.rejects(mailboxes.prune(77, 1), { code: 'folder-not-found' });
    await assert.rejects(mailboxes.stampAt(77, 1), { code: 'folder-not-found' });
  });

  test('a removed mailbox is gone with all it held, and its id is never given again', async () => {
    const store = await open();
    const { mailboxId, folder, write, read } = await mailboxWithFolder(store);
    const beside = await mailboxWithFolder(store);
    await beside.add('stays');
    await write(async (tx) => {
      for (let n = 0; n < 1200; n += 1) await tx.createItem(newItem(folder.id, `n${n}`));
    });
    const last = await store.mailboxes.createMailbox();
    await store.mailboxes.removeMailbox(last);
    await store.mailboxes.removeMailbox(mailboxId);
    await assert.rejects(read.mailbox(), { code: 'folder-not-found' });
    await assert.rejects(
      write(async () => 1),
      { code: 'folder-not-found' },
    );
    assert.equal(await read.folder(folder.id), null);
    assert.equal(await read.item(1), null);
    assert.ok((await store.mailboxes.createMailbox()) > last);
    assert.equal((await beside.read.mailbox()).itemCount, 1);
    assert.deepEqual(await store.mailboxes.verify(), []);
  });

  test('used bytes and items follow every write', async () => {
    const { add, write, read, folder } = await mailboxWithFolder(await open());
    const counted = async () => {
      const { usedBytes, itemCount } = await read.mailbox();
      return [usedBytes, itemCount];
    };
    const a = await add('a', '12345');
    await add('b', '123');
    assert.deepEqual(await counted(), [8, 2]);
    const fresh = { content: bytes('1234567'), contentType: 'text/calendar', index: newIndex() };
    await write((tx) => tx.replaceContent(a.id, fresh));
    assert.deepEqual(await counted(), [10, 2]);
    await write((tx) => tx.moveItem(a.id, folder.id, 'c'));
    await write((tx) => tx.setFlags(a.id, { read: true }));
    assert.deepEqual(await counted(), [10, 2]);
    await write((tx) => tx.deleteItem(a.id));
    assert.deepEqual(await counted(), [3, 1]);
  });

  test('a quota stops growth at its very edge and lets what shrinks pass', async () => {
    const store = await open();
    const { add, write, read, mailboxId } = await mailboxWithFolder(store);
    await store.mailboxes.setQuota(mailboxId, { bytes: 10, items: 2 });
    const a = await add('a', '12345');
    await assert.rejects(add('b', '123456'), { code: 'quota-exceeded', facts: { limit: 10, unit: 'bytes' } });
    await add('b', '12345');
    await assert.rejects(add('c', ''), { code: 'quota-exceeded', facts: { limit: 2, unit: 'items' } });
    const replace = (content: string) =>
      write((tx) => tx.replaceContent(a.id, { content: bytes(content), contentType: 'x/y', index: newIndex() }));
    await assert.rejects(replace('123456'), { code: 'quota-exceeded' });
    await replace('54321');
    await store.mailboxes.setQuota(mailboxId, { bytes: 1, items: 1 });
    await replace('1234');
    assert.deepEqual((await read.mailbox()).quotaBytes, 1);
    await store.mailboxes.setQuota(mailboxId, { bytes: null, items: null });
    await replace('12345678901');
    assert.equal((await read.mailbox()).usedBytes, 16);
  });

  test('a sound store has no findings, and progress reaches its end', async () => {
    const store = await open();
    const { add, write, folder } = await mailboxWithFolder(store);
    const a = await add('a', 'x'.repeat(70_000));
    const b = await add('b', '');
    await write((tx) => tx.moveItem(a.id, folder.id, 'c'));
    await write((tx) => tx.deleteItem(b.id));
    await write(async (tx) => tx.deleteFolder((await tx.createFolder(newFolder('gone'))).id));
    const seen: [number, number][] = [];
    assert.deepEqual(await store.mailboxes.verify((done, total) => seen.push([done, total])), []);
    const [done, total] = seen.at(-1)!;
    assert.ok(total > 0 && done === total);
  });

  test('a closed store says that it is unavailable', async () => {
    const store = await open();
    const { mailboxId, read } = await mailboxWithFolder(store);
    await store.mailboxes.close();
    await assert.rejects(read.mailbox(), { code: 'store-unavailable' });
    await assert.rejects(store.mailboxes.createMailbox(), { code: 'store-unavailable' });
    await assert.rejects(
      store.mailboxes.write(mailboxId, CLIENT_ORIGIN, async () => 1),
      { code: 'store-unavailable' },
    );
  });
}

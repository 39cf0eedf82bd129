import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MailboxWriter } from '../../src/store/mailbox-store.ts';
import {
  bytes,
  collect,
  mailboxWithFolder,
  newFolder,
  newIndex,
  newItem,
  type OpenStore,
  openedWithFolder,
  text,
} from './store-under-test.ts';

export function transactionContract(open: OpenStore): void {
  const fixture = () => openedWithFolder(open);

  test('a throw inside a write leaves nothing of it, and nothing is published', async () => {
    const { store, write, add, read, folder } = await fixture();
    const item = await add('a', 'body');
    const picture = async () =>
      JSON.stringify([
        await read.mailbox(),
        await read.folders(),
        await read.list(folder.id, { limit: 9, withContent: true }),
        await read.changes(folder.id, 0, 9, false),
        await read.folderChanges(0, 9),
      ]);
    const before = await picture();
    store.published.length = 0;
    const failing = write(async (tx) => {
      await tx.createItem(newItem(folder.id, 'b'));
      await tx.replaceContent(item.id, { content: bytes('other'), contentType: 'x/y', index: newIndex() });
      const other = await tx.createFolder(newFolder('other'));
      await tx.moveItem(item.id, other.id, 'moved');
      await tx.updateFolder(folder.id, { name: 'renamed', properties: { p: 'v' } });
      await tx.deleteFolder(folder.id);
      throw new RangeError('on purpose');
    });
    await assert.rejects(failing, RangeError);
    assert.equal(await picture(), before);
    assert.deepEqual(store.published, []);
    assert.deepEqual(await store.mailboxes.verify(), []);
  });

  test('a refusal caught inside a write leaves the rest of it whole', async () => {
    const { write, read, folder, store } = await fixture();
    await write(async (tx) => {
      await tx.createItem(newItem(folder.id, 'a'));
      await assert.rejects(tx.createItem(newItem(folder.id, 'a')), { code: 'name-taken' });
      await assert.rejects(tx.createFolder(newFolder('work')), { code: 'name-taken' });
      await tx.createItem(newItem(folder.id, 'b'));
    });
    assert.equal((await read.mailbox()).itemCount, 2);
    assert.deepEqual(await store.mailboxes.verify(), []);
  });

  test('a write sees its own changes; readers beside it see only what is committed', async () => {
    const { write, read, folder } = await fixture();
    await write(async (tx) => {
      const item = await tx.createItem(newItem(folder.id, 'a', 'body'));
      assert.deepEqual(await tx.itemByName(folder.id, 'a'), item);
      assert.equal(text(await collect(tx.content(item.id))), 'body');
      assert.equal((await tx.changes(folder.id, folder.last, 9, false)).entries.length, 1);
      assert.equal((await tx.mailbox()).itemCount, 1);
      assert.equal(await read.itemByName(folder.id, 'a'), null);
      assert.equal((await read.mailbox()).itemCount, 0);
      assert.deepEqual((await read.changes(folder.id, folder.last, 9, false)).entries, []);
    });
    assert.notEqual(await read.itemByName(folder.id, 'a'), null);
  });

  test('concurrent writes of one mailbox are serialised', async () => {
    const { write, read, folder } = await fixture();
    let inside = 0;
    const increments = Array.from({ length: 30 }, () =>
      write(async (tx) => {
        inside += 1;
        assert.equal(inside, 1);
        const item = await tx.itemByName(folder.id, 'counter');
        let count = 0;
        if (item !== null) count = Number(text(await collect(tx.content(item.id))));
        await new Promise((resolve) => setImmediate(resolve));
        const fresh = { content: bytes(String(count + 1)), contentType: 'text/plain', index: newIndex() };
        if (item === null) await tx.createItem({ folderId: folder.id, name: 'counter', ...fresh });
        else await tx.replaceContent(item.id, fresh);
        inside -= 1;
      }),
    );
    await Promise.all(increments);
    const item = (await read.itemByName(folder.id, 'counter'))!;
    assert.equal(text(await collect(read.content(item.id))), '30');
  });

  test('a failing write among waiting ones fails alone', async () => {
    const { write, read, folder, store } = await fixture();
    const outcomes = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((n) =>
        write(async (tx) => {
          await tx.createItem(newItem(folder.id, `n${n}`));
          if (n % 2 === 1) throw new RangeError('on purpose');
          return n;
        }),
      ),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    const names = (await read.list(folder.id, { limit: 9, withContent: false })).items.map(({ item }) => item.name);
    assert.deepEqual(names, ['n0', 'n2', 'n4']);
    assert.deepEqual(await store.mailboxes.verify(), []);
  });

  test('every write takes its own stamp, in the order of commits, without a hole', async () => {
    const { folder, read, write } = await fixture();
    const { head } = await read.mailbox();
    const items = await Promise.all([0, 1, 2, 3].map((n) => write((tx) => tx.createItem(newItem(folder.id, `n${n}`)))));
    assert.deepEqual(
      items.map(({ rev }) => rev),
      [1, 2, 3, 4].map((n) => head + n),
    );
  });

  test('a commit is published once per folder touched, after it is there to read', async () => {
    const { store, write, read, folder, mailboxId, add } = await fixture();
    const item = await add('a');
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    store.published.length = 0;
    const origin = { kind: 'import', by: null } as const;
    await write(async (tx) => {
      await tx.createItem(newItem(folder.id, 'b'));
      await tx.moveItem(item.id, other.id, 'a');
      await tx.createItem(newItem(folder.id, 'c'));
      assert.deepEqual(store.published, []);
    }, origin);
    const expected = [];
    for (const folderId of [folder.id, other.id]) {
      expected.push({ mailboxId, folderId, stamp: (await read.folder(folderId))!.last, origin });
    }
    assert.deepEqual(
      [...store.published].sort((a, b) => a.folderId - b.folderId),
      expected,
    );
  });

  test('a write that changes nothing publishes nothing', async () => {
    const { store, write, folder } = await fixture();
    store.published.length = 0;
    assert.equal(await write(async (tx) => (await tx.folder(folder.id))?.name), 'work');
    assert.deepEqual(store.published, []);
  });

  test('a writer cannot be used when its write is over', async () => {
    const { write, folder } = await fixture();
    let kept: MailboxWriter | undefined;
    await write(async (tx) => {
      kept = tx;
    });
    await assert.rejects(kept!.createItem(newItem(folder.id, 'late')), TypeError);
    await assert.rejects(kept!.folder(folder.id), TypeError);
  });

  test('writes to different mailboxes do not see each other', async () => {
    const { store, folder, add } = await fixture();
    const second = await mailboxWithFolder(store);
    await add('a');
    assert.equal((await second.read.mailbox()).itemCount, 0);
    assert.equal(await second.read.itemByName(second.folder.id, 'a'), null);
    assert.equal(second.folder.id, folder.id);
  });
}

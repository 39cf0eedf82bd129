import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { withoutGrowth } from '../../../src/items/operations/space-guard.ts';
import { isStoreFailure } from '../../../src/store/refusals.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import { adminBench } from '../../admin/bench.ts';
import { bytes, newFolder, newIndex, newItem } from '../../contract/store-under-test.ts';

/** A calendar with one item of ten bytes, and its store while the disk is full. */
async function bench() {
  const { stores } = adminBench();
  const mailboxId = await stores.mailboxes.createMailbox();
  const { syncState } = stores;
  const [folder, item] = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const made = await tx.createFolder(newFolder('work'));
    return [made, await tx.createItem(newItem(made.id, 'a', '0123456789'))] as const;
  });
  const write = <T>(work: (tx: SyncWriter) => Promise<T>) =>
    syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => work(withoutGrowth(tx)));
  const content = (text: string) => ({ content: bytes(text), contentType: 'text/calendar', index: newIndex() });
  return { write, folder, item, content, read: syncState.read(mailboxId) };
}

const LIMIT = { code: 'storage-full', message: /hard limit/ };

test('what creates or grows is refused, also through a writer that signs for another', async () => {
  const { write, folder, item, content } = await bench();
  await assert.rejects(
    write((tx) => tx.createItem(newItem(folder.id, 'b'))),
    LIMIT,
  );
  await assert.rejects(
    write((tx) => tx.createFolder(newFolder('more'))),
    LIMIT,
  );
  await assert.rejects(
    write((tx) => tx.replaceContent(item.id, content('01234567890'))),
    LIMIT,
  );
  await assert.rejects(
    write((tx) => tx.signed(7).createItem(newItem(folder.id, 'b'))),
    LIMIT,
  );
});

test('what removes, shrinks, moves or marks goes on, and so do documents and notices', async () => {
  const { write, folder, item, content, read } = await bench();
  await write(async (tx) => {
    await tx.replaceContent(item.id, content('0123456789'));
    await tx.replaceContent(item.id, content('0'));
    await tx.setFlags(item.id, { read: true });
    await tx.moveItem(item.id, folder.id, 'c');
    await tx.putDocument('x', 1);
    await tx.createItem({ ...newItem(folder.id, 'report'), exceeds: 'disk' });
    await tx.createItem({ ...newItem(folder.id, 'notice'), exceeds: 'quota' });
  });
  assert.equal((await read.itemByName(folder.id, 'c'))?.size, 1);
  await write((tx) => tx.deleteItem(item.id));
  assert.equal((await read.mailbox()).itemCount, 2);
});

test('one refusal leaves the rest of a transaction as it is: it is no failure of the store', async () => {
  const { write, folder, item, read } = await bench();
  await write(async (tx) => {
    const refusal = await tx.createItem(newItem(folder.id, 'b')).catch((error: unknown) => error);
    assert.equal(isStoreFailure(refusal), false);
    await tx.deleteItem(item.id);
  });
  assert.equal((await read.mailbox()).itemCount, 0);
});

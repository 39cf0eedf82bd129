import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FolderId } from '../../src/domain/folder.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { createMailboxWithDefaults } from '../../src/items/default-folders.ts';
import { discardItem } from '../../src/items/discard-item.ts';
import { freeName } from '../../src/items/free-name.ts';
import { newUid } from '../../src/items/new-uid.ts';
import type { MailboxWriter } from '../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { newItem } from '../contract/store-under-test.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';

async function setUp() {
  const clock = fakeClock();
  const random = seededRandom(1).bytes;
  const { mailboxes: store } = createMemoryStores({ clock, random, publish: () => {} });
  const mailboxId = await createMailboxWithDefaults({ store, clock, random, limits: DEFAULT_LIMITS });
  const read = store.read(mailboxId);
  const write = <T>(work: (tx: MailboxWriter) => Promise<T>) => store.write(mailboxId, CLIENT_ORIGIN, work);
  const folder = async (role: string): Promise<FolderId> =>
    (await read.folders()).find((candidate) => candidate.role === role)!.id;
  const add = (id: FolderId, name: string) => write((tx) => tx.createItem(newItem(id, name)));
  return { read, write, folder, add };
}

test('a message that is discarded lies in Deleted Items with its id and name', async () => {
  const { write, folder, add } = await setUp();
  const item = await add(await folder('inbox'), 'm.eml');
  const moved = await write((tx) => discardItem(tx, item));
  assert.deepEqual([moved?.id, moved?.folderId, moved?.name], [item.id, await folder('deleted'), 'm.eml']);
});

test('where its name is taken in Deleted Items it gets another', async () => {
  const { write, folder, add } = await setUp();
  const bin = await folder('deleted');
  for (const name of ['m.eml', 'm-2.eml']) await add(bin, name);
  const item = await add(await folder('inbox'), 'm.eml');
  assert.equal((await write((tx) => discardItem(tx, item)))?.name, 'm-3.eml');
});

test('in Deleted Items, and in any folder below it, a message is removed', async () => {
  const { read, write, folder, add } = await setUp();
  const bin = await folder('deleted');
  const below = { itemClass: 'mail', role: null, displayName: null, components: [], properties: {} } as const;
  const child = await write((tx) => tx.createFolder({ ...below, parentId: bin, name: 'a' }));
  const grandchild = await write((tx) => tx.createFolder({ ...below, parentId: child.id, name: 'b' }));
  for (const id of [bin, child.id, grandchild.id]) {
    const item = await add(id, 'm.eml');
    assert.equal(await write((tx) => discardItem(tx, item)), null);
    assert.equal(await read.item(item.id), null);
  }
});

test('a mailbox without Deleted Items removes what is discarded', async () => {
  const { read, write, folder, add } = await setUp();
  const item = await add(await folder('inbox'), 'm.eml');
  const bin = await folder('deleted');
  await write((tx) => tx.deleteFolder(bin));
  assert.equal(await write((tx) => discardItem(tx, item)), null);
  assert.equal(await read.item(item.id), null);
});

test('a name that is taken is numbered before its extension', async () => {
  const { read, folder, add } = await setUp();
  const id = await folder('inbox');
  assert.equal(await freeName(read, id, 'a.b.eml'), 'a.b.eml');
  for (const name of ['a.b.eml', 'plain']) await add(id, name);
  assert.deepEqual([await freeName(read, id, 'a.b.eml'), await freeName(read, id, 'plain')], ['a.b-2.eml', 'plain-2']);
});

test('RFC 9562 §5.4 a new UID is a random UUID', () => {
  assert.equal(
    newUid((length) => new Uint8Array(length)),
    '00000000-0000-4000-8000-000000000000',
  );
  assert.equal(
    newUid((length) => new Uint8Array(length).fill(255)),
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
  );
});

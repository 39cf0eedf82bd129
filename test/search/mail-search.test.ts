import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { createMailSearch } from '../../src/search/mail-search.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { newFolder, newItem } from '../contract/store-under-test.ts';
import { fakeClock } from '../support/fake-clock.ts';

/** A mailbox with 120 messages, of which an index knows nothing yet. */
async function started() {
  const clock = fakeClock();
  const stores = createMemoryStores({ clock, random: (length) => new Uint8Array(length), publish: () => undefined });
  const mailboxId = await stores.mailboxes.createMailbox();
  const failures: unknown[] = [];
  const search = createMailSearch({
    ...{ index: stores.search, store: stores.mailboxes, clock },
    onFailure: (_, error) => failures.push(error),
  });
  const folderId = await stores.mailboxes.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const { id } = await tx.createFolder(newFolder('inbox', { itemClass: 'mail', components: [] }));
    for (let n = 0; n < 120; n += 1) {
      await tx.createItem(newItem(id, `${n}`, `Subject: m${n}\r\n\r\ncommon`, { kind: 'MESSAGE' }));
    }
    return id;
  });
  const query = {
    folders: [folderId],
    words: ['common'],
    thread: null,
    after: null,
    before: null,
    offset: 0,
    limit: 10,
  };
  const indexed = async () => (await stores.search.find(mailboxId, query)).total;
  return { clock, stores, mailboxId, folderId, search, query, indexed, failures };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the index follows a commit in the background, once it is quiet, without being asked', async () => {
  const { clock, mailboxId, folderId, search, indexed } = await started();
  for (let n = 0; n < 5; n += 1) search.note({ mailboxId, folderId });
  assert.equal(clock.pending, 1);
  assert.equal(await indexed(), 0);
  clock.advance(2_000);
  while ((await indexed()) < 120) await settled();
  assert.equal(clock.pending, 0);
});

test('a search brings the index up to date first, and says when there was no time for all', async () => {
  const { search, mailboxId, query } = await started();
  const first = await search.search(mailboxId, query, 0);
  assert.deepEqual([first.total, first.isComplete], [50, false]);
  const second = await search.search(mailboxId, query, 60_000);
  assert.deepEqual([second.total, second.isComplete], [120, true]);
});

test('what a search had no time for is done in the background', async () => {
  const { clock, search, mailboxId, query, indexed } = await started();
  await search.search(mailboxId, query, 0);
  clock.advance(2_000);
  while ((await indexed()) < 120) await settled();
});

test('a folder that is gone is not missed; another failure is told, and others go on', async (t) => {
  const { clock, search, mailboxId, folderId, indexed, failures, stores } = await started();
  const { pending } = stores.search;
  t.mock.method(stores.search, 'pending', (mailbox: number, folder: number, limit: number) =>
    folder === 77 ? Promise.reject(new Error('broken')) : pending(mailbox, folder, limit),
  );
  for (const folder of [999, 77, folderId]) search.note({ mailboxId, folderId: folder });
  clock.advance(2_000);
  while ((await indexed()) < 120) await settled();
  assert.deepEqual(failures.map(String), ['Error: broken']);
});

test('closing ends the work between two slices; nothing is begun after it', async () => {
  const { clock, search, mailboxId, folderId, indexed } = await started();
  search.note({ mailboxId, folderId });
  clock.advance(2_000);
  await search.close();
  assert.equal(await indexed(), 50);
  search.note({ mailboxId, folderId });
  assert.equal(clock.pending, 0);
});

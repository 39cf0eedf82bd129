import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hierarchyChanged } from '../../../../protocols/activesync/hierarchy/hierarchy-changed.ts';
import { isCollectionChanged } from '../../../../protocols/activesync/waiting/watched.ts';
import { ENDLESS } from '../../../../src/domain/item.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { createMailboxWithDefaults } from '../../../../src/items/default-folders.ts';
import { newItem } from '../../../contract/store-under-test.ts';
import { openTemp } from '../../../store/sqlite/sqlite-fixture.ts';
import { type EasServer, startEas } from '../support.ts';
import { FOLDER_SYNC } from './ping-answers.ts';
import { primeByEngine } from './prime.ts';

for (const size of [1_000, 20_000]) {
  test(`with ${size} items looking for changes reads no item while there are none, and by the change when there are`, async (t) => {
    const store = openTemp(t);
    const server = await startEas({
      change: (environment) => ({
        ...environment,
        items: { ...environment.items, store: store.mailboxes },
        sync: { ...environment.sync, store: store.syncState },
        directory: store.directory,
      }),
    });
    t.after(() => server.close());
    const { look, rows, folderId } = await filled(server, store.stores.stats, size);
    const [isChanged, idleRows] = await rows(look);
    assert.deepEqual([isChanged, idleRows], [[false, false], 0]);
    await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.createItem(newItem(folderId, 'more', 'Subject: x\r\n\r\nx', { kind: 'MESSAGE', filterKey: ENDLESS })),
    );
    const [isWoken, wokenRows] = await rows(look);
    assert.deepEqual(isWoken, [true, false]);
    assert.ok(wokenRows <= 30, `${wokenRows} rows`);
  });
}

/** A mailbox with so many messages, and a phone that has what it wants of them. */
async function filled(server: EasServer, stats: { readonly rowsRead: number }, size: number) {
  const { environment } = server;
  const mailboxId = await createMailboxWithDefaults(environment.items);
  const principal = Object.assign(server.anna, { mailboxId });
  const folder = await server.folder('inbox');
  await environment.items.store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    for (let n = 0; n < size; n += 1)
      await tx.createItem(newItem(folder.id, `n${n}`, 'Subject: x\r\n\r\nx', { kind: 'MESSAGE' }));
  });
  await server.phone().command('FolderSync', FOLDER_SYNC);
  // They lie outside its window, so that it need not fetch them all.
  await primeByEngine(server, folder, { filterType: 1 });
  const waiter = { environment, principal, deviceId: 'phone1', version: '14.1', logFields: {} } as const;
  const watched = { id: String(folder.id), folderId: folder.id, suffix: '', told: null } as const;
  const look = async () => [
    await isCollectionChanged(waiter, watched),
    await hierarchyChanged(environment, principal, { id: 'phone1' }, { version: '14.1' }),
  ];
  const rows = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const before = stats.rowsRead;
    return [await work(), stats.rowsRead - before];
  };
  return { look, rows, folderId: folder.id };
}

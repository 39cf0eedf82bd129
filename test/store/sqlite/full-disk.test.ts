import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import type { Folder } from '../../../src/domain/folder.ts';
import type { CommittedChange } from '../../../src/store/mailbox-store.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { translateError } from '../../../src/store/sqlite/errors.ts';
import { SqliteMailboxes } from '../../../src/store/sqlite/mailboxes.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { WriteQueue } from '../../../src/store/sqlite/write-queue.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { tempFolder } from './sqlite-fixture.ts';

const IMPORT = { kind: 'import', by: null } as const;

/** A store whose file can be kept from growing, which SQLite reports as it does a full disk. */
async function storeWithLid(t: TestContext) {
  const path = join(tempFolder(t), 'store.db');
  const writerDb = new DatabaseSync(path);
  writerDb.exec('PRAGMA journal_mode = WAL');
  const writer = new Connection(writerDb);
  const clock = fakeClock();
  migrate(writer, clock.now());
  const reader = new Connection(new DatabaseSync(path));
  const queue = new WriteQueue(writer, () => undefined);
  const close = async (): Promise<void> => {
    reader.close();
    writer.close();
  };
  t.after(close);
  const published: CommittedChange[] = [];
  const publish = (change: CommittedChange): void => void published.push(change);
  const store = new SqliteMailboxes({ writer, reader, queue, clock, step: () => undefined, publish, close });
  const mailboxId = await store.createMailbox();
  const folder = await store.write(mailboxId, IMPORT, (tx) =>
    tx.createFolder({
      parentId: null,
      itemClass: 'calendar',
      role: null,
      name: 'Calendar',
      displayName: null,
      components: ['VEVENT'],
      properties: {},
    }),
  );
  const pages = (): number => Number(writerDb.prepare('PRAGMA page_count').get()?.page_count);
  const leave = (more: number): void => writerDb.exec(`PRAGMA max_page_count = ${pages() + more}`);
  return { store, folder, published, leave };
}

function itemOf(folder: Folder, name: string, bytes: number) {
  const index = { kind: 'VEVENT', uid: name, rangeStart: 0, rangeEnd: 1, filterKey: 1 } as const;
  return { folderId: folder.id, name, content: new Uint8Array(bytes).fill(65), contentType: 'text/calendar', index };
}

test('RFC 4331 §6 a full disk refuses writes as storage-full with nothing half written, and ends when there is space', async (t) => {
  const { store, folder, published, leave } = await storeWithLid(t);
  const { mailboxId } = folder;
  const put = (name: string, bytes: number) =>
    store.write(mailboxId, IMPORT, (tx) => tx.createItem(itemOf(folder, name, bytes)));
  await put('before', 100);
  published.length = 0;
  leave(8);
  const names = Array.from({ length: 12 }, (_, n) => `n${n}`);
  const outcomes = await Promise.allSettled(names.map((name, n) => put(name, n % 3 === 1 ? 400_000 : 100)));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'storage-full');
  }
  assert.ok(outcomes.some(({ status }) => status === 'rejected'));
  const kept = ['before', ...names.filter((_, n) => outcomes[n]?.status === 'fulfilled')];
  const reader = store.read(mailboxId);
  const { items } = await reader.list(folder.id, { limit: 500, withContent: false });
  assert.deepEqual(
    items.map(({ item }) => item.name),
    kept,
  );
  // One change is published for each write that was acknowledged, and for no other.
  assert.equal(published.length, kept.length - 1);
  const { itemCount } = await reader.mailbox();
  assert.equal(itemCount, kept.length);
  assert.deepEqual(await store.verify(), []);
  leave(100_000);
  await put('after', 400_000);
  assert.equal((await reader.mailbox()).itemCount, kept.length + 1);
  assert.deepEqual(await store.verify(), []);
});

test('work that goes on after a full disk loses its whole transaction', async (t) => {
  const { store, folder, leave } = await storeWithLid(t);
  const { mailboxId } = folder;
  leave(8);
  const written = store.write(mailboxId, IMPORT, async (tx) => {
    await tx.createItem(itemOf(folder, 'first', 100));
    await tx.createItem(itemOf(folder, 'big', 400_000)).catch(() => undefined);
  });
  await assert.rejects(written, { code: 'storage-full' });
  const { items } = await store.read(mailboxId).list(folder.id, { limit: 10, withContent: false });
  assert.deepEqual(items, []);
  assert.deepEqual(await store.verify(), []);
});

const FULL: readonly object[] = [{ errcode: 13 }, { errcode: 4874 }, { code: 'ENOSPC' }, { code: 'EDQUOT' }];
for (const facts of FULL) {
  test(`${JSON.stringify(facts)} is a full disk`, () => {
    const cause = Object.assign(new Error('full'), facts);
    const error = translateError(cause);
    assert.ok(error instanceof Error && 'code' in error && error.code === 'storage-full');
    assert.equal(error.cause, cause);
  });
}

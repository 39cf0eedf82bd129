import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CommittedChange } from '../../../src/store/mailbox-store.ts';
import { openSqliteStores, type SqliteStoreOptions, type SqliteStores } from '../../../src/store/sqlite/open.ts';
import type { StoreUnderTest } from '../../contract/store-under-test.ts';
import { fakeClock } from '../../support/fake-clock.ts';

/** A folder that goes when the test ends. */
export function tempFolder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'causeway-sqlite-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

/** A store at a path, closed when the test ends. */
export function openAt(
  t: TestContext,
  path: string,
  more: Partial<SqliteStoreOptions> = {},
): StoreUnderTest & { stores: SqliteStores } {
  const published: CommittedChange[] = [];
  const clock = fakeClock();
  const random = (length: number) => new Uint8Array(length).fill(7);
  const stores = openSqliteStores({ path, clock, random, publish: (change) => published.push(change), ...more });
  t.after(() => stores.close());
  const { mailboxes, syncState, directory, search, devices, deviceActivity, signIns, usage } = stores;
  return { mailboxes, syncState, directory, search, devices, deviceActivity, signIns, usage, clock, published, stores };
}

export function openTemp(t: TestContext, more: Partial<SqliteStoreOptions> = {}) {
  const path = join(tempFolder(t), 'store.db');
  return { path, ...openAt(t, path, more) };
}

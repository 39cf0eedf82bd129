import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { CommittedChange } from '../../src/store/mailbox-store.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { appPasswordStoreContract } from '../contract/app-password-store.ts';
import { deviceActivityStoreContract } from '../contract/device-activity-store.ts';
import { deviceRegisterContract } from '../contract/device-register.ts';
import { deviceStoreContract } from '../contract/device-store.ts';
import { directoryStoreContract } from '../contract/directory-store.ts';
import { mailboxStoreContract } from '../contract/mailbox-store.ts';
import { searchIndexContract } from '../contract/search-index.ts';
import { signInStoreContract } from '../contract/sign-in-store.ts';
import type { StoreUnderTest } from '../contract/store-under-test.ts';
import { syncStateStoreContract } from '../contract/sync-state-store.ts';
import { usageStoreContract } from '../contract/usage-store.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';

const dir = mkdtempSync(join(tmpdir(), 'causeway-sqlite-'));
const opened: StoreUnderTest[] = [];
let files = 0;

async function openAt(path: string, clock: FakeClock): Promise<StoreUnderTest> {
  const published: CommittedChange[] = [];
  const random = (length: number) => new Uint8Array(length).fill(7);
  const stores = openSqliteStores({ path, clock, random, publish: (change) => published.push(change) });
  const reopen = async (): Promise<StoreUnderTest> => {
    await stores.close();
    return openAt(path, clock);
  };
  const { mailboxes, syncState, directory, search, devices, deviceActivity, signIns, usage } = stores;
  const store = {
    mailboxes,
    syncState,
    directory,
    search,
    devices,
    deviceActivity,
    signIns,
    usage,
    clock,
    published,
    reopen,
  };
  opened.push(store);
  return store;
}

async function open(): Promise<StoreUnderTest> {
  files += 1;
  return openAt(join(dir, `${files}.db`), fakeClock());
}

after(async () => {
  for (const { mailboxes } of opened) await mailboxes.close();
  rmSync(dir, { recursive: true });
});

mailboxStoreContract('sqlite', open);
directoryStoreContract('sqlite', open);
syncStateStoreContract('sqlite', open);
deviceStoreContract('sqlite', open);
deviceRegisterContract('sqlite', open);
deviceActivityStoreContract('sqlite', open);
appPasswordStoreContract('sqlite', open);
searchIndexContract('sqlite', open);
signInStoreContract('sqlite', open);
usageStoreContract('sqlite', open);

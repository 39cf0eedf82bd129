import type { CommittedChange } from '../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
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
import { fakeClock } from '../support/fake-clock.ts';

async function open(): Promise<StoreUnderTest> {
  const clock = fakeClock();
  const published: CommittedChange[] = [];
  const random = (length: number) => new Uint8Array(length);
  const { mailboxes, syncState, directory, search, devices, deviceActivity, signIns, usage } = createMemoryStores({
    clock,
    random,
    publish: (change) => published.push(change),
  });
  return { mailboxes, syncState, directory, search, devices, deviceActivity, signIns, usage, clock, published };
}

mailboxStoreContract('memory', open);
directoryStoreContract('memory', open);
syncStateStoreContract('memory', open);
deviceStoreContract('memory', open);
deviceRegisterContract('memory', open);
deviceActivityStoreContract('memory', open);
appPasswordStoreContract('memory', open);
searchIndexContract('memory', open);
signInStoreContract('memory', open);
usageStoreContract('memory', open);

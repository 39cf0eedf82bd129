import type { Clock, RandomBytes } from '../../domain/clock.ts';
import type { DeviceRegister } from '../device-register.ts';
import type { DirectoryStore } from '../directory-store.ts';
import type { CommittedChange, MailboxStore } from '../mailbox-store.ts';
import type { SearchIndex } from '../search-index.ts';
import type { SignInStore } from '../sign-in-store.ts';
import type { SyncStateStore } from '../sync-state-store.ts';
import type { UsageStore } from '../usage-store.ts';
import { createMemoryDirectory } from './directory.ts';
import { createMemoryMailboxes } from './mailboxes.ts';

export interface MemoryStoreOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Called after each commit, once per folder touched; must not throw. */
  readonly publish: (change: CommittedChange) => void;
}

export interface MemoryStores {
  readonly mailboxes: MailboxStore;
  readonly syncState: SyncStateStore;
  readonly directory: DirectoryStore;
  readonly search: SearchIndex;
  readonly devices: DeviceRegister;
  readonly signIns: SignInStore;
  readonly usage: UsageStore;
  /** Names this store; cursors of another store are worth nothing here. */
  readonly storeId: string;
}

/** Stores that live as long as the process: for tests, and to try things out. */
export function createMemoryStores(options: MemoryStoreOptions): MemoryStores {
  return {
    ...createMemoryMailboxes(options.clock, options.publish),
    ...createMemoryDirectory(options.clock),
    storeId: Buffer.from(options.random(8)).toString('hex'),
  };
}

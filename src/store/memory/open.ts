import type { Clock, RandomBytes } from '../../domain/clock.ts';
import type { CommittedChange } from '../mailbox-store.ts';
import type { Stores } from '../stores.ts';
import { createMemoryDirectory } from './directory.ts';
import { createMemoryMailboxes } from './mailboxes.ts';

export interface MemoryStoreOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Called after each commit, once per folder touched; must not throw. */
  readonly publish: (change: CommittedChange) => void;
}

/** Stores that live as long as the process: for tests, and to try things out. */
export function createMemoryStores(options: MemoryStoreOptions): Stores {
  return {
    ...createMemoryMailboxes(options.clock, options.publish),
    ...createMemoryDirectory(options.clock),
    storeId: Buffer.from(options.random(8)).toString('hex'),
  };
}

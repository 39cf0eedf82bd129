import type { DeviceActivityStore } from './device-activity-store.ts';
import type { DeviceRegister } from './device-register.ts';
import type { DirectoryStore } from './directory-store.ts';
import type { MailboxStore } from './mailbox-store.ts';
import type { SearchIndex } from './search-index.ts';
import type { SignInStore } from './sign-in-store.ts';
import type { SyncStateStore } from './sync-state-store.ts';
import type { UsageStore } from './usage-store.ts';

/** What every adapter opens: the ports, over the same data. */
export interface Stores {
  readonly mailboxes: MailboxStore;
  readonly syncState: SyncStateStore;
  readonly directory: DirectoryStore;
  readonly search: SearchIndex;
  readonly devices: DeviceRegister;
  readonly deviceActivity: DeviceActivityStore;
  readonly signIns: SignInStore;
  readonly usage: UsageStore;
  /** Names this store; cursors of another store are worth nothing here. */
  readonly storeId: string;
}

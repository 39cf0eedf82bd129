import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { Log } from '../observe/log.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import type { DeliveryBell } from './delivery-bell.ts';
import type { MailEvent } from './mail-log.ts';
import type { Relay } from './relay.ts';

/** What everything that moves mail stands on. */
export interface MailServices {
  readonly syncState: SyncStateStore;
  readonly directory: Pick<DirectoryStore, 'users' | 'user'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** This server's name, for trace fields and reports. */
  readonly hostName: string;
  /** Largest message taken, in bytes. */
  readonly maxMessageBytes: number;
  /** Where mail for other servers goes; null when there is none. */
  readonly relay: Relay | null;
  /** Told what becomes of messages, to be counted. */
  readonly onMail?: (event: MailEvent) => void;
  /** Whether nothing more may be taken, since the disk's hard limit is reached; absent: it has none. */
  readonly refusesGrowth?: () => boolean;
  /** Rung after every delivery. */
  readonly bell: DeliveryBell;
}

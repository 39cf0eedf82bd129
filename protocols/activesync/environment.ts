import type { DeviceActivity } from '../../src/devices/device-activity.ts';
import type { DeviceGate } from '../../src/devices/device-gate.ts';
import type { RecoveryPasswords } from '../../src/devices/recovery-passwords.ts';
import type { Wipes } from '../../src/devices/wipes.ts';
import type { ContactSearch } from '../../src/items/people/contact-search.ts';
import type { ItemServices } from '../../src/items/services.ts';
import type { MailSubmission } from '../../src/mail/submission.ts';
import type { Log } from '../../src/observe/log.ts';
import type { ChangeBus } from '../../src/push/change-bus.ts';
import type { MailSearch } from '../../src/search/mail-search.ts';
import type { DirectoryStore } from '../../src/store/directory-store.ts';
import type { SyncServices } from '../../src/sync/services.ts';
import type { Parking } from './http/parking.ts';
import type { RenderedItem } from './translate/rendered-item.ts';

/** What the commands stand on. One for the whole endpoint; it holds nothing of a single request. */
export interface EasEnvironment {
  /** Store of items, clock, randomness, limits. */
  readonly items: ItemServices;
  /** The partnership engine; `sync.store` also keeps devices, documents and done operations. */
  readonly sync: SyncServices<RenderedItem>;
  readonly bus: ChangeBus;
  /** Finds mail by its words. */
  readonly search: MailSearch;
  /** The way by which mail leaves. */
  readonly mail: MailSubmission;
  readonly directory: DirectoryStore;
  /** Registers devices, and knows which may come in. */
  readonly devices: DeviceGate;
  /** Told of requests that wait; absent where nobody asks. */
  readonly activity?: DeviceActivity;
  /** What becomes of a device's wipe when it comes for it. */
  readonly wipes: Wipes;
  /** Keeps the recovery passwords that devices deposit. */
  readonly recovery: RecoveryPasswords;
  /** The contacts of each mailbox by name and address. */
  readonly contacts: ContactSearch;
  readonly log: Log;
  readonly limits: EasLimits;
  /** Requests that wait for something to happen. */
  readonly parking: Parking;
}

/** What one request may cost. Sizes in bytes. */
export interface EasLimits {
  /** A request's body after unpacking. */
  readonly maxRequestBytes: number;
  /** What an answer with items may add up to before it says MoreAvailable. */
  readonly maxAnswerBytes: number;
  /** Commands of one Sync; of one ItemOperations; and so on (MS-ASCMD §3.1.5.10). */
  readonly maxSyncCommands: number;
  readonly maxSyncCollections: number;
  readonly maxItemOperations: number;
  readonly maxMeetingResponses: number;
  readonly maxMoves: number;
  readonly maxEstimates: number;
  readonly maxResolvedNames: number;
  readonly maxFolders: number;
  readonly maxPingFolders: number;
  /** How long a search may first bring its index up to date, in milliseconds; what is lacking then is told. */
  readonly maxSearchMs: number;
  /** Longest and shortest wait of Ping and Sync, in seconds (MS-ASCMD §2.2.3.79). */
  readonly minHeartbeatSeconds: number;
  readonly maxHeartbeatSeconds: number;
}

export const DEFAULT_EAS_LIMITS: EasLimits = {
  maxRequestBytes: 64 * 1024 * 1024,
  maxAnswerBytes: 4 * 1024 * 1024,
  maxSyncCommands: 200,
  maxSyncCollections: 300,
  maxItemOperations: 100,
  maxMeetingResponses: 100,
  maxMoves: 1_000,
  maxEstimates: 1_000,
  maxResolvedNames: 100,
  maxFolders: 1_000,
  maxPingFolders: 300,
  maxSearchMs: 10_000,
  minHeartbeatSeconds: 60,
  maxHeartbeatSeconds: 3_540,
};

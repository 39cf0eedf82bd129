import type { LogControl } from '../admin/logs.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { Log } from '../observe/log.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { MailboxStore } from '../store/mailbox-store.ts';
import type { GatewayMeasures } from './gateway-measures.ts';
import type { ProtocolHandler, Site } from './protocol-handler.ts';
import type { OpenServices } from './services/open-services.ts';
import type { ExpireSyncStateParts } from './tick/expire-sync-state.ts';
import type { Space } from './watch/disk-watch.ts';

/** Everything behind the listeners. `compose.ts` makes the real one, tests make small ones. */
export interface Backend {
  readonly store: Pick<MailboxStore, 'stampAt' | 'prune'>;
  readonly directory: Pick<DirectoryStore, 'users' | 'setting'>;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly expireSyncState: ExpireSyncStateParts['expireSyncState'];
  /** Marks wipes that no device answers; gives how many. */
  readonly markSilentWipes?: () => Promise<number>;
  readonly handlers: readonly ProtocolHandler[];
  /** The Admin API and the pages. */
  readonly sites?: readonly Site[];
  /** What is served now, and to whom; absent: everything to everybody. */
  readonly services?: Pick<OpenServices, 'gate' | 'onConnection'>;
  /** What is counted; nothing where it is absent. */
  readonly measures?: GatewayMeasures;
  /** Keeps exchanges of people whom an administrator has recorded; absent where that is not served. */
  readonly recorder?: Pick<Recorder, 'isRecording' | 'recordingsOf' | 'expire'>;
  /** Gives an empty directory its first user; null when there are users. The password is nowhere else. */
  createFirstUser(): Promise<{ readonly address: string; readonly password: string } | null>;
  /** Ends everything that stands on the data folder, the stores last. */
  close(): Promise<void>;
}

/** What a backend is made from. The data folder exists and is its owner's. */
export interface BackendParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** The logs that `log` writes to; absent where nobody asks for them. */
  readonly logs?: LogControl;
  /** How much space there is where the data folder lies; absent: the system is asked. */
  readonly space?: () => Promise<Space>;
  /** The server's name, from which the first user's domain comes. */
  readonly hostName: string;
  /** Where the server listens, as URLs; before it does, where it is to. */
  readonly listening: () => readonly string[];
  /** The certificate now served, PEM; null when there is none. */
  readonly certificate: () => string | null;
  /** Looks at the configuration as it is now: one sentence for each thing that is wrong. */
  readonly configurationFindings: () => readonly string[];
}

export type OpenBackend = (parts: BackendParts) => Promise<Backend>;

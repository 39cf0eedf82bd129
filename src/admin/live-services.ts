import type { ServiceName } from '../config/service-settings.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { LiveConnection, OpenFolder, Overview } from './calls/services.ts';

/** A folder that a client has open, its name not looked up yet. */
export interface FolderInUse extends Omit<OpenFolder, 'folderId' | 'folder'> {
  readonly mailboxId: MailboxId;
  readonly folderId: FolderId;
}

/** Of whom, and how many at most. */
export interface Which {
  /** local@domain; null: of all. */
  readonly user: string | null;
  readonly most: number;
}

/** The services of this process, and who uses them. */
export interface LiveServices {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Puts what was set in force: connection limits, address groups. */
  reload(): Promise<void>;
  isRunning(name: ServiceName): boolean;
  /** Where it listens; empty: it is not served at all. */
  addressesOf(name: ServiceName): readonly string[];
  connectionsOf(name: ServiceName): number;
  /** Nothing happens where it is so already. Rejects with a sentence when it cannot listen. */
  start(name: ServiceName): Promise<void>;
  stop(name: ServiceName): Promise<void>;
  /** The newest first. */
  connections(which: Which): readonly LiveConnection[];
  readonly connectionCount: number;
  /** In no order, one for each client and folder; more than `most` where clients have several open. */
  foldersInUse(which: Which): readonly FolderInUse[];
  rates(): Pick<Overview, 'syncsPerMinute' | 'errorsPerMinute' | 'minuteAt'>;
  readonly parked: number;
}

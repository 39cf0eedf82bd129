import type { Edge } from '../domain/edge.ts';
import type { FolderId } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { MailboxId, Origin, Stamp } from '../domain/mailbox.ts';
import type { AppPasswordReader, AppPasswordWriter } from './app-password-store.ts';
import type { DeviceReader, DeviceWriter } from './device-store.ts';
import type { MailboxReader, MailboxWriter } from './mailbox-store.ts';

/**
 * What a protocol with sync keys remembers of each device and folder. State is written in the very transaction that
 * holds the device's changes, so that a lost answer never leaves one without the other: `write` is
 * `MailboxStore.write` with a writer that can do more, on the same queue and with the same commit.
 * `test/contract/sync-state-store.ts` runs whole over every adapter.
 */
export interface SyncStateStore {
  /** Reads what is committed; as `MailboxStore.read`. */
  read(mailboxId: MailboxId): SyncReader;
  /** As `MailboxStore.write`: one transaction, run again after a serialisation failure. */
  write<T>(mailboxId: MailboxId, origin: Origin, work: (tx: SyncWriter) => Promise<T>): Promise<T>;
}

export interface SyncReader extends MailboxReader, PartnershipReader, DeviceReader, AppPasswordReader {
  partnership(folderId: FolderId, device: string): Promise<Partnership | null>;
  /** All partnerships of the mailbox, or of one device of it. */
  partnerships(device?: string): Promise<readonly Partnership[]>;
  /** A list of a partnership, in the order in which its entries were first put. */
  commands(folderId: FolderId, device: string, list: CommandList): Promise<readonly JournalEntry[]>;
  /** Losing versions of conflicts, oldest first. */
  conflictLosers(): Promise<readonly ConflictLoser[]>;
}

/** How a partnership reads a folder. Every method costs by what it returns, never by the folder. */
export interface PartnershipReader {
  /** Log rows and last writes of items with a stamp > `after`, merged in stamp order, at most `limit`. */
  feedRows(folderId: FolderId, after: Stamp, limit: number): Promise<readonly FeedRow[]>;
  /** The log row of this stamp, unless it was pruned. */
  logRowAt(folderId: FolderId, stamp: Stamp): Promise<LogRow | null>;
  /** Items at or above `low` and below `high` in the order of (filter key, id), from the bottom up or the top down. */
  itemsBetween(folderId: FolderId, range: EdgeRange, order: 'up' | 'down', limit: number): Promise<readonly Item[]>;
  /** One index probe. */
  hasItemBetween(folderId: FolderId, range: EdgeRange): Promise<boolean>;
}

export interface SyncWriter extends MailboxWriter, SyncReader, DeviceWriter, AppPasswordWriter {
  /** A writer of the same transaction, whose writes carry this partnership (or none) instead of the origin's. */
  signed(by: number | null): MailboxWriter;
  /** Gives an item a new stamp, signed by nobody, so that every partnership sends it again. Content and times stay. */
  restamp(id: ItemId): Promise<Item>;
  /** A number for a partnership: positive, never given twice in this mailbox. */
  takePartnershipNumber(): Promise<number>;
  putPartnership(partnership: Partnership): Promise<void>;
  /** Forgets the partnership with its lists. */
  removePartnership(folderId: FolderId, device: string): Promise<void>;
  /** Adds an entry, or replaces the one of that name. */
  putCommand(folderId: FolderId, device: string, list: CommandList, entry: JournalEntry): Promise<void>;
  removeCommand(folderId: FolderId, device: string, list: CommandList, name: string): Promise<void>;
  clearCommands(folderId: FolderId, device: string, list: CommandList): Promise<void>;
  keepConflictLoser(loser: Omit<ConflictLoser, 'id'>): Promise<void>;
  /** Drops those kept before this moment (milliseconds since 1970); returns how many. */
  dropConflictLosers(before: number): Promise<number>;
}

export interface EdgeRange {
  readonly low: Edge;
  readonly high: Edge;
}

/** One row of the log: an item entered, left, was renamed or changed its filter key. */
export interface LogRow {
  readonly stamp: Stamp;
  readonly itemId: ItemId;
  /** Stamp that began the stay. */
  readonly stay: Stamp;
  /** The filter key before and after; null = not in the folder. */
  readonly before: number | null;
  readonly after: number | null;
  readonly by: number | null;
}

export interface FeedRow {
  readonly stamp: Stamp;
  readonly itemId: ItemId;
  /** Null for a write that only changed the item. */
  readonly log: LogRow | null;
  /** The item as it is now, when its present stay in this folder is the row's. Its `rev` is `stamp` on its last write. */
  readonly item: Item | null;
}

export interface Partnership {
  readonly folderId: FolderId;
  /** Names the device, and its view of the folder where it sees one folder as several. */
  readonly device: string;
  /** Names this incarnation in `by`; a new one is taken at key 0. */
  readonly number: number;
  /** Counts answers with a key, over all incarnations. */
  readonly answers: number;
  readonly current: Generation;
  readonly previous: Generation | null;
  /** How often the previous key came again since it was acknowledged first. */
  readonly repeats: number;
  /** The one item whose content the answer to a third or later repeat held. */
  readonly alone: ItemId | null;
  /** Items that made the device repeat itself, until it acknowledges an answer without them. */
  readonly suspects: readonly ItemId[];
  /** When something was last told or done, in milliseconds since 1970; absent before the first time. An idle Sync does not count. */
  readonly syncedAt?: number;
}

/** What a device that has seen the answer with `key` holds, in constant space. */
export interface Generation {
  readonly key: string;
  /** All stamps up to here are processed. */
  readonly processed: Stamp;
  /** `processed` and the folder's last stamp when the present pass began: what entered since is sent at its newest. */
  readonly base: Stamp;
  readonly ceiling: Stamp;
  /**
   * The last stamp when the feed was drained last: all that was written up to here is told. Of `processed` that cannot be said, since
   * an item that is written again while its row waits has its only row at the end. Absent = never.
   */
  readonly drained?: Stamp;
  readonly edge: Edge;
  /** Items of which the edge does not tell whether the device holds them. */
  readonly exceptions: readonly HeldException[];
  /**
   * Items that the device shows as it changed them, in vain: what it holds of them is not what it was sent. Kept until the feed
   * is drained, which puts them right; absent = none.
   */
  readonly altered?: readonly ItemId[];
  /** The protocol's options in force, in its own words. */
  readonly options: string;
  /** The folders that were read as one, the partnership's first; absent where that is all there is. */
  readonly folders?: readonly FolderId[];
}

/**
 * An item that is held, or not, whatever the edge says: quarantined, since it could not be rendered; or left so by one of the
 * device's commands, to be set right as soon as the feed is drained.
 */
export interface HeldException {
  readonly itemId: ItemId;
  /** Whether the device holds some revision, surely not the present one. */
  readonly isHeld: boolean;
  /** Quarantine: the retry stamp in force when it was tried last. -1 = nothing stands in its way. */
  readonly tried: number;
  /** Why it is in quarantine: it cannot be shown, showing it failed, the device kept repeating itself over it; or somebody cleared it. */
  readonly reason?: 'refused' | 'failed' | 'repeats' | 'cleared';
}

/** 'journal': what was done under the previous key. 'carried': Adds whose answer was never acknowledged before key 0. */
export type CommandList = 'journal' | 'carried';

export interface JournalEntry {
  readonly name: string;
  readonly kind: 'add' | 'change' | 'delete';
  readonly itemId: ItemId;
  readonly stay: Stamp;
  /** Hashes of the contents seen under this name; the last one is in force. */
  readonly hashes: readonly string[];
  readonly status: 'done' | 'conflict' | 'not-found';
  /** The partnership's number when it was done. */
  readonly by: number;
  /** Whether anything was ever written under this name. */
  readonly isApplied: boolean;
}

export interface ConflictLoser {
  readonly id: number;
  readonly folderId: FolderId;
  readonly itemId: ItemId;
  readonly device: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose version lost. */
  readonly side: 'client' | 'server';
  readonly rule: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

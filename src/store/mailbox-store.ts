import type { ChangePage, FolderChangePage } from '../domain/changes.ts';
import type { Content } from '../domain/content.ts';
import type { Folder, FolderId, FolderPatch, NewFolder } from '../domain/folder.ts';
import type { Item, ItemFlags, ItemId, ItemIndex } from '../domain/item.ts';
import type { CalendarKind, Home } from '../domain/item-class.ts';
import type { Mailbox, MailboxId, Origin, Stamp } from '../domain/mailbox.ts';

/**
 * The port behind which mailboxes are kept. `test/contract/mailbox-store.ts` runs whole over every adapter.
 * Every method may reject with GatewayError 'store-unavailable', those that write with 'storage-full'. Missing folders reject with 'folder-not-found',
 * missing items are null, unless a method says otherwise.
 */
export interface MailboxStore {
  /** Reads outside any transaction; each call sees what is committed at that moment. Costs nothing to make. */
  read(mailboxId: MailboxId): MailboxReader;
  /**
   * Runs `work` in one transaction under the mailbox's counter lock: all of it is committed, with stamps and log, or none.
   * `work` may be run again after a serialisation failure, so it must not touch anything but `tx`.
   * After the commit one `CommittedChange` is published per folder touched.
   */
  write<T>(mailboxId: MailboxId, origin: Origin, work: (tx: MailboxWriter) => Promise<T>): Promise<T>;
  /** Creates an empty mailbox (no folders). */
  createMailbox(): Promise<MailboxId>;
  setQuota(mailboxId: MailboxId, quota: { bytes: number | null; items: number | null }): Promise<void>;
  /** Removes the mailbox with all it holds. Long: works in slices. */
  removeMailbox(mailboxId: MailboxId): Promise<void>;
  /** Deletes log rows with a stamp ≤ `upTo` and raises `pruned` of each folder concerned, in one transaction. Returns rows deleted. */
  prune(mailboxId: MailboxId, upTo: Stamp): Promise<number>;
  /** Highest stamp given out before this moment (milliseconds since 1970), to prune by age. Exact to the hour, never too high. */
  stampAt(mailboxId: MailboxId, before: number): Promise<Stamp>;
  /** Looks through everything; each finding is one sentence. An empty list is a sound store. */
  verify(progress?: (done: number, total: number) => void): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface MailboxReader {
  /** Rejects with 'folder-not-found' when the mailbox does not exist. */
  mailbox(): Promise<Mailbox>;
  /** All folders, default roles first in their fixed order, then by id. */
  folders(): Promise<readonly Folder[]>;
  folder(id: FolderId): Promise<Folder | null>;
  folderByName(home: Home, parentId: FolderId | null, name: string): Promise<Folder | null>;
  item(id: ItemId): Promise<Item | null>;
  itemByName(folderId: FolderId, name: string): Promise<Item | null>;
  /** Items with this UID, in one folder or in the whole mailbox. */
  itemsByUid(uid: string, folderId?: FolderId): Promise<readonly Item[]>;
  /** One page of a folder's items. */
  list(folderId: FolderId, query: ListQuery): Promise<ItemPage>;
  /** For multiget: what is found, in no particular order; unknown names are absent. At most 500 names a call. */
  itemsByNames(folderId: FolderId, names: readonly string[], withContent: boolean): Promise<readonly ItemWithContent[]>;
  /**
   * Entries with a stamp > `since`, at most `limit`, in stamp order, a feed that costs by the change. `since` 0 = all that
   * is there now, without removals. When `since` is the folder's `last` no item or log row is read.
   * Rejects 'cursor-expired' when 0 < since < folder.pruned, or since > folder.last.
   * A pass that began at 0 and goes on gives back `floor` with `next`: it is judged by the floor, since it may well be
   * at a position below `pruned`, and it is spared the removals before it began.
   */
  changes(
    folderId: FolderId,
    since: Stamp,
    limit: number,
    withContent: boolean,
    floor?: Stamp,
  ): Promise<ChangePage & { contents?: ReadonlyMap<ItemId, Uint8Array> }>;
  /** The same feed for the mailbox's folders (created, changed, removed); a renamed folder is 'changed' only. */
  folderChanges(since: Stamp, limit: number, floor?: Stamp): Promise<FolderChangePage>;
  /** The bytes, in chunks of at most 64 KiB, from `start` (inclusive) to `end` (exclusive). Rejects 'item-not-found'. */
  content(id: ItemId, range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
}

export interface MailboxWriter extends MailboxReader {
  /** Rejects 'name-taken' when a sibling of the same home has the name, or the role is taken. */
  createFolder(folder: NewFolder): Promise<Folder>;
  updateFolder(id: FolderId, patch: FolderPatch): Promise<Folder>;
  /** Removes the folder, all below it and all in it. Items get tombstones; the folder gets one in the folder feed. */
  deleteFolder(id: FolderId): Promise<void>;
  /** Rejects 'name-taken'; 'quota-exceeded' when the mailbox has a limit. */
  createItem(item: NewItem): Promise<Item>;
  /** New content and index for an item. Rejects 'item-not-found', 'quota-exceeded'. */
  replaceContent(id: ItemId, content: NewContent): Promise<Item>;
  /** Flags only: takes a stamp, which becomes that of the aspects it changes, leaves content and contentRev. */
  setFlags(id: ItemId, flags: ItemFlags): Promise<Item>;
  /** Into another folder or to another name; keeps the id. Within one folder only the name changes. Rejects 'name-taken'. */
  moveItem(id: ItemId, folderId: FolderId, name: string): Promise<Item>;
  /** Leaves a tombstone. Rejects 'item-not-found'. */
  deleteItem(id: ItemId): Promise<void>;
}

export interface ListQuery {
  /** The id after which to go on; absent = from the start. Pages are in order of id. */
  readonly after?: ItemId;
  /** At most 500 are given however large. */
  readonly limit: number;
  readonly withContent: boolean;
  readonly kind?: CalendarKind;
  /** Only items whose [rangeStart, rangeEnd] touches [start, end] (seconds, either may be missing): a superset of exact matches, found by index. */
  readonly range?: { readonly start?: number; readonly end?: number };
}

export interface ItemWithContent {
  readonly item: Item;
  /** Present when asked for. */
  readonly content?: Uint8Array;
}

export interface ItemPage {
  readonly items: readonly ItemWithContent[];
  /** Give as `after` for the next page; null when this was the last. */
  readonly next: ItemId | null;
}

export interface NewContent {
  readonly content: Content;
  readonly contentType: string;
  readonly index: ItemIndex;
}

export interface NewItem extends NewContent {
  readonly folderId: FolderId;
  readonly name: string;
  readonly flags?: ItemFlags;
  /**
   * What does not stop it: 'disk', the limit that an administrator set (a disk that is full does); 'quota', neither that nor the
   * quota, for notices of the server's own.
   */
  readonly exceeds?: 'disk' | 'quota';
}

/** Published after a commit, once per folder touched. */
export interface CommittedChange {
  readonly mailboxId: MailboxId;
  readonly folderId: FolderId;
  readonly stamp: Stamp;
  readonly origin: Origin;
}

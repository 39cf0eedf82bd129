import type { Folder, FolderId } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { Mailbox, MailboxId, Stamp } from '../../domain/mailbox.ts';
import type { OwnQuota } from '../../domain/quota.ts';
import type { AppPassword } from '../app-password-store.ts';
import type { RecentActivity } from '../device-activity-store.ts';
import type { Device } from '../device-store.ts';
import type { ConflictLoser, JournalEntry, Partnership } from '../sync-state-store.ts';
import { OverlayTable, type Table } from './table.ts';

export interface StoredItem {
  readonly item: Item;
  readonly content: Uint8Array;
}

/** One row of the log: an item entered, left, was renamed or changed what the date filter reads. */
export interface PresenceRow {
  readonly folderId: FolderId;
  readonly stamp: Stamp;
  readonly itemId: ItemId;
  readonly stay: Stamp;
  readonly before: number | null;
  readonly after: number | null;
  readonly by: number | null;
  readonly leftName: string | null;
}

export interface FolderTombstone {
  readonly folderId: FolderId;
  readonly stamp: Stamp;
  readonly name: string;
}

/** A done operation; its result is kept as JSON, so that nobody shares an object with the store. */
export interface DoneRow {
  readonly name: string;
  readonly at: number;
  readonly json: string;
}

/** A document, its value as JSON. */
export interface DocumentRow {
  readonly name: string;
  readonly json: string;
}

/** The counters beside what callers see of a mailbox. */
export interface MailboxRow extends Mailbox {
  /** Absent: as for others. */
  readonly ownQuota?: OwnQuota;
  readonly nextItem: ItemId;
  readonly nextFolder: FolderId;
  readonly foldersLast: Stamp;
  readonly foldersPruned: Stamp;
  readonly lastHour: number | null;
  readonly nextPartnership: number;
  readonly nextLoser: number;
}

/** Everything one mailbox holds, as a reader or a transaction sees it. */
export interface MailboxView {
  row: MailboxRow;
  readonly folders: Table<FolderId, Folder>;
  readonly items: Table<ItemId, StoredItem>;
  readonly names: Table<string, ItemId>;
  readonly presence: Table<string, PresenceRow>;
  readonly folderLog: Table<Stamp, FolderTombstone>;
  /** Hour since 1970 → last stamp given out in it. */
  readonly hours: Table<number, readonly [hour: number, stamp: Stamp]>;
  /** By `partnershipKey`. */
  readonly partnerships: Table<string, Partnership>;
  /** By `partnershipKey` and name of the list: its entries in order. */
  readonly commands: Table<string, ReadonlyMap<string, JournalEntry>>;
  readonly losers: Table<number, ConflictLoser>;
  readonly devices: Table<string, Device>;
  /** By the id of the device. */
  readonly activity: Table<string, RecentActivity>;
  readonly documents: Table<string, DocumentRow>;
  readonly doneOperations: Table<string, DoneRow>;
  readonly appPasswords: Table<string, AppPassword>;
}

/** The committed state of one mailbox. */
export class MailboxState implements MailboxView {
  row: MailboxRow;
  readonly folders = new Map<FolderId, Folder>();
  readonly items = new Map<ItemId, StoredItem>();
  readonly names = new Map<string, ItemId>();
  readonly presence = new Map<string, PresenceRow>();
  readonly folderLog = new Map<Stamp, FolderTombstone>();
  readonly hours = new Map<number, readonly [number, Stamp]>();
  readonly partnerships = new Map<string, Partnership>();
  readonly commands = new Map<string, ReadonlyMap<string, JournalEntry>>();
  readonly losers = new Map<number, ConflictLoser>();
  readonly devices = new Map<string, Device>();
  readonly activity = new Map<string, RecentActivity>();
  readonly documents = new Map<string, DocumentRow>();
  readonly doneOperations = new Map<string, DoneRow>();
  readonly appPasswords = new Map<string, AppPassword>();

  constructor(id: MailboxId) {
    this.row = {
      id,
      head: 0,
      usedBytes: 0,
      itemCount: 0,
      quotaBytes: null,
      quotaItems: null,
      nextItem: 1,
      nextFolder: 1,
      foldersLast: 0,
      foldersPruned: 0,
      lastHour: null,
      nextPartnership: 1,
      nextLoser: 1,
    };
  }
}

/** What a transaction sees and changes; nothing reaches the committed state before `apply`. */
export class MailboxDraft implements MailboxView {
  row: MailboxRow;
  readonly folders: OverlayTable<FolderId, Folder>;
  readonly items: OverlayTable<ItemId, StoredItem>;
  readonly names: OverlayTable<string, ItemId>;
  readonly presence: OverlayTable<string, PresenceRow>;
  readonly folderLog: OverlayTable<Stamp, FolderTombstone>;
  readonly hours: OverlayTable<number, readonly [number, Stamp]>;
  readonly partnerships: OverlayTable<string, Partnership>;
  readonly commands: OverlayTable<string, ReadonlyMap<string, JournalEntry>>;
  readonly losers: OverlayTable<number, ConflictLoser>;
  readonly devices: OverlayTable<string, Device>;
  readonly activity: OverlayTable<string, RecentActivity>;
  readonly documents: OverlayTable<string, DocumentRow>;
  readonly doneOperations: OverlayTable<string, DoneRow>;
  readonly appPasswords: OverlayTable<string, AppPassword>;
  /** Folders touched, each with its highest stamp. */
  readonly touched = new Map<FolderId, Stamp>();
  readonly #state: MailboxState;

  constructor(state: MailboxState) {
    this.#state = state;
    this.row = state.row;
    this.folders = new OverlayTable(state.folders);
    this.items = new OverlayTable(state.items);
    this.names = new OverlayTable(state.names);
    this.presence = new OverlayTable(state.presence);
    this.folderLog = new OverlayTable(state.folderLog);
    this.hours = new OverlayTable(state.hours);
    this.partnerships = new OverlayTable(state.partnerships);
    this.commands = new OverlayTable(state.commands);
    this.losers = new OverlayTable(state.losers);
    this.devices = new OverlayTable(state.devices);
    this.activity = new OverlayTable(state.activity);
    this.documents = new OverlayTable(state.documents);
    this.doneOperations = new OverlayTable(state.doneOperations);
    this.appPasswords = new OverlayTable(state.appPasswords);
  }

  apply(): void {
    this.#state.row = this.row;
    for (const table of [this.folders, this.items, this.names, this.presence, this.folderLog, this.hours])
      table.apply();
    for (const table of [this.partnerships, this.commands, this.losers]) table.apply();
    for (const table of [this.devices, this.activity, this.documents]) table.apply();
    for (const table of [this.doneOperations, this.appPasswords]) table.apply();
  }
}

/** Key of an item's name in its folder. */
export function nameKey(folderId: FolderId, name: string): string {
  return `${folderId}/${name}`;
}

/** Key of a partnership in its mailbox. */
export function partnershipKey(folderId: FolderId, device: string): string {
  return `${folderId}/${device}`;
}

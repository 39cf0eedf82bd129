import type { FolderId } from '../../domain/folder.ts';
import type { ItemFlags, ItemId } from '../../domain/item.ts';
import type { CalendarKind, FolderRole, ItemClass } from '../../domain/item-class.ts';
import type { FolderSummary } from './folders.ts';

/** The folder that an import wants. */
export interface FolderWish {
  readonly itemClass: ItemClass;
  /** A default folder, which is there; else null. */
  readonly role: FolderRole | null;
  /** Where it lies; null is the top. */
  readonly parentId: FolderId | null;
  /** DAV name or shown name; ignored where a role is given. */
  readonly name: string;
  /** What it gets when it must be created. */
  readonly displayName: string | null;
  readonly components: readonly CalendarKind[];
  readonly properties: Readonly<Record<string, string>>;
}

export interface ImportBatchEntry {
  readonly content: Uint8Array;
  readonly contentType: string;
  /** The DAV name it should have where that is free. */
  readonly name?: string;
  readonly flags?: ItemFlags;
}

/** What became of one entry. `line` counts from 1 within the entry's content. */
export type ImportBatchOutcome =
  | { readonly kind: 'created' | 'replaced' | 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string; readonly line?: number };

export interface ExportedItem {
  readonly id: ItemId;
  readonly name: string;
  readonly size: number;
  readonly flags: ItemFlags;
  /** Names the state of the bytes; given back when asking for chunks. */
  readonly revision: string;
  /** Exactly as stored; null when it is large and must be asked for in chunks. */
  readonly content: Uint8Array | null;
}

export interface ExportPage {
  readonly items: readonly ExportedItem[];
  /** Give as `after` for the next page; null when this was the last. */
  readonly next: ItemId | null;
}

/** Items into and out of a mailbox. */
export interface TransferCalls {
  /** Finds the folder, or creates it. */
  importFolder(input: {
    readonly address: string;
    readonly folder: FolderWish;
  }): Promise<{ readonly folder: FolderSummary; readonly created: boolean }>;
  /** Puts at most 500 items into a folder in one transaction; outcomes are in the order given. */
  importBatch(input: {
    readonly address: string;
    readonly folderId: FolderId;
    readonly entries: readonly ImportBatchEntry[];
  }): Promise<readonly ImportBatchOutcome[]>;
  /** One page of a folder's items; `after` null begins. */
  exportPage(input: {
    readonly address: string;
    readonly folderId: FolderId;
    readonly after: ItemId | null;
  }): Promise<ExportPage>;
  /** Bytes of a large item. Rejects 'revision-mismatch' when it changed since the page was given. */
  exportChunk(input: {
    readonly address: string;
    readonly itemId: ItemId;
    readonly revision: string;
    readonly start: number;
    readonly end: number;
  }): Promise<Uint8Array>;
}

export const TRANSFER_CALLS = [
  'importFolder',
  'importBatch',
  'exportPage',
  'exportChunk',
] as const satisfies readonly (keyof TransferCalls)[];

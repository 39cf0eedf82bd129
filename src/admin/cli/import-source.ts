import type { ItemFlags } from '../../domain/item.ts';
import type { CalendarKind, FolderRole, ItemClass } from '../../domain/item-class.ts';
import type { FolderWish } from '../calls/transfer.ts';

/** What a file holds. `exported` is one item that `causeway export` wrote. */
export type FileKind = 'calendar' | 'cards' | 'message' | 'mbox' | 'exported';

/** A folder on the way from the top, wanted by role or by name. */
export type FolderStep = Omit<FolderWish, 'parentId'>;

/** One file to be imported. */
export interface SourceFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly bytes: number;
  /** Where its place says that it belongs (Maildir folder, exported folder); null: by what it is. */
  readonly folder: readonly FolderStep[] | null;
  /** From a Maildir name or an export. */
  readonly flags?: ItemFlags;
  /** DAV name, from an export. */
  readonly name?: string;
}

/** One item found in a file. */
export interface SourceItem {
  readonly kind: 'VEVENT' | 'VTODO' | 'VJOURNAL' | 'VFREEBUSY' | 'VCARD' | 'MESSAGE' | 'FILE';
  readonly content: Uint8Array;
  readonly contentType: string;
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly name?: string;
  readonly flags?: ItemFlags;
}

/** Something that is not imported, and why. `line` 0: the file as a whole. */
export interface Refusal {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
  /** Not an item but so many unreadable lines of items, which are imported without them. */
  readonly lines?: number;
}

/** A file or folder that the system does not let us read; any other error is thrown again. */
export function unreadable(path: string, error: unknown): Refusal {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  return { path, line: 0, reason: `it cannot be read: ${error.message}` };
}

/** A default folder. */
export function roleStep(role: FolderRole, itemClass: ItemClass): FolderStep {
  return { itemClass, role, name: role, displayName: null, components: [], properties: {} };
}

/** A folder by name, made with these components when missing. */
export function namedStep(itemClass: ItemClass, name: string, components: readonly CalendarKind[] = []): FolderStep {
  return { itemClass, role: null, name, displayName: null, components, properties: {} };
}

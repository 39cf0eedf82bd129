import type { Folder, FolderId } from './folder.ts';
import type { Item, ItemId } from './item.ts';
import type { Stamp } from './mailbox.ts';

/** One entry of a folder's change feed, in stamp order. */
export type Change =
  | { readonly kind: 'changed'; readonly stamp: Stamp; readonly item: Item }
  /** The name stopped naming anything in this folder. Not given where a live item has that name again. */
  | { readonly kind: 'removed'; readonly stamp: Stamp; readonly itemId: ItemId; readonly name: string };

export interface ChangePage {
  readonly entries: readonly Change[];
  /** Cursor to give next time. */
  readonly next: Stamp;
  /** True when the limit ended the page early. */
  readonly more: boolean;
  /** While a pass that began at 0 is not complete: to be given with `next`, and kept with it in whatever token the client gets. */
  readonly floor?: Stamp;
}

export type FolderChange =
  | { readonly kind: 'changed'; readonly stamp: Stamp; readonly folder: Folder }
  | { readonly kind: 'removed'; readonly stamp: Stamp; readonly folderId: FolderId; readonly name: string };

export interface FolderChangePage {
  readonly entries: readonly FolderChange[];
  readonly next: Stamp;
  readonly more: boolean;
  /** As in ChangePage. */
  readonly floor?: Stamp;
}

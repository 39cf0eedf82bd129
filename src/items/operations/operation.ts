import type { FolderId } from '../../domain/folder.ts';
import type { ItemId } from '../../domain/item.ts';

/** What a message is called by people; null where its header does not say, or is not to be written down. */
export interface MessageFacts {
  readonly from: string | null;
  readonly subject: string | null;
  /** Seconds since 1970. */
  readonly delivered: number;
}

/** An item that was removed or moved. Paths are those before it. */
export interface ItemOperation {
  readonly kind: 'DELETE' | 'MOVE';
  readonly itemId: ItemId;
  /** The item's DAV name. */
  readonly name: string;
  readonly folder: string;
  /** Where it is now; null when it was deleted. */
  readonly to: string | null;
  readonly size: number;
  /** Null for what is no message. */
  readonly message: MessageFacts | null;
}

/** A folder that was removed, or moved or renamed. */
export interface FolderOperation {
  readonly kind: 'DELETE_FOLDER' | 'MOVE_FOLDER';
  readonly folderId: FolderId;
  readonly folder: string;
  readonly to: string | null;
  /** What lay in it itself; null when that is more than is counted. */
  readonly items: number | null;
}

export type Operation = ItemOperation | FolderOperation;

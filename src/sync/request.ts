import type { GatewayError } from '../domain/errors.ts';
import type { FolderId } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { MailboxId } from '../domain/mailbox.ts';

/** The key with which a device begins, or begins again. */
export const START_KEY = '0';

/** What an administrator, or the client, wants done when two have changed one item. */
export type ConflictRule = 'server-wins' | 'client-wins' | 'keep-both' | 'merge';

/** Which partnership is meant. */
export interface SyncTarget {
  readonly mailboxId: MailboxId;
  readonly folderId: FolderId;
  /** Names the device, and its view of the folder where it sees one folder as several. */
  readonly device: string;
  /** Folders whose items are shown with the folder's own, for a device that has one folder for all of them. */
  readonly merged?: readonly FolderId[];
}

/** One collection of one Sync request, in words that belong to no protocol. `C` is a command's payload. */
export interface SyncRequest<C> extends SyncTarget {
  readonly key: string;
  readonly commands: readonly ClientCommand<C>[];
  /** Kept with the generation, for `hasChanges` and requests that leave options out. */
  readonly options: string;
  /** Items with this filter key or a higher one are wanted. Round it (to the hour), so that an idle device stays idle. */
  readonly wantedKey: number;
  /** Server commands an answer may hold, at least 1. */
  readonly windowSize: number;
  /** Sizes of rendered items an answer may add up to; one item always passes. Absent = no limit. */
  readonly maxBytes?: number;
  /** False leaves the server's changes for another request (GetChanges 0). */
  readonly wantsChanges: boolean;
  readonly conflictRule: ConflictRule;
  /** Rises with time: quarantined items that were tried at a lower one are tried again. */
  readonly retryStamp: number;
  /** Equal for requests with equal bytes; null when the protocol does not tell. */
  readonly fingerprint: string | null;
}

export type ClientCommand<C> =
  | { readonly kind: 'add'; readonly clientId: string; readonly hash: string; readonly data: C }
  | { readonly kind: 'change'; readonly itemId: ItemId; readonly hash: string; readonly data: C }
  | { readonly kind: 'delete'; readonly itemId: ItemId; readonly data: C };

/** What became of a client's command; one for each, in their order. */
export interface ItemOutcome {
  readonly kind: ClientCommand<unknown>['kind'];
  /** Set for an Add. */
  readonly clientId: string | null;
  /** Null for an Add that was refused. */
  readonly itemId: ItemId | null;
  readonly status: 'done' | 'conflict' | 'not-found' | 'refused';
  /** Why it was refused. */
  readonly error: GatewayError | null;
}

export type ServerCommand<R> =
  | { readonly kind: 'add' | 'change'; readonly itemId: ItemId; readonly item: Item; readonly rendered: R }
  | { readonly kind: 'delete' | 'soft-delete'; readonly itemId: ItemId };

export type SyncOutcome<R> =
  /** The key is unknown, too old, or the log was pruned beyond it: the device starts again from key 0. */
  { readonly kind: 'lost' } | SyncAnswer<R>;

export interface SyncAnswer<R> {
  readonly kind: 'answer';
  readonly key: string;
  readonly outcomes: readonly ItemOutcome[];
  readonly commands: readonly ServerCommand<R>[];
  readonly hasMore: boolean;
  /** Nothing to say: the key is the one that was given. */
  readonly isEmpty: boolean;
  /** Items this device does not get because they cannot be rendered. */
  readonly quarantined: number;
  /** There are so many of them that somebody should look. */
  readonly isQuarantineAlarm: boolean;
}

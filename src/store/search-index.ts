import type { FolderId } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { MailboxId, Stamp } from '../domain/mailbox.ts';

/**
 * The words of messages, so that a search reads no message. It lags behind the mailboxes: `pending` tells what it lacks
 * and `put` brings it; what was removed is never found. `test/contract/search-index.ts` runs whole over every adapter.
 * Words are given as `src/search/words.ts` makes them; the index does nothing to them.
 */
export interface SearchIndex {
  /**
   * Messages of a mail folder (others have none) that the index does not have as they are now, the longest unchanged first, at most `limit`.
   * Costs by what was written since the last `put`. Rejects 'folder-not-found'.
   */
  pending(mailboxId: MailboxId, folderId: FolderId, limit: number): Promise<PendingTexts>;
  /**
   * Takes the texts of a `pending`, all of them or as many as could be read, and remembers that the folder was looked
   * through up to there. What was removed or written again in the meantime is passed over.
   */
  put(mailboxId: MailboxId, folderId: FolderId, upTo: Stamp, texts: readonly MessageText[]): Promise<void>;
  /** Messages that fit, the newest (by `filterKey`, then id) first. */
  find(mailboxId: MailboxId, query: SearchQuery): Promise<SearchHits>;
}

export interface PendingTexts {
  readonly items: readonly Item[];
  /** To be given to `put`. */
  readonly upTo: Stamp;
  /** Whether there are more behind these. */
  readonly more: boolean;
}

export interface MessageText {
  readonly itemId: ItemId;
  /** Of the content that was read. */
  readonly contentRev: Stamp;
  /** Each once. */
  readonly words: readonly string[];
  /** Names the thread it belongs to; null for none. */
  readonly thread: string | null;
}

export interface SearchQuery {
  readonly folders: readonly FolderId[];
  /** A message fits when for each of these it has a word that begins so; none: every message. */
  readonly words: readonly string[];
  readonly thread: string | null;
  /** Only messages whose `filterKey`, their time, is above and below these (seconds since 1970). */
  readonly after: number | null;
  readonly before: number | null;
  readonly offset: number;
  readonly limit: number;
}

export interface SearchHits {
  readonly items: readonly Item[];
  /** How many fit altogether. */
  readonly total: number;
}

import type { Clock } from '../domain/clock.ts';
import { isGatewayError } from '../domain/errors.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { CommittedChange, MailboxStore } from '../store/mailbox-store.ts';
import type { MessageText, PendingTexts, SearchHits, SearchIndex, SearchQuery } from '../store/search-index.ts';
import { messageWords } from './message-words.ts';

/** Messages read and put at once: a few hundred milliseconds at most between which others are served. */
const SLICE = 50;
/** Mail comes in bursts; the index follows when it is quiet. */
const QUIET_MS = 2_000;

export interface MailSearchParts {
  readonly index: SearchIndex;
  readonly store: Pick<MailboxStore, 'read'>;
  readonly clock: Pick<Clock, 'elapsed' | 'after'>;
  /** Told when following a folder in the background failed; it is tried again at the next change or search. */
  readonly onFailure: (folder: { readonly mailboxId: MailboxId; readonly folderId: FolderId }, error: unknown) => void;
}

export interface FoundMail extends SearchHits {
  /** False when the time was over before the index had caught up with the folders. */
  readonly isComplete: boolean;
}

/** Finds mail by its words. The index follows the mailboxes after the commits, and at the latest when it is asked. */
export interface MailSearch {
  /** @param budgetMs How long to catch up with the folders at most; what is left is done in the background. */
  search(mailboxId: MailboxId, query: SearchQuery, budgetMs: number): Promise<FoundMail>;
  /** Called after each commit. */
  note(change: Pick<CommittedChange, 'mailboxId' | 'folderId'>): void;
  /** Ends the work in the background; what is not done is done at the next search. */
  close(): Promise<void>;
}

export function createMailSearch(parts: MailSearchParts): MailSearch {
  return new IndexedMailSearch(parts);
}

class IndexedMailSearch implements MailSearch {
  readonly #parts: MailSearchParts;
  readonly #waiting = new Map<string, { readonly mailboxId: MailboxId; readonly folderId: FolderId }>();
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(parts: MailSearchParts) {
    this.#parts = parts;
  }

  async search(mailboxId: MailboxId, query: SearchQuery, budgetMs: number): Promise<FoundMail> {
    const end = this.#parts.clock.elapsed() + budgetMs;
    let isComplete = true;
    for (const folderId of query.folders) {
      const isCaughtUp = await this.#catchUp(mailboxId, folderId, () => this.#parts.clock.elapsed() >= end);
      if (isCaughtUp) continue;
      isComplete = false;
      this.note({ mailboxId, folderId });
    }
    return { ...(await this.#parts.index.find(mailboxId, query)), isComplete };
  }

  note({ mailboxId, folderId }: Pick<CommittedChange, 'mailboxId' | 'folderId'>): void {
    if (this.#isClosed) return;
    this.#waiting.set(`${mailboxId}/${folderId}`, { mailboxId, folderId });
    if (this.#running !== null || this.#cancelTimer !== null) return;
    this.#cancelTimer = this.#parts.clock.after(QUIET_MS, () => {
      this.#cancelTimer = null;
      this.#running = this.#follow().finally(() => {
        this.#running = null;
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  async #follow(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#isClosed) {
      const [[key, folder]] = this.#waiting as unknown as [[string, { mailboxId: MailboxId; folderId: FolderId }]];
      this.#waiting.delete(key);
      try {
        await this.#catchUp(folder.mailboxId, folder.folderId, () => this.#isClosed);
      } catch (error) {
        this.#parts.onFailure(folder, error);
      }
    }
  }

  /** False when it was stopped before the folder was caught up with. At least one slice is done. */
  async #catchUp(mailboxId: MailboxId, folderId: FolderId, isOver: () => boolean): Promise<boolean> {
    const { index } = this.#parts;
    try {
      for (;;) {
        const pending = await index.pending(mailboxId, folderId, SLICE);
        const texts = await this.#textsOf(mailboxId, pending);
        await index.put(mailboxId, folderId, pending.upTo, texts);
        if (!pending.more) return true;
        if (isOver()) return false;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      // The folder or its mailbox was removed: there is nothing left to catch up with.
      if (isGatewayError(error, 'folder-not-found')) return true;
      throw error;
    }
  }

  async #textsOf(mailboxId: MailboxId, { items }: PendingTexts): Promise<MessageText[]> {
    const reader = this.#parts.store.read(mailboxId);
    const texts: MessageText[] = [];
    for (const { id: itemId, contentRev } of items) {
      try {
        texts.push({ itemId, contentRev, ...(await messageWords((range) => reader.content(itemId, range))) });
      } catch (error) {
        // Removed, or written anew, while it was read: then it has nothing to be found by, or is pending again.
        if (!isGatewayError(error, 'item-not-found') && !isGatewayError(error, 'revision-mismatch')) throw error;
      }
    }
    return texts;
  }
}

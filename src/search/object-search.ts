import type { FolderId } from '../domain/folder.ts';
import { BEGINNINGLESS, type Item } from '../domain/item.ts';
import type { ItemKind } from '../domain/item-class.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';
import { objectWords } from './object-words.ts';

const PAGE = 100;

/** The items of one kind in a folder. */
export interface ObjectSource {
  readonly folderId: FolderId;
  readonly kind: Exclude<ItemKind, 'MESSAGE' | 'FILE' | 'VFREEBUSY'>;
}

export interface FoundObjects {
  /** The newest first. */
  readonly items: readonly Item[];
  /** False when it was over before all were looked at. */
  readonly isComplete: boolean;
}

/**
 * Events, tasks, notes and contacts that have, for each of these words, one that begins so; all of them without any. Unlike
 * mail they are read when they are asked for, one page after the other, between which others are served: they are few
 * and small, and who keeps an index of them pays with every change. Groups of contacts are not found.
 * @param words As `wordsOf` makes them.
 */
export async function searchObjects(
  reader: Pick<MailboxReader, 'list'>,
  sources: readonly ObjectSource[],
  words: readonly string[],
  isOver: () => boolean,
): Promise<FoundObjects> {
  const items: Item[] = [];
  for (const { folderId, kind } of sources) {
    for (let after: number | null = 0; after !== null; ) {
      if (isOver()) return { items: newestFirst(items), isComplete: false };
      const page = await reader.list(folderId, { after, limit: PAGE, withContent: words.length > 0 });
      for (const { item, content } of page.items) {
        if (item.kind !== kind || (kind === 'VCARD' && item.filterKey === BEGINNINGLESS)) continue;
        if (words.length === 0 || (content !== undefined && hasAll(objectWords(content), words))) items.push(item);
      }
      after = page.next;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { items: newestFirst(items), isComplete: true };
}

function hasAll(present: readonly string[], words: readonly string[]): boolean {
  return words.every((word) => present.some((candidate) => candidate.startsWith(word)));
}

function newestFirst(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => b.id - a.id);
}

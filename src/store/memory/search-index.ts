import type { FolderId } from '../../domain/folder.ts';
import type { ItemId } from '../../domain/item.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import { folderNotFound } from '../refusals.ts';
import type { MessageText, SearchHits, SearchIndex, SearchQuery } from '../search-index.ts';
import { isWorthPutting } from '../search-rules.ts';
import type { MailboxState } from './mailbox-state.ts';

interface SearchState {
  readonly texts: Map<ItemId, MessageText>;
  readonly positions: Map<FolderId, Stamp>;
}

/** Words of messages in memory. `peek` gives null for a mailbox that is gone, and with it goes what was kept for it. */
export function createMemorySearchIndex(peek: (id: MailboxId) => MailboxState | null): SearchIndex {
  const kept = new WeakMap<MailboxState, SearchState>();
  const searchOf = (state: MailboxState): SearchState => {
    const search = kept.get(state) ?? { texts: new Map(), positions: new Map() };
    kept.set(state, search);
    return search;
  };
  return {
    async pending(mailboxId, folderId, limit) {
      const state = peek(mailboxId);
      const folder = state?.folders.get(folderId);
      if (state === null || folder === undefined) throw folderNotFound(folderId);
      if (folder.itemClass !== 'mail') return { items: [], more: false, upTo: 0 };
      const { texts, positions } = searchOf(state);
      const known = positions.get(folderId) ?? 0;
      const lacking = [...state.items.values()]
        .map(({ item }) => item)
        .filter((item) => item.folderId === folderId && item.rev > known && item.kind === 'MESSAGE')
        .filter(({ id, contentRev }) => texts.get(id)?.contentRev !== contentRev)
        .sort((a, b) => a.rev - b.rev);
      const items = lacking.slice(0, limit);
      const more = lacking.length > limit;
      return { items, more, upTo: more ? items.at(-1)!.rev : folder.last };
    },
    async put(mailboxId, folderId, upTo, texts) {
      const state = peek(mailboxId);
      if (state === null) return;
      const search = searchOf(state);
      const known = search.positions.get(folderId) ?? 0;
      if (!isWorthPutting(known, upTo, texts)) return;
      for (const text of texts) {
        if (state.items.get(text.itemId)?.item.contentRev === text.contentRev) search.texts.set(text.itemId, text);
      }
      for (const id of [...search.texts.keys()]) if (!state.items.has(id)) search.texts.delete(id);
      if (state.folders.has(folderId)) search.positions.set(folderId, Math.max(known, upTo));
    },
    async find(mailboxId, query) {
      const state = peek(mailboxId);
      return state === null ? { items: [], total: 0 } : find(state, searchOf(state), query);
    },
  };
}

function find(state: MailboxState, { texts }: SearchState, query: SearchQuery): SearchHits {
  const { folders, words, thread, after, before, offset, limit } = query;
  const found = [...state.items.values()]
    .map(({ item }) => item)
    .filter((item) => item.kind === 'MESSAGE' && folders.includes(item.folderId))
    .filter(({ filterKey }) => (after === null || filterKey > after) && (before === null || filterKey < before))
    .filter(({ id }) => {
      const text = texts.get(id);
      if (thread !== null && text?.thread !== thread) return false;
      return words.every((word) => text?.words.some((candidate) => candidate.startsWith(word)) === true);
    })
    .sort((a, b) => b.filterKey - a.filterKey || b.id - a.id);
  return { items: found.slice(offset, offset + limit), total: found.length };
}

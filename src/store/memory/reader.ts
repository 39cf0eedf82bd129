import type { FolderId } from '../../domain/folder.ts';
import type { ItemId } from '../../domain/item.ts';
import { HOME_OF } from '../../domain/item-class.ts';
import { CHUNK_BYTES } from '../content-chunks.ts';
import { compareFolders } from '../folder-rules.ts';
import { checkNames, pageLimit } from '../list-page.ts';
import type { ItemWithContent, ListQuery, MailboxReader } from '../mailbox-store.ts';
import { folderNotFound, itemNotFound } from '../refusals.ts';
import { folderFeed, itemFeed } from './feed.ts';
import { type MailboxView, nameKey, type StoredItem } from './mailbox-state.ts';

/**
 * Reads a mailbox. `view` is asked at every call and throws when the mailbox is gone; `peek` gives null instead.
 */
export function createMemoryReader(view: () => MailboxView, peek: () => MailboxView | null): MailboxReader {
  const folderOf = (folderId: FolderId) => {
    const folder = peek()?.folders.get(folderId);
    if (folder === undefined) throw folderNotFound(folderId);
    return folder;
  };
  return {
    async mailbox() {
      const { id, head, usedBytes, itemCount, quotaBytes, quotaItems } = view().row;
      return { id, head, usedBytes, itemCount, quotaBytes, quotaItems };
    },
    ...folderReads(peek),
    async item(id) {
      return peek()?.items.get(id)?.item ?? null;
    },
    async itemByName(folderId, name) {
      folderOf(folderId);
      return storedByName(view(), folderId, name)?.item ?? null;
    },
    async itemsByUid(uid, folderId) {
      if (folderId !== undefined) folderOf(folderId);
      const items = [...(peek()?.items.values() ?? [])].map(({ item }) => item);
      return items.filter((i) => i.uid === uid && (folderId === undefined || i.folderId === folderId));
    },
    async list(folderId, query) {
      folderOf(folderId);
      return listPage(view(), folderId, query);
    },
    async itemsByNames(folderId, names, withContent) {
      folderOf(folderId);
      checkNames(names);
      const found = [...new Set(names)].map((name) => storedByName(view(), folderId, name));
      return found.filter((stored) => stored !== undefined).map((stored) => withOrWithout(stored, withContent));
    },
    async changes(folderId, since, limit, withContent, floor) {
      return itemFeed(view(), folderOf(folderId), { since, limit, floor }, withContent);
    },
    async folderChanges(since, limit, floor) {
      return folderFeed(view(), { since, limit, floor });
    },
    content(id, range) {
      return contentChunks(() => peek()?.items.get(id)?.content, id, range);
    },
  };
}

function folderReads(peek: () => MailboxView | null): Pick<MailboxReader, 'folders' | 'folder' | 'folderByName'> {
  return {
    async folders() {
      return [...(peek()?.folders.values() ?? [])].sort(compareFolders);
    },
    async folder(id) {
      return peek()?.folders.get(id) ?? null;
    },
    async folderByName(home, parentId, name) {
      for (const folder of peek()?.folders.values() ?? []) {
        if (folder.name === name && folder.parentId === parentId && HOME_OF[folder.itemClass] === home) return folder;
      }
      return null;
    },
  };
}

function storedByName(view: MailboxView, folderId: FolderId, name: string): StoredItem | undefined {
  const id = view.names.get(nameKey(folderId, name));
  return id === undefined ? undefined : view.items.get(id);
}

function withOrWithout({ item, content }: StoredItem, withContent: boolean): ItemWithContent {
  return withContent ? { item, content } : { item };
}

function listPage(view: MailboxView, folderId: FolderId, query: ListQuery) {
  const limit = pageLimit(query.limit);
  const { kind, range } = query;
  const found: StoredItem[] = [];
  for (const stored of view.items.values()) {
    const { item } = stored;
    if (item.folderId !== folderId || item.id <= (query.after ?? 0)) continue;
    if (kind !== undefined && item.kind !== kind) continue;
    if (range?.start !== undefined && item.rangeEnd < range.start) continue;
    if (range?.end !== undefined && item.rangeStart > range.end) continue;
    found.push(stored);
  }
  found.sort((a, b) => a.item.id - b.item.id);
  const page = found.slice(0, limit).map((stored) => withOrWithout(stored, query.withContent));
  return { items: page, next: found.length > limit ? (page.at(-1)?.item.id ?? null) : null };
}

async function* contentChunks(
  find: () => Uint8Array | undefined,
  id: ItemId,
  range: { start: number; end: number } | undefined,
): AsyncIterable<Uint8Array> {
  const content = find();
  if (content === undefined) throw itemNotFound(id);
  const end = Math.min(range?.end ?? content.length, content.length);
  for (let at = Math.max(range?.start ?? 0, 0); at < end; at += CHUNK_BYTES) {
    yield content.slice(at, Math.min(at + CHUNK_BYTES, end));
  }
}

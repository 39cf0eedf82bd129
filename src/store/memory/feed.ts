import type { Change, FolderChange, FolderChangePage } from '../../domain/changes.ts';
import type { Folder } from '../../domain/folder.ts';
import type { ItemId } from '../../domain/item.ts';
import type { Stamp } from '../../domain/mailbox.ts';
import { checkLimit, cutPage, feedBounds } from '../feed-page.ts';
import type { MailboxReader } from '../mailbox-store.ts';
import { type MailboxView, nameKey } from './mailbox-state.ts';

interface FeedQuery {
  readonly since: Stamp;
  readonly limit: number;
  readonly floor: Stamp | undefined;
}

/** One page of a folder's change feed. */
export function itemFeed(
  view: MailboxView,
  folder: Folder,
  { since, limit, floor }: FeedQuery,
  withContent: boolean,
): Awaited<ReturnType<MailboxReader['changes']>> {
  checkLimit(limit);
  const bounds = feedBounds(since, floor, folder);
  const entries: Change[] = [];
  for (const { item } of view.items.values()) {
    if (item.folderId === folder.id && item.rev > since) entries.push({ kind: 'changed', stamp: item.rev, item });
  }
  entries.push(...removals(view, folder, bounds.removedSince));
  entries.sort((a, b) => a.stamp - b.stamp);
  const page = cutPage(entries, limit, bounds, folder.last);
  if (!withContent) return page;
  const contents = new Map<ItemId, Uint8Array>();
  for (const entry of page.entries) {
    const stored = entry.kind === 'changed' ? view.items.get(entry.item.id) : undefined;
    if (stored !== undefined) contents.set(stored.item.id, stored.content);
  }
  return { ...page, contents };
}

/** Names that stopped naming anything, each at its last stamp only; none that names a live item again. */
function removals(view: MailboxView, folder: Folder, removedSince: Stamp): Change[] {
  const latest = new Map<string, Change>();
  for (const row of view.presence.values()) {
    if (row.folderId !== folder.id || row.leftName === null || row.stamp <= removedSince) continue;
    if (view.names.get(nameKey(folder.id, row.leftName)) !== undefined) continue;
    const known = latest.get(row.leftName);
    if (known !== undefined && known.stamp > row.stamp) continue;
    latest.set(row.leftName, { kind: 'removed', stamp: row.stamp, itemId: row.itemId, name: row.leftName });
  }
  return [...latest.values()];
}

/** One page of the mailbox's folder feed. A removal is of the folder itself; a new name alone is a change. */
export function folderFeed(view: MailboxView, { since, limit, floor }: FeedQuery): FolderChangePage {
  checkLimit(limit);
  const { head, foldersLast, foldersPruned } = view.row;
  const bounds = feedBounds(since, floor, { last: head, pruned: foldersPruned });
  const entries: FolderChange[] = [];
  for (const folder of view.folders.values()) {
    if (folder.rev > since) entries.push({ kind: 'changed', stamp: folder.rev, folder });
  }
  for (const { stamp, folderId, name } of view.folderLog.values()) {
    if (stamp > bounds.removedSince) entries.push({ kind: 'removed', stamp, folderId, name });
  }
  entries.sort((a, b) => a.stamp - b.stamp);
  return cutPage(entries, limit, bounds, Math.max(since, foldersLast));
}

import type { Change, FolderChange, FolderChangePage } from '../../domain/changes.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { ItemId } from '../../domain/item.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import { checkLimit, cutPage, type FeedBounds, feedBounds } from '../feed-page.ts';
import type { MailboxReader } from '../mailbox-store.ts';
import { folderNotFound, mailboxNotFound } from '../refusals.ts';
import type { Connection } from './connection.ts';
import { itemWithContent, selectItems } from './list.ts';
import { selectFolders } from './rows.ts';

export interface FeedQuery {
  readonly since: Stamp;
  readonly limit: number;
  readonly floor: Stamp | undefined;
}

/** One page of a folder's change feed. */
export function itemFeed(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  { since, limit, floor }: FeedQuery,
  withContent: boolean,
): Awaited<ReturnType<MailboxReader['changes']>> {
  checkLimit(limit);
  const sql = 'SELECT last, pruned FROM folder WHERE mailbox_id = ? AND folder_id = ?';
  const folder = connection.get(sql, mailboxId, folderId);
  if (folder === undefined) throw folderNotFound(folderId);
  const last = folder[0] as number;
  const bounds = feedBounds(since, floor, { last, pruned: folder[1] as number });
  if (since === last) return { entries: [], next: last, more: false, ...(withContent && { contents: new Map() }) };

  const contents = new Map<ItemId, Uint8Array>();
  const entries: Change[] = [];
  const changed = `${selectItems(withContent, 'item i INDEXED BY item_rev')}
    WHERE i.mailbox_id = ? AND i.folder_id = ? AND i.rev > ? ORDER BY i.rev LIMIT ?`;
  for (const row of connection.all(changed, mailboxId, folderId, since, limit + 1)) {
    const { item, content } = itemWithContent(connection, mailboxId, row, withContent);
    entries.push({ kind: 'changed', stamp: item.rev, item });
    if (content !== undefined) contents.set(item.id, content);
  }
  // Removals beyond the last item of a full page belong to a later page: not reading them now keeps pages cheap.
  const edge = entries.length > limit ? (entries.at(-1)?.stamp ?? last) : last;
  entries.push(...removals(connection, mailboxId, folderId, bounds, edge, limit + 1));
  entries.sort((a, b) => a.stamp - b.stamp);
  const page = cutPage(entries, limit, bounds, last);
  if (!withContent) return page;
  for (const entry of entries.slice(limit)) if (entry.kind === 'changed') contents.delete(entry.item.id);
  return { ...page, contents };
}

// Each removed name once, at its last stamp, and none that names a live item again.
const REMOVALS = `
  SELECT p.stamp, p.item_id, p.left_name FROM presence p INDEXED BY presence_left
  WHERE p.mailbox_id = ?1 AND p.folder_id = ?2 AND p.stamp > ?3 AND p.stamp <= ?4 AND p.left_name IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM item i WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.name = p.left_name)
    AND NOT EXISTS (SELECT 1 FROM presence q INDEXED BY presence_name
      WHERE q.mailbox_id = ?1 AND q.folder_id = ?2 AND q.left_name = p.left_name AND q.stamp > p.stamp)
  ORDER BY p.stamp LIMIT ?5`;

function removals(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  { removedSince }: FeedBounds,
  edge: Stamp,
  limit: number,
): Change[] {
  if (removedSince >= edge) return [];
  return connection.all(REMOVALS, mailboxId, folderId, removedSince, edge, limit).map(([stamp, itemId, name]) => ({
    kind: 'removed',
    stamp: stamp as number,
    itemId: itemId as number,
    name: name as string,
  }));
}

/** One page of the mailbox's folder feed. A removal is of the folder itself; a new name alone is a change. */
export function folderFeed(
  connection: Connection,
  mailboxId: MailboxId,
  { since, limit, floor }: FeedQuery,
): FolderChangePage {
  checkLimit(limit);
  const sql = 'SELECT head, folders_last, folders_pruned FROM mailbox WHERE mailbox_id = ? AND removing = 0';
  const mailbox = connection.get(sql, mailboxId) as [Stamp, Stamp, Stamp] | undefined;
  if (mailbox === undefined) throw mailboxNotFound(mailboxId);
  const [head, foldersLast, foldersPruned] = mailbox;
  const bounds = feedBounds(since, floor, { last: head, pruned: foldersPruned });
  const folders = selectFolders(connection, mailboxId, 'rev > ?2 ORDER BY rev LIMIT ?3', since, limit + 1);
  const entries: FolderChange[] = folders.map((folder) => ({ kind: 'changed', stamp: folder.rev, folder }));
  const removed = `SELECT stamp, folder_id, name FROM folder_log
    WHERE mailbox_id = ? AND stamp > ? ORDER BY stamp LIMIT ?`;
  for (const row of connection.all(removed, mailboxId, bounds.removedSince, limit + 1)) {
    const [stamp, folderId, name] = row as [Stamp, FolderId, string];
    entries.push({ kind: 'removed', stamp, folderId, name });
  }
  entries.sort((a, b) => a.stamp - b.stamp);
  return cutPage(entries, limit, bounds, Math.max(since, foldersLast));
}

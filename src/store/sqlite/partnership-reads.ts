import type { FolderId } from '../../domain/folder.ts';
import type { Item } from '../../domain/item.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import { checkLimit } from '../feed-page.ts';
import type { EdgeRange, FeedRow, LogRow, PartnershipReader } from '../sync-state-store.ts';
import type { Connection, Row } from './connection.ts';
import { selectItems } from './list.ts';
import { ITEM_COLUMNS, ITEM_WIDTH, itemOf } from './rows.ts';

const LOG_COLUMNS = 'p.stamp, p.item_id, p.stay, p.before, p.after, p.by';

// The item only where its present stay is the row's.
const LOG_ROWS = `SELECT ${ITEM_COLUMNS}, ${LOG_COLUMNS} FROM presence p LEFT JOIN item i
  ON i.mailbox_id = p.mailbox_id AND i.item_id = p.item_id AND i.folder_id = p.folder_id AND i.entered = p.stay
  WHERE p.mailbox_id = ? AND p.folder_id = ? AND p.stamp > ? ORDER BY p.stamp LIMIT ?`;

const WRITTEN = `${selectItems(false, 'item i INDEXED BY item_rev')}
  WHERE i.mailbox_id = ? AND i.folder_id = ? AND i.rev > ? ORDER BY i.rev LIMIT ?`;

const LOG_ROW = `SELECT ${LOG_COLUMNS} FROM presence p WHERE p.mailbox_id = ? AND p.folder_id = ? AND p.stamp = ?`;

const BETWEEN = `FROM item i INDEXED BY item_key WHERE i.mailbox_id = ?1 AND i.folder_id = ?2
  AND (i.filter_key, i.item_id) >= (?3, ?4) AND (i.filter_key, i.item_id) < (?5, ?6)`;

/** The reads of a partnership over one connection; `access` is asked at every use. */
export function partnershipReads(access: () => Connection, mailboxId: MailboxId): PartnershipReader {
  return {
    async feedRows(folderId, after, limit) {
      return feedRows(access(), mailboxId, folderId, after, checkLimit(limit));
    },
    async logRowAt(folderId, stamp) {
      const row = access().get(LOG_ROW, mailboxId, folderId, stamp);
      return row === undefined ? null : logRowOf(row);
    },
    async itemsBetween(folderId, range, order, limit) {
      const way = order === 'up' ? 'ASC' : 'DESC';
      const sql = `SELECT ${ITEM_COLUMNS} ${BETWEEN} ORDER BY i.filter_key ${way}, i.item_id ${way} LIMIT ?7`;
      const rows = access().all(sql, mailboxId, folderId, ...places(range), checkLimit(limit));
      return rows.map((row) => itemOf(mailboxId, row));
    },
    async hasItemBetween(folderId, range) {
      const sql = `SELECT 1 ${BETWEEN} LIMIT 1`;
      return access().get(sql, mailboxId, folderId, ...places(range)) !== undefined;
    },
  };
}

function feedRows(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  after: Stamp,
  limit: number,
): FeedRow[] {
  const byStamp = new Map<Stamp, FeedRow>();
  for (const row of connection.all(LOG_ROWS, mailboxId, folderId, after, limit)) {
    const log = logRowOf(row.slice(ITEM_WIDTH));
    byStamp.set(log.stamp, { stamp: log.stamp, itemId: log.itemId, log, item: itemOrNull(mailboxId, row) });
  }
  for (const row of connection.all(WRITTEN, mailboxId, folderId, after, limit)) {
    const item = itemOf(mailboxId, row);
    if (!byStamp.has(item.rev)) byStamp.set(item.rev, { stamp: item.rev, itemId: item.id, log: null, item });
  }
  return [...byStamp.values()].sort((a, b) => a.stamp - b.stamp).slice(0, limit);
}

function itemOrNull(mailboxId: MailboxId, row: Row): Item | null {
  return row[0] === null ? null : itemOf(mailboxId, row);
}

function logRowOf(row: Row): LogRow {
  const [stamp, itemId, stay] = row as [number, number, number];
  const [before, after, by] = row.slice(3) as [number | null, number | null, number | null];
  return { stamp, itemId, stay, before, after, by };
}

function places({ low, high }: EdgeRange): [number, number, number, number] {
  return [low.key, low.id, high.key, high.id];
}

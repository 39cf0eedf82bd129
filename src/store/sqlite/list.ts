import type { FolderId } from '../../domain/folder.ts';
import { BEGINNINGLESS, ENDLESS, type ItemId } from '../../domain/item.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import { checkNames, pageLimit } from '../list-page.ts';
import type { ItemPage, ItemWithContent, ListQuery } from '../mailbox-store.ts';
import type { Connection, Row } from './connection.ts';
import { wholeContent } from './content.ts';
import { ITEM_COLUMNS, ITEM_WIDTH, itemOf } from './rows.ts';

/** The longest span of items found by their start, in seconds; the indexes' conditions name the same number. */
const SHORT_SPAN = 32 * 86_400;
/** Above so many matches a range is no longer selective, and the folder is walked in order of id instead. */
const MAX_MATCHES = 4_000;

/** SELECT … FROM the item table, with the first chunk of content when asked for. */
export function selectItems(withContent: boolean, from = 'item i'): string {
  if (!withContent) return `SELECT ${ITEM_COLUMNS} FROM ${from}`;
  return `SELECT ${ITEM_COLUMNS}, c.bytes FROM ${from} LEFT JOIN item_content c
    ON c.mailbox_id = i.mailbox_id AND c.item_id = i.item_id AND c.seq = 0`;
}

/** Decodes a row of `selectItems`. */
export function itemWithContent(
  connection: Connection,
  mailboxId: MailboxId,
  row: Row,
  withContent: boolean,
): ItemWithContent {
  const item = itemOf(mailboxId, row);
  if (!withContent) return { item };
  return { item, content: wholeContent(connection, item, row[ITEM_WIDTH] as Uint8Array | null) };
}

/** One page of a folder's items in order of id. */
export function listPage(connection: Connection, mailboxId: MailboxId, folderId: FolderId, query: ListQuery): ItemPage {
  const limit = pageLimit(query.limit);
  const after = query.after ?? 0;
  const rows =
    query.range === undefined
      ? pageById(connection, mailboxId, folderId, query, limit)
      : pageByRange(connection, mailboxId, folderId, query, limit);
  const isFull = rows.length > limit;
  const page = rows.slice(0, limit);
  const items = page.map((row) => itemWithContent(connection, mailboxId, row, query.withContent));
  return { items, next: isFull ? (items.at(-1)?.item.id ?? after) : null };
}

function pageById(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  { after = 0, kind, withContent }: ListQuery,
  limit: number,
): Row[] {
  const sql = `${selectItems(withContent, 'item i INDEXED BY item_list')}
    WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.item_id > ?3 AND (?4 IS NULL OR i.kind = ?4)
    ORDER BY i.item_id LIMIT ?5`;
  return connection.all(sql, mailboxId, folderId, after, kind ?? null, limit + 1);
}

function pageByRange(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  { after = 0, kind, withContent, range }: ListQuery,
  limit: number,
): Row[] {
  const start = range?.start ?? 2 * BEGINNINGLESS;
  const end = range?.end ?? 2 * ENDLESS;
  const ids = matchingIds(connection, [mailboxId, folderId, start, end, kind ?? null]);
  if (ids !== null) {
    const wanted = ids.filter((id) => id > after).slice(0, limit + 1);
    return itemsByIds(connection, mailboxId, wanted, withContent);
  }
  const sql = `${selectItems(withContent, 'item i INDEXED BY item_list')}
    WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.item_id > ?6 AND i.range_end >= ?3 AND i.range_start <= ?4
      AND (?5 IS NULL OR i.kind = ?5) ORDER BY i.item_id LIMIT ?7`;
  return connection.all(sql, mailboxId, folderId, start, end, kind ?? null, after, limit + 1);
}

// Both halves are answered by covering indexes. Both are bounded on the side they are sorted by: a short item that
// touches the range starts at most a short span before it; a long one ends after the range's start.
const MATCHING_IDS = `
  SELECT i.item_id FROM item i INDEXED BY item_short
  WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.range_end - i.range_start <= ${SHORT_SPAN}
    AND i.range_start >= ?3 - ${SHORT_SPAN} AND i.range_start <= ?4 AND i.range_end >= ?3
    AND (?5 IS NULL OR i.kind = ?5)
  UNION ALL
  SELECT i.item_id FROM item i INDEXED BY item_long
  WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.range_end - i.range_start > ${SHORT_SPAN}
    AND i.range_end >= ?3 AND i.range_start <= ?4 AND (?5 IS NULL OR i.kind = ?5)
  LIMIT ${MAX_MATCHES + 1}`;

type RangeValues = [MailboxId, FolderId, start: number, end: number, kind: string | null];

/** Ids of all items that touch the range, in order; null when there are too many for that to be the cheap way. */
function matchingIds(connection: Connection, values: RangeValues): ItemId[] | null {
  const rows = connection.all(MATCHING_IDS, ...values);
  if (rows.length > MAX_MATCHES) return null;
  return rows.map(([id]) => id as number).sort((a, b) => a - b);
}

function itemsByIds(connection: Connection, mailboxId: MailboxId, ids: readonly ItemId[], withContent: boolean): Row[] {
  const sql = `${selectItems(withContent, 'json_each(?2) j CROSS JOIN item i')}
    WHERE i.mailbox_id = ?1 AND i.item_id = j.value`;
  return connection.all(sql, mailboxId, JSON.stringify(ids));
}

/** What is found of the names given. */
export function itemsByNames(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  names: readonly string[],
  withContent: boolean,
): ItemWithContent[] {
  checkNames(names);
  const sql = `${selectItems(withContent, 'json_each(?3) j CROSS JOIN item i')}
    WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.name = j.value`;
  const rows = connection.all(sql, mailboxId, folderId, JSON.stringify([...new Set(names)]));
  return rows.map((row) => itemWithContent(connection, mailboxId, row, withContent));
}

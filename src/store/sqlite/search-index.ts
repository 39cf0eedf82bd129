import type { FolderId } from '../../domain/folder.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import { folderNotFound } from '../refusals.ts';
import type { MessageText, SearchHits, SearchIndex, SearchQuery } from '../search-index.ts';
import { isWorthPutting } from '../search-rules.ts';
import type { Connection } from './connection.ts';
import { selectItems } from './list.ts';
import { itemOf } from './rows.ts';
import type { WriteQueue } from './write-queue.ts';

/** A private character, which the tokenizer takes for a letter and no word has. */
const MARK = '\ue000';

/**
 * A word as the full-text table has it: each mailbox has terms of its own, so that a search costs by its mailbox, however
 * many others use the same words.
 */
function termOf(mailboxId: MailboxId, word: string): string {
  return `${mailboxId}${MARK}${word}`;
}

export interface SqliteSearchParts {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly queue: WriteQueue;
}

/** The words of messages in the same file, written by the same queue as mailboxes. */
export function createSqliteSearchIndex({ writer, reader, queue }: SqliteSearchParts): SearchIndex {
  return {
    pending: async (mailboxId, folderId, limit) => pending(reader, mailboxId, folderId, limit),
    async put(mailboxId, folderId, upTo, texts) {
      if (!isWorthPutting(position(reader, mailboxId, folderId), upTo, texts)) return;
      await queue.run(() => put(writer, mailboxId, folderId, upTo, texts));
    },
    find: async (mailboxId, query) => find(reader, mailboxId, query),
  };
}

const PENDING = `${selectItems(false, 'item i INDEXED BY item_rev')}
  LEFT JOIN message_words w ON w.mailbox_id = i.mailbox_id AND w.item_id = i.item_id
  WHERE i.mailbox_id = ?1 AND i.folder_id = ?2 AND i.rev > ?3 AND i.kind = 'MESSAGE'
    AND (w.content_rev IS NULL OR w.content_rev <> i.content_rev)
  ORDER BY i.rev LIMIT ?4`;

function pending(connection: Connection, mailboxId: MailboxId, folderId: FolderId, limit: number) {
  const folder = connection.get(
    'SELECT last, home FROM folder WHERE mailbox_id = ? AND folder_id = ?',
    mailboxId,
    folderId,
  );
  if (folder === undefined) throw folderNotFound(folderId);
  const [last, home] = folder;
  // A calendar may be big, and would be walked through for nothing.
  if (home !== 'mail') return { items: [], more: false, upTo: 0 };
  const rows = connection.all(PENDING, mailboxId, folderId, position(connection, mailboxId, folderId), limit + 1);
  const items = rows.slice(0, limit).map((row) => itemOf(mailboxId, row));
  const more = rows.length > limit;
  return { items, more, upTo: more ? items.at(-1)!.rev : (last as number) };
}

function position(connection: Connection, mailboxId: MailboxId, folderId: FolderId): Stamp {
  const sql = 'SELECT stamp FROM search_position WHERE mailbox_id = ? AND folder_id = ?';
  return (connection.get(sql, mailboxId, folderId)?.[0] ?? 0) as Stamp;
}

function put(
  connection: Connection,
  mailboxId: MailboxId,
  folderId: FolderId,
  upTo: Stamp,
  texts: readonly MessageText[],
): void {
  const still = "SELECT 1 FROM item WHERE mailbox_id = ? AND item_id = ? AND content_rev = ? AND kind = 'MESSAGE'";
  const words = `INSERT INTO message_words (mailbox_id, item_id, content_rev, thread) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET content_rev = excluded.content_rev, thread = excluded.thread`;
  for (const { itemId, contentRev, words: list, thread } of texts) {
    if (connection.get(still, mailboxId, itemId, contentRev) === undefined) continue;
    connection.run('DELETE FROM message_text WHERE rowid = (?1 << 40) | ?2', mailboxId, itemId);
    const text = list.map((word) => termOf(mailboxId, word)).join(' ');
    connection.run('INSERT INTO message_text (rowid, words) VALUES ((?1 << 40) | ?2, ?3)', mailboxId, itemId, text);
    connection.run(words, mailboxId, itemId, contentRev, thread);
  }
  const sql = `INSERT INTO search_position (mailbox_id, folder_id, stamp)
    SELECT mailbox_id, folder_id, ?3 FROM folder WHERE mailbox_id = ?1 AND folder_id = ?2
    ON CONFLICT DO UPDATE SET stamp = max(stamp, excluded.stamp)`;
  connection.run(sql, mailboxId, folderId, upTo);
}

const FITS = `i.folder_id IN (SELECT value FROM json_each(?2)) AND i.kind = 'MESSAGE'
  AND (?3 IS NULL OR i.filter_key > ?3) AND (?4 IS NULL OR i.filter_key < ?4)
  ORDER BY i.filter_key DESC, i.item_id DESC`;
// CROSS JOIN: the words decide what is read, never the folders.
const BY_WORDS = `SELECT i.item_id FROM message_text t CROSS JOIN item i
    ON i.mailbox_id = ?1 AND i.item_id = t.rowid & ((1 << 40) - 1)
  WHERE t.message_text MATCH ?5 AND t.rowid BETWEEN ?1 << 40 AND (?1 << 40) | ((1 << 40) - 1)
    AND (?6 IS NULL OR EXISTS (SELECT 1 FROM message_words w
      WHERE w.mailbox_id = ?1 AND w.item_id = i.item_id AND w.thread = ?6)) AND ${FITS}`;
const BY_THREAD = `SELECT i.item_id FROM message_words w CROSS JOIN item i
    ON i.mailbox_id = ?1 AND i.item_id = w.item_id
  WHERE w.mailbox_id = ?1 AND w.thread = ?5 AND ${FITS}`;
const BY_TIME = `SELECT i.item_id FROM item i WHERE i.mailbox_id = ?1 AND ${FITS}`;

function find(connection: Connection, mailboxId: MailboxId, query: SearchQuery): SearchHits {
  const { folders, words, thread, after, before, offset, limit } = query;
  const common = [mailboxId, JSON.stringify(folders), after, before] as const;
  const match = words.map((word) => `"${termOf(mailboxId, word).replaceAll('"', '""')}"*`).join(' ');
  const rows =
    words.length > 0
      ? connection.all(BY_WORDS, ...common, match, thread)
      : thread === null
        ? connection.all(BY_TIME, ...common)
        : connection.all(BY_THREAD, ...common, thread);
  const byId = `${selectItems(false)} WHERE i.mailbox_id = ? AND i.item_id = ?`;
  const items = rows
    .slice(offset, offset + limit)
    .map(([id]) => itemOf(mailboxId, connection.get(byId, mailboxId, id!)!));
  return { items, total: rows.length };
}

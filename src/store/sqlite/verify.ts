import type { MailboxId } from '../../domain/mailbox.ts';
import { CHUNK_BYTES } from '../content-chunks.ts';
import type { Connection } from './connection.ts';

/** At most so many findings of one kind are named for one mailbox. */
const MAX_FINDINGS = 20;

/** A rule: rows that break it for mailbox ?1, and what to say of such a row. */
interface Rule {
  readonly sql: string;
  readonly say: string;
}

const RULES: readonly Rule[] = [
  {
    say: 'counts {0} bytes and {1} items, but holds {2} bytes and {3} items',
    sql: `SELECT m.used_bytes, m.item_count, t.bytes, t.items FROM mailbox m,
      (SELECT coalesce(sum(size), 0) AS bytes, count(*) AS items FROM item WHERE mailbox_id = ?1) t
      WHERE m.mailbox_id = ?1 AND (m.used_bytes <> t.bytes OR m.item_count <> t.items)`,
  },
  {
    say: 'item {0} lies in folder {1}, which does not exist',
    sql: `SELECT i.item_id, i.folder_id FROM item i WHERE i.mailbox_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM folder f WHERE f.mailbox_id = ?1 AND f.folder_id = i.folder_id)`,
  },
  {
    say: "item {0} has a stamp {1} above its folder's last, {2}, or stamps in impossible order",
    sql: `SELECT i.item_id, i.rev, f.last FROM item i JOIN folder f
      ON f.mailbox_id = i.mailbox_id AND f.folder_id = i.folder_id
      WHERE i.mailbox_id = ?1 AND (i.rev > f.last OR i.entered > i.rev OR i.content_rev > i.rev)`,
  },
  {
    say: "item {0} has a stamp of its flags above the item's own, {1}",
    sql: `SELECT i.item_id, i.rev FROM item i WHERE i.mailbox_id = ?1 AND i.flag_revs IS NOT NULL
      AND EXISTS (SELECT 1 FROM json_each(i.flag_revs) j WHERE j.value > i.rev)`,
  },
  {
    say: 'item {0} has an id the counter has not given out',
    sql: `SELECT i.item_id FROM item i JOIN mailbox m ON m.mailbox_id = i.mailbox_id
      WHERE i.mailbox_id = ?1 AND i.item_id >= m.next_item`,
  },
  {
    say: 'item {0} should have {1} bytes of content, but has {2}, or chunks of the wrong size',
    sql: `SELECT i.item_id, i.size, coalesce(sum(length(c.bytes)), 0) FROM item i LEFT JOIN item_content c
      ON c.mailbox_id = i.mailbox_id AND c.item_id = i.item_id WHERE i.mailbox_id = ?1 GROUP BY i.item_id
      HAVING coalesce(sum(length(c.bytes)), 0) <> i.size
        OR count(c.seq) <> (i.size + ${CHUNK_BYTES - 1}) / ${CHUNK_BYTES}
        OR coalesce(max(c.seq), -1) <> count(c.seq) - 1 OR coalesce(max(length(c.bytes)), 0) > ${CHUNK_BYTES}`,
  },
  {
    say: 'content is kept for item {0}, which does not exist',
    sql: `SELECT DISTINCT c.item_id FROM item_content c WHERE c.mailbox_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM item i WHERE i.mailbox_id = ?1 AND i.item_id = c.item_id)`,
  },
  {
    say: 'folder {0} has impossible stamps (rev {1}, last {2}, pruned {3}) or id',
    sql: `SELECT f.folder_id, f.rev, f.last, f.pruned FROM folder f JOIN mailbox m ON m.mailbox_id = f.mailbox_id
      WHERE f.mailbox_id = ?1 AND (f.rev > f.last OR f.last > m.head OR f.pruned > f.last OR f.rev > m.folders_last
        OR f.folder_id >= m.next_folder)`,
  },
  {
    say: 'folder {0} lies below folder {1}, which does not exist',
    sql: `SELECT f.folder_id, f.parent_id FROM folder f WHERE f.mailbox_id = ?1 AND f.parent_id <> 0 AND NOT EXISTS
      (SELECT 1 FROM folder p WHERE p.mailbox_id = ?1 AND p.folder_id = f.parent_id)`,
  },
  {
    say: "the log row {1} of folder {0} is beyond the counter or the folder's last",
    sql: `SELECT p.folder_id, p.stamp FROM presence p JOIN mailbox m ON m.mailbox_id = p.mailbox_id
      LEFT JOIN folder f ON f.mailbox_id = p.mailbox_id AND f.folder_id = p.folder_id
      WHERE p.mailbox_id = ?1 AND (p.stamp > m.head OR p.stamp > coalesce(f.last, m.head))`,
  },
  {
    say: 'the log row {1} of folder {0} should have been pruned',
    sql: `SELECT p.folder_id, p.stamp FROM presence p JOIN folder f
      ON f.mailbox_id = p.mailbox_id AND f.folder_id = p.folder_id
      WHERE p.mailbox_id = ?1 AND p.stamp <= f.pruned`,
  },
  {
    say: 'item {0} entered at {1} without a log row',
    sql: `SELECT i.item_id, i.entered FROM item i JOIN folder f
      ON f.mailbox_id = i.mailbox_id AND f.folder_id = i.folder_id
      WHERE i.mailbox_id = ?1 AND i.entered > f.pruned AND NOT EXISTS (SELECT 1 FROM presence p
        WHERE p.mailbox_id = ?1 AND p.folder_id = i.folder_id AND p.stamp = i.entered AND p.item_id = i.item_id)`,
  },
  {
    say: 'two items of folder {0} have the name {1}',
    sql: `SELECT folder_id, name FROM item NOT INDEXED WHERE mailbox_id = ?1 GROUP BY folder_id, name HAVING count(*) > 1`,
  },
  {
    say: 'folder {0} was removed at {1}, but is there, or the counter has not reached that',
    sql: `SELECT l.folder_id, l.stamp FROM folder_log l JOIN mailbox m ON m.mailbox_id = l.mailbox_id
      WHERE l.mailbox_id = ?1 AND (l.stamp > m.head OR EXISTS
        (SELECT 1 FROM folder f WHERE f.mailbox_id = ?1 AND f.folder_id = l.folder_id))`,
  },
  {
    say: 'the partnership of {1} is kept for folder {0}, which does not exist',
    sql: `SELECT s.folder_id, s.device FROM partnership s WHERE s.mailbox_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM folder f WHERE f.mailbox_id = ?1 AND f.folder_id = s.folder_id)`,
  },
  {
    say: 'the alias {0} is kept for device {1}, which does not exist or does not have it',
    sql: `SELECT a.alias, a.device_id FROM device_alias a WHERE a.mailbox_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM device d, json_each(d.facts, '$.aliases') j
        WHERE d.mailbox_id = ?1 AND d.device_id = a.device_id AND j.value = a.alias)`,
  },
  {
    say: 'device {0} cannot be found by its alias {1}',
    sql: `SELECT d.device_id, j.value FROM device d, json_each(d.facts, '$.aliases') j
      WHERE d.mailbox_id = ?1 AND NOT EXISTS (SELECT 1 FROM device_alias a
        WHERE a.mailbox_id = ?1 AND a.alias = j.value AND a.device_id = d.device_id)`,
  },
  {
    say: 'errors and wake-ups are kept of device {0}, which does not exist',
    sql: `SELECT k.device_id FROM device_activity k WHERE k.mailbox_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM device d WHERE d.mailbox_id = ?1 AND d.device_id = k.device_id)`,
  },
  {
    say: 'words are kept for item {0}, which does not exist',
    sql: `SELECT w.item_id FROM message_words w WHERE w.mailbox_id = ?1 AND NOT EXISTS
      (SELECT 1 FROM item i WHERE i.mailbox_id = ?1 AND i.item_id = w.item_id)`,
  },
  {
    say: 'the hour {0} claims stamp {1}, which the counter has not reached',
    sql: `SELECT h.hour, h.stamp FROM stamp_hour h JOIN mailbox m ON m.mailbox_id = h.mailbox_id
      WHERE h.mailbox_id = ?1 AND h.stamp > m.head`,
  },
];

const USERS_WITHOUT_MAILBOX = `SELECT u.local_part, u.domain, u.mailbox_id FROM user u WHERE NOT EXISTS
  (SELECT 1 FROM mailbox m WHERE m.mailbox_id = u.mailbox_id)`;

/** Looks through the file's pages and indexes, then through every rule the data of each mailbox must keep. */
export async function verifyStore(
  connection: Connection,
  progress: ((done: number, total: number) => void) | undefined,
): Promise<readonly string[]> {
  const ids = connection.all('SELECT mailbox_id FROM mailbox WHERE removing = 0').map(([id]) => id as MailboxId);
  const total = ids.length + 1;
  const found = connection
    .all('PRAGMA integrity_check(100)')
    .map(([text]) => String(text))
    .filter((text) => text !== 'ok')
    .map((text) => `The database file is damaged: ${text}.`);
  progress?.(1, total);
  for (const [at, id] of ids.entries()) {
    for (const rule of RULES) found.push(...breaches(connection, id, rule));
    progress?.(at + 2, total);
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const [localPart, domain, id] of connection.all(USERS_WITHOUT_MAILBOX)) {
    found.push(`User ${localPart}@${domain} has mailbox ${id}, which does not exist.`);
  }
  return found;
}

function breaches(connection: Connection, mailboxId: MailboxId, { sql, say }: Rule): string[] {
  const rows = connection.all(`${sql} LIMIT ${MAX_FINDINGS}`, mailboxId);
  return rows.map((row) => `Mailbox ${mailboxId}: ${say.replace(/\{(\d)\}/g, (_, at) => String(row[Number(at)]))}.`);
}

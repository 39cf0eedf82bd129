import type { FolderId } from '../../domain/folder.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import type { Connection } from './connection.ts';
import { selectMailbox } from './reader.ts';

/**
 * Deletes log rows up to a stamp and raises `pruned` of the folders they were in, and of no other: a quiet folder's
 * cursors stay good. Runs inside a transaction. Returns the number of rows deleted.
 */
export function pruneLog(connection: Connection, mailboxId: MailboxId, upTo: Stamp): number {
  selectMailbox(connection, mailboxId);
  let rows = 0;
  // From folder to folder by the key, instead of through every row of the log.
  const nextFolder = 'SELECT min(folder_id) FROM presence WHERE mailbox_id = ? AND folder_id > ?';
  const next = (after: FolderId): FolderId => Number(connection.get(nextFolder, mailboxId, after)?.[0] ?? 0);
  for (let id = next(0); id !== 0; id = next(id)) {
    const highest = 'SELECT max(stamp) FROM presence WHERE mailbox_id = ? AND folder_id = ? AND stamp <= ?';
    const pruned = connection.get(highest, mailboxId, id, upTo)?.[0] ?? null;
    if (pruned === null) continue;
    const raise = 'UPDATE folder SET pruned = max(pruned, ?) WHERE mailbox_id = ? AND folder_id = ?';
    connection.run(raise, pruned, mailboxId, id);
    const sql = 'DELETE FROM presence WHERE mailbox_id = ? AND folder_id = ? AND stamp <= ?';
    rows += connection.run(sql, mailboxId, id, upTo);
  }
  const highest = 'SELECT max(stamp) FROM folder_log WHERE mailbox_id = ? AND stamp <= ?';
  const pruned = connection.get(highest, mailboxId, upTo)?.[0] ?? null;
  if (pruned !== null) {
    const raise = 'UPDATE mailbox SET folders_pruned = max(folders_pruned, ?) WHERE mailbox_id = ?';
    connection.run(raise, pruned, mailboxId);
    rows += connection.run('DELETE FROM folder_log WHERE mailbox_id = ? AND stamp <= ?', mailboxId, upTo);
  }
  // The newest hour at or below the horizon stays, so that the horizon itself can still be found.
  const hours = `DELETE FROM stamp_hour WHERE mailbox_id = ?1 AND hour <
    (SELECT max(hour) FROM stamp_hour WHERE mailbox_id = ?1 AND stamp <= ?2)`;
  connection.run(hours, mailboxId, upTo);
  return rows;
}

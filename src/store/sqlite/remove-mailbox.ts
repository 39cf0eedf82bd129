import type { MailboxId } from '../../domain/mailbox.ts';
import { mailboxNotFound } from '../refusals.ts';
import type { Connection } from './connection.ts';
import type { WriteQueue } from './write-queue.ts';

/** Rows removed in one transaction, between which other mailboxes are written to. */
const SLICE = 1_000;

/** Big tables, each with the rest of its key. */
const TABLES = [
  ['item_content', 'item_id, seq'],
  ['item', 'item_id'],
  ['presence', 'folder_id, stamp'],
  ['folder_property', 'folder_id, name'],
  ['folder', 'folder_id'],
  ['folder_log', 'stamp'],
  ['stamp_hour', 'hour'],
  ['partnership_command', 'folder_id, device, list, name'],
  ['partnership', 'folder_id, device'],
  ['conflict_loser', 'loser_id'],
  ['device_alias', 'alias'],
  ['device', 'device_id'],
  ['device_activity', 'device_id'],
  ['document', 'name'],
  ['done_operation', 'name'],
  ['app_password', 'password_id'],
] as const;

/**
 * Removes a mailbox in slices. It is marked first: from then on nobody can use it, and a removal that was cut short
 * is finished by calling this again.
 */
export async function removeMailbox(connection: Connection, queue: WriteQueue, mailboxId: MailboxId): Promise<void> {
  await queue.run(() => {
    const marked = connection.run('UPDATE mailbox SET removing = 1 WHERE mailbox_id = ?', mailboxId);
    if (marked === 0) throw mailboxNotFound(mailboxId);
  });
  for (const [table, key] of TABLES) {
    const sql = `DELETE FROM ${table} WHERE mailbox_id = ?1
      AND (${key}) IN (SELECT ${key} FROM ${table} WHERE mailbox_id = ?1 LIMIT ${SLICE})`;
    while ((await queue.run(() => connection.run(sql, mailboxId))) > 0);
  }
  await queue.run(() => connection.run('DELETE FROM mailbox WHERE mailbox_id = ?', mailboxId));
}

/** Mailboxes whose removal was cut short. */
export function unfinishedRemovals(connection: Connection): readonly MailboxId[] {
  return connection.all('SELECT mailbox_id FROM mailbox WHERE removing = 1').map(([id]) => id as number);
}

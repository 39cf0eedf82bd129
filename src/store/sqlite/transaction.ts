import type { FolderId } from '../../domain/folder.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import { folderNotFound, mailboxNotFound } from '../refusals.ts';
import { hourOf } from '../stamp-hours.ts';
import type { Connection } from './connection.ts';
import type { OnStep } from './steps.ts';

/** What the writes of one mailbox's transaction share. */
export interface Transaction {
  readonly connection: Connection;
  readonly mailboxId: MailboxId;
  /** The partnership whose command this is, or null. */
  readonly by: number | null;
  readonly now: () => number;
  readonly step: OnStep;
  /** Folders touched, each with its highest stamp. */
  readonly touched: Map<FolderId, Stamp>;
  /** Shared by all writers of the transaction, whomever they sign for. */
  readonly fate: TransactionFate;
}

export interface TransactionFate {
  /** The first error that may have left a write half done; the transaction cannot be committed any more. */
  broken: { readonly error: unknown } | null;
  /** Writes begun and not yet ended. */
  pending: number;
  /** Set when the work has ended: from then on nothing may be written. */
  isOver: boolean;
}

/** Gives the transaction, unless it is over: a writer that was kept, or not awaited, must not write into another's. */
export function stillOpen(tx: Transaction): Transaction {
  if (tx.fate.isOver) throw new TypeError('This transaction is over; its writer cannot be used any more.');
  return tx;
}

/** Takes `count` values off the mailbox's counter and gives the first of them. */
export function takeStamps({ connection, mailboxId, step }: Transaction, count = 1): Stamp {
  const sql = 'UPDATE mailbox SET head = head + ? WHERE mailbox_id = ? RETURNING head';
  const row = connection.get(sql, count, mailboxId);
  if (row === undefined) throw mailboxNotFound(mailboxId);
  step('stamped');
  return (row[0] as number) - count + 1;
}

/** Takes a stamp for a write in a folder, whose `last` it becomes. */
export function stampFolder(tx: Transaction, folderId: FolderId): Stamp {
  const stamp = takeStamps(tx);
  raiseFolder(tx, folderId, stamp);
  return stamp;
}

/** Makes `stamp` the folder's highest. */
export function raiseFolder({ connection, mailboxId, touched }: Transaction, folderId: FolderId, stamp: Stamp): void {
  const sql = 'UPDATE folder SET last = ? WHERE mailbox_id = ? AND folder_id = ?';
  if (connection.run(sql, stamp, mailboxId, folderId) === 0) throw folderNotFound(folderId);
  touched.set(folderId, stamp);
}

/** The mailbox's next item or folder id; the counter never goes back. */
export function takeId({ connection, mailboxId }: Transaction, counter: 'next_item' | 'next_folder'): number {
  const sql = `UPDATE mailbox SET ${counter} = ${counter} + 1 WHERE mailbox_id = ? RETURNING ${counter} - 1`;
  const row = connection.get(sql, mailboxId);
  if (row === undefined) throw mailboxNotFound(mailboxId);
  return row[0] as number;
}

/** Counts content and items on (or off) the mailbox. */
export function countUsage({ connection, mailboxId }: Transaction, bytes: number, items: number): void {
  const sql = 'UPDATE mailbox SET used_bytes = used_bytes + ?, item_count = item_count + ? WHERE mailbox_id = ?';
  connection.run(sql, bytes, items, mailboxId);
}

/** Notes the last stamp under the present hour; called once at the end of a transaction that took stamps. */
export function noteHour({ connection, mailboxId, now }: Transaction): void {
  const lastHour = connection.get('SELECT max(hour) FROM stamp_hour WHERE mailbox_id = ?', mailboxId)?.[0] ?? null;
  const hour = hourOf(now(), lastHour === null ? null : Number(lastHour));
  const sql = `INSERT INTO stamp_hour (mailbox_id, hour, stamp) SELECT mailbox_id, ?, head FROM mailbox WHERE mailbox_id = ?
    ON CONFLICT (mailbox_id, hour) DO UPDATE SET stamp = excluded.stamp`;
  connection.run(sql, hour, mailboxId);
}

export interface PresenceEntry {
  readonly folderId: FolderId;
  readonly stamp: Stamp;
  readonly itemId: number;
  readonly stay: Stamp;
  readonly before: number | null;
  readonly after: number | null;
  readonly leftName: string | null;
}

/** Writes one row of the log. */
export function logPresence({ connection, mailboxId, by, step }: Transaction, entry: PresenceEntry): void {
  const { folderId, stamp, itemId, stay, before, after, leftName } = entry;
  const sql = `INSERT INTO presence (mailbox_id, folder_id, stamp, item_id, stay, before, after, by, left_name)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  connection.run(sql, mailboxId, folderId, stamp, itemId, stay, before, after, by, leftName);
  step('log-written');
}

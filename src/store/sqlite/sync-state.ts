import type { Item, ItemId } from '../../domain/item.ts';
import type { MailboxId, Origin } from '../../domain/mailbox.ts';
import { itemNotFound, mailboxNotFound } from '../refusals.ts';
import type { SyncReader, SyncStateStore, SyncWriter } from '../sync-state-store.ts';
import { appPasswordReads, appPasswordWrites } from './app-password-rows.ts';
import type { Connection } from './connection.ts';
import { deviceReads, deviceWrites } from './device-rows.ts';
import type { SqliteMailboxes } from './mailboxes.ts';
import { partnershipReads } from './partnership-reads.ts';
import {
  dropConflictLosers,
  keepConflictLoser,
  putCommand,
  putPartnership,
  removeCommands,
  removePartnership,
  stateReads,
} from './partnership-rows.ts';
import { SqliteReader, selectItem } from './reader.ts';
import { stampFolder, stillOpen, type Transaction } from './transaction.ts';
import { runWrite, SqliteWriter } from './writer.ts';

/** State of partnerships in the same file, written by the same queue and in the same transactions as mailboxes. */
export function createSqliteSyncState(mailboxes: SqliteMailboxes, reader: Connection): SyncStateStore {
  return {
    read(mailboxId: MailboxId): SyncReader {
      const access = () => reader;
      return Object.assign(new SqliteReader(mailboxId, access), syncReads(access, mailboxId));
    },
    write<T>(mailboxId: MailboxId, origin: Origin, work: (tx: SyncWriter) => Promise<T>): Promise<T> {
      return mailboxes.transact(mailboxId, origin, (transaction) => work(syncWriter(transaction)));
    },
  };
}

function syncWriter(transaction: Transaction): SyncWriter {
  const { mailboxId } = transaction;
  const access = () => stillOpen(transaction).connection;
  const run = <T>(write: (tx: Transaction) => T): Promise<T> => runWrite(transaction, write);
  const writes: Pick<SyncWriter, Exclude<keyof SyncWriter, keyof SyncReader | keyof SqliteWriter>> = {
    signed: (by) => new SqliteWriter({ ...transaction, by }),
    restamp: (id) => run((tx) => restamp(tx, id)),
    takePartnershipNumber: () => run(takePartnershipNumber),
    putPartnership: (partnership) => run((tx) => putPartnership(tx, partnership)),
    removePartnership: (folderId, device) => run((tx) => removePartnership(tx, folderId, device)),
    putCommand: (folderId, device, list, entry) => run((tx) => putCommand(tx, folderId, device, list, entry)),
    removeCommand: (folderId, device, list, name) => run((tx) => removeCommands(tx, folderId, device, list, name)),
    clearCommands: (folderId, device, list) => run((tx) => removeCommands(tx, folderId, device, list, null)),
    keepConflictLoser: (loser) => run((tx) => keepConflictLoser(tx, loser)),
    dropConflictLosers: (before) => run((tx) => dropConflictLosers(tx, before)),
    ...deviceWrites(run),
    ...appPasswordWrites(run),
  };
  return Object.assign(new SqliteWriter(transaction), syncReads(access, mailboxId), writes);
}

/** What a `SyncReader` reads beside the mailbox itself. */
function syncReads(access: () => Connection, mailboxId: MailboxId): Omit<SyncReader, keyof SqliteReader> {
  return {
    ...partnershipReads(access, mailboxId),
    ...stateReads(access, mailboxId),
    ...deviceReads(access, mailboxId),
    ...appPasswordReads(access, mailboxId),
  };
}

function restamp(tx: Transaction, id: ItemId): Item {
  const item = selectItem(tx.connection, tx.mailboxId, id);
  if (item === null) throw itemNotFound(id);
  const rev = stampFolder(tx, item.folderId);
  const sql = 'UPDATE item SET rev = ?, by = NULL WHERE mailbox_id = ? AND item_id = ?';
  tx.connection.run(sql, rev, tx.mailboxId, id);
  tx.step('item-written');
  return { ...item, rev, by: null };
}

function takePartnershipNumber({ connection, mailboxId }: Transaction): number {
  const sql = `UPDATE mailbox SET next_partnership = next_partnership + 1 WHERE mailbox_id = ?
    RETURNING next_partnership - 1`;
  const row = connection.get(sql, mailboxId);
  if (row === undefined) throw mailboxNotFound(mailboxId);
  return row[0] as number;
}

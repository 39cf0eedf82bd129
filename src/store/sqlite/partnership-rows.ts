import type { FolderId } from '../../domain/folder.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import type { CommandList, ConflictLoser, JournalEntry, Partnership, SyncReader } from '../sync-state-store.ts';
import type { Connection, Row } from './connection.ts';
import type { Transaction } from './transaction.ts';

const COLUMNS = 'folder_id, device, number, answers, state';
const LOSER_COLUMNS = 'loser_id, folder_id, item_id, device, at, side, rule, content_type, content';

type StateReads = Pick<SyncReader, 'partnership' | 'partnerships' | 'commands' | 'conflictLosers'>;

/** Reads of the state of partnerships over one connection. */
export function stateReads(access: () => Connection, mailboxId: MailboxId): StateReads {
  return {
    async partnership(folderId, device) {
      const sql = `SELECT ${COLUMNS} FROM partnership WHERE mailbox_id = ? AND folder_id = ? AND device = ?`;
      const row = access().get(sql, mailboxId, folderId, device);
      return row === undefined ? null : partnershipOf(row);
    },
    async partnerships(device) {
      const sql = `SELECT ${COLUMNS} FROM partnership WHERE mailbox_id = ?1 AND (?2 IS NULL OR device = ?2)`;
      return access()
        .all(sql, mailboxId, device ?? null)
        .map(partnershipOf);
    },
    async commands(folderId, device, list) {
      const sql = `SELECT entry FROM partnership_command
        WHERE mailbox_id = ? AND folder_id = ? AND device = ? AND list = ? ORDER BY seq`;
      const rows = access().all(sql, mailboxId, folderId, device, list);
      return rows.map(([entry]) => JSON.parse(entry as string) as JournalEntry);
    },
    async conflictLosers() {
      const sql = `SELECT ${LOSER_COLUMNS} FROM conflict_loser WHERE mailbox_id = ? ORDER BY loser_id`;
      return access().all(sql, mailboxId).map(loserOf);
    },
  };
}

export function putPartnership({ connection, mailboxId }: Transaction, partnership: Partnership): void {
  const { folderId, device, number, answers, ...state } = partnership;
  const sql = `INSERT INTO partnership (mailbox_id, folder_id, device, number, answers, state) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (mailbox_id, folder_id, device)
    DO UPDATE SET number = excluded.number, answers = excluded.answers, state = excluded.state`;
  connection.run(sql, mailboxId, folderId, device, number, answers, JSON.stringify(state));
}

export function removePartnership({ connection, mailboxId }: Transaction, folderId: FolderId, device: string): void {
  for (const table of ['partnership_command', 'partnership']) {
    const sql = `DELETE FROM ${table} WHERE mailbox_id = ? AND folder_id = ? AND device = ?`;
    connection.run(sql, mailboxId, folderId, device);
  }
}

export function putCommand(
  { connection, mailboxId }: Transaction,
  folderId: FolderId,
  device: string,
  list: CommandList,
  entry: JournalEntry,
): void {
  const sql = `INSERT INTO partnership_command (mailbox_id, folder_id, device, list, name, seq, entry)
    SELECT ?1, ?2, ?3, ?4, ?5, coalesce((SELECT max(seq) FROM partnership_command
      WHERE mailbox_id = ?1 AND folder_id = ?2 AND device = ?3 AND list = ?4), 0) + 1, ?6
    WHERE true ON CONFLICT (mailbox_id, folder_id, device, list, name) DO UPDATE SET entry = excluded.entry`;
  connection.run(sql, mailboxId, folderId, device, list, entry.name, JSON.stringify(entry));
}

/** Removes the entry of this name, or all of the list. */
export function removeCommands(
  { connection, mailboxId }: Transaction,
  folderId: FolderId,
  device: string,
  list: CommandList,
  name: string | null,
): void {
  const sql = `DELETE FROM partnership_command
    WHERE mailbox_id = ?1 AND folder_id = ?2 AND device = ?3 AND list = ?4 AND (?5 IS NULL OR name = ?5)`;
  connection.run(sql, mailboxId, folderId, device, list, name);
}

export function keepConflictLoser({ connection, mailboxId }: Transaction, loser: Omit<ConflictLoser, 'id'>): void {
  const { folderId, itemId, device, at, side, rule, contentType, content } = loser;
  const sql = `INSERT INTO conflict_loser (mailbox_id, ${LOSER_COLUMNS})
    SELECT ?1, coalesce(max(loser_id), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM conflict_loser WHERE mailbox_id = ?1`;
  connection.run(sql, mailboxId, folderId, itemId, device, at, side, rule, contentType, content);
}

export function dropConflictLosers({ connection, mailboxId }: Transaction, before: number): number {
  return connection.run('DELETE FROM conflict_loser WHERE mailbox_id = ? AND at < ?', mailboxId, before);
}

function partnershipOf(row: Row): Partnership {
  const [folderId, device, number, answers, state] = row as [number, string, number, number, string];
  const rest = JSON.parse(state) as Omit<Partnership, 'folderId' | 'device' | 'number' | 'answers'>;
  return { folderId, device, number, answers, ...rest };
}

function loserOf(row: Row): ConflictLoser {
  const [id, folderId, itemId, device, at] = row as [number, number, number, string, number];
  const [side, rule, contentType, content] = row.slice(5) as [ConflictLoser['side'], string, string, Uint8Array];
  return { id, folderId, itemId, device, at, side, rule, contentType, content };
}

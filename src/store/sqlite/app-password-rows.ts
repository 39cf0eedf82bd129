import type { MailboxId } from '../../domain/mailbox.ts';
import type { AppPassword, AppPasswordReader, AppPasswordWriter } from '../app-password-store.ts';
import { nameTaken } from '../refusals.ts';
import type { Connection, Row } from './connection.ts';
import type { Transaction } from './transaction.ts';

const COLUMNS = 'password_id, digest, created_at, facts';

/** Reads of app passwords over one connection; `access` is asked at every use. */
export function appPasswordReads(access: () => Connection, mailboxId: MailboxId): AppPasswordReader {
  return {
    async appPasswords() {
      const sql = `SELECT ${COLUMNS} FROM app_password WHERE mailbox_id = ? ORDER BY created_at, password_id`;
      return access().all(sql, mailboxId).map(passwordOf);
    },
    async appPassword(id) {
      const row = access().get(
        `SELECT ${COLUMNS} FROM app_password WHERE mailbox_id = ? AND password_id = ?`,
        mailboxId,
        id,
      );
      return row === undefined ? null : passwordOf(row);
    },
    async appPasswordByDigest(digest) {
      const sql = `SELECT ${COLUMNS} FROM app_password WHERE mailbox_id = ? AND digest = ?`;
      const row = access().get(sql, mailboxId, digest);
      return row === undefined ? null : passwordOf(row);
    },
  };
}

/** Writes of app passwords; `run` runs each of them in the transaction. */
export function appPasswordWrites(
  run: <T>(write: (tx: Transaction) => T) => Promise<T>,
): Omit<AppPasswordWriter, keyof AppPasswordReader> {
  return {
    putAppPassword: (password) => run((tx) => putAppPassword(tx, password)),
    removeAppPassword: (id) =>
      run(({ connection, mailboxId }) => {
        connection.run('DELETE FROM app_password WHERE mailbox_id = ? AND password_id = ?', mailboxId, id);
      }),
  };
}

function putAppPassword({ connection, mailboxId }: Transaction, password: AppPassword): void {
  const { id, digest, createdAt, ...facts } = password;
  const taken = 'SELECT 1 FROM app_password WHERE mailbox_id = ? AND digest = ? AND password_id <> ?';
  if (connection.get(taken, mailboxId, digest, id) !== undefined) throw nameTaken('app password');
  const put = `INSERT INTO app_password (mailbox_id, password_id, digest, created_at, facts) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (mailbox_id, password_id)
    DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at, facts = excluded.facts`;
  connection.run(put, mailboxId, id, digest, createdAt, JSON.stringify(facts));
}

function passwordOf(row: Row): AppPassword {
  const [id, digest, createdAt, json] = row as [string, string, number, string];
  const facts = JSON.parse(json) as Omit<AppPassword, 'id' | 'digest' | 'createdAt'>;
  return { id, digest, createdAt, ...facts };
}

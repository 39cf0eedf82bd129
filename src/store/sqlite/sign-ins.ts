import type { SignIn, SignInStore } from '../sign-in-store.ts';
import type { Connection, Row } from './connection.ts';
import type { WriteQueue } from './write-queue.ts';

interface SignInParts {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly queue: WriteQueue;
}

const COLUMNS =
  'sign_in_id, user_id, token_hash, previous_hash, created_at, used_at, remote_address, user_agent' as const;

/** Sign-ins in the store. Those of changed users are ended by the schema's triggers. */
export function createSqliteSignIns({ writer, reader, queue }: SignInParts): SignInStore {
  const changes = (sql: string, ...values: (string | number)[]) => queue.run(() => writer.run(sql, ...values));
  return {
    async add(signIn, passwordVersion) {
      const sql = `INSERT INTO sign_in (${COLUMNS}) SELECT ?, user_id, ?, ?, ?, ?, ?, ? FROM user
        WHERE user_id = ? AND password_version = ?`;
      const { id, userId, tokenHash, previousHash, createdAt, usedAt, remoteAddress, userAgent } = signIn;
      const values = [id, tokenHash, previousHash, createdAt, usedAt, remoteAddress, userAgent] as const;
      return (await queue.run(() => writer.run(sql, ...values, userId, passwordVersion))) > 0;
    },
    async get(id) {
      const row = reader.get(`SELECT ${COLUMNS} FROM sign_in WHERE sign_in_id = ?`, id);
      return row === undefined ? null : signInOf(row);
    },
    async renew(id, from, to, at) {
      const sql = `UPDATE sign_in SET previous_hash = token_hash, token_hash = ?, used_at = ?
        WHERE sign_in_id = ? AND token_hash = ?`;
      return (await changes(sql, to, at, id, from)) > 0;
    },
    async remove(id) {
      return (await changes('DELETE FROM sign_in WHERE sign_in_id = ?', id)) > 0;
    },
    expire: ({ usedBefore, createdBefore }) =>
      changes('DELETE FROM sign_in WHERE used_at < ? OR created_at < ?', usedBefore, createdBefore),
  };
}

/** The casts state what the schema's STRICT columns hold. */
function signInOf(row: Row): SignIn {
  return {
    id: row[0] as string,
    userId: row[1] as number,
    tokenHash: row[2] as string,
    previousHash: row[3] as string | null,
    createdAt: row[4] as number,
    usedAt: row[5] as number,
    remoteAddress: row[6] as string,
    userAgent: row[7] as string,
  };
}

import { addressOf } from '../../domain/address.ts';
import type { AdminRole } from '../../domain/admin-role.ts';
import type { Clock } from '../../domain/clock.ts';
import { keepAdministrator, userNotFound } from '../directory-rules.ts';
import type { DirectoryStore, User, UserId } from '../directory-store.ts';
import { keptSetting } from '../kept-setting.ts';
import { nameTaken } from '../refusals.ts';
import type { Connection, Row } from './connection.ts';
import type { WriteQueue } from './write-queue.ts';

interface DirectoryParts {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly queue: WriteQueue;
  readonly clock: Clock;
}

const USERS = `SELECT user_id, local_part, domain, display_name, role, mailbox_id, password_hash, password_version,
  created_at FROM user ORDER BY user_id`;

/** Users and settings are kept in memory as they are committed: this process is the only writer, and each request asks. */
export class SqliteDirectory implements DirectoryStore {
  readonly #parts: DirectoryParts;
  #users: readonly User[];
  readonly #settings = new Map<string, unknown>();

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.#users = parts.reader.all(USERS).map(userOf);
  }

  async users(): Promise<readonly User[]> {
    return this.#users;
  }

  async user(localPart: string, domain: string): Promise<User | null> {
    return this.#users.find((user) => user.localPart === localPart && user.domain === domain) ?? null;
  }

  async usersByLocalPart(localPart: string): Promise<readonly User[]> {
    return this.#users.filter((user) => user.localPart === localPart);
  }

  async addUser(fresh: Omit<User, 'id' | 'passwordVersion' | 'createdAt'>): Promise<User> {
    return this.#write((writer) => {
      const { localPart, domain, displayName, role, mailboxId, passwordHash } = fresh;
      const taken = 'SELECT 1 FROM user WHERE local_part = ? AND domain = ?';
      if (writer.get(taken, localPart, domain) !== undefined) throw nameTaken(addressOf(fresh));
      const next = `INSERT INTO counter (name, value) VALUES ('user', 1)
        ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`;
      const user: User = {
        ...{ localPart, domain, displayName, role, mailboxId, passwordHash },
        id: writer.get(next)?.[0] as number,
        passwordVersion: 1,
        createdAt: this.#parts.clock.now(),
      };
      const sql = `INSERT INTO user (user_id, local_part, domain, display_name, role, mailbox_id, password_hash,
        password_version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)`;
      writer.run(sql, user.id, localPart, domain, displayName, textOf(role), mailboxId, passwordHash, user.createdAt);
      return user;
    });
  }

  async setPassword(id: UserId, passwordHash: string): Promise<void> {
    await this.#write((writer) => {
      const sql = 'UPDATE user SET password_hash = ?, password_version = password_version + 1 WHERE user_id = ?';
      if (writer.run(sql, passwordHash, id) === 0) throw userNotFound(id);
    });
  }

  async setRole(id: UserId, role: AdminRole | null): Promise<void> {
    await this.#write((writer) => {
      keepAdministrator(writer.all(USERS).map(userOf), id, role);
      if (writer.run('UPDATE user SET role = ? WHERE user_id = ?', textOf(role), id) === 0) throw userNotFound(id);
    });
  }

  async renewHash(id: UserId, passwordHash: string, passwordVersion: number): Promise<boolean> {
    return this.#write((writer) => {
      const sql = 'UPDATE user SET password_hash = ? WHERE user_id = ? AND password_version = ?';
      return writer.run(sql, passwordHash, id, passwordVersion) > 0;
    });
  }

  async removeUser(id: UserId): Promise<void> {
    await this.#write((writer) => {
      keepAdministrator(writer.all(USERS).map(userOf), id, null);
      if (writer.run('DELETE FROM user WHERE user_id = ?', id) === 0) throw userNotFound(id);
    });
  }

  async setting(key: string): Promise<unknown> {
    const known = this.#settings.get(key);
    if (known !== undefined) return known;
    const row = this.#parts.reader.get('SELECT value FROM setting WHERE key = ?', key);
    // What is not set is asked for anew: keys are many where nobody bounds them.
    if (row === undefined) return null;
    const value = keptSetting(row[0] as string);
    this.#settings.set(key, value);
    return value;
  }

  async setSetting(key: string, value: unknown, who: string): Promise<void> {
    const json = JSON.stringify(value ?? null);
    const forget = () => void this.#settings.delete(key);
    await this.#parts.queue.run(() => {
      const { writer, clock } = this.#parts;
      const set = `INSERT INTO setting (key, value) VALUES (?, ?)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
      writer.run(set, key, json);
      const note = `INSERT INTO setting_history (key, seq, at, who, value)
        SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4 FROM setting_history WHERE key = ?1`;
      writer.run(note, key, clock.now(), who, json);
    }, forget);
  }

  async settingHistory(key: string): Promise<readonly { at: number; who: string; value: unknown }[]> {
    const sql = 'SELECT at, who, value FROM setting_history WHERE key = ? ORDER BY seq';
    const rows = this.#parts.reader.all(sql, key) as [number, string, string][];
    return rows.map(([at, who, json]) => ({ at, who, value: JSON.parse(json) }));
  }

  async #write<T>(work: (writer: Connection) => T): Promise<T> {
    const { queue, writer, reader } = this.#parts;
    return queue.run(
      () => work(writer),
      () => {
        this.#users = reader.all(USERS).map(userOf);
      },
    );
  }
}

function textOf(role: AdminRole | null): string | null {
  return role === null ? null : JSON.stringify(role);
}

/** The casts state what the schema's STRICT columns hold. */
function userOf(row: Row): User {
  return {
    id: row[0] as number,
    localPart: row[1] as string,
    domain: row[2] as string,
    displayName: row[3] as string | null,
    role: row[4] === null ? null : (JSON.parse(row[4] as string) as AdminRole),
    mailboxId: row[5] as number,
    passwordHash: row[6] as string,
    passwordVersion: row[7] as number,
    createdAt: row[8] as number,
  };
}

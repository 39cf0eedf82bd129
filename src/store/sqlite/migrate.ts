import { unavailable } from '../refusals.ts';
import type { Connection } from './connection.ts';
import { MAILBOXES } from './migrations/0001-mailboxes.ts';
import { DIRECTORY } from './migrations/0002-directory.ts';
import { PARTNERSHIPS } from './migrations/0003-partnerships.ts';
import { DEVICES } from './migrations/0004-devices.ts';
import { SEARCH } from './migrations/0005-search.ts';
import { DEVICE_REGISTER } from './migrations/0006-device-register.ts';
import { FLAG_STAMPS } from './migrations/0007-flag-stamps.ts';
import { ADMIN_ROLES } from './migrations/0008-admin-roles.ts';
import { WIPE } from './migrations/0009-wipe.ts';
import { APP_PASSWORDS } from './migrations/0010-app-passwords.ts';
import { QUOTAS } from './migrations/0011-quotas.ts';
import { DEVICE_ACTIVITY } from './migrations/0012-device-activity.ts';
import { WORDS_FOLDED } from './migrations/0013-words-folded.ts';

/** The schema's steps, in order and only ever forward; a step that was released is never changed. */
export const MIGRATIONS: readonly string[] = [
  ...[MAILBOXES, DIRECTORY, PARTNERSHIPS, DEVICES, SEARCH, DEVICE_REGISTER],
  FLAG_STAMPS,
  ADMIN_ROLES,
  WIPE,
  APP_PASSWORDS,
  QUOTAS,
  DEVICE_ACTIVITY,
  WORDS_FOLDED,
];

/**
 * Brings the schema to the newest this program knows, each step in a transaction of its own.
 * Throws 'store-unavailable' when the file was written by a newer program: going on would damage it.
 */
export function migrate(connection: Connection, now: number, migrations: readonly string[] = MIGRATIONS): void {
  connection.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER) STRICT');
  const current = Number(connection.get('SELECT coalesce(max(version), 0) FROM schema_version')?.[0]);
  if (current > migrations.length) {
    const known = `its schema is version ${current}, this program knows up to ${migrations.length}`;
    throw unavailable(
      `The database was written by a newer Causeway (${known}). Install that version again, or restore a backup made before the upgrade.`,
    );
  }
  for (let version = current + 1; version <= migrations.length; version += 1) {
    connection.exec('BEGIN IMMEDIATE');
    try {
      connection.exec(migrations[version - 1] ?? '');
      connection.run('INSERT INTO schema_version (version, applied_at) VALUES (?, ?)', version, now);
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.isInTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }
}

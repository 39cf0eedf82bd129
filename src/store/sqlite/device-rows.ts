import type { MailboxId } from '../../domain/mailbox.ts';
import { checkDevice, ownPrefix } from '../device-rules.ts';
import type { Device, DeviceReader, DeviceWriter, DoneOperation } from '../device-store.ts';
import { nameTaken } from '../refusals.ts';
import type { Connection, Row } from './connection.ts';
import { registerDevice } from './device-register.ts';
import type { Transaction } from './transaction.ts';

/** Above every name that begins with what stands before it: text is compared by its UTF-8 bytes. */
const TOP = '\u{10ffff}';

/** Reads of devices, documents and done operations over one connection; `access` is asked at every use. */
export function deviceReads(access: () => Connection, mailboxId: MailboxId): DeviceReader {
  return {
    async deviceByAlias(alias) {
      const sql = `SELECT d.last_seen_at, d.facts FROM device_alias a
        JOIN device d ON d.mailbox_id = a.mailbox_id AND d.device_id = a.device_id
        WHERE a.mailbox_id = ? AND a.alias = ?`;
      const row = access().get(sql, mailboxId, alias);
      return row === undefined ? null : deviceOf(row);
    },
    async devices() {
      const sql = 'SELECT last_seen_at, facts FROM device WHERE mailbox_id = ? ORDER BY device_id';
      return access().all(sql, mailboxId).map(deviceOf);
    },
    async document(name) {
      const row = access().get('SELECT value FROM document WHERE mailbox_id = ? AND name = ?', mailboxId, name);
      return row === undefined ? null : JSON.parse(row[0] as string);
    },
    async documents(prefix) {
      const sql = `SELECT name, value FROM document
        WHERE mailbox_id = ? AND name >= ? AND name < ? ORDER BY name`;
      const rows = access().all(sql, mailboxId, prefix, prefix + TOP) as [string, string][];
      return rows.map(([name, value]) => ({ name, value: JSON.parse(value) as unknown }));
    },
    async doneOperation(name) {
      const sql = 'SELECT at, result FROM done_operation WHERE mailbox_id = ? AND name = ?';
      const row = access().get(sql, mailboxId, name);
      return row === undefined ? null : { name, at: row[0] as number, result: JSON.parse(row[1] as string) };
    },
  };
}

/** Writes of devices, documents and done operations; `run` runs each of them in the transaction. */
export function deviceWrites(
  run: <T>(write: (tx: Transaction) => T) => Promise<T>,
): Omit<DeviceWriter, keyof DeviceReader> {
  return {
    putDevice: (device) => run((tx) => putDevice(tx, device)),
    removeDevice: (id) => run((tx) => removeDevice(tx, id)),
    putDocument: (name, value) => run((tx) => putDocument(tx, name, value)),
    putDoneOperation: (operation) => run((tx) => putDoneOperation(tx, operation)),
    removeDoneOperation: (name) =>
      run(({ connection, mailboxId }) => {
        connection.run('DELETE FROM done_operation WHERE mailbox_id = ? AND name = ?', mailboxId, name);
      }),
    dropDoneOperations: (before) =>
      run(({ connection, mailboxId }) =>
        connection.run('DELETE FROM done_operation WHERE mailbox_id = ? AND at < ?', mailboxId, before),
      ),
  };
}

function putDevice({ connection, mailboxId }: Transaction, device: Device): void {
  checkDevice(device);
  const { id, lastSeenAt, aliases } = device;
  for (const alias of aliases) {
    const sql = 'SELECT device_id FROM device_alias WHERE mailbox_id = ? AND alias = ? AND device_id <> ?';
    if (connection.get(sql, mailboxId, alias, id) !== undefined) throw nameTaken(alias);
  }
  const { lastSeenAt: _, ...facts } = device;
  const put = `INSERT INTO device (mailbox_id, device_id, last_seen_at, facts) VALUES (?, ?, ?, ?)
    ON CONFLICT (mailbox_id, device_id) DO UPDATE SET last_seen_at = excluded.last_seen_at, facts = excluded.facts`;
  connection.run(put, mailboxId, id, lastSeenAt, JSON.stringify(facts));
  connection.run('DELETE FROM device_alias WHERE mailbox_id = ? AND device_id = ?', mailboxId, id);
  for (const alias of new Set(aliases)) {
    connection.run('INSERT INTO device_alias (mailbox_id, alias, device_id) VALUES (?, ?, ?)', mailboxId, alias, id);
  }
  registerDevice(connection, mailboxId, device);
}

function removeDevice({ connection, mailboxId }: Transaction, id: string): void {
  const prefix = ownPrefix(id);
  for (const table of ['device_alias', 'device', 'device_activity']) {
    connection.run(`DELETE FROM ${table} WHERE mailbox_id = ? AND device_id = ?`, mailboxId, id);
  }
  for (const table of ['partnership_command', 'partnership']) {
    const sql = `DELETE FROM ${table} WHERE mailbox_id = ? AND (device = ? OR device >= ? AND device < ?)`;
    connection.run(sql, mailboxId, id, prefix, prefix + TOP);
  }
  for (const table of ['document', 'done_operation']) {
    const sql = `DELETE FROM ${table} WHERE mailbox_id = ? AND name >= ? AND name < ?`;
    connection.run(sql, mailboxId, prefix, prefix + TOP);
  }
}

function putDocument({ connection, mailboxId }: Transaction, name: string, value: unknown): void {
  if (value === null || value === undefined) {
    connection.run('DELETE FROM document WHERE mailbox_id = ? AND name = ?', mailboxId, name);
    return;
  }
  const sql = `INSERT INTO document (mailbox_id, name, value) VALUES (?, ?, ?)
    ON CONFLICT (mailbox_id, name) DO UPDATE SET value = excluded.value`;
  connection.run(sql, mailboxId, name, JSON.stringify(value));
}

function putDoneOperation({ connection, mailboxId }: Transaction, { name, at, result }: DoneOperation): void {
  const sql = `INSERT INTO done_operation (mailbox_id, name, at, result) VALUES (?, ?, ?, ?)
    ON CONFLICT (mailbox_id, name) DO UPDATE SET at = excluded.at, result = excluded.result`;
  connection.run(sql, mailboxId, name, at, JSON.stringify(result ?? null));
}

/** A device of a row of `last_seen_at, facts`. */
export function deviceOf(row: Row): Device {
  const facts = JSON.parse(row[1] as string) as Omit<Device, 'lastSeenAt'>;
  return { ...facts, lastSeenAt: row[0] as number };
}

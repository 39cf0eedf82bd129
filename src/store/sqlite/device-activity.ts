import type { MailboxId } from '../../domain/mailbox.ts';
import { keptAfter, NO_ACTIVITY } from '../activity-rules.ts';
import type { DeviceActivityStore, DeviceNews, RecentActivity, WakeReason } from '../device-activity-store.ts';
import type { Connection } from './connection.ts';
import type { WriteQueue } from './write-queue.ts';

interface ActivityParts {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly queue: WriteQueue;
}

/** How the requests of devices went, a row for each device. */
export function createSqliteDeviceActivity({ writer, reader, queue }: ActivityParts): DeviceActivityStore {
  return {
    async of(mailboxId, deviceId) {
      const sql = 'SELECT facts FROM device_activity WHERE mailbox_id = ? AND device_id = ?';
      const row = reader.get(sql, mailboxId, deviceId);
      return row === undefined ? NO_ACTIVITY : activityOf(row[0] as string);
    },
    async add(news) {
      await queue.run(() => {
        for (const one of news) add(writer, one);
      });
    },
  };
}

function add(connection: Connection, { mailboxId, alias, activity }: DeviceNews): void {
  // By the alias that the device has now: of one that was removed, or belongs to a removed mailbox, nothing is kept.
  const find = `SELECT a.device_id, k.facts FROM device_alias a
    LEFT JOIN device_activity k ON k.mailbox_id = a.mailbox_id AND k.device_id = a.device_id
    WHERE a.mailbox_id = ? AND a.alias = ?`;
  const found = connection.get(find, mailboxId, alias) as [string, string | null] | undefined;
  if (found === undefined) return;
  const [deviceId, facts] = found;
  const known = facts === null ? NO_ACTIVITY : activityOf(facts);
  const joined = keptAfter(known, activity);
  if (joined === known) return;
  put(connection, mailboxId, deviceId, joined);
}

function put(connection: Connection, mailboxId: MailboxId, deviceId: string, activity: RecentActivity): void {
  const sql = `INSERT INTO device_activity (mailbox_id, device_id, facts) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET facts = excluded.facts`;
  connection.run(sql, mailboxId, deviceId, factsOf(activity));
}

type StoredWake = readonly [at: number, kind: WakeReason['kind'], ...folders: number[]];

/** Lists, not objects: a burst that wakes everybody writes each of these anew. */
interface Facts {
  readonly errors: readonly (readonly [at: number, what: string])[];
  readonly goodAt: number | null;
  readonly heartbeat: number | null;
  readonly wakeUps: readonly StoredWake[];
}

function factsOf({ errors, goodAt, heartbeatSeconds, wakeUps }: RecentActivity): string {
  const facts: Facts = {
    errors: errors.map(({ at, what }) => [at, what]),
    goodAt,
    heartbeat: heartbeatSeconds,
    wakeUps: wakeUps.map(({ at, why }) => [at, why.kind, ...(why.kind === 'changed' ? why.folders : [])]),
  };
  return JSON.stringify(facts);
}

function activityOf(json: string): RecentActivity {
  const { errors, goodAt, heartbeat, wakeUps } = JSON.parse(json) as Facts;
  return {
    errors: errors.map(([at, what]) => ({ at, what })),
    goodAt,
    heartbeatSeconds: heartbeat,
    wakeUps: wakeUps.map(([at, kind, ...folders]) => ({ at, why: kind === 'changed' ? { kind, folders } : { kind } })),
  };
}

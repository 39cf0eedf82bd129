import type { MailboxId } from '../../domain/mailbox.ts';
import type { DeviceCount, DeviceFilter, DeviceQuery, DeviceRegister } from '../device-register.ts';
import { DEVICE_ACCESS_STATES, type Device } from '../device-store.ts';
import {
  accessOf,
  checkLimit,
  ownersDomain,
  readCursor,
  searchTextOf,
  searchWords,
  writeCursor,
} from '../register-rules.ts';
import type { Connection, Row } from './connection.ts';
import { deviceOf } from './device-rows.ts';

/** Found devices that are sorted; more are rather met one by one in the order that is wanted. */
const FEW = 2_000;
/** Shortest word that the three-letter pieces can find. */
const PIECE = 3;

type Value = string | number;
type Counts = DeviceCount['byAccess'];

interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** How the words of a search are met. */
interface TextPlan {
  /** Whether the devices that have them are looked up one by one. */
  readonly isFew: boolean;
  readonly conditions: readonly Condition[];
}

/** The register over the tables that `registerDevice` keeps. */
export function createSqliteDeviceRegister(reader: Connection): DeviceRegister {
  return {
    async list(query) {
      checkLimit(query);
      const rows = pageOf(reader, query);
      const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
      return {
        devices: rows
          .slice(0, query.limit)
          .map((row) => ({ mailboxId: row[2] as MailboxId, device: deviceOf(row.slice(3)) })),
        next: last === undefined ? null : writeCursor({ key: last[0] as Value, entry: last[1] as number }),
      };
    },
    async count(filter) {
      const plan = planText(reader, filter);
      const { where, values } = conditions(filter, plan, 'r.contact < ?');
      const sql = `SELECT count(*) FROM device_register r ${indexFor(filter, plan)} WHERE ${where}`;
      return reader.get(sql, Number.MAX_SAFE_INTEGER, ...values)?.[0] as number;
    },
    async counts() {
      const sums = DEVICE_ACCESS_STATES.map((state) => `sum(access = '${state}')`).join(', ');
      // The index has all that is asked and is in the order of the groups: no look at a row, no sorting.
      const sql = `SELECT protocol, ${sums} FROM device_register INDEXED BY device_register_protocol GROUP BY protocol`;
      return reader.all(sql).map(([protocol, ...counts]) => ({
        protocol: protocol as string,
        byAccess: Object.fromEntries(DEVICE_ACCESS_STATES.map((state, at) => [state, counts[at]])) as Counts,
      }));
    },
  };
}

function pageOf(reader: Connection, query: DeviceQuery): Row[] {
  const cursor = readCursor(query);
  const plan = planText(reader, query);
  const isByContact = query.order === 'contact';
  const [key, sign, direction] = isByContact ? ['contact', '<', 'DESC'] : ['owner', '>', 'ASC'];
  const { where, values } = conditions(query, plan, `(r.${key}, r.entry) ${sign} (?, ?)`);
  const index =
    isByContact || plan.isFew || query.mailboxId !== undefined
      ? indexFor(query, plan)
      : `INDEXED BY device_register_${query.wipe === undefined ? '' : 'wipe_'}owner`;
  const sql = `SELECT r.${key}, r.entry, r.mailbox_id, d.last_seen_at, d.facts
    FROM device_register r ${index} CROSS JOIN device d ON d.mailbox_id = r.mailbox_id AND d.device_id = r.device_id
    WHERE ${where} ORDER BY r.${key} ${direction}, r.entry ${direction} LIMIT ?`;
  const begin = isByContact ? Number.MAX_SAFE_INTEGER : '';
  return reader.all(sql, cursor?.key ?? begin, cursor?.entry ?? 0, ...values, query.limit + 1);
}

function conditions(
  { mailboxId, domain, protocol, access, wipe }: DeviceFilter,
  plan: TextPlan,
  place: string,
): { where: string; values: Value[] } {
  const all: Condition[] = [{ sql: place, values: [] }];
  const equal = (column: string, value: Value | undefined): void => {
    if (value !== undefined) all.push({ sql: `r.${column} = ?`, values: [value] });
  };
  equal('mailbox_id', mailboxId);
  equal('domain', domain);
  equal('protocol', protocol);
  equal('access', access);
  if (wipe !== undefined) all.push({ sql: 'r.wipe IS NOT NULL', values: [] });
  equal('wipe', wipe ?? undefined);
  all.push(...plan.conditions);
  return { where: all.map(({ sql }) => sql).join(' AND '), values: all.flatMap(({ values }) => values) };
}

/** The index whose first column leaves the least. Said to SQLite, which knows nothing of how values are spread. */
function indexFor({ mailboxId, domain, protocol, access, wipe }: DeviceFilter, { isFew }: TextPlan): string {
  if (isFew) return 'NOT INDEXED';
  if (mailboxId !== undefined) return 'INDEXED BY device_register_mailbox';
  if (wipe !== undefined) return 'INDEXED BY device_register_wipe';
  if (domain !== undefined) return 'INDEXED BY device_register_domain';
  if (access !== undefined && access !== 'allowed') return 'INDEXED BY device_register_access';
  if (protocol !== undefined) return 'INDEXED BY device_register_protocol';
  if (access !== undefined) return 'INDEXED BY device_register_access';
  return 'INDEXED BY device_register_contact';
}

/** Rare words lead to their devices; of common ones, and of words too short for the index, the next device is never far. */
function planText(reader: Connection, { text }: DeviceFilter): TextPlan {
  const words = searchWords(text);
  const long = words.filter((word) => [...word].length >= PIECE);
  const match = long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ');
  const sql = 'SELECT rowid FROM device_text WHERE device_text MATCH ? LIMIT ?';
  const isFew = long.length > 0 && reader.all(sql, match, FEW + 1).length <= FEW;
  const rest = isFew ? words.filter((word) => !long.includes(word)) : words;
  const found = { sql: 'r.entry IN (SELECT rowid FROM device_text WHERE device_text MATCH ?)', values: [match] };
  const stands = (word: string): Condition => ({ sql: 'instr(r.text, ?) > 0', values: [word] });
  return { isFew, conditions: [...(isFew ? [found] : []), ...rest.map(stands)] };
}

/** Keeps the register true to a device that was just written. */
export function registerDevice(connection: Connection, mailboxId: MailboxId, device: Device): void {
  const { id, owner = '', protocol, lastSeenAt, wipe } = device;
  const text = searchTextOf(device);
  const known = connection.get(
    'SELECT entry, text FROM device_register WHERE mailbox_id = ? AND device_id = ?',
    ...[mailboxId, id],
  );
  const facts = [owner, ownersDomain(device), protocol, accessOf(device), wipe?.state ?? null, lastSeenAt, text];
  if (known === undefined) {
    const add = `INSERT INTO device_register (mailbox_id, device_id, owner, domain, protocol, access, wipe, contact,
      text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING entry`;
    const [entry] = connection.get(add, mailboxId, id, ...facts)!;
    connection.run('INSERT INTO device_text (rowid, text) VALUES (?, ?)', entry as number, text);
    return;
  }
  const [entry, before] = known as [number, string];
  const change = `UPDATE device_register SET owner = ?, domain = ?, protocol = ?, access = ?, wipe = ?, contact = ?,
    text = ?
    WHERE entry = ?`;
  connection.run(change, ...facts, entry);
  if (text === before) return;
  connection.run('DELETE FROM device_text WHERE rowid = ?', entry);
  connection.run('INSERT INTO device_text (rowid, text) VALUES (?, ?)', entry, text);
}

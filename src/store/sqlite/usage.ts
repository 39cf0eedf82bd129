import type { MailboxId } from '../../domain/mailbox.ts';
import type { OwnQuota, Quota } from '../../domain/quota.ts';
import { mailboxNotFound } from '../refusals.ts';
import { checkUseLimit, NO_SHARE, readUseCursor, writeUseCursor } from '../usage-rules.ts';
import type { MailboxUse, UsageStore, UseQuery } from '../usage-store.ts';
import type { Connection, Row } from './connection.ts';
import type { WriteQueue } from './write-queue.ts';

/** Mailboxes changed in one transaction. */
const SLICE = 500;
const NO_LIMIT = -1;

const COLUMNS = 'mailbox_id, used_bytes, item_count, quota_bytes, quota_items, own_bytes, own_items, share';
const IN_FORCE = (own: string, others: string) =>
  `CASE WHEN ${own} IS NULL THEN ${others} ELSE nullif(${own}, ${NO_LIMIT}) END`;

interface UsageParts {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly queue: WriteQueue;
}

/** How far quotas are used, over the columns of `mailbox`. */
export function createSqliteUsage({ writer, reader, queue }: UsageParts): UsageStore {
  return {
    async of(mailboxId) {
      const row = reader.get(`SELECT ${COLUMNS} FROM mailbox WHERE mailbox_id = ? AND removing = 0`, mailboxId);
      if (row === undefined) throw mailboxNotFound(mailboxId);
      return useOf(row);
    },
    async setOwn(mailboxId, own, others) {
      await queue.run(() => {
        const sql = `UPDATE mailbox SET own_bytes = ?2, own_items = ?3, quota_bytes = ${IN_FORCE('?2', '?4')},
          quota_items = ${IN_FORCE('?3', '?5')} WHERE mailbox_id = ?1 AND removing = 0`;
        const { bytes, items } = others;
        const count = writer.run(sql, mailboxId, stored(own.bytes), stored(own.items), bytes, items);
        if (count === 0) throw mailboxNotFound(mailboxId);
      });
    },
    async setOthers(mailboxIds, others) {
      for (let at = 0; at < mailboxIds.length; at += SLICE) {
        const slice = mailboxIds.slice(at, at + SLICE);
        await queue.run(() => setOthers(writer, slice, others));
      }
    },
    async list(query) {
      checkUseLimit(query);
      const rows = pageOf(reader, query).map(useOf);
      const uses = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? uses.at(-1) : undefined;
      const next =
        last === undefined ? null : writeUseCursor({ share: last.share ?? NO_SHARE, mailboxId: last.mailboxId });
      return { uses, next };
    },
    async count(leastShare) {
      const sql = `SELECT count(*) FROM mailbox INDEXED BY mailbox_share WHERE removing = 0 AND share >= ?`;
      return reader.get(sql, leastShare)?.[0] as number;
    },
  };
}

function setOthers(writer: Connection, mailboxIds: readonly MailboxId[], { bytes, items }: Quota): void {
  const sql = `UPDATE mailbox SET quota_bytes = ${IN_FORCE('own_bytes', '?2')}, quota_items = ${IN_FORCE('own_items', '?3')}
    WHERE mailbox_id = ?1 AND removing = 0`;
  for (const mailboxId of mailboxIds) writer.run(sql, mailboxId, bytes, items);
}

/** One row more than asked for, where there is one. */
function pageOf(reader: Connection, { after, limit, leastShare = NO_SHARE, among }: UseQuery): Row[] {
  const cursor = readUseCursor(after);
  // One after the other, since a row value cannot be compared both ways. The first part alone bounds the index.
  const place = 'share <= ?1 AND (share < ?1 OR mailbox_id > ?2)';
  const only = among === undefined ? '' : 'AND mailbox_id IN (SELECT value FROM json_each(?5))';
  const index = among === undefined ? 'INDEXED BY mailbox_share' : 'NOT INDEXED';
  const sql = `SELECT ${COLUMNS} FROM mailbox ${index}
    WHERE removing = 0 AND ${place} AND share >= ?3 ${only} ORDER BY share DESC, mailbox_id LIMIT ?4`;
  const values = [cursor?.share ?? Number.MAX_SAFE_INTEGER, cursor?.mailboxId ?? 0, leastShare, limit + 1];
  return reader.all(sql, ...values, ...(among === undefined ? [] : [JSON.stringify(among)]));
}

/** The casts state what the schema's STRICT columns hold. */
function useOf(row: Row): MailboxUse {
  const [mailboxId, usedBytes, items] = row as [number, number, number];
  const [bytes, quotaItems, ownBytes, ownItems, share] = row.slice(3) as (number | null)[];
  return {
    mailboxId,
    usedBytes,
    items,
    quota: { bytes: bytes ?? null, items: quotaItems ?? null },
    own: { bytes: told(ownBytes), items: told(ownItems) },
    share: share === NO_SHARE ? null : (share ?? null),
  };
}

function stored(own: OwnQuota['bytes']): number | null {
  return own === 'none' ? NO_LIMIT : own;
}

function told(own: number | null | undefined): OwnQuota['bytes'] {
  return own === NO_LIMIT ? 'none' : (own ?? null);
}

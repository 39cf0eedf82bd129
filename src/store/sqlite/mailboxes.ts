import type { Clock } from '../../domain/clock.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { MailboxId, Origin, Stamp } from '../../domain/mailbox.ts';
import type { CommittedChange, MailboxReader, MailboxStore, MailboxWriter } from '../mailbox-store.ts';
import { mailboxNotFound } from '../refusals.ts';
import { hoursBefore } from '../stamp-hours.ts';
import type { Connection } from './connection.ts';
import { pruneLog } from './prune.ts';
import { SqliteReader, selectMailbox } from './reader.ts';
import { removeMailbox } from './remove-mailbox.ts';
import type { OnStep } from './steps.ts';
import { noteHour, type Transaction, type TransactionFate } from './transaction.ts';
import { verifyStore } from './verify.ts';
import type { WriteQueue } from './write-queue.ts';
import { SqliteWriter } from './writer.ts';

/** What the mailbox store stands on. */
export interface SqliteParts {
  readonly writer: Connection;
  readonly reader: Connection;
  readonly queue: WriteQueue;
  readonly clock: Clock;
  readonly step: OnStep;
  /** Must not throw. */
  readonly publish: (change: CommittedChange) => void;
  readonly close: () => Promise<void>;
}

export class SqliteMailboxes implements MailboxStore {
  readonly #parts: SqliteParts;

  constructor(parts: SqliteParts) {
    this.#parts = parts;
  }

  read(mailboxId: MailboxId): MailboxReader {
    return new SqliteReader(mailboxId, () => this.#parts.reader);
  }

  async write<T>(mailboxId: MailboxId, origin: Origin, work: (tx: MailboxWriter) => Promise<T>): Promise<T> {
    return this.transact(mailboxId, origin, (transaction) => work(new SqliteWriter(transaction)));
  }

  /** One transaction of one mailbox, for whatever writer `work` makes of it. */
  async transact<T>(mailboxId: MailboxId, origin: Origin, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { queue, publish } = this.#parts;
    const touched = new Map<FolderId, Stamp>();
    return queue.run(
      () => this.#transact(mailboxId, origin, work, touched),
      () => {
        for (const [folderId, stamp] of touched) publish({ mailboxId, folderId, stamp, origin });
      },
    );
  }

  async createMailbox(): Promise<MailboxId> {
    const { queue, writer } = this.#parts;
    return queue.run(() => {
      const sql = `INSERT INTO counter (name, value) VALUES ('mailbox', 1)
        ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`;
      const id = writer.get(sql)?.[0] as number;
      writer.run('INSERT INTO mailbox (mailbox_id) VALUES (?)', id);
      return id;
    });
  }

  async setQuota(mailboxId: MailboxId, quota: { bytes: number | null; items: number | null }): Promise<void> {
    const { queue, writer } = this.#parts;
    await queue.run(() => {
      const sql = 'UPDATE mailbox SET quota_bytes = ?, quota_items = ? WHERE mailbox_id = ? AND removing = 0';
      if (writer.run(sql, quota.bytes, quota.items, mailboxId) === 0) throw mailboxNotFound(mailboxId);
    });
  }

  async removeMailbox(mailboxId: MailboxId): Promise<void> {
    await removeMailbox(this.#parts.writer, this.#parts.queue, mailboxId);
  }

  async prune(mailboxId: MailboxId, upTo: Stamp): Promise<number> {
    const { queue, writer } = this.#parts;
    return queue.run(() => pruneLog(writer, mailboxId, upTo));
  }

  async stampAt(mailboxId: MailboxId, before: number): Promise<Stamp> {
    const { reader } = this.#parts;
    selectMailbox(reader, mailboxId);
    const sql = 'SELECT coalesce(max(stamp), 0) FROM stamp_hour WHERE mailbox_id = ? AND hour < ?';
    return reader.get(sql, mailboxId, hoursBefore(before))?.[0] as number;
  }

  async verify(progress?: (done: number, total: number) => void): Promise<readonly string[]> {
    return verifyStore(this.#parts.reader, progress);
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  async #transact<T>(
    mailboxId: MailboxId,
    origin: Origin,
    work: (transaction: Transaction) => Promise<T>,
    touched: Map<FolderId, Stamp>,
  ): Promise<T> {
    const { writer: connection, clock, step } = this.#parts;
    selectMailbox(connection, mailboxId);
    const now = () => clock.now();
    const fate: TransactionFate = { broken: null, pending: 0, isOver: false };
    const transaction: Transaction = { connection, mailboxId, by: origin.by, now, step, touched, fate };
    try {
      const result = await work(transaction);
      if (fate.pending > 0) throw new TypeError('The work ended without waiting for all its writes.');
      if (fate.broken !== null) throw fate.broken.error;
      if (touched.size > 0) noteHour(transaction);
      return result;
    } finally {
      fate.isOver = true;
    }
  }
}

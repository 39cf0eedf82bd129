import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Content, contentPieces } from '../../domain/content.ts';
import { GatewayError } from '../../domain/errors.ts';
import { type Item, type ItemId, revisionTag } from '../../domain/item.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import { CHUNK_BYTES } from '../content-chunks.ts';
import { itemNotFound } from '../refusals.ts';
import type { Connection } from './connection.ts';

/** Chunks fetched at once: an object of up to 1 MiB is read in one go. */
const BATCH = 16;
const EMPTY = new Uint8Array(0);

const CHUNKS = `SELECT bytes FROM item_content
  WHERE mailbox_id = ? AND item_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`;

/** The whole content of an item whose first chunk is at hand (null when it has none). */
export function wholeContent(connection: Connection, item: Item, first: Uint8Array | null): Uint8Array {
  if (item.size <= CHUNK_BYTES) return first ?? EMPTY;
  const rest = connection.all(CHUNKS, item.mailboxId, item.id, 1, Math.ceil(item.size / CHUNK_BYTES));
  return Buffer.concat([first ?? EMPTY, ...rest.map(([bytes]) => bytes as Uint8Array)]);
}

/** Writes content as chunks, in place of whatever was there. */
export function writeContent(connection: Connection, mailboxId: MailboxId, id: ItemId, content: Content): void {
  connection.run('DELETE FROM item_content WHERE mailbox_id = ? AND item_id = ?', mailboxId, id);
  let seq = 0;
  for (const chunk of contentPieces(content, CHUNK_BYTES)) {
    const sql = 'INSERT INTO item_content (mailbox_id, item_id, seq, bytes) VALUES (?, ?, ?, ?)';
    connection.run(sql, mailboxId, id, seq, chunk);
    seq += 1;
  }
}

// Revision and chunks in one statement, so that they are of one state; a row without bytes for an item without content.
const BATCH_OF = `SELECT i.size, i.content_rev, c.bytes FROM item i LEFT JOIN item_content c
  ON c.mailbox_id = i.mailbox_id AND c.item_id = i.item_id AND c.seq BETWEEN ?3 AND ?4
  WHERE i.mailbox_id = ?1 AND i.item_id = ?2 ORDER BY c.seq`;

/**
 * Streams content; between batches others have a turn. No snapshot is held while a slow client reads: with each batch it is checked that the content is
 * still the same, and 'revision-mismatch' is thrown rather than bytes of two revisions mixed.
 */
export async function* streamContent(
  access: () => Connection,
  mailboxId: MailboxId,
  id: ItemId,
  range: { readonly start: number; readonly end: number } | undefined,
): AsyncGenerator<Uint8Array> {
  const start = Math.max(range?.start ?? 0, 0);
  let end = range?.end ?? Number.POSITIVE_INFINITY;
  let begun: number | null = null;
  for (let seq = Math.floor(start / CHUNK_BYTES); begun === null || seq * CHUNK_BYTES < end; seq += BATCH) {
    // A batch takes milliseconds, and what is done with it more; under the lock it is better to be done soon.
    if (begun !== null && !access().isInTransaction) await nextTurn();
    const last = Math.min(seq + BATCH, Math.ceil(end / CHUNK_BYTES)) - 1;
    const rows = access().all(BATCH_OF, mailboxId, id, seq, last);
    if (rows[0] === undefined) throw itemNotFound(id);
    const [size, contentRev] = rows[0] as [number, number];
    if (begun !== null && contentRev !== begun) {
      const [expected, actual] = [revisionTag({ id, contentRev: begun }), revisionTag({ id, contentRev })];
      throw new GatewayError('revision-mismatch', { expected, actual });
    }
    begun = contentRev;
    end = Math.min(end, size);
    for (const [at, [, , bytes]] of rows.entries()) {
      const offset = (seq + at) * CHUNK_BYTES;
      const piece = (bytes ?? EMPTY) as Uint8Array;
      if (start < end && offset < end) yield piece.subarray(Math.max(start - offset, 0), end - offset);
    }
  }
}

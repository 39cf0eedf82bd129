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

/**
 * Streams content. No snapshot is held while a slow client reads: before each batch it is checked that the content is
 * still the same, and 'revision-mismatch' is thrown rather than bytes of two revisions mixed.
 */
export async function* streamContent(
  access: () => Connection,
  mailboxId: MailboxId,
  id: ItemId,
  range: { readonly start: number; readonly end: number } | undefined,
): AsyncGenerator<Uint8Array> {
  const { size, contentRev } = revisionOf(access(), mailboxId, id);
  const start = Math.max(range?.start ?? 0, 0);
  const end = Math.min(range?.end ?? size, size);
  const lastSeq = Math.ceil(end / CHUNK_BYTES) - 1;
  for (let seq = Math.floor(start / CHUNK_BYTES); start < end && seq <= lastSeq; seq += BATCH) {
    const now = revisionOf(access(), mailboxId, id);
    if (now.contentRev !== contentRev) {
      const [expected, actual] = [revisionTag({ id, contentRev }), revisionTag({ id, contentRev: now.contentRev })];
      throw new GatewayError('revision-mismatch', { expected, actual });
    }
    const rows = access().all(CHUNKS, mailboxId, id, seq, Math.min(seq + BATCH - 1, lastSeq));
    for (const [at, [bytes]] of rows.entries()) {
      const offset = (seq + at) * CHUNK_BYTES;
      yield (bytes as Uint8Array).subarray(Math.max(start - offset, 0), end - offset);
    }
  }
}

function revisionOf(connection: Connection, mailboxId: MailboxId, id: ItemId): { size: number; contentRev: number } {
  const sql = 'SELECT size, content_rev FROM item WHERE mailbox_id = ? AND item_id = ?';
  const row = connection.get(sql, mailboxId, id);
  if (row === undefined) throw itemNotFound(id);
  return { size: row[0] as number, contentRev: row[1] as number };
}

import type { FolderId } from '../../domain/folder.ts';
import type { Administration } from '../administration.ts';
import type { Refusal, SourceItem } from './import-source.ts';

/** Items of one transaction: enough to make its cost small, few enough not to hold others up. */
const BATCH_ITEMS = 200;
/** Bytes of one batch, which is one message over the socket. */
export const BATCH_BYTES = 4 * 1024 * 1024;
/** One item alone in a batch must still fit a message over the socket. */
const MAX_ITEM_BYTES = 40 * 1024 * 1024;

export interface ImportCounts {
  created: number;
  replaced: number;
  unchanged: number;
  refused: number;
  /** Lines of imported items that could not be read. */
  leftOutLines: number;
}

interface Batch {
  readonly members: { readonly path: string; readonly item: SourceItem }[];
  bytes: number;
}

/** Gathers items by folder and sends them when there are enough. */
export interface ImportBatches {
  add(folderId: FolderId, path: string, item: SourceItem): Promise<void>;
  /** Sends what is left. */
  flush(): Promise<void>;
}

/** Counts what became of the items; `refuse` is told what was refused, in the order of the items. */
export function createImportBatches(
  administration: Administration,
  address: string,
  counts: ImportCounts,
  refuse: (refusal: Refusal) => void,
): ImportBatches {
  const batches = new Map<FolderId, Batch>();

  async function send(folderId: FolderId): Promise<void> {
    const members = batches.get(folderId)?.members ?? [];
    batches.delete(folderId);
    if (members.length === 0) return;
    const entries = members.map(({ item }) => entryOf(item));
    const outcomes = await administration.importBatch({ address, folderId, entries });
    for (const [position, { path, item }] of members.entries()) {
      const outcome = outcomes[position]!;
      if (outcome.kind === 'refused') refuse({ path, line: item.line, reason: outcome.reason });
      else counts[outcome.kind] += 1;
    }
  }

  return {
    async add(folderId, path, item) {
      const size = item.content.byteLength;
      if (size > MAX_ITEM_BYTES) {
        refuse({ path, line: item.line, reason: `it has ${size} bytes; at most ${MAX_ITEM_BYTES} can be imported` });
        return;
      }
      const waiting = batches.get(folderId)?.bytes ?? 0;
      if (waiting > 0 && waiting + size > BATCH_BYTES) await send(folderId);
      const batch = batches.get(folderId) ?? { members: [], bytes: 0 };
      batches.set(folderId, batch);
      batch.members.push({ path, item });
      batch.bytes += size;
      if (batch.members.length >= BATCH_ITEMS) await send(folderId);
    },
    async flush() {
      for (const folderId of [...batches.keys()]) await send(folderId);
    },
  };
}

function entryOf({ content, contentType, name, flags }: SourceItem) {
  return { content, contentType, ...(name === undefined ? {} : { name }), ...(flags === undefined ? {} : { flags }) };
}

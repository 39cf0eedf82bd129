import type { Administration } from '../../administration.ts';
import type { InputOf } from '../../authority/call-rule.ts';
import type { ExportedItem, FolderWish, ImportBatchEntry } from '../../calls/transfer.ts';
import { type OfUser, ok, operation } from '../operation.ts';
import { ApiProblem, INVALID } from '../problem.ts';

interface OfFolder extends OfUser {
  readonly folder: number;
}

type EntryBody = Omit<ImportBatchEntry, 'content' | 'flags'> & { readonly content: string };

/** Bytes that are read at once: below what a call gives. */
const CHUNK_BYTES = 1024 * 1024;

/** Items into and out of mailboxes. */
export const ITEM_OPERATIONS = {
  folderList: operation<OfUser>(async ({ calls, path }) => ok({ folders: await calls.folderList(path) })),

  importFolder: operation<OfUser, unknown, FolderWish>(async ({ calls, path, body }) => {
    // The document gives a default to every part but this one.
    const folder = { ...body, role: body.role ?? null };
    return ok(await calls.importFolder({ ...path, folder }));
  }),

  exportPage: operation<OfFolder, { readonly cursor?: string }>(async ({ calls, path, query }) => {
    const after = query.cursor === undefined ? null : itemIn(query.cursor);
    const { items, next } = await calls.exportPage({ address: path.address, folderId: path.folder, after });
    return ok({ items: items.map(shown), next: next === null ? null : String(next) });
  }),

  importBatch: operation<OfFolder, unknown, { readonly entries: readonly EntryBody[] }>(
    async ({ calls, path, body }) => {
      const entries = body.entries.map((entry) => ({ ...entry, content: Buffer.from(entry.content, 'base64') }));
      const { address, folder: folderId } = path;
      return ok({ outcomes: await calls.importBatch({ address, folderId, entries }) });
    },
  ),

  exportChunk: operation<OfUser & { readonly item: number }, { readonly revision: string; readonly size: number }>(
    async ({ calls, path, query }) => {
      const which = { address: path.address, itemId: path.item, revision: query.revision };
      // Asked for before the answer begins, so that a refusal is one.
      const first = await calls.exportChunk({ ...which, start: 0, end: Math.min(query.size, CHUNK_BYTES) });
      return {
        status: 200,
        bytes: chunksOf(calls, first, { ...which, size: query.size }),
        fileName: `item-${path.item}`,
      };
    },
  ),
} as const;

async function* chunksOf(
  calls: Administration,
  first: Uint8Array,
  { size, ...which }: Omit<InputOf<'exportChunk'>, 'start' | 'end'> & { readonly size: number },
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let start = CHUNK_BYTES; start < size; start += CHUNK_BYTES) {
    const chunk = await calls.exportChunk({ ...which, start, end: Math.min(size, start + CHUNK_BYTES) });
    // The size is what somebody says it is.
    if (chunk.length === 0) return;
    yield chunk;
  }
}

function shown({ content, ...item }: ExportedItem): object {
  return { ...item, content: content === null ? null : Buffer.from(content).toString('base64') };
}

function itemIn(cursor: string): number {
  if (/^[1-9]\d{0,15}$/.test(cursor)) return Number(cursor);
  const mistakes = [{ pointer: '/query/cursor', detail: 'is no `next` of an earlier page' }];
  throw new ApiProblem(INVALID, 'The cursor is none.', { mistakes });
}

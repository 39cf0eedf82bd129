import { GatewayError } from '../../domain/errors.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { Administration, ImportBatchOutcome, Progress } from '../administration.ts';
import type { FolderStep, Refusal, SourceFile, SourceItem } from './import-source.ts';
import type { ImportTargets } from './import-targets.ts';
import { type FoundItem, readItems } from './read-items.ts';

/** Items of one transaction: enough to make its cost small, few enough not to hold others up. */
const BATCH_ITEMS = 200;
/** Bytes of one batch, which is one message over the socket. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Items of a file that are looked at together to see what kinds it holds. */
const LOOK_AHEAD = 10_000;

export interface ImportCounts {
  created: number;
  replaced: number;
  unchanged: number;
  refused: number;
}

interface Batch {
  readonly folderId: FolderId;
  readonly members: { readonly path: string; readonly item: SourceItem }[];
  bytes: number;
}

export interface ImportRun {
  readonly administration: Administration;
  readonly address: string;
  readonly targets: ImportTargets;
  readonly progress: Progress;
  /** Told at once, in the order in which it is found out. */
  readonly onRefusal: (refusal: Refusal) => void;
}

/** Imports the files; whatever is refused does not stop the rest. */
export async function importFiles(run: ImportRun, files: readonly SourceFile[]): Promise<ImportCounts> {
  const counts: ImportCounts = { created: 0, replaced: 0, unchanged: 0, refused: 0 };
  const batches = new Map<FolderId, Batch>();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;

  const refuse = (refusal: Refusal) => {
    counts.refused += 1;
    run.onRefusal(refusal);
  };
  const flush = async (batch: Batch) => {
    batches.delete(batch.folderId);
    await sendBatch(run, batch, counts, refuse);
  };

  for (const file of files) {
    if (file.kind === 'exported' && file.name === undefined) {
      await folderOrRefusal(run, file, file.folder!, refuse);
      continue;
    }
    for await (const group of groupsOf(readItems(file))) {
      const kinds = new Set(group.flatMap((found) => ('item' in found ? [found.item.kind] : [])));
      for (const found of group) {
        if ('refusal' in found) {
          refuse(found.refusal);
          continue;
        }
        const { item } = found;
        const folderId = await folderOrRefusal(run, file, run.targets.stepsFor(file, item, kinds), refuse, item.line);
        if (folderId === null) continue;
        const batch = batches.get(folderId) ?? { folderId, members: [], bytes: 0 };
        if (batch.bytes > 0 && batch.bytes + item.content.byteLength > BATCH_BYTES) await flush(batch);
        const open = batches.get(folderId) ?? { folderId, members: [], bytes: 0 };
        open.members.push({ path: file.path, item });
        open.bytes += item.content.byteLength;
        batches.set(folderId, open);
        if (open.members.length >= BATCH_ITEMS) await flush(open);
      }
    }
    done += file.bytes;
    run.progress(done, total);
  }
  for (const batch of [...batches.values()]) await flush(batch);
  return counts;
}

/** A folder that cannot be made refuses what would go there, not the whole import. */
async function folderOrRefusal(
  run: ImportRun,
  file: SourceFile,
  steps: readonly FolderStep[],
  refuse: (refusal: Refusal) => void,
  line = 0,
): Promise<FolderId | null> {
  try {
    return await run.targets.folderId(steps);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    refuse({ path: file.path, line, reason: `its folder cannot be made: ${error.message}` });
    return null;
  }
}

async function sendBatch(
  run: ImportRun,
  { folderId, members }: Batch,
  counts: ImportCounts,
  refuse: (refusal: Refusal) => void,
): Promise<void> {
  const entries = members.map(({ item }) => {
    const { content, contentType, name, flags } = item;
    return { content, contentType, ...(name === undefined ? {} : { name }), ...(flags === undefined ? {} : { flags }) };
  });
  const outcomes = await run.administration.importBatch({ address: run.address, folderId, entries });
  for (const [position, { path, item }] of members.entries()) {
    const outcome: ImportBatchOutcome = outcomes[position]!;
    if (outcome.kind === 'refused') refuse({ path, line: item.line, reason: outcome.reason });
    else counts[outcome.kind] += 1;
  }
}

/** A calendar file is looked at whole as far as that is sensible; a long mbox passes by. */
async function* groupsOf(items: AsyncIterable<FoundItem>): AsyncGenerator<readonly FoundItem[]> {
  let group: FoundItem[] = [];
  let bytes = 0;
  for await (const found of items) {
    group.push(found);
    if ('item' in found) bytes += found.item.content.byteLength;
    if (group.length < LOOK_AHEAD && bytes < BATCH_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

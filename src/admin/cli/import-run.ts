import { GatewayError } from '../../domain/errors.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { Administration } from '../administration.ts';
import type { Progress } from '../calls/check.ts';
import { BATCH_BYTES, createImportBatches, type ImportBatches, type ImportCounts } from './import-batches.ts';
import type { FolderStep, Refusal, SourceFile } from './import-source.ts';
import type { ImportTargets } from './import-targets.ts';
import { type FoundItem, readItems } from './read-items.ts';

/** Items of a file that are looked at together to see what kinds it holds. */
const LOOK_AHEAD = 10_000;

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
  const counts: ImportCounts = { created: 0, replaced: 0, unchanged: 0, refused: 0, leftOutLines: 0 };
  const refuse = (refusal: Refusal) => {
    if (refusal.lines === undefined) counts.refused += 1;
    else counts.leftOutLines += refusal.lines;
    run.onRefusal(refusal);
  };
  const batches = createImportBatches(run.administration, run.address, counts, refuse);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    // What is read is counted by its items: a file is known to be all read only at its end.
    const onRead = (bytes: number) => run.progress(done + Math.min(bytes, file.bytes), total);
    await importFile(run, file, batches, { refuse, onRead });
    done += file.bytes;
    run.progress(done, total);
  }
  await batches.flush();
  return counts;
}

interface FileListener {
  refuse(refusal: Refusal): void;
  /** Told the bytes of the items done so far. */
  onRead(bytes: number): void;
}

async function importFile(
  run: ImportRun,
  file: SourceFile,
  batches: ImportBatches,
  { refuse, onRead }: FileListener,
): Promise<void> {
  /** A folder that cannot be made refuses what would go there, not the whole import. */
  const folderFor = async (steps: readonly FolderStep[], line: number): Promise<FolderId | null> => {
    try {
      return await run.targets.folderId(steps);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      refuse({ path: file.path, line, reason: `its folder cannot be made: ${error.message}` });
      return null;
    }
  };
  // An exported folder itself: it is made even when there is nothing in it.
  if (file.kind === 'exported' && file.name === undefined) {
    await folderFor(file.folder!, 0);
    return;
  }
  let read = 0;
  for await (const group of groupsOf(readItems(file))) {
    const kinds = new Set(group.flatMap((found) => ('item' in found ? [found.item.kind] : [])));
    for (const found of group) {
      if ('refusal' in found) {
        refuse(found.refusal);
        continue;
      }
      const { item } = found;
      const folderId = await folderFor(run.targets.stepsFor(file, item, kinds), item.line);
      if (folderId !== null) await batches.add(folderId, file.path, item);
      read += item.content.byteLength;
      onRead(read);
    }
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

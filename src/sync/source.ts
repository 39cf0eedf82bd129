import { compareEdges } from '../domain/edge.ts';
import type { Folder, FolderId } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { EdgeRange, Generation, SyncReader } from '../store/sync-state-store.ts';
import type { SyncTarget } from './request.ts';

/**
 * What a partnership reads: a folder, or several as if they were one. Stamps are given by the mailbox, so the feeds of several
 * folders are one feed in stamp order, and (filter key, id) is one order over all their items.
 */
export interface Source {
  /** The partnership's folder first, then those merged into it. */
  readonly folders: readonly Folder[];
  /** Whether other folders may join it: a single folder with this is read as ever, and noted as the first of several. */
  readonly isMerging: boolean;
  /** The highest of the folders' last stamps. */
  readonly last: Stamp;
  /** The highest log stamp that was deleted from any of them. */
  readonly pruned: Stamp;
}

/** Reads the folders; null when the partnership's own is gone. One that is gone beside it is left out. */
export async function openSource(
  reader: SyncReader,
  { folderId, merged }: Pick<SyncTarget, 'folderId' | 'merged'>,
): Promise<Source | null> {
  const folder = await reader.folder(folderId);
  if (folder === null) return null;
  if (merged === undefined) return { folders: [folder], isMerging: false, last: folder.last, pruned: folder.pruned };
  const folders = [folder];
  for (const id of merged) {
    const further = await reader.folder(id);
    if (further !== null) folders.push(further);
  }
  const last = Math.max(...folders.map((one) => one.last));
  return { folders, isMerging: true, last, pruned: Math.max(...folders.map((one) => one.pruned)) };
}

/** Whether items of this folder belong to the source. */
export function isOfSource({ folders }: Source, folderId: FolderId): boolean {
  return folders.some(({ id }) => id === folderId);
}

/** As a generation notes it: nothing for a folder that is never read with others. */
export function foldersOf({ folders, isMerging }: Source): Pick<Generation, 'folders'> {
  return isMerging ? { folders: folders.map(({ id }) => id) } : {};
}

/**
 * The generation as one of this source, null when its device has to begin again. A folder that was empty when the generation
 * stood joins without a trace. Of one that had items nobody knows which the device would hold, and of one that is gone, or
 * not shown any more, which it does hold: that is told by no log once the folder's is away.
 */
export async function generationFor(
  reader: SyncReader,
  generation: Generation,
  source: Source,
): Promise<Generation | null> {
  const known = generation.folders ?? [source.folders[0]!.id];
  if (known.some((id) => !isOfSource(source, id))) return null;
  const joining = source.folders.filter(({ id }) => !known.includes(id));
  if (joining.length === 0) return withFolders(generation, source);
  // What it did before its folders were read as one, nobody noted with others in mind.
  if (generation.folders === undefined) return null;
  for (const folder of joining) if (!(await wasEmptyAt(reader, folder, generation.processed))) return null;
  return withFolders(generation, source);
}

function withFolders(generation: Generation, source: Source): Generation {
  const { folders, ...rest } = generation;
  const present = foldersOf(source);
  return `${folders}` === `${present.folders}` ? generation : { ...rest, ...present };
}

/** An item that was there then has its entry in the log, unless something was pruned from it. */
async function wasEmptyAt(reader: SyncReader, { id, pruned }: Folder, stamp: Stamp): Promise<boolean> {
  if (pruned > 0) return false;
  const [first] = await reader.feedRows(id, 0, 1);
  return first === undefined || first.stamp > stamp;
}

/** As `PartnershipReader.itemsBetween`, over all folders. */
export async function itemsBetween(
  reader: SyncReader,
  { folders }: Source,
  range: EdgeRange,
  order: 'up' | 'down',
  limit: number,
): Promise<readonly Item[]> {
  if (folders.length === 1) return reader.itemsBetween(folders[0]!.id, range, order, limit);
  const found: Item[] = [];
  for (const { id } of folders) found.push(...(await reader.itemsBetween(id, range, order, limit)));
  const sign = order === 'up' ? 1 : -1;
  return found.sort((a, b) => sign * compareEdges(placeOf(a), placeOf(b))).slice(0, limit);
}

/** As `PartnershipReader.hasItemBetween`: one index probe a folder. */
export async function hasItemBetween(reader: SyncReader, { folders }: Source, range: EdgeRange): Promise<boolean> {
  for (const { id } of folders) if (await reader.hasItemBetween(id, range)) return true;
  return false;
}

function placeOf({ filterKey, id }: Item): { key: number; id: ItemId } {
  return { key: filterKey, id };
}

import type { RandomBytes } from '../../../src/domain/clock.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import type { Stamp } from '../../../src/domain/mailbox.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { SyncReader, SyncWriter } from '../../../src/store/sync-state-store.ts';
import { freshKey } from '../../../src/sync/start.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { ShownTo } from '../translate/one-folder.ts';
import type { EasClass } from '../translate/view.ts';
import { countOf, differencesOf } from './differences.ts';
import { type ShownFolder, shownFolders } from './shown-folders.ts';

/** What a device that has seen the answer with `key` holds of the hierarchy. */
export interface HierarchyGeneration {
  readonly key: string;
  readonly version: ClassVersion;
  /** Classes of which the device had one folder; absent: none. */
  readonly oneFolderOf?: readonly EasClass[];
  /** Of the names of default folders; chosen at key 0. */
  readonly language: string;
  readonly held: readonly HeldFolder[];
  /** Where the folder feed stood when `held` was all there is; null while something is still to be told. */
  readonly seen: Stamp | null;
}

/** A folder that a device holds. */
export interface HeldFolder extends ShownFolder {
  /** It lay in a folder that the device removed itself: some devices then drop it too, others keep it. */
  readonly isUnsure?: boolean;
}

/** What a folder command did to what its device holds. */
export type HierarchyEffect = { readonly put: ShownFolder } | { readonly removed: string };

/** A folder command that was done: repeated after a lost answer it is answered, not done again. */
export interface DoneFolderCommand {
  /** The whole request. */
  readonly name: string;
  readonly effect: HierarchyEffect;
}

/**
 * What is kept of a device's hierarchy, as the document `<device>/folders`. `previous` is null once the device has used
 * `current`'s key and was told nothing new.
 */
export interface HierarchyState {
  /** Counts keys that were given. */
  readonly answers: number;
  readonly current: HierarchyGeneration;
  readonly previous: HierarchyGeneration | null;
  /** What was done under `previous`' key. */
  readonly journal: readonly DoneFolderCommand[];
}

/** More folders than any mailbox has: the feed is read in one page. */
const ALL = 1_000_000;

/** Null for a device that never asked. */
export async function readHierarchy(reader: SyncReader, { id }: Pick<Device, 'id'>): Promise<HierarchyState | null> {
  return (await reader.document(`${id}/folders`)) as HierarchyState | null;
}

export async function writeHierarchy(tx: SyncWriter, { id }: Pick<Device, 'id'>, state: HierarchyState): Promise<void> {
  await tx.putDocument(`${id}/folders`, state);
}

/** What a generation notes of how the device is shown folders. */
export function noted({ version, oneFolderOf = [] }: ShownTo): Pick<HierarchyGeneration, 'version' | 'oneFolderOf'> {
  return { version, ...(oneFolderOf.length === 0 ? {} : { oneFolderOf }) };
}

/** Whether the device is shown folders as it was then; if not, its hierarchy differs though no folder changed. */
export function isShownAlike(generation: HierarchyGeneration, { version, oneFolderOf = [] }: ShownTo): boolean {
  return generation.version === version && `${generation.oneFolderOf ?? []}` === `${oneFolderOf}`;
}

/** All that there is, and where the folder feed stands: to be read in a transaction. */
export interface PresentHierarchy {
  readonly folders: readonly ShownFolder[];
  readonly last: Stamp;
}

export async function presentHierarchy(
  reader: SyncReader,
  shownTo: ShownTo,
  language: string,
): Promise<PresentHierarchy> {
  const folders = shownFolders(await reader.folders(), shownTo, language);
  const { next: last } = await reader.folderChanges(0, ALL);
  return { folders, last };
}

/** Whether the folder feed moved since: two small rows, whatever the mailbox holds. */
export async function hasMoved(reader: SyncReader, since: Stamp): Promise<boolean> {
  try {
    return (await reader.folderChanges(since, 1)).entries.length > 0;
  } catch (error) {
    // What was pruned since then were removals of folders.
    if (isGatewayError(error, 'cursor-expired')) return true;
    throw error;
  }
}

/** The generation that an answer with a fresh key leads to. */
export function nextGeneration(
  answers: number,
  random: RandomBytes,
  held: readonly HeldFolder[],
  present: PresentHierarchy,
  shownTo: ShownTo,
  language: string,
): HierarchyGeneration {
  const seen = countOf(differencesOf(held, present.folders)) === 0 ? present.last : null;
  return { key: freshKey(answers, random), ...noted(shownTo), language, held, seen };
}

import type { ShownFolder } from './shown-folders.ts';
import type { HeldFolder } from './state.ts';

/** A folder that is new to the device, or has changed. */
export interface PutFolder {
  readonly kind: 'add' | 'update';
  readonly folder: ShownFolder;
}

/** What a device is to be told so that it holds the hierarchy as it is, in the order in which it can do it. */
export interface HierarchyDifferences {
  /** Ids that it may or may not hold: removed, to be added again. Children before parents. */
  readonly dropped: readonly string[];
  /** New folders and changed ones, parents before children. */
  readonly put: readonly PutFolder[];
  /** Ids, children before parents; to be removed last, since a folder may have been moved out of one. */
  readonly removed: readonly string[];
}

export const NO_DIFFERENCES: HierarchyDifferences = { dropped: [], put: [], removed: [] };

/**
 * Compares what a device holds with what there is.
 * @param shown Parents before children.
 */
export function differencesOf(held: readonly HeldFolder[], shown: readonly ShownFolder[]): HierarchyDifferences {
  const heldById = new Map(held.map((folder) => [folder.id, folder]));
  const shownIds = new Set(shown.map(({ id }) => id));
  const put = shown.flatMap((folder): PutFolder[] => {
    const before = heldById.get(folder.id);
    if (before === undefined || before.isUnsure === true) return [{ kind: 'add', folder }];
    return isSame(before, folder) ? [] : [{ kind: 'update', folder }];
  });
  const dropped = held.filter(({ id, isUnsure }) => isUnsure === true && shownIds.has(id));
  const removed = held.filter(({ id }) => !shownIds.has(id));
  return { dropped: childrenFirst(dropped, heldById), put, removed: childrenFirst(removed, heldById) };
}

/** How many commands these are: the Count of an answer. */
export function countOf({ dropped, put, removed }: HierarchyDifferences): number {
  return dropped.length + put.length + removed.length;
}

function isSame(a: ShownFolder, b: ShownFolder): boolean {
  return a.parentId === b.parentId && a.name === b.name && a.type === b.type;
}

function childrenFirst(folders: readonly ShownFolder[], heldById: ReadonlyMap<string, ShownFolder>): string[] {
  return folders
    .map(({ id }) => ({ id, depth: ancestry(id, heldById).size }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ id }) => id);
}

/**
 * The ids on the way from a folder to the top, itself first. It ends at an id that came before: what a device believes need
 * not be a tree.
 */
export function ancestry(id: string, heldById: ReadonlyMap<string, ShownFolder>): ReadonlySet<string> {
  const seen = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = heldById.get(at)?.parentId)
    seen.add(at);
  return seen;
}

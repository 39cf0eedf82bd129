import type { ShownFolder } from './shown-folders.ts';

/** A folder that is new to the device, or has changed. */
export interface PutFolder {
  readonly kind: 'add' | 'update';
  readonly folder: ShownFolder;
}

/** What a device is to be told so that it holds the hierarchy as it is, in the order in which it can do it. */
export interface HierarchyDifferences {
  /** New folders and changed ones, parents before children. */
  readonly put: readonly PutFolder[];
  /** Ids, children before parents; to be removed last, since a folder may have been moved out of one. */
  readonly removed: readonly string[];
}

/**
 * Compares what a device holds with what there is.
 * @param shown Parents before children.
 */
export function differencesOf(held: readonly ShownFolder[], shown: readonly ShownFolder[]): HierarchyDifferences {
  const heldById = new Map(held.map((folder) => [folder.id, folder]));
  const shownIds = new Set(shown.map(({ id }) => id));
  const put = shown.flatMap((folder): PutFolder[] => {
    const before = heldById.get(folder.id);
    if (before === undefined) return [{ kind: 'add', folder }];
    return isSame(before, folder) ? [] : [{ kind: 'update', folder }];
  });
  const gone = held.filter(({ id }) => !shownIds.has(id));
  return { put, removed: childrenFirst(gone, heldById) };
}

/** How many commands these are: the Count of an answer. */
export function countOf({ put, removed }: HierarchyDifferences): number {
  return put.length + removed.length;
}

function isSame(a: ShownFolder, b: ShownFolder): boolean {
  return a.parentId === b.parentId && a.name === b.name && a.type === b.type;
}

function childrenFirst(gone: readonly ShownFolder[], heldById: ReadonlyMap<string, ShownFolder>): string[] {
  const depthOf = ({ id }: ShownFolder): number => {
    const seen = new Set<string>();
    // Seen ids end it: what a device believes need not be a tree (it may hold a parent that never was).
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = heldById.get(at)?.parentId) {
      seen.add(at);
    }
    return seen.size;
  };
  return gone
    .map((folder) => ({ id: folder.id, depth: depthOf(folder) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ id }) => id);
}

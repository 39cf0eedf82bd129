import type { ItemId } from './item.ts';

/**
 * A place in a folder's order of (filter key, id). Who stands at an edge holds what lies at it or above. Ids are
 * integers, so the place just above an item is that of the next id.
 */
export interface Edge {
  readonly key: number;
  readonly id: ItemId;
}

/** Above every item: nothing is held. */
export const ABOVE_ALL: Edge = { key: Number.MAX_SAFE_INTEGER, id: 0 };

/** A filter key below every item's: everything is wanted. */
export const LOWEST_KEY = Number.MIN_SAFE_INTEGER;

/** Negative when `a` lies below `b`. */
export function compareEdges(a: Edge, b: Edge): number {
  return a.key - b.key || a.id - b.id;
}

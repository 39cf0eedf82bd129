import type { Stamp } from '../domain/mailbox.ts';
import { cursorExpired } from './refusals.ts';

/** The part of a feed that a cursor asks for: entries with a stamp > `since`, removals only with a stamp > `removedSince`. */
export interface FeedBounds {
  readonly since: Stamp;
  readonly removedSince: Stamp;
  /** Set while a pass that began at 0 goes on. */
  readonly floor: Stamp | null;
}

/**
 * Judges a cursor. A pass that began at 0 is judged by its floor (the feed's `last` when it began): what it was given
 * was read at or after the floor, so only removals after the floor matter to it, however low its position still is.
 * Without that, no folder whose log was ever pruned could be read in pages.
 */
export function feedBounds(
  since: Stamp,
  floor: Stamp | undefined,
  feed: { readonly last: Stamp; readonly pruned: Stamp },
): FeedBounds {
  if (!Number.isSafeInteger(since) || since < 0) throw new TypeError(`A cursor is a stamp, not ${since}.`);
  const from = since === 0 ? feed.last : floor;
  const judged = Math.max(since, from ?? 0);
  if (judged > feed.last || judged < feed.pruned) throw cursorExpired(since);
  return { since, removedSince: judged, floor: from ?? null };
}

/** Cuts a page off entries in stamp order, of which at least `limit` + 1 are given when there are so many. */
export function cutPage<E extends { readonly stamp: Stamp }>(
  entries: readonly E[],
  limit: number,
  bounds: FeedBounds,
  last: Stamp,
): { entries: readonly E[]; next: Stamp; more: boolean; floor?: Stamp } {
  const edge = entries[limit - 1];
  if (edge === undefined || entries.length <= limit) return { entries, next: last, more: false };
  const page = { entries: entries.slice(0, limit), next: edge.stamp, more: true };
  return bounds.floor === null ? page : { ...page, floor: bounds.floor };
}

/** A limit is a positive integer; anything else is a bug of the caller. */
export function checkLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError(`A limit is a positive integer, not ${limit}.`);
  return limit;
}

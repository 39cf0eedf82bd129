import { checkLimit } from './feed-page.ts';

/** Rows of a listing, and names of one call, that are given at once: a long statement holds up everybody. */
const MAX_PAGE = 500;

/** How many rows a listing that asks for `limit` gets. @throws TypeError when that is no positive integer */
export function pageLimit(limit: number): number {
  return Math.min(checkLimit(limit), MAX_PAGE);
}

/** @throws TypeError for more names than one call takes */
export function checkNames(names: readonly string[]): void {
  if (names.length > MAX_PAGE) throw new TypeError(`At most ${MAX_PAGE} names a call, not ${names.length}.`);
}

import { ApiProblem, INVALID } from './problem.ts';

export interface PageQuery {
  /** `next` of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface Page<T> {
  readonly entries: readonly T[];
  readonly next: string | null;
}

/**
 * One page of a list that is at hand whole. The cursor says after which key it goes on, so that what comes and goes
 * meanwhile moves nothing.
 * @param keyOf Sorts the list by code units, and is unique in it.
 * @throws ApiProblem for a cursor that is none
 */
export function pageOf<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  { cursor, limit }: PageQuery,
  order: 'rising' | 'falling' = 'rising',
): Page<T> {
  const sign = order === 'rising' ? 1 : -1;
  const compare = (a: string, b: string) => (a === b ? 0 : a < b ? -sign : sign);
  const keyed = entries.map((entry) => ({ entry, key: keyOf(entry) })).sort((a, b) => compare(a.key, b.key));
  const after = cursor === undefined ? null : keyIn(cursor);
  const rest = after === null ? keyed : keyed.filter(({ key }) => compare(key, after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = last === undefined || rest.length <= limit ? null : Buffer.from(last.key).toString('base64url');
  return { entries: page.map(({ entry }) => entry), next };
}

function keyIn(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url');
  if (key.toString('base64url') === cursor) return key.toString();
  const mistakes = [{ pointer: '/query/cursor', detail: 'is no `next` of an earlier page' }];
  throw new ApiProblem(INVALID, 'The cursor is none.', { mistakes });
}

/** A number as a part of a key, so that keys sort as the numbers do. */
export function sortable(number: number): string {
  return String(number).padStart(16, '0');
}

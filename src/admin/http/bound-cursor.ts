import { createHash } from 'node:crypto';
import { ApiProblem, INVALID } from './problem.ts';

/** What a cursor is good for: one list with these filters. */
export interface CursorScope {
  readonly operationId: string;
  readonly path: Readonly<Record<string, unknown>>;
  /** With defaults filled in. */
  readonly query: Readonly<Record<string, unknown>>;
}

/** They may differ from page to page. */
const NO_FILTERS: readonly string[] = ['cursor', 'limit'];
const TAG_LENGTH = 8;

/**
 * A place in a list as the client gets it. It carries which list it is of: a place in another one, or in the same with other
 * filters, would leave entries out in silence.
 */
export function boundCursor(scope: CursorScope, place: string): string {
  return `${tagOf(scope)}.${place}`;
}

/** The place that a cursor of this list names. @throws ApiProblem for a cursor of another one, or that is none */
export function placeIn(scope: CursorScope, cursor: string): string {
  if (cursor.startsWith(`${tagOf(scope)}.`)) return cursor.slice(TAG_LENGTH + 1);
  const mistakes = [
    { pointer: '/query/cursor', detail: 'is no `next` of an earlier page of this list with these filters' },
  ];
  throw new ApiProblem(INVALID, 'The cursor is none of this list; begin with its first page.', { mistakes });
}

function tagOf({ operationId, path, query }: CursorScope): string {
  const filters = Object.entries(query)
    .filter(([name]) => !NO_FILTERS.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const told = JSON.stringify([operationId, Object.entries(path).sort(), filters]);
  return createHash('sha256').update(told).digest('base64url').slice(0, TAG_LENGTH);
}

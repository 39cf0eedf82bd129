import { BEGINNINGLESS, ENDLESS, type Item } from '../../../src/domain/item.ts';
import type { ListQuery } from '../../../src/store/mailbox-store.ts';
import { isCalendarKind } from '../kinds.ts';
import type { CompFilter, TimeRange } from './calendar-filter.ts';

/** What the store's index can do for a filter. */
export interface QueryPlan {
  /** Narrows the listing to a superset of what matches. */
  readonly listing: Pick<ListQuery, 'kind' | 'range'>;
  /** Whether most of what is listed has to be read and parsed, so that content is best read along with the listing. */
  readonly parsesAll: boolean;
  /** Whether an item that was listed matches for certain; false means: read and parse it. */
  readonly isCertain: (item: Item) => boolean;
}

/**
 * Finds out how much of a filter the index answers. Every object in a calendar is of one kind (RFC 4791 §4.1), so a
 * filter for a kind alone needs no parsing, and one with a time range needs it at the range's edges only.
 */
export function planQuery(filter: CompFilter): QueryPlan {
  if (filter.name !== 'VCALENDAR' || filter.isNotDefined) return parseAll({});
  const { compFilters, propFilters } = filter;
  const [first] = compFilters;
  const kind = first !== undefined && !first.isNotDefined && isCalendarKind(first.name) ? first.name : null;
  const ranges = [kind === null ? null : (first?.timeRange ?? null), filter.timeRange].filter(
    (range) => range !== null,
  );
  const [range] = ranges;
  const listing = { ...(kind === null ? {} : { kind }), ...(range === undefined ? {} : { range }) };
  const isPlain =
    propFilters.length === 0 &&
    ranges.length <= 1 &&
    (compFilters.length === 0 || (kind !== null && compFilters.length === 1 && isAboutItself(first)));
  if (!isPlain) return parseAll(listing);
  if (range === undefined) return takeAll(listing);
  return { listing, parsesAll: false, isCertain: (item) => liesWithin(item, range) };
}

function isAboutItself(filter: CompFilter | undefined): boolean {
  return filter === undefined || filter.propFilters.length + filter.compFilters.length === 0;
}

function takeAll(listing: QueryPlan['listing']): QueryPlan {
  return { listing, parsesAll: false, isCertain: () => true };
}

function parseAll(listing: QueryPlan['listing']): QueryPlan {
  return { listing, parsesAll: true, isCertain: () => false };
}

/**
 * The index spans all occurrences of an event, widened for floating times; when the whole span lies within the range so
 * does every occurrence. (A series whose every occurrence is excluded by EXDATE has none and is given all the same: there
 * is nothing in it that could be shown wrongly.) Spans that reach beyond the range (long events, series) may have a hole
 * where the range is. Tasks and journals follow rules of their own.
 */
function liesWithin(item: Item, { start, end }: TimeRange): boolean {
  if (item.kind !== 'VEVENT' || item.rangeStart === BEGINNINGLESS || item.rangeEnd === ENDLESS) return false;
  return (start === undefined || item.rangeStart >= start) && (end === undefined || isBefore(item, end));
}

/** An event that takes no time has to begin before the end of the range, which is not part of it. */
function isBefore({ rangeStart, rangeEnd }: Item, end: number): boolean {
  return rangeEnd <= end && rangeStart < end;
}

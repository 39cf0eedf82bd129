import { nameOf, onlyElements } from '../../webdav/filter/elements.ts';
import { type ParamFilter, readParamFilter } from '../../webdav/filter/param-filter.ts';
import { checkFilterSize, invalidFilter, misplaced } from '../../webdav/filter/refusal.ts';
import { readTextMatch, type TextMatch } from '../../webdav/filter/text-match.ts';
import { CALDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { isNamed } from '../../webdav/xml/query.ts';
import type { CompFilter, PropFilter, TimeRange } from './calendar-filter.ts';
import { readTimeRange } from './read-time-range.ts';

/** Components that stand directly in VCALENDAR and in nothing else. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  'VEVENT',
  'VTODO',
  'VJOURNAL',
  'VFREEBUSY',
  'VTIMEZONE',
  'VAVAILABILITY',
]);
/** Where the other components of RFC 5545 and RFC 7953 may stand. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  VALARM: ['VEVENT', 'VTODO'],
  STANDARD: ['VTIMEZONE'],
  DAYLIGHT: ['VTIMEZONE'],
  AVAILABLE: ['VAVAILABILITY'],
};
/**
 * RFC 4791 §9.9 defines overlap for the components alone. A client that looks for whatever there is in a span of time
 * asks it of VCALENDAR (python-caldav does); that can mean one thing only, that some component of the object overlaps.
 */
const TIMED: ReadonlySet<string> = new Set(['VCALENDAR', 'VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VALARM']);
/** Properties of DATE or DATE-TIME (RFC 5545); of unknown (X- and later) ones the value decides. */
const DATE_PROPERTIES: ReadonlySet<string> = new Set(
  'COMPLETED CREATED DTEND DTSTAMP DTSTART DUE EXDATE LAST-MODIFIED RDATE RECURRENCE-ID ACKNOWLEDGED'.split(' '),
);

/**
 * Reads CALDAV:filter (RFC 4791 §9.7): one comp-filter for VCALENDAR with what it nests.
 * Throws GatewayError 'filter-unsupported' as valid-filter, supported-filter or supported-collation.
 */
export function readCalendarFilter(filter: XmlElement): CompFilter {
  checkFilterSize(filter);
  const [top, second] = onlyElements(filter);
  if (top === undefined || second !== undefined) throw invalidFilter('filter takes exactly one comp-filter');
  if (!isNamed(top, 'comp-filter', CALDAV)) throw misplaced(top, filter);
  if (nameOf(top) !== 'VCALENDAR') throw invalidFilter('the outermost comp-filter is for VCALENDAR');
  return readCompFilter(top);
}

function readCompFilter(element: XmlElement): CompFilter {
  const name = nameOf(element);
  let isNotDefined = false;
  let timeRange: TimeRange | null = null;
  const propFilters: PropFilter[] = [];
  const compFilters: CompFilter[] = [];
  const children = onlyElements(element);
  for (const child of children) {
    if (isNamed(child, 'is-not-defined', CALDAV)) isNotDefined = true;
    else if (isNamed(child, 'time-range', CALDAV) && timeRange === null) timeRange = readTimeRange(child);
    else if (isNamed(child, 'prop-filter', CALDAV)) propFilters.push(readPropFilter(child));
    else if (isNamed(child, 'comp-filter', CALDAV)) compFilters.push(readNested(child, name));
    else throw misplaced(child, element);
  }
  if (isNotDefined && children.length > 1) throw invalidFilter('is-not-defined stands alone in comp-filter');
  if (timeRange !== null && !TIMED.has(name)) throw invalidFilter(`${name} has no time-range`);
  return { name, isNotDefined, timeRange, propFilters, compFilters };
}

function readNested(element: XmlElement, parent: string): CompFilter {
  const name = nameOf(element);
  const known = TOP_LEVEL.has(name) ? ['VCALENDAR'] : PARENTS[name];
  // Components that are none of RFC 5545's may stand anywhere; they match what the stored objects hold.
  if (name === 'VCALENDAR' || (known !== undefined && !known.includes(parent))) {
    throw invalidFilter(`${name} cannot stand in ${parent}`);
  }
  return readCompFilter(element);
}

function readPropFilter(element: XmlElement): PropFilter {
  const name = nameOf(element);
  let isNotDefined = false;
  let timeRange: TimeRange | null = null;
  let textMatch: TextMatch | null = null;
  const paramFilters: ParamFilter[] = [];
  const children = onlyElements(element);
  for (const child of children) {
    if (isNamed(child, 'is-not-defined', CALDAV)) isNotDefined = true;
    else if (isNamed(child, 'time-range', CALDAV) && timeRange === null) timeRange = readTimeRange(child);
    else if (isNamed(child, 'text-match', CALDAV) && textMatch === null) textMatch = readTextMatch(child);
    else if (isNamed(child, 'param-filter', CALDAV)) paramFilters.push(readParamFilter(child));
    else throw misplaced(child, element);
  }
  if (isNotDefined && children.length > 1) throw invalidFilter('is-not-defined stands alone in prop-filter');
  if (timeRange !== null && textMatch !== null) throw invalidFilter('prop-filter takes a time-range or a text-match');
  if (timeRange !== null && !DATE_PROPERTIES.has(name) && !name.startsWith('X-')) {
    throw invalidFilter(`${name} is not a date or date-time`);
  }
  return { name, isNotDefined, timeRange, textMatch, paramFilters };
}

import type { Component, ContentLine } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf, propertiesOf } from '../../../src/formats/content-line/lookup.ts';
import { unescapeText } from '../../../src/formats/content-line/text.ts';
import { parameterMatches } from '../../webdav/filter/param-filter.ts';
import { textMatches } from '../../webdav/filter/text-match.ts';
import type { CompFilter, PropFilter, TimeRange } from './calendar-filter.ts';

/** The questions about time that a filter asks of one calendar object; zones and recurrence are the core's business. */
export interface TimeTests {
  /** Whether an instance of this component, or of one in a VCALENDAR, overlaps the range (RFC 4791 §9.9). */
  overlaps(component: Component, range: TimeRange): boolean;
  /** Whether the date or date-time of this property lies in the range (RFC 4791 §9.7.2). */
  isWithin(line: ContentLine, range: TimeRange): boolean;
}

/** Whether a parsed VCALENDAR satisfies the outermost comp-filter (RFC 4791 §9.7.1). */
export function calendarMatches(filter: CompFilter, calendar: Component, times: TimeTests): boolean {
  return filter.name === calendar.name
    ? !filter.isNotDefined && componentMatches(filter, calendar, times)
    : filter.isNotDefined;
}

/** Some component of that name in `parent` satisfies every condition; conditions never mix several components. */
function compFilterMatches(filter: CompFilter, parent: Component, times: TimeTests): boolean {
  const found = componentsOf(parent, filter.name);
  if (filter.isNotDefined) return found.length === 0;
  return found.some((component) => componentMatches(filter, component, times));
}

function componentMatches(filter: CompFilter, component: Component, times: TimeTests): boolean {
  return (
    filter.propFilters.every((propFilter) => propFilterMatches(propFilter, component, times)) &&
    filter.compFilters.every((compFilter) => compFilterMatches(compFilter, component, times)) &&
    // Last, since it is what costs.
    (filter.timeRange === null || times.overlaps(component, filter.timeRange))
  );
}

function propFilterMatches(filter: PropFilter, component: Component, times: TimeTests): boolean {
  const found = propertiesOf(component, filter.name);
  if (filter.isNotDefined) return found.length === 0;
  return found.some((line) => lineMatches(filter, line, times));
}

function lineMatches(filter: PropFilter, line: ContentLine, times: TimeTests): boolean {
  const { textMatch, timeRange, paramFilters } = filter;
  return (
    (textMatch === null || textMatches(textMatch, unescapeText(line.value))) &&
    paramFilters.every((paramFilter) => parameterMatches(paramFilter, line.parameters)) &&
    (timeRange === null || times.isWithin(line, timeRange))
  );
}

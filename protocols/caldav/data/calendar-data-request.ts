import { GatewayError } from '../../../src/domain/errors.ts';
import type { ComponentSelection, PropertySelection } from '../../../src/formats/icalendar/project-calendar.ts';
import { nameOf, onlyElements } from '../../webdav/filter/elements.ts';
import { invalidFilter, misplaced } from '../../webdav/filter/refusal.ts';
import { mediaType } from '../../webdav/headers.ts';
import { CALDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { readClosedTimeRange } from '../filter/read-time-range.ts';

/** Both ends in seconds since 1970 UTC, the end not included. */
export interface ClosedRange {
  readonly start: number;
  readonly end: number;
}

/** What a client wants of each calendar object (RFC 4791 §9.6). All null: the stored bytes. */
export interface CalendarDataRequest {
  readonly comp: ComponentSelection | null;
  readonly expand: ClosedRange | null;
  readonly limitRecurrenceSet: ClosedRange | null;
  readonly limitFreeBusySet: ClosedRange | null;
}

/** The stored bytes, as a calendar-data without any content asks. */
const WHOLE_OBJECT: CalendarDataRequest = {
  comp: null,
  expand: null,
  limitRecurrenceSet: null,
  limitFreeBusySet: null,
};

/** Whether the stored bytes are the answer, so that nothing has to be parsed. */
export function wantsStoredBytes(request: CalendarDataRequest): boolean {
  return (
    request.comp === null &&
    request.expand === null &&
    request.limitRecurrenceSet === null &&
    request.limitFreeBusySet === null
  );
}

/**
 * Reads CALDAV:calendar-data of a report.
 * @throws GatewayError 'filter-unsupported': kind 'data' for another media type or version
 */
export function readCalendarDataRequest(element: XmlElement): CalendarDataRequest {
  checkMediaType(element);
  let request = WHOLE_OBJECT;
  for (const child of onlyElements(element)) {
    if (child.ns !== CALDAV) throw misplaced(child, element);
    request = { ...request, ...readPart(child, element) };
  }
  if (request.expand !== null && request.limitRecurrenceSet !== null) {
    throw invalidFilter('calendar-data takes expand or limit-recurrence-set, not both');
  }
  return request;
}

/** RFC 4791 §9.6: the defaults of the attributes are text/calendar and 2.0, the only ones there are. */
function checkMediaType(element: XmlElement): void {
  const type = element.attributes.get('content-type') ?? 'text/calendar';
  const version = element.attributes.get('version') ?? '2.0';
  if (mediaType(type) === 'text/calendar' && version === '2.0') return;
  const reason = `calendar-data ${type} ${version} is not one of supported-calendar-data`;
  throw new GatewayError('filter-unsupported', { kind: 'data', reason }, `Objects cannot be given so: ${reason}.`);
}

function readPart(child: XmlElement, parent: XmlElement): Partial<CalendarDataRequest> {
  switch (child.name) {
    case 'comp': {
      const comp = readComp(child);
      if (comp.name !== 'VCALENDAR') throw invalidFilter('the outermost comp of calendar-data is VCALENDAR');
      return { comp };
    }
    case 'expand':
      return { expand: readClosedTimeRange(child) };
    case 'limit-recurrence-set':
      return { limitRecurrenceSet: readClosedTimeRange(child) };
    case 'limit-freebusy-set':
      return { limitFreeBusySet: readClosedTimeRange(child) };
    default:
      throw misplaced(child, parent);
  }
}

function readComp(element: XmlElement): ComponentSelection {
  const properties: PropertySelection[] = [];
  const components: ComponentSelection[] = [];
  const children = onlyElements(element);
  // A comp without content stands for the whole component, as VTIMEZONE does in the example of RFC 4791 §7.8.1.
  let allProperties = children.length === 0;
  let allComponents = children.length === 0;
  for (const child of children) {
    if (child.ns !== CALDAV) throw misplaced(child, element);
    if (child.name === 'prop') properties.push(readProp(child));
    else if (child.name === 'comp') components.push(readComp(child));
    else if (child.name === 'allprop') allProperties = true;
    else if (child.name === 'allcomp') allComponents = true;
    else throw misplaced(child, element);
  }
  return {
    name: nameOf(element),
    properties: allProperties ? 'all' : properties,
    components: allComponents ? 'all' : components,
  };
}

function readProp(element: XmlElement): PropertySelection {
  return { name: nameOf(element), noValue: element.attributes.get('novalue') === 'yes' };
}

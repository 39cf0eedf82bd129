import { expandCalendar } from '../../../src/domain/calendar/expand-calendar.ts';
import { limitFreeBusySet, limitRecurrenceSet } from '../../../src/domain/calendar/limit-calendar.ts';
import type { OccurrenceOptions } from '../../../src/domain/calendar/occurrences.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { parseCalendar, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { projectCalendar } from '../../../src/formats/icalendar/project-calendar.ts';
import { contentText } from '../../webdav/content-text.ts';
import type { DavContext } from '../../webdav/context.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { readOr } from '../../webdav/reports/odd-objects.ts';
import { CALDAV } from '../../webdav/xml/element.ts';
import { escapeText } from '../../webdav/xml/write.ts';
import { floatingZoneOf } from '../floating-zone.ts';
import { type CalendarDataRequest, readCalendarDataRequest, wantsStoredBytes } from './calendar-data-request.ts';

/**
 * CALDAV:calendar-data (RFC 4791 §9.6) looks like a property in reports and is none: PROPFIND does not have it. Where the
 * whole object is asked for the stored bytes are given without parsing.
 */
export const CALENDAR_DATA: PropertyDefinition = {
  ns: CALDAV,
  name: 'calendar-data',
  appliesTo: (resource) => resource.kind === 'item' && resource.home === 'calendars',
  inAllprop: false,
  compile: (context, requested) => {
    if (context.koa.method !== 'REPORT') return () => null;
    const request = readCalendarDataRequest(requested);
    const isWhole = wantsStoredBytes(request);
    const maxOccurrences = context.services.limits.maxOccurrences;
    return {
      needsContent: true,
      write: (resource) => {
        if (resource.kind !== 'item' || resource.content === undefined) return null;
        if (isWhole) return escapeText(contentText(resource.content));
        const floatingZone = floatingZoneOf(context, resource.folder);
        return escapeText(selectedText(context, resource.content, request, { floatingZone, maxOccurrences }));
      },
    };
  },
};

function selectedText(
  context: DavContext,
  content: Uint8Array,
  request: CalendarDataRequest,
  options: OccurrenceOptions,
): string {
  return readOr(
    context,
    () => contentText(serializeCalendar(selectCalendarData(parseCalendar(content), request, options))),
    () => contentText(content),
  );
}

/**
 * The part of an object that was asked for: first which occurrences, then which of their components and properties.
 * @throws GatewayError 'too-many-results' when a series yields more occurrences than fit one answer
 */
function selectCalendarData(calendar: Component, request: CalendarDataRequest, options: OccurrenceOptions): Component {
  const { expand, limitRecurrenceSet: recurrences, limitFreeBusySet: freeBusy, comp } = request;
  let selected = calendar;
  if (expand !== null) selected = expandCalendar(selected, expand, options);
  if (recurrences !== null) selected = limitRecurrenceSet(selected, recurrences, options.floatingZone);
  if (freeBusy !== null) selected = limitFreeBusySet(selected, freeBusy, options.floatingZone);
  return comp === null ? selected : (projectCalendar(selected, comp) ?? selected);
}

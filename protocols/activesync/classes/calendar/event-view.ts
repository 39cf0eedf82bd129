import { endOf, timingOf } from '../../../../src/domain/calendar/component-timing.ts';
import { momentOfLine } from '../../../../src/domain/calendar/moment.ts';
import { readSeries, type Series } from '../../../../src/domain/calendar/series.ts';
import type { Zone } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { componentsOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { parseDateTime } from '../../../../src/formats/icalendar/date-time.ts';
import type { SeriesStart } from '../recurrence/rule-to-pattern.ts';

/** How times of an event are written. */
export interface TimeForm {
  readonly kind: 'date' | 'floating' | 'utc' | 'zoned';
  readonly tzid: string | null;
}

/** Start and end. All-day: local seconds of midnights, end exclusive; else UTC seconds. */
export interface EventTimes {
  readonly isAllDay: boolean;
  readonly start: number;
  readonly end: number;
}

/** An event object as ActiveSync sees it: one event, or a series with its exceptions. */
export interface EventView {
  readonly calendar: Component;
  /** The component whose properties are the item's: the master, or the first override of an object without one. */
  readonly event: Component;
  /** Null for an object without master: the person was invited to some occurrences only. */
  readonly series: Series | null;
  readonly form: TimeForm;
  /** Zone the event's times are told in; the person's for dates and floating times. */
  readonly zone: Zone;
  readonly times: EventTimes;
}

/** Reads the event of a calendar object; null when it holds none or one without a time. @throws ContentSyntaxError */
export function viewEvent(calendar: Component, zone: Zone): EventView | null {
  const events = componentsOf(calendar, 'VEVENT');
  const master = events.find((event) => propertyOf(event, 'RECURRENCE-ID') === null) ?? null;
  const event = master ?? events[0];
  if (event === undefined) return null;
  const line = propertyOf(event, 'DTSTART') ?? propertyOf(event, 'RECURRENCE-ID');
  if (line === null) return null;
  const value = parseDateTime(line);
  const moment = momentOfLine(line, calendar);
  const eventZone = moment.zone ?? zone;
  const series = master === null ? null : (readSeries(calendar).find((found) => found.master === master) ?? null);
  return {
    calendar,
    event,
    series,
    // A TZID that nobody knows is read as the person's own zone; it is written again as it was.
    form: { kind: value.kind, tzid: value.kind === 'zoned' ? value.tzid : null },
    zone: eventZone,
    times: timesOf(event, calendar, eventZone) ?? {
      isAllDay: moment.isDate,
      start: moment.isDate ? moment.local : eventZone.toUtc(moment.local),
      end: moment.isDate ? moment.local + 86_400 : eventZone.toUtc(moment.local),
    },
  };
}

/** Times of one component; null where it says none. */
export function timesOf(event: Component, calendar: Component, zone: Zone): EventTimes | null {
  const timing = timingOf(event, calendar);
  if (timing === null) return null;
  const { start, length } = timing;
  if (start.isDate) {
    return { isAllDay: true, start: start.local, end: start.local + Math.max(1, length.days) * 86_400 };
  }
  return { isAllDay: false, start: (start.zone ?? zone).toUtc(start.local), end: endOf(start, length, zone) };
}

/** The start of the series as rules are counted from it. */
export function seriesStart(view: Pick<EventView, 'times' | 'zone'>): SeriesStart {
  const { times, zone } = view;
  const local = times.isAllDay ? times.start : times.start + zone.offsetAt(times.start);
  return { local, zone, isDate: times.isAllDay };
}

/** UTC seconds of start and end: of an all-day event its midnights in `zone` (MS-ASCAL §2.2.2.1). */
export function instantsOf(times: EventTimes, zone: Zone): { readonly start: number; readonly end: number } {
  if (!times.isAllDay) return times;
  return { start: zone.toUtc(times.start), end: zone.toUtc(times.end) };
}

import { momentOf, utcOf } from '../../../src/domain/calendar/moment.ts';
import type { TimeRange as ClosedRange } from '../../../src/domain/calendar/occurrences.ts';
import { alarmTest, type RangedComponent, rangeTest } from '../../../src/domain/calendar/time-range.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import { BEGINNINGLESS, ENDLESS } from '../../../src/domain/item.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf } from '../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseDateTimeList } from '../../../src/formats/icalendar/date-time.ts';
import { CALENDAR_KINDS } from '../kinds.ts';
import type { TimeRange } from './calendar-filter.ts';
import type { TimeTests } from './match-calendar.ts';

const DAY_SECONDS = 86_400;

/** The time tests of one calendar object, with floating times read in `floatingZone`. */
export function timesOf(calendar: Component, floatingZone: Zone): TimeTests {
  // Every component of a name is asked about one after the other: what one walk found is kept for the next.
  const tests = new Map<string, Map<TimeRange, (component: Component) => boolean>>();
  const testFor = (name: string, range: TimeRange) => {
    const ofName = tests.get(name) ?? new Map<TimeRange, (component: Component) => boolean>();
    tests.set(name, ofName);
    const test = ofName.get(range) ?? makeTest(calendar, name, close(range), floatingZone);
    ofName.set(range, test);
    return test;
  };
  return {
    overlaps: (component, range) =>
      component.name === 'VCALENDAR'
        ? CALENDAR_KINDS.some((kind) => componentsOf(component, kind).some(testFor(kind, range)))
        : testFor(component.name, range)(component),
    isWithin: (line, range) => {
      const { start, end } = close(range);
      try {
        return parseDateTimeList(line).some((value) => {
          const at = utcOf(momentOf(value, calendar), floatingZone);
          return value.kind === 'date' ? at + DAY_SECONDS > start && at < end : at >= start && at < end;
        });
      } catch (error) {
        // A period (RDATE) or text (X-) is no date-time, so no range holds it.
        if (error instanceof ContentSyntaxError) return false;
        throw error;
      }
    },
  };
}

function close({ start, end }: TimeRange): ClosedRange {
  return { start: start ?? BEGINNINGLESS, end: end ?? ENDLESS };
}

function makeTest(
  calendar: Component,
  name: string,
  range: ClosedRange,
  floatingZone: Zone,
): (component: Component) => boolean {
  // The filter was read: nothing else has a time range.
  return name === 'VALARM'
    ? alarmTest(calendar, range, floatingZone)
    : rangeTest(calendar, name as Exclude<RangedComponent, 'VALARM'>, range, floatingZone);
}

import { momentOf, utcOf } from '../../../src/domain/calendar/moment.ts';
import type { TimeRange as ClosedRange } from '../../../src/domain/calendar/occurrences.ts';
import { matchesTimeRange, type RangedComponent } from '../../../src/domain/calendar/time-range.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import { BEGINNINGLESS, ENDLESS } from '../../../src/domain/item.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { withChildren } from '../../../src/formats/content-line/edit.ts';
import { isComponent } from '../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseDateTimeList } from '../../../src/formats/icalendar/date-time.ts';
import type { TimeRange } from './calendar-filter.ts';
import type { TimeTests } from './match-calendar.ts';

const DAY_SECONDS = 86_400;

/** The time tests of one calendar object, with floating times read in `floatingZone`. */
export function timesOf(calendar: Component, floatingZone: Zone): TimeTests {
  return {
    overlaps: (component, parent, range) => {
      const closed = close(range);
      if (component.name === 'VALARM') {
        const kind = parent.name === 'VTODO' ? 'VTODO' : 'VEVENT';
        return matchesTimeRange(withOneAlarm(calendar, parent, component), 'VALARM', closed, floatingZone, kind);
      }
      // The filter was read: nothing else has a time range.
      return matchesTimeRange(calendar, component.name as RangedComponent, closed, floatingZone, null, component);
    },
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

/** The object with this alarm as its only one, so that the answer is about it and no other. */
function withOneAlarm(calendar: Component, parent: Component, alarm: Component): Component {
  const children = calendar.children.map((child) => {
    if (!isComponent(child)) return child;
    const kept = child.children.filter((inner) => inner === alarm || !isComponent(inner) || inner.name !== 'VALARM');
    // Other components keep their times: an override takes its occurrence from the alarms of the main component.
    return child === parent ? withChildren(child, kept) : withoutAlarms(child);
  });
  return withChildren(calendar, children);
}

function withoutAlarms(component: Component): Component {
  return withChildren(
    component,
    component.children.filter((child) => !isComponent(child) || child.name !== 'VALARM'),
  );
}

import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { dateTimeParameters } from '../../formats/icalendar/date-time.ts';
import { parsePeriod } from '../../formats/icalendar/period.ts';
import { alarmsFit } from './alarm-range.ts';
import { endOf, periodLength } from './component-timing.ts';
import { momentOf, momentOfLine, utcOf } from './moment.ts';
import { type Occurrence, overlaps, type TimeRange } from './occurrences.ts';
import { readSeries } from './series.ts';
import { walkSeries } from './walk-series.ts';
import type { Zone } from './zone.ts';

/** Component names that a time range can be asked of, RFC 4791 §9.9. */
export type RangedComponent = 'VEVENT' | 'VTODO' | 'VJOURNAL' | 'VFREEBUSY' | 'VALARM';

/**
 * Does any occurrence of any component of this name overlap the range? The tables of RFC 4791 §9.9, recurrence and
 * overrides included. For alarms `parent` tells whose; else `only` asks for the occurrences of one component: the master's
 * own, without those that overrides replace, or an override's.
 * @throws GatewayError too-many-results; ContentSyntaxError for values that cannot be read
 */
export function matchesTimeRange(
  calendar: Component,
  componentName: RangedComponent,
  range: TimeRange,
  floatingZone: Zone,
  parent: 'VEVENT' | 'VTODO' | null = null,
  only: Component | null = null,
): boolean {
  if (componentName === 'VFREEBUSY') {
    return componentsOf(calendar, 'VFREEBUSY').some(
      (component) => (only === null || component === only) && freeBusyFits(component, calendar, range, floatingZone),
    );
  }
  const isAsked = (component: Component): boolean => only === null || component === only;
  for (const series of readSeries(calendar)) {
    if (componentName === 'VALARM') {
      const isParent = parent === null ? series.kind === 'VEVENT' || series.kind === 'VTODO' : series.kind === parent;
      if (isParent && alarmsFit(series, calendar, range, floatingZone)) return true;
      continue;
    }
    if (series.kind !== componentName) continue;
    if (series.timing === null && series.master !== null && isAsked(series.master) && componentName === 'VTODO') {
      if (undatedTaskFits(series.master, calendar, range, floatingZone)) return true;
    }
    // Overrides come first in the walk; behind them an endless series has nothing to say about one of them.
    const isOverride = series.overrides.some(({ component, isForFuture }) => component === only && !isForFuture);
    for (const occurrence of walkSeries(series, range, floatingZone)) {
      if (isOverride && occurrence.component === series.master) break;
      if (isAsked(occurrence.component) && occurrenceFits(occurrence, range)) return true;
    }
  }
  return false;
}

/** One occurrence against the table of its kind. */
function occurrenceFits(occurrence: Occurrence, range: TimeRange): boolean {
  if (occurrence.component.name === 'VTODO') return taskFits(occurrence, range);
  return overlaps(occurrence, range);
}

/** RFC 4791 §9.9, table for VTODO: an end at the range's start, or a start at its end, counts for some. */
function taskFits({ component, start, end }: Occurrence, range: TimeRange): boolean {
  if (propertyOf(component, 'DTSTART') === null) {
    return propertyOf(component, 'DUE') === null
      ? overlaps({ start, end }, range)
      : range.start < end && range.end >= end;
  }
  if (propertyOf(component, 'DUE') !== null) {
    return (range.start < end || range.start <= start) && (range.end > start || range.end >= end);
  }
  if (propertyOf(component, 'DURATION') !== null) {
    return range.start <= end && (range.end > start || range.end >= end);
  }
  return range.start <= start && range.end > start;
}

/** The lower half of that table: tasks with neither DTSTART nor DUE. */
function undatedTaskFits(task: Component, calendar: Component, range: TimeRange, floatingZone: Zone): boolean {
  const read = (name: string): number | null => {
    const line = propertyOf(task, name);
    return line === null ? null : utcOf(momentOfLine(line, calendar), floatingZone);
  };
  const completed = read('COMPLETED');
  const created = read('CREATED');
  if (completed !== null && created !== null) {
    return (range.start <= created || range.start <= completed) && (range.end >= created || range.end >= completed);
  }
  if (completed !== null) return range.start <= completed && range.end >= completed;
  return created === null || range.end > created;
}

/** RFC 4791 §9.9, table for VFREEBUSY. */
function freeBusyFits(component: Component, calendar: Component, range: TimeRange, floatingZone: Zone): boolean {
  const start = propertyOf(component, 'DTSTART');
  const end = propertyOf(component, 'DTEND');
  if (start !== null && end !== null) {
    const from = utcOf(momentOfLine(start, calendar), floatingZone);
    const to = utcOf(momentOfLine(end, calendar), floatingZone);
    return range.start <= to && range.end > from;
  }
  return freeBusyPeriods(component, calendar, floatingZone).some(
    (period) => range.start < period.end && range.end > period.start,
  );
}

export interface FreeBusyPeriod {
  readonly start: number;
  readonly end: number;
  /** The property that told it. */
  readonly line: ReturnType<typeof propertiesOf>[number];
}

/** The FREEBUSY periods of a VFREEBUSY in UTC seconds. */
export function freeBusyPeriods(component: Component, calendar: Component, floatingZone: Zone): FreeBusyPeriod[] {
  return propertiesOf(component, 'FREEBUSY').flatMap((line) =>
    line.value
      .split(',')
      .filter((text) => text.trim() !== '')
      .map((text) => {
        const period = parsePeriod(text, dateTimeParameters(line));
        const start = momentOf(period.start, calendar);
        return {
          start: utcOf(start, floatingZone),
          end: endOf(start, periodLength(period, calendar), floatingZone),
          line,
        };
      }),
  );
}

import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { dateTimeParameters } from '../../formats/icalendar/date-time.ts';
import { parsePeriod } from '../../formats/icalendar/period.ts';
import { alarmsInRange } from './alarm-range.ts';
import { endOf, periodLength } from './component-timing.ts';
import { momentOf, momentOfLine, utcOf } from './moment.ts';
import { type Occurrence, overlaps, type TimeRange } from './occurrences.ts';
import { seenSoFar } from './seen-so-far.ts';
import { readSeries, type Series } from './series.ts';
import { walkOverrides, walkSeries } from './walk-series.ts';
import type { Zone } from './zone.ts';

/** Component names that a time range can be asked of, RFC 4791 §9.9. */
export type RangedComponent = 'VEVENT' | 'VTODO' | 'VJOURNAL' | 'VFREEBUSY' | 'VALARM';

/**
 * Whether an occurrence of a component overlaps the range, by the tables of RFC 4791 §9.9: the master by its own
 * occurrences, without those that overrides replace, or an override by its own. All components of this name are answered
 * by one walk, which goes no further than asked.
 * @throws (when asked) GatewayError too-many-results; ContentSyntaxError for values that cannot be read
 */
export function rangeTest(
  calendar: Component,
  componentName: Exclude<RangedComponent, 'VALARM'>,
  range: TimeRange,
  floatingZone: Zone,
): (component: Component) => boolean {
  const walked = seenSoFar(componentsInRange(calendar, componentName, range, floatingZone));
  if (componentName === 'VFREEBUSY') return (component) => walked.has(component);
  const all = readSeries(calendar).filter((series) => series.kind === componentName);
  const replaced = seenSoFar(overridesInRange(all, range, floatingZone));
  // An endless series has nothing to say about an override that stands for one occurrence.
  const single = new Set(
    all
      .flatMap(({ overrides }) => overrides.filter(({ isForFuture }) => !isForFuture))
      .map(({ component }) => component),
  );
  return (component) => (single.has(component) ? replaced : walked).has(component);
}

function* overridesInRange(all: readonly Series[], range: TimeRange, floatingZone: Zone): Generator<Component, void> {
  for (const series of all) {
    for (const occurrence of walkOverrides(series, floatingZone)) {
      if (occurrenceFits(occurrence, range)) yield occurrence.component;
    }
  }
}

/** The component of each occurrence that fits, one after the other. */
function* componentsInRange(
  calendar: Component,
  name: Exclude<RangedComponent, 'VALARM'>,
  range: TimeRange,
  floatingZone: Zone,
): Generator<Component, void> {
  if (name === 'VFREEBUSY') {
    for (const component of componentsOf(calendar, 'VFREEBUSY')) {
      if (freeBusyFits(component, calendar, range, floatingZone)) yield component;
    }
    return;
  }
  for (const series of readSeries(calendar)) {
    if (series.kind !== name) continue;
    if (series.timing === null && series.master !== null && name === 'VTODO') {
      if (undatedTaskFits(series.master, calendar, range, floatingZone)) yield series.master;
    }
    for (const occurrence of walkSeries(series, range, floatingZone)) {
      if (occurrenceFits(occurrence, range)) yield occurrence.component;
    }
  }
}

/**
 * Whether an alarm goes off in the range; all alarms of an object are answered by one walk, no further than asked.
 * @throws (when asked) GatewayError too-many-results
 */
export function alarmTest(calendar: Component, range: TimeRange, floatingZone: Zone): (alarm: Component) => boolean {
  const tests = readSeries(calendar).map((series) => seenSoFar(alarmsInRange(series, calendar, range, floatingZone)));
  return (alarm) => tests.some((test) => test.has(alarm));
}

/** One occurrence against the table of its kind. */
function occurrenceFits(occurrence: Occurrence, range: TimeRange): boolean {
  if (occurrence.component.name === 'VTODO') return taskFits(occurrence, range);
  return overlaps(occurrence, range);
}

/** Which of the table's properties a task has. Looked for once, since a task may recur and hold very much. */
interface TaskDates {
  readonly hasStart: boolean;
  readonly hasDue: boolean;
  readonly hasDuration: boolean;
}

const datesOfTasks = new WeakMap<Component, TaskDates>();

function datesOfTask(task: Component): TaskDates {
  let dates = datesOfTasks.get(task);
  if (dates === undefined) {
    const has = (name: string): boolean => propertyOf(task, name) !== null;
    dates = { hasStart: has('DTSTART'), hasDue: has('DUE'), hasDuration: has('DURATION') };
    datesOfTasks.set(task, dates);
  }
  return dates;
}

/** RFC 4791 §9.9, table for VTODO: an end at the range's start, or a start at its end, counts for some. */
function taskFits({ component, start, end }: Occurrence, range: TimeRange): boolean {
  const { hasStart, hasDue, hasDuration } = datesOfTask(component);
  if (!hasStart) return hasDue ? range.start < end && range.end >= end : overlaps({ start, end }, range);
  if (hasDue) return (range.start < end || range.start <= start) && (range.end > start || range.end >= end);
  if (hasDuration) return range.start <= end && (range.end > start || range.end >= end);
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

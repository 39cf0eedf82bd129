import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, parameterOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { parseDateTime } from '../../formats/icalendar/date-time.ts';
import { type DurationValue, durationSeconds, parseDuration } from '../../formats/icalendar/duration.ts';
import { DAY_SECONDS } from './civil.ts';
import { momentOf, utcOf } from './moment.ts';
import type { Occurrence, TimeRange } from './occurrences.ts';
import { componentsIn, type Series } from './series.ts';
import { walkSeries } from './walk-series.ts';
import { createWork } from './work.ts';
import { toLocal, type Zone } from './zone.ts';

/** When one VALARM goes off: at an instant, or so long before or after an occurrence. */
interface Alarm {
  readonly component: Component;
  readonly at: number | null;
  readonly offset: DurationValue | null;
  readonly isRelatedToEnd: boolean;
  /** RFC 5545 §3.8.6.2: so many more times, each so many seconds later. */
  readonly repeat: number;
  readonly pause: number;
}

/** Pairs of an occurrence and an alarm that one question may look at. */
const MAX_TRIGGERS = 1_000_000;

/**
 * The alarms of a series that go off in the range (RFC 4791 §9.9, table for VALARM: `start <= trigger < end`), each as
 * often as it is found to.
 * @throws GatewayError too-many-results
 */
export function* alarmsInRange(
  series: Series,
  calendar: Component,
  range: TimeRange,
  floatingZone: Zone,
): Generator<Component, void> {
  const byComponent = new Map<Component, Alarm[]>();
  for (const component of componentsIn(series)) {
    byComponent.set(component, readAlarms(component, calendar, floatingZone));
  }
  const relative: RelativeAlarm[] = [];
  for (const alarm of [...byComponent.values()].flat()) {
    if (isRelative(alarm)) relative.push(alarm);
    else if (alarm.at !== null && firesIn(alarm, alarm.at, range)) yield alarm.component;
  }
  if (relative.length === 0) return;
  const work = createWork(MAX_TRIGGERS);
  for (const occurrence of walkSeries(series, widened(range, relative), floatingZone)) {
    for (const alarm of byComponent.get(occurrence.component) ?? []) {
      work.spend(1);
      if (isRelative(alarm) && firesIn(alarm, triggerOf(alarm, alarm.offset, occurrence, floatingZone), range)) {
        yield alarm.component;
      }
    }
  }
}

type RelativeAlarm = Alarm & { readonly offset: DurationValue };

function isRelative(alarm: Alarm): alarm is RelativeAlarm {
  return alarm.offset !== null;
}

/** An occurrence matters when its alarm can fall into the range: reach as far as the earliest and the latest do. */
function widened(range: TimeRange, alarms: readonly RelativeAlarm[]): TimeRange {
  let [late, early] = [DAY_SECONDS, DAY_SECONDS];
  for (const alarm of alarms) {
    const offset = durationSeconds(alarm.offset);
    late = Math.max(late, offset + alarm.repeat * alarm.pause + DAY_SECONDS);
    early = Math.max(early, DAY_SECONDS - offset);
  }
  return { start: range.start - late, end: range.end + early };
}

/** Arithmetic instead of a loop: REPEAT may be any number. */
function firesIn(alarm: Alarm, first: number, range: TimeRange): boolean {
  if (first >= range.end) return false;
  if (first >= range.start) return true;
  if (alarm.repeat === 0 || alarm.pause === 0) return false;
  const times = Math.ceil((range.start - first) / alarm.pause);
  return times <= alarm.repeat && first + times * alarm.pause < range.end;
}

/** Days and weeks of a trigger are nominal: "a day before" is the same time of day (RFC 5545 §3.3.6). */
function triggerOf(alarm: Alarm, offset: DurationValue, occurrence: Occurrence, floatingZone: Zone): number {
  const base = alarm.isRelatedToEnd ? occurrence.end : occurrence.start;
  const days = offset.sign * (offset.weeks * 7 + offset.days);
  const exact = offset.sign * (offset.hours * 3_600 + offset.minutes * 60 + offset.seconds);
  if (days === 0) return base + exact;
  const zone = occurrence.startMoment.zone ?? floatingZone;
  return zone.toUtc(toLocal(zone, base) + days * DAY_SECONDS) + exact;
}

/** An alarm that cannot be read never goes off; it is no reason to fail a query about the others. */
function readAlarms(component: Component, calendar: Component, floatingZone: Zone): Alarm[] {
  const alarms: Alarm[] = [];
  for (const alarm of componentsOf(component, 'VALARM')) {
    try {
      const read = readAlarm(alarm, calendar, floatingZone);
      if (read !== null) alarms.push(read);
    } catch (error) {
      if (!(error instanceof ContentSyntaxError)) throw error;
    }
  }
  return alarms;
}

function readAlarm(alarm: Component, calendar: Component, floatingZone: Zone): Alarm | null {
  const trigger = propertyOf(alarm, 'TRIGGER');
  if (trigger === null) return null;
  const isInstant = /^\s*\d/.test(trigger.value);
  const repeat = Number(propertyOf(alarm, 'REPEAT')?.value.trim() ?? 0);
  const duration = propertyOf(alarm, 'DURATION');
  return {
    component: alarm,
    at: isInstant ? utcOf(momentOf(parseDateTime(trigger), calendar), floatingZone) : null,
    offset: isInstant ? null : parseDuration(trigger.value, trigger.line),
    isRelatedToEnd: parameterOf(trigger, 'RELATED')?.toUpperCase() === 'END',
    repeat: Number.isSafeInteger(repeat) && repeat > 0 ? repeat : 0,
    pause: duration === null ? 0 : Math.max(0, durationSeconds(parseDuration(duration.value, duration.line))),
  };
}

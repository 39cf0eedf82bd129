import { DAY_SECONDS, dayOf } from '../../../../src/domain/calendar/civil.ts';
import { type Moment, momentOf } from '../../../../src/domain/calendar/moment.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import type { Component, ContentLine } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild, setProperties, setProperty } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import {
  componentsOf,
  parameterEntryOf,
  propertiesOf,
  propertyOf,
} from '../../../../src/formats/content-line/lookup.ts';
import { dateTimeLine, parseDateTime, parseDateTimeList } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { parseRecurrenceRule } from '../../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { formatRecurrenceRule } from '../../../../src/formats/icalendar/recurrence-rule.ts';
import { patternToRule } from '../recurrence/pattern-to-rule.ts';
import { type EventView, seriesStart, type TimeForm } from './event-view.ts';
import { shownPattern } from './shown-pattern.ts';
import { localValue } from './write-times.ts';

/** The form in which the start of a series is written from now on. */
export interface SeriesForm {
  readonly form: TimeForm;
  readonly start: ReturnType<typeof seriesStart>;
}

/**
 * A series whose start moved on the wall clock: EXDATE, RECURRENCE-ID and UNTIL name occurrences by their original start,
 * so they move by as much (RFC 5545 §3.8.4.4). RDATE are times of their own and stay.
 */
export function moveSeries(calendar: Component, event: Component, old: EventView, next: SeriesForm): Component {
  const before = seriesStart(old);
  const shift = next.start.local - before.local;
  const isSameForm = next.form.kind === old.form.kind && next.form.tzid === old.form.tzid;
  if (shift === 0 && isSameForm) return calendar;
  const move = (moment: Moment): ReturnType<typeof localValue> => {
    const local = (moment.zone === null ? moment.local : toLocal(before.zone, moment.zone.toUtc(moment.local))) + shift;
    // A date among times means the occurrence of that day (it keeps the time of the series), and the other way round.
    const day = dayOf(moment.isDate && !next.start.isDate ? moment.local + dayOf(shift) * DAY_SECONDS : local);
    const isDayOnly = moment.isDate || next.start.isDate;
    const time = next.start.local - dayOf(next.start.local) * DAY_SECONDS;
    return localValue(
      isDayOnly ? day * DAY_SECONDS + (next.start.isDate ? 0 : time) : local,
      next.form,
      next.start.zone,
    );
  };
  const master = moveMaster(event, calendar, old, next, move);
  let result = master === event ? calendar : replaceChild(calendar, event, master);
  for (const override of componentsOf(result, 'VEVENT')) {
    const line = propertyOf(override, 'RECURRENCE-ID');
    if (line === null) continue;
    const moved = dateTimeLine('RECURRENCE-ID', move(momentOf(parseDateTime(line), calendar)), rangeOf(line));
    result = replaceChild(result, override, setProperty(override, moved));
  }
  return result;
}

function rangeOf(line: ContentLine) {
  const range = parameterEntryOf(line, 'RANGE');
  return range === null ? [] : [range];
}

function moveMaster(
  event: Component,
  calendar: Component,
  old: EventView,
  next: SeriesForm,
  move: (moment: Moment) => ReturnType<typeof localValue>,
): Component {
  const exceptions = propertiesOf(event, 'EXDATE')
    .filter((line) => line.value.trim() !== '')
    .flatMap(parseDateTimeList)
    .map((value) => dateTimeLine('EXDATE', move(momentOf(value, calendar))));
  const result = exceptions.length === 0 ? event : setProperties(event, 'EXDATE', exceptions);
  const until = movedUntil(old, next);
  return until === null ? result : editProperties(result, { set: [until] });
}

/** The rule with the same last day at the new time; null where it has no UNTIL or is not one that a pattern can say. */
function movedUntil(old: EventView, next: SeriesForm): ContentLine | null {
  const [line, second] = propertiesOf(old.event, 'RRULE');
  if (line === undefined || second !== undefined) return null;
  const rule = parseRecurrenceRule(line.value);
  const pattern = shownPattern(old);
  if (rule.until === null || pattern?.until == null) return null;
  const moved = patternToRule(
    { ...pattern, until: pattern.until + next.start.zone.toUtc(next.start.local) - instantOfStart(old) },
    next.start,
    next.form.kind,
  );
  return makeLine({ name: 'RRULE', value: formatRecurrenceRule({ ...rule, until: moved.until }) });
}

function instantOfStart(view: EventView): number {
  const start = seriesStart(view);
  return start.zone.toUtc(start.local);
}

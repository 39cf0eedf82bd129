import { civilDate, DAY_SECONDS, dayOf, timeOfDay, weekdayOf } from '../../../../src/domain/calendar/civil.ts';
import { valueOfLocal } from '../../../../src/domain/calendar/moment.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import type { DateTimeValue } from '../../../../src/formats/icalendar/date-time.ts';
import type { Frequency, RecurrenceRule, WeekdayNumber } from '../../../../src/formats/icalendar/recurrence-rule.ts';
import { writableDate } from '../dates.ts';
import type { Pattern } from './pattern.ts';
import type { SeriesStart } from './rule-to-pattern.ts';
import { daysOf, EVERY_DAY, WEEKDAYS } from './weekday-mask.ts';

type Parts = Pick<RecurrenceRule, 'freq' | 'byDay' | 'byMonthDay' | 'byMonth' | 'bySetPos'>;

/**
 * The rule a pattern means. What a pattern leaves out is taken from the start of the series.
 * @param kind How DTSTART is written: UNTIL has to be of the same kind (RFC 5545 §3.3.10).
 * @param wkst Week start where the pattern names none.
 */
export function patternToRule(
  pattern: Pattern,
  start: SeriesStart,
  kind: DateTimeValue['kind'],
  wkst: RecurrenceRule['wkst'] = 'MO',
): RecurrenceRule {
  return {
    ...partsOf(pattern, start.local),
    interval: pattern.interval,
    count: pattern.until === null ? pattern.occurrences : null,
    until: pattern.until === null ? null : untilValue(pattern.until, start, kind),
    bySecond: [],
    byMinute: [],
    byHour: [],
    byYearDay: [],
    byWeekNo: [],
    wkst: pattern.firstDayOfWeek === null ? wkst : WEEKDAYS[pattern.firstDayOfWeek]!,
    rscale: null,
    skip: null,
    others: [],
    unsupported: [],
  };
}

function partsOf(pattern: Pattern, local: number): Parts {
  const date = civilDate(dayOf(local));
  const month = pattern.monthOfYear ?? date.month;
  const day = pattern.dayOfMonth ?? date.day;
  switch (pattern.type) {
    case 0:
      // Outlook says "every weekday" as daily with a mask.
      if (pattern.dayOfWeek === null || pattern.dayOfWeek === EVERY_DAY) return parts('DAILY');
      return { ...parts('WEEKLY'), byDay: plainDays(pattern.dayOfWeek) };
    case 1:
      return { ...parts('WEEKLY'), byDay: plainDays(pattern.dayOfWeek ?? 1 << weekdayOf(dayOf(local))) };
    case 2:
      return { ...parts('MONTHLY'), byMonthDay: [day] };
    case 3:
      return { ...parts('MONTHLY'), ...nthDay(pattern, local) };
    case 5:
      return { ...parts('YEARLY'), byMonth: [month], byMonthDay: [day] };
    case 6:
      return { ...parts('YEARLY'), byMonth: [month], ...nthDay(pattern, local) };
  }
}

function parts(freq: Frequency): Parts {
  return { freq, byDay: [], byMonthDay: [], byMonth: [], bySetPos: [] };
}

function plainDays(mask: number): WeekdayNumber[] {
  return daysOf(mask).map((day) => ({ day, ordinal: null }));
}

function nthDay(pattern: Pattern, local: number): Partial<Parts> {
  const mask = pattern.dayOfWeek ?? 1 << weekdayOf(dayOf(local));
  const week = pattern.weekOfMonth ?? Math.min(5, Math.ceil(civilDate(dayOf(local)).day / 7));
  const position = week === 5 ? -1 : week;
  // As others write the last day of a month; the first days are numbered, so that the rule reads back as it came.
  if (mask === EVERY_DAY && position === -1) return { byMonthDay: [position] };
  const days = daysOf(mask);
  if (days.length === 1) return { byDay: [{ day: days[0]!, ordinal: position }] };
  return { byDay: days.map((day) => ({ day, ordinal: null })), bySetPos: [position] };
}

/** Phones mean the date of Until, whatever time they write: the last occurrence is that day's. */
function untilValue(until: number, start: SeriesStart, kind: DateTimeValue['kind']): DateTimeValue {
  const day = dayOf(toLocal(start.zone, until)) * DAY_SECONDS;
  const local = writableDate(day + timeOfDay(start.local), 'Calendar:Until');
  if (kind === 'date' || kind === 'floating') return valueOfLocal(local, kind);
  return valueOfLocal(start.zone.toUtc(local), 'utc');
}

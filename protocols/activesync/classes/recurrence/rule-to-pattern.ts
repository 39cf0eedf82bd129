import {
  civilDate,
  DAY_SECONDS,
  dayOf,
  localSeconds,
  timeOfDay,
  weekdayOf,
} from '../../../../src/domain/calendar/civil.ts';
import { expandRule } from '../../../../src/domain/calendar/expand-rule.ts';
import { untilTest } from '../../../../src/domain/calendar/rule-until.ts';
import { toLocal, type Zone } from '../../../../src/domain/calendar/zone.ts';
import type { RecurrenceRule } from '../../../../src/formats/icalendar/recurrence-rule.ts';
import type { Pattern, PatternType } from './pattern.ts';
import { EVERY_DAY, maskOf, WEEKDAYS } from './weekday-mask.ts';

/** Start of a series: what its wall clock shows, and the zone that clock hangs in. */
export interface SeriesStart {
  readonly local: number;
  readonly zone: Zone;
  readonly isDate: boolean;
}

/** What of a pattern says which days are meant. */
type Days = Pick<Pattern, 'type' | 'interval' | 'dayOfWeek' | 'dayOfMonth' | 'weekOfMonth' | 'monthOfYear'>;

/** Most occurrences an element can count (MS-ASCAL §2.2.2.30). */
const MOST_OCCURRENCES = 999;

/** The pattern that means the same as the rule; null where ActiveSync has none. */
export function ruleToPattern(rule: RecurrenceRule, start: SeriesStart): Pattern | null {
  if (rule.unsupported.length > 0 || !isAtTimeOfStart(rule, start.local)) return null;
  const days = daysOfRule(rule, start.local);
  if (days === null || days.interval > 999) return null;
  const isCountTooBig = rule.count !== null && rule.count > MOST_OCCURRENCES;
  const lastOfCount = isCountTooBig ? lastOccurrence(rule, start) : null;
  return {
    ...days,
    // Both at once are forbidden; the earlier end counts, and a rule with both is rare enough to keep its UNTIL.
    occurrences: rule.until === null && !isCountTooBig ? rule.count : null,
    until: lastOfCount ?? untilOf(rule, start),
    firstDayOfWeek: days.type === 1 ? WEEKDAYS.indexOf(rule.wkst) : null,
  };
}

/** BYHOUR and its like may say once more when the series starts; anything else is several times a day. */
function isAtTimeOfStart(rule: RecurrenceRule, local: number): boolean {
  const time = timeOfDay(local);
  const isOnly = (list: readonly number[], value: number): boolean =>
    list.length === 0 || (list.length === 1 && list[0] === value);
  return (
    isOnly(rule.byHour, Math.floor(time / 3600)) &&
    isOnly(rule.byMinute, Math.floor(time / 60) % 60) &&
    isOnly(rule.bySecond, time % 60) &&
    rule.byYearDay.length === 0 &&
    rule.byWeekNo.length === 0
  );
}

function daysOfRule(rule: RecurrenceRule, local: number): Days | null {
  switch (rule.freq) {
    case 'DAILY':
      return dailyDays(rule);
    case 'WEEKLY':
      return weeklyDays(rule, local);
    case 'MONTHLY':
      return rule.byMonth.length === 0 ? monthlyDays(rule, local, 2, null) : null;
    case 'YEARLY':
      return yearlyDays(rule, local);
    default:
      return null;
  }
}

const NOTHING = { dayOfWeek: null, dayOfMonth: null, weekOfMonth: null, monthOfYear: null };

function dailyDays(rule: RecurrenceRule): Days | null {
  if (rule.byMonth.length + rule.byMonthDay.length + rule.bySetPos.length > 0) return null;
  if (rule.byDay.length === 0) return { ...NOTHING, type: 0, interval: rule.interval };
  const isPlain = rule.interval === 1 && rule.byDay.every(({ ordinal }) => ordinal === null);
  return isPlain ? { ...NOTHING, type: 1, interval: 1, dayOfWeek: maskOf(rule.byDay.map(({ day }) => day)) } : null;
}

function weeklyDays(rule: RecurrenceRule, local: number): Days | null {
  if (rule.byMonth.length + rule.byMonthDay.length + rule.bySetPos.length > 0) return null;
  if (rule.byDay.some(({ ordinal }) => ordinal !== null)) return null;
  const days = rule.byDay.length === 0 ? [WEEKDAYS[weekdayOf(dayOf(local))]!] : rule.byDay.map(({ day }) => day);
  return { ...NOTHING, type: 1, interval: rule.interval, dayOfWeek: maskOf(days) };
}

/** Days within a month: by date (Type 2 or 5) or by weekday (3 or 6). */
function monthlyDays(rule: RecurrenceRule, local: number, byDate: 2 | 5, monthOfYear: number | null): Days | null {
  const base = { ...NOTHING, interval: rule.interval, monthOfYear };
  const byWeekday = (byDate + 1) as PatternType;
  if (rule.byDay.length === 0) {
    const [date, second] = rule.byMonthDay;
    if (second !== undefined || rule.bySetPos.length > 0) return null;
    // "Day 5 of any day" is how the last day of the month is said.
    if (date === -1) return { ...base, type: byWeekday, dayOfWeek: EVERY_DAY, weekOfMonth: 5 };
    if (date !== undefined && date < 0) return null;
    return { ...base, type: byDate, dayOfMonth: date ?? civilDate(dayOf(local)).day };
  }
  if (rule.byMonthDay.length > 0) return null;
  const nth = nthOf(rule);
  return nth === null ? null : { ...base, type: byWeekday, ...nth };
}

/** `BYDAY=2MO`, `BYDAY=-1FR` or `BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1`: DayOfWeek is a sum of any days (MS-ASCAL §2.2.2.14.1). */
function nthOf(rule: RecurrenceRule): { readonly dayOfWeek: number; readonly weekOfMonth: number } | null {
  const [first, second] = rule.byDay;
  const mask = maskOf(rule.byDay.map(({ day }) => day));
  const isNumbered = second === undefined && first!.ordinal !== null;
  if (isNumbered && rule.bySetPos.length > 0) return null;
  if (!isNumbered && (rule.bySetPos.length !== 1 || rule.byDay.some(({ ordinal }) => ordinal !== null))) return null;
  const position = isNumbered ? first!.ordinal! : rule.bySetPos[0]!;
  if (!(position === -1 || (position >= 1 && position <= 4))) return null;
  return { dayOfWeek: mask, weekOfMonth: position === -1 ? 5 : position };
}

function yearlyDays(rule: RecurrenceRule, local: number): Days | null {
  const date = civilDate(dayOf(local));
  if (rule.byMonth.length > 1) return severalMonths(rule, local);
  // RFC 5545 §3.3.10: without BYMONTH a numbered weekday counts within the year, a day of the month in every month.
  if (rule.byMonth.length === 0 && rule.byDay.length + rule.byMonthDay.length > 0) return null;
  return monthlyDays(rule, local, 5, rule.byMonth[0] ?? date.month);
}

/** Months in equal steps (quarters) are a monthly rule. */
function severalMonths(rule: RecurrenceRule, local: number): Days | null {
  const months = [...rule.byMonth].sort((a, b) => a - b);
  const step = 12 / months.length;
  const isEven = Number.isInteger(step) && months.every((month, at) => month === months[0]! + at * step);
  if (!isEven || rule.interval !== 1 || !months.includes(civilDate(dayOf(local)).month)) return null;
  return monthlyDays({ ...rule, interval: step }, local, 2, null);
}

/** UNTIL as the start of the last day it allows, at the time of the series: phones read its date and not its time. */
function untilOf(rule: RecurrenceRule, start: SeriesStart): number | null {
  const { until } = rule;
  if (until === null) return null;
  const written = localSeconds(until.year, until.month, until.day, until.hour, until.minute, until.second);
  const local = until.kind === 'utc' && !start.isDate ? toLocal(start.zone, written) : written;
  const time = timeOfDay(start.local);
  const isDayComplete = until.kind === 'date' || start.isDate || timeOfDay(local) >= time;
  return start.zone.toUtc((dayOf(local) - (isDayComplete ? 0 : 1)) * DAY_SECONDS + time);
}

/** UTC second of the last occurrence of a counted rule. */
function lastOccurrence(rule: RecurrenceRule, start: SeriesStart): number {
  let last = start.local;
  const isPast = untilTest(rule, start.isDate, (local) => start.zone.toUtc(local));
  for (const local of expandRule(rule, start.local, { isPast })) last = local;
  return start.zone.toUtc(last);
}

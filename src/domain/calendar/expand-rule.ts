import { NUMBER_LISTS, type RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { GatewayError } from '../errors.ts';
import { civilDate, DAY_SECONDS, dayOf, timeOfDay, weekdayOf, yearOf, yearStart } from './civil.ts';
import { expandShortRule } from './expand-short-rule.ts';
import { dayPasses, daysOfMonth, daysOfYear, dayTest, monthFits, WEEKDAY_NUMBERS, WEEKDAYS } from './rule-days.ts';
import { placed } from './rule-positions.ts';
import { createWork, SERIES_WORK, type Work } from './work.ts';

/** No rule goes on after this year: a bound for endless and never-matching rules. */
export const LAST_RULE_YEAR = 2200;
/** Results that may be counted or walked over before `from` is reached. Only hostile rules have so many. */
const MAX_SKIPPED = 500_000;
const END = yearStart(LAST_RULE_YEAR + 1);

export interface ExpandOptions {
  /** Local seconds: earlier results are not given (but counted). */
  readonly from?: number;
  /** True for the first local time that the rule's UNTIL no longer allows. */
  readonly isPast?: (local: number) => boolean;
  /** What the walk is paid from; its own when absent. */
  readonly work?: Work;
}

/**
 * Local times (seconds, rising, without doubles) of a rule that starts at `start`. Only what the rule itself yields:
 * DTSTART is not added where it does not fit, but it counts as the first of COUNT either way (RFC 5545 §3.3.10).
 * Wall-clock time throughout; the caller resolves each in its zone.
 * @throws GatewayError too-many-results when reaching `from`, or finding that there is nothing, would cost too much.
 */
export function* expandRule(rule: RecurrenceRule, start: number, options: ExpandOptions = {}): Generator<number, void> {
  const from = Math.max(options.from ?? start, start);
  const counted = countedWithoutWalking(rule, start, from);
  const begin = counted === null ? start : counted.begin;
  let left = counted === null ? (rule.count ?? Number.POSITIVE_INFINITY) : counted.left;
  // Without COUNT nothing before `from` matters, so that periods before it need not be looked at.
  const jump = rule.count === null ? from : begin;
  let skipped = 0;
  let isFirst = counted === null;
  const work = options.work ?? createWork(SERIES_WORK);
  for (const local of candidates(rule, start, jump, work)) {
    if (local < begin) continue;
    if (isFirst && local !== start) left -= 1;
    isFirst = false;
    if (left <= 0 || local >= END || options.isPast?.(local) === true) return;
    left -= 1;
    if (local >= from) yield local;
    else {
      skipped += 1;
      if (skipped > MAX_SKIPPED) throw new GatewayError('too-many-results', { limit: MAX_SKIPPED });
    }
  }
}

/** Rising local times from the period in which `jump` lies (or somewhat before); may include some before `start`. */
function candidates(rule: RecurrenceRule, start: number, jump: number, work: Work): Iterable<number> {
  switch (rule.freq) {
    case 'YEARLY':
      return yearly(rule, start, jump, work);
    case 'MONTHLY':
      return monthly(rule, start, jump, work);
    case 'WEEKLY':
      return weekly(rule, start, jump, work);
    case 'DAILY':
      return daily(rule, start, jump, work);
    default:
      return expandShortRule(rule, start, { jump, end: END, work });
  }
}

const FIXED_LENGTHS = { WEEKLY: 7 * DAY_SECONDS, DAILY: DAY_SECONDS, HOURLY: 3_600, MINUTELY: 60, SECONDLY: 1 };

/** A rule without BY parts and of fixed steps yields exactly one per step, so COUNT needs no walking. */
function countedWithoutWalking(
  rule: RecurrenceRule,
  start: number,
  from: number,
): { begin: number; left: number } | null {
  if (rule.count === null || rule.freq === 'MONTHLY' || rule.freq === 'YEARLY') return null;
  if (rule.byDay.length > 0 || NUMBER_LISTS.some(({ field }) => rule[field].length > 0)) return null;
  const step = FIXED_LENGTHS[rule.freq] * rule.interval;
  const passed = Math.max(0, Math.floor((from - start) / step));
  return { begin: start + passed * step, left: rule.count - passed };
}

/** The times of day that BYHOUR, BYMINUTE and BYSECOND name; DTSTART stands in for each that is absent. */
function timesOfDay(rule: RecurrenceRule, start: number): number[] {
  const time = timeOfDay(start);
  const hours = rule.byHour.length > 0 ? rule.byHour : [Math.floor(time / 3_600)];
  const minutes = rule.byMinute.length > 0 ? rule.byMinute : [Math.floor((time % 3_600) / 60)];
  // A leap second is shown by no clock here: 60 is read as 59.
  const seconds = rule.bySecond.length > 0 ? rule.bySecond.map((second) => Math.min(second, 59)) : [time % 60];
  const times = new Set<number>();
  for (const hour of hours)
    for (const minute of minutes) for (const second of seconds) times.add(hour * 3_600 + minute * 60 + second);
  return [...times].sort((a, b) => a - b);
}

/** Parts that DTSTART stands in for, written out, so that every day can be asked on its own. */
function withDaysOfStart(rule: RecurrenceRule, start: number): RecurrenceRule {
  const day = dayOf(start);
  const date = civilDate(day);
  const ownWeekday = [{ day: WEEKDAYS[weekdayOf(day)]!, ordinal: null }];
  if (rule.freq === 'WEEKLY') return rule.byDay.length > 0 ? rule : { ...rule, byDay: ownWeekday };
  if (rule.byDay.length + rule.byMonthDay.length + rule.byYearDay.length > 0) return rule;
  if (rule.freq === 'MONTHLY') return { ...rule, byMonthDay: [date.day] };
  if (rule.byWeekNo.length > 0) return { ...rule, byDay: ownWeekday };
  return { ...rule, byMonthDay: [date.day], byMonth: rule.byMonth.length > 0 ? rule.byMonth : [date.month] };
}

/** Last number of the series first, first + interval, … that is not beyond `target`. */
function aligned(first: number, target: number, interval: number): number {
  return first + Math.max(0, Math.floor((target - first) / interval)) * interval;
}

function* yearly(given: RecurrenceRule, start: number, jump: number, work: Work): Generator<number, void> {
  const rule = withDaysOfStart(given, start);
  const test = dayTest(rule, rule.byMonth.length > 0 ? 'month' : 'year');
  const times = timesOfDay(rule, start);
  let year = aligned(yearOf(start), yearOf(jump), rule.interval);
  const days = 31 * (rule.byMonth.length > 0 ? new Set(rule.byMonth).size : 12);
  for (; year <= LAST_RULE_YEAR; year += rule.interval) {
    work.spend(days);
    yield* placed(rule, daysOfYear(rule, test, year), times);
  }
}

function* monthly(given: RecurrenceRule, start: number, jump: number, work: Work): Generator<number, void> {
  const rule = withDaysOfStart(given, start);
  const test = dayTest(rule, 'month');
  const times = timesOfDay(rule, start);
  let number = aligned(monthNumber(start), monthNumber(jump), rule.interval);
  for (; number < (LAST_RULE_YEAR + 1) * 12; number += rule.interval) {
    const month = (number % 12) + 1;
    work.spend(31);
    if (monthFits(rule, month)) yield* placed(rule, daysOfMonth(test, Math.floor(number / 12), month), times);
  }
}

function monthNumber(local: number): number {
  const date = civilDate(dayOf(local));
  return date.year * 12 + date.month - 1;
}

function* weekly(given: RecurrenceRule, start: number, jump: number, work: Work): Generator<number, void> {
  const rule = withDaysOfStart(given, start);
  const test = dayTest(rule, 'none');
  const times = timesOfDay(rule, start);
  const weekStart = WEEKDAY_NUMBERS[rule.wkst];
  const firstWeek = weekOf(dayOf(start), weekStart);
  let week = aligned(firstWeek, weekOf(dayOf(jump), weekStart), rule.interval * 7);
  for (; week * DAY_SECONDS < END; week += rule.interval * 7) {
    const days: number[] = [];
    work.spend(7);
    for (let day = week; day < week + 7; day += 1) if (dayPasses(test, day)) days.push(day);
    yield* placed(rule, days, times);
  }
}

/** Day number with which the week of a day begins. */
function weekOf(day: number, weekStart: number): number {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

function* daily(rule: RecurrenceRule, start: number, jump: number, work: Work): Generator<number, void> {
  const test = dayTest(rule, 'none');
  const times = timesOfDay(rule, start);
  let day = aligned(dayOf(start), dayOf(jump), rule.interval);
  for (; day * DAY_SECONDS < END; day += rule.interval) {
    work.spend(1);
    if (dayPasses(test, day)) yield* placed(rule, [day], times);
  }
}

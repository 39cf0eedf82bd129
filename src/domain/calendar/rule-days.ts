import { daysInMonth } from '../../formats/icalendar/date-time.ts';
import type { RecurrenceRule, Weekday, WeekdayNumber } from '../../formats/icalendar/recurrence-rule.ts';
import { civilDate, dayNumber, isLeapYear, weekdayOf } from './civil.ts';

/** iCalendar's weekday names by number, 0 Sunday. */
export const WEEKDAYS: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
export const WEEKDAY_NUMBERS: Readonly<Record<Weekday, number>> = { SU: 0, MO: 1, TU: 2, WE: 3, TH: 4, FR: 5, SA: 6 };

/**
 * The days that a rule names within a year or a month: the day columns of the table in RFC 5545 §3.3.10. Parts that
 * "expand" add days, parts that "limit" take away; over a whole period both are the same as asking each day whether
 * every part holds, once the parts that DTSTART stands in for are known.
 */
export type DayTest = (day: number, year: number, month: number, dayOfMonth: number) => boolean;

/** True for days whose month is named; no BYMONTH names all. */
export function monthFits(rule: RecurrenceRule, month: number): boolean {
  return rule.byMonth.length === 0 || rule.byMonth.includes(month);
}

/**
 * Test for one day. `ordinalSpan` says within what BYDAY's ordinals count.
 * BYDAY beside BYWEEKNO has no ordinals (RFC 5545 §3.3.10 forbids them): they are passed over there.
 */
export function dayTest(rule: RecurrenceRule, ordinalSpan: 'year' | 'month' | 'none'): DayTest {
  const tests: DayTest[] = [];
  if (rule.byMonth.length > 0) tests.push((_day, _year, month) => rule.byMonth.includes(month));
  if (rule.byMonthDay.length > 0) {
    tests.push(
      (_day, year, month, dayOfMonth) =>
        rule.byMonthDay.includes(dayOfMonth) || rule.byMonthDay.includes(dayOfMonth - daysInMonth(year, month) - 1),
    );
  }
  if (rule.byYearDay.length > 0) {
    tests.push((day, year) => {
      const position = day - dayNumber(year, 1, 1) + 1;
      return rule.byYearDay.includes(position) || rule.byYearDay.includes(position - yearLength(year) - 1);
    });
  }
  if (rule.byWeekNo.length > 0) tests.push((day, year) => weekFits(rule, day, year));
  if (rule.byDay.length > 0) {
    const span = rule.byWeekNo.length > 0 ? 'none' : ordinalSpan;
    tests.push((day, year, month) => rule.byDay.some((wanted) => weekdayFits(wanted, day, year, month, span)));
  }
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (day, year, month, dayOfMonth) => tests.every((test) => test(day, year, month, dayOfMonth));
}

/** Days of a year that pass, in order; only the months that BYMONTH names are walked. */
export function daysOfYear(rule: RecurrenceRule, test: DayTest, year: number): number[] {
  const days: number[] = [];
  for (let month = 1; month <= 12; month += 1) {
    if (monthFits(rule, month)) days.push(...daysOfMonth(test, year, month));
  }
  return days;
}

/** Days of a month that pass, in order. */
export function daysOfMonth(test: DayTest, year: number, month: number): number[] {
  const days: number[] = [];
  const first = dayNumber(year, month, 1);
  const length = daysInMonth(year, month);
  for (let dayOfMonth = 1; dayOfMonth <= length; dayOfMonth += 1) {
    const day = first + dayOfMonth - 1;
    if (test(day, year, month, dayOfMonth)) days.push(day);
  }
  return days;
}

/** Asks the test about a day whose date is not known yet. */
export function dayPasses(test: DayTest, day: number): boolean {
  const date = civilDate(day);
  return test(day, date.year, date.month, date.day);
}

function yearLength(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

function weekdayFits(
  wanted: WeekdayNumber,
  day: number,
  year: number,
  month: number,
  span: 'year' | 'month' | 'none',
): boolean {
  if (weekdayOf(day) !== WEEKDAY_NUMBERS[wanted.day]) return false;
  if (wanted.ordinal === null || span === 'none') return true;
  const first = span === 'year' ? dayNumber(year, 1, 1) : dayNumber(year, month, 1);
  const length = span === 'year' ? yearLength(year) : daysInMonth(year, month);
  const position = day - first;
  if (wanted.ordinal > 0) return Math.floor(position / 7) + 1 === wanted.ordinal;
  return -Math.floor((length - 1 - position) / 7) - 1 === wanted.ordinal;
}

/** RFC 5545 §3.3.10: week 1 is the first with at least four days in its year; weeks begin at WKST. */
function weekFits(rule: RecurrenceRule, day: number, year: number): boolean {
  // A day at either end of the year may belong to a week of the year beside it.
  for (const weekYear of [year - 1, year, year + 1]) {
    const start = firstWeekStart(weekYear, WEEKDAY_NUMBERS[rule.wkst]);
    const end = firstWeekStart(weekYear + 1, WEEKDAY_NUMBERS[rule.wkst]);
    if (day < start || day >= end) continue;
    const week = Math.floor((day - start) / 7) + 1;
    const weeks = Math.round((end - start) / 7);
    return rule.byWeekNo.includes(week) || rule.byWeekNo.includes(week - weeks - 1);
  }
  return false;
}

function firstWeekStart(year: number, weekStart: number): number {
  // The week that holds 4 January has at least four days in the year.
  const fourth = dayNumber(year, 1, 4);
  return fourth - ((weekdayOf(fourth) - weekStart + 7) % 7);
}

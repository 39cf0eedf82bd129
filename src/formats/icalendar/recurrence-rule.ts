import type { DateTimeValue } from './date-time.ts';
import { formatDateTime } from './date-time.ts';

export type Frequency = 'SECONDLY' | 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';

export interface WeekdayNumber {
  readonly day: Weekday;
  /** `2` in `2MO`, `-1` in `-1FR`; null: every one. */
  readonly ordinal: number | null;
}

/** RFC 5545 §3.3.10. Lists hold each value once, in the order written; empty: the part is absent. */
export interface RecurrenceRule {
  readonly freq: Frequency;
  readonly interval: number;
  /** COUNT and UNTIL exclude each other in the RFC; where a program wrote both, both are here: the earlier end counts. */
  readonly count: number | null;
  /** Date, floating or UTC; never zoned. */
  readonly until: DateTimeValue | null;
  readonly bySecond: readonly number[];
  readonly byMinute: readonly number[];
  readonly byHour: readonly number[];
  readonly byDay: readonly WeekdayNumber[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  readonly wkst: Weekday;
  /** RFC 7529 calendar scale, upper case; null: Gregorian without saying so. */
  readonly rscale: string | null;
  /** RFC 7529 SKIP, upper case. */
  readonly skip: string | null;
  /** Parts that are known to no rule here, in upper case. */
  readonly others: readonly { readonly name: string; readonly value: string }[];
  /** Names of parts that change the meaning and that an expander must not ignore silently; empty: all is understood. */
  readonly unsupported: readonly string[];
}

/** The number lists: RFC name, field, least and greatest absolute value, whether negative ones count from the end. */
export const NUMBER_LISTS = [
  { name: 'BYSECOND', field: 'bySecond', min: 0, max: 60, signed: false },
  { name: 'BYMINUTE', field: 'byMinute', min: 0, max: 59, signed: false },
  { name: 'BYHOUR', field: 'byHour', min: 0, max: 23, signed: false },
  { name: 'BYMONTHDAY', field: 'byMonthDay', min: 1, max: 31, signed: true },
  { name: 'BYYEARDAY', field: 'byYearDay', min: 1, max: 366, signed: true },
  { name: 'BYWEEKNO', field: 'byWeekNo', min: 1, max: 53, signed: true },
  { name: 'BYMONTH', field: 'byMonth', min: 1, max: 12, signed: false },
  { name: 'BYSETPOS', field: 'bySetPos', min: 1, max: 366, signed: true },
] as const;

export type NumberListField = (typeof NUMBER_LISTS)[number]['field'];

/** Writes a rule as an RRULE value; defaults (INTERVAL=1, WKST=MO) are left out. */
export function formatRecurrenceRule(rule: RecurrenceRule): string {
  const parts: string[] = [];
  if (rule.rscale !== null) parts.push(`RSCALE=${rule.rscale}`);
  parts.push(`FREQ=${rule.freq}`);
  if (rule.interval !== 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.count !== null) parts.push(`COUNT=${rule.count}`);
  if (rule.until !== null) parts.push(`UNTIL=${formatDateTime(rule.until)}`);
  if (rule.byDay.length > 0) {
    parts.push(`BYDAY=${rule.byDay.map(({ day, ordinal }) => `${ordinal ?? ''}${day}`).join(',')}`);
  }
  for (const { name, field } of NUMBER_LISTS) {
    if (rule[field].length > 0) parts.push(`${name}=${rule[field].join(',')}`);
  }
  if (rule.wkst !== 'MO') parts.push(`WKST=${rule.wkst}`);
  if (rule.skip !== null) parts.push(`SKIP=${rule.skip}`);
  for (const { name, value } of rule.others) parts.push(`${name}=${value}`);
  return parts.join(';');
}

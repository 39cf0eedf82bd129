import type { ContentLine, Parameter } from '../content-line/content-line.ts';
import { makeLine } from '../content-line/line.ts';
import { parameterOf } from '../content-line/lookup.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';

/** A DATE or DATE-TIME as written (RFC 5545 §3.3.4, §3.3.5); no zone is applied. A date has 0 as its time. */
export type DateTimeValue = CalendarFields &
  (
    | { readonly kind: 'date' | 'floating' | 'utc'; readonly tzid?: undefined }
    | { readonly kind: 'zoned'; readonly tzid: string }
  );

export interface CalendarFields {
  /** 1–9999. */
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 0–59. */
  readonly second: number;
}

const BASIC = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(Z)?)?$/i;
/** Extended ISO 8601, which some exports use: it can be read in one way only. */
const EXTENDED = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?(Z)?)?$/i;

/** What stands beside a value in its parameters. */
export interface DateTimeParameters {
  /** TZID; without meaning for a date or a UTC time (RFC 5545 §3.2.19). */
  readonly tzid?: string | null;
  /** VALUE; `DATE` turns a time at midnight into a date, else the text decides. */
  readonly valueType?: string | null;
  /** Line to name in an error. */
  readonly line?: number;
}

/** Reads TZID and VALUE of a line. */
export function dateTimeParameters(line: ContentLine): DateTimeParameters {
  return { tzid: parameterOf(line, 'TZID'), valueType: parameterOf(line, 'VALUE'), line: line.line };
}

/**
 * Reads a DATE or DATE-TIME. Tolerated where only one reading is possible: dashes and colons, fractions of a second
 * (dropped), seconds left out, a date without VALUE=DATE. Second 60 counts as 59 (RFC 5545 §3.3.12).
 * @throws ContentSyntaxError for anything else, dates that do not exist included.
 */
export function parseDateTime(source: ContentLine | string, parameters?: DateTimeParameters): DateTimeValue {
  const given = parameters ?? (typeof source === 'string' ? {} : dateTimeParameters(source));
  const text = (typeof source === 'string' ? source : source.value).trim();
  const match = BASIC.exec(text) ?? EXTENDED.exec(text);
  if (match === null) throw new ContentSyntaxError(`not a date or time: ${quote(text)}`, given.line ?? 0);
  const fields: CalendarFields = {
    year: Number(match[1]),
    month: Number(match[2]),
    day: Number(match[3]),
    hour: Number(match[4] ?? 0),
    minute: Number(match[5] ?? 0),
    second: Math.min(Number(match[6] ?? 0), match[6] === '60' ? 59 : 99),
  };
  if (!isValid(fields)) throw new ContentSyntaxError(`no such date or time: ${quote(text)}`, given.line ?? 0);
  const midnight = fields.hour === 0 && fields.minute === 0 && fields.second === 0;
  if (match[4] === undefined || (midnight && given.valueType?.toUpperCase() === 'DATE')) {
    return { kind: 'date', ...fields };
  }
  if (match[7] !== undefined) return { kind: 'utc', ...fields };
  return given.tzid ? { kind: 'zoned', tzid: given.tzid, ...fields } : { kind: 'floating', ...fields };
}

/** All values of a line that holds a list of dates or times (EXDATE). */
export function parseDateTimeList(line: ContentLine): DateTimeValue[] {
  const parameters = dateTimeParameters(line);
  return line.value.split(',').map((value) => parseDateTime(value, parameters));
}

/** `20260131`, `20260131T090000` or `20260131T090000Z`; TypeError for fields out of range. */
export function formatDateTime(value: DateTimeValue): string {
  if (!isValid(value)) throw new TypeError(`not a date or time: ${JSON.stringify(value)}`);
  const date = pad(value.year, 4) + pad(value.month, 2) + pad(value.day, 2);
  if (value.kind === 'date') return date;
  const time = pad(value.hour, 2) + pad(value.minute, 2) + pad(value.second, 2);
  return `${date}T${time}${value.kind === 'utc' ? 'Z' : ''}`;
}

/** A property with a date or time: adds VALUE=DATE or TZID as the value needs it. */
export function dateTimeLine(name: string, value: DateTimeValue, parameters: readonly Parameter[] = []): ContentLine {
  const own: Parameter[] = [];
  if (value.kind === 'date') own.push({ name: 'VALUE', values: ['DATE'] });
  if (value.kind === 'zoned') own.push({ name: 'TZID', values: [value.tzid] });
  return makeLine({ name, value: formatDateTime(value), parameters: [...own, ...parameters] });
}

/** UTC fields of a time in seconds since 1970; TypeError outside of the years 1–9999. */
export function utcFromEpoch(seconds: number): DateTimeValue {
  const date = new Date(seconds * 1000);
  const value: DateTimeValue = {
    kind: 'utc',
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
  if (!isValid(value)) throw new TypeError(`no iCalendar time: ${seconds} s`);
  return value;
}

/** `20260131T090000Z` for a time in seconds since 1970. */
export function formatUtc(seconds: number): string {
  return formatDateTime(utcFromEpoch(seconds));
}

/** Same kind, fields and zone name. */
export function sameDateTime(a: DateTimeValue, b: DateTimeValue): boolean {
  return a.kind === b.kind && a.tzid === b.tzid && formatDateTime(a) === formatDateTime(b);
}

/** Days of a month of the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isValid(value: CalendarFields): boolean {
  const { year, month, day, hour, minute, second } = value;
  return (
    year >= 1 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour >= 0 &&
    hour <= 23 &&
    minute >= 0 &&
    minute <= 59 &&
    second >= 0 &&
    second <= 59
  );
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

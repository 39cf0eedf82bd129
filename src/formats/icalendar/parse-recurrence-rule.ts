import { ContentSyntaxError } from '../content-line/syntax-error.ts';
import type { DateTimeValue } from './date-time.ts';
import { parseDateTime } from './date-time.ts';
import type { Frequency, NumberListField, RecurrenceRule, Weekday, WeekdayNumber } from './recurrence-rule.ts';
import { NUMBER_LISTS } from './recurrence-rule.ts';

const FREQUENCIES: ReadonlySet<string> = new Set<Frequency>([
  'SECONDLY',
  'MINUTELY',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'YEARLY',
]);
const WEEKDAYS: ReadonlySet<string> = new Set<Weekday>(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']);
const BY_DAY = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;
const KNOWN = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'WKST', 'RSCALE', 'SKIP']);

/**
 * Reads an RRULE value (RFC 5545 §3.3.10). Case, spaces around parts and a trailing semicolon do not matter. RSCALE other
 * than GREGORIAN, SKIP (RFC 7529) and unknown parts are kept and named in `unsupported`.
 * @throws ContentSyntaxError for a missing FREQ, a part given twice, a malformed part or a number out of its range.
 */
export function parseRecurrenceRule(value: string, line = 0): RecurrenceRule {
  const parts = splitParts(value, line);
  const lists = {} as Record<NumberListField, readonly number[]>;
  for (const list of NUMBER_LISTS) lists[list.field] = numberList(parts, list, line);
  const freq = parts.get('FREQ');
  if (freq === undefined || !isFrequency(freq)) throw wrong('FREQ', freq, line);
  const rscale = parts.get('RSCALE') ?? null;
  const skip = parts.get('SKIP') ?? null;
  const others = [...parts]
    .filter(([name]) => !KNOWN.has(name) && !NUMBER_LISTS.some((list) => list.name === name))
    .map(([name, text]) => ({ name, value: text }));
  const unsupported = others.map(({ name }) => name);
  if (rscale !== null && rscale !== 'GREGORIAN') unsupported.push('RSCALE');
  if (skip !== null && skip !== 'OMIT') unsupported.push('SKIP');
  return {
    freq,
    interval: positive(parts, 'INTERVAL', line) ?? 1,
    count: positive(parts, 'COUNT', line),
    until: until(parts, line),
    ...lists,
    byDay: byDay(parts, line),
    wkst: weekStart(parts, line),
    rscale,
    skip,
    others,
    unsupported,
  };
}

function splitParts(value: string, line: number): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of value.toUpperCase().split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1) throw new ContentSyntaxError(`a recurrence rule part without a value: ${part.slice(0, 40)}`, line);
    const name = part.slice(0, equals).trim();
    if (parts.has(name)) throw new ContentSyntaxError(`${name} twice in a recurrence rule`, line);
    parts.set(name, part.slice(equals + 1).trim());
  }
  return parts;
}

function numberList(parts: Map<string, string>, list: (typeof NUMBER_LISTS)[number], line: number): number[] {
  const text = parts.get(list.name);
  if (text === undefined) return [];
  const numbers = new Set<number>();
  for (const item of text.split(',')) {
    const word = item.trim();
    const number = Number(word);
    const size = list.signed ? Math.abs(number) : number;
    if (!/^[+-]?\d{1,3}$/.test(word) || size < list.min || size > list.max) throw wrong(list.name, word, line);
    numbers.add(number);
  }
  return [...numbers];
}

function byDay(parts: Map<string, string>, line: number): WeekdayNumber[] {
  const text = parts.get('BYDAY');
  if (text === undefined) return [];
  const days = new Map<string, WeekdayNumber>();
  for (const item of text.split(',')) {
    const match = BY_DAY.exec(item.trim());
    const ordinal = match?.[1] === undefined ? null : Number(match[1]);
    if (match === null || ordinal === 0 || Math.abs(ordinal ?? 1) > 53) throw wrong('BYDAY', item, line);
    days.set(`${ordinal}${match[2]}`, { day: match[2] as Weekday, ordinal });
  }
  return [...days.values()];
}

function positive(parts: Map<string, string>, name: string, line: number): number | null {
  const text = parts.get(name);
  if (text === undefined) return null;
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < 1) throw wrong(name, text, line);
  return number;
}

function until(parts: Map<string, string>, line: number): DateTimeValue | null {
  const text = parts.get('UNTIL');
  return text === undefined ? null : parseDateTime(text, { line });
}

function weekStart(parts: Map<string, string>, line: number): Weekday {
  const text = parts.get('WKST') ?? 'MO';
  if (!isWeekday(text)) throw wrong('WKST', text, line);
  return text;
}

function isFrequency(text: string): text is Frequency {
  return FREQUENCIES.has(text);
}

function isWeekday(text: string): text is Weekday {
  return WEEKDAYS.has(text);
}

function wrong(name: string, text: string | undefined, line: number): ContentSyntaxError {
  const found = text === undefined ? 'without' : `with a wrong`;
  return new ContentSyntaxError(
    `a recurrence rule ${found} ${name}${text === undefined ? '' : `: ${text.slice(0, 40)}`}`,
    line,
  );
}

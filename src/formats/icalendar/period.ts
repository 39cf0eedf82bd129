import type { ContentLine } from '../content-line/content-line.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';
import { type DateTimeParameters, type DateTimeValue, dateTimeParameters, parseDateTime } from './date-time.ts';
import { type DurationValue, parseDuration } from './duration.ts';

/** RFC 5545 §3.3.9: a start with either an end or a duration. */
export type PeriodValue =
  | { readonly start: DateTimeValue; readonly end: DateTimeValue; readonly duration: null }
  | { readonly start: DateTimeValue; readonly end: null; readonly duration: DurationValue };

/** Reads `start/end` or `start/duration`. @throws ContentSyntaxError */
export function parsePeriod(value: string, parameters: DateTimeParameters = {}): PeriodValue {
  const [first, second, third] = value.split('/', 3);
  const line = parameters.line ?? 0;
  if (first === undefined || second === undefined || third !== undefined) {
    throw new ContentSyntaxError('a period without start and end', line);
  }
  const start = parseDateTime(first, parameters);
  if (/^\s*[+-]?P/i.test(second)) {
    const duration = parseDuration(second, line);
    if (duration.sign < 0) throw new ContentSyntaxError('a period of negative length', line);
    return { start, end: null, duration };
  }
  return { start, end: parseDateTime(second, parameters), duration: null };
}

/** The values of RDATE (RFC 5545 §3.8.5.2) or FREEBUSY: dates, times or periods, told apart by `'start' in value`. */
export function parseDateOrPeriodList(line: ContentLine): (DateTimeValue | PeriodValue)[] {
  const parameters = dateTimeParameters(line);
  return line.value
    .split(',')
    .map((value) => (value.includes('/') ? parsePeriod(value, parameters) : parseDateTime(value, parameters)));
}

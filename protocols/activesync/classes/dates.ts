import { localSeconds } from '../../../src/domain/calendar/civil.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseDateTime } from '../../../src/formats/icalendar/date-time.ts';
import { ClassDataError } from './class-error.ts';

const FIRST_YEAR = 3;
const LAST_YEAR = 9_990;

/** `20260131T090000Z`: Calendar, Notes and recurrence ends of mail (MS-ASDTYPE §2.7.2). */
export function compactDate(utcSeconds: number): string {
  const date = dashedDate(utcSeconds);
  const [year, month, day] = [date.slice(0, 4), date.slice(5, 7), date.slice(8, 10)];
  return `${year}${month}${day}T${date.slice(11, 13)}${date.slice(14, 16)}${date.slice(17, 19)}Z`;
}

/** `2026-01-31T09:00:00.000Z`: everything else (MS-ASDTYPE §2.3). Wrong use: a time that is not `isWritableDate`. */
export function dashedDate(utcSeconds: number): string {
  return new Date(utcSeconds * 1000).toISOString();
}

/**
 * Seconds since 1970 of a date in either style; clients mix them and leave out milliseconds, `Z` or the time.
 * @throws ClassDataError naming `element`
 */
export function readDate(text: string, element: string): number {
  try {
    const value = parseDateTime(text.trim(), {});
    // Zones and ends reach beyond the date itself, and have to be dates as well.
    if (value.year < FIRST_YEAR || value.year > LAST_YEAR) throw new ClassDataError(element, 'a year out of range');
    return localSeconds(value.year, value.month, value.day, value.hour, value.minute, value.second);
  } catch (error) {
    if (!(error instanceof ContentSyntaxError)) throw error;
    throw new ClassDataError(element, 'not a date');
  }
}

/** The time itself. @throws ClassDataError for one that cannot be written */
export function writableDate(seconds: number, element: string): number {
  if (!isWritableDate(seconds)) throw new ClassDataError(element, 'a year out of range');
  return seconds;
}

/** Whether `utcSeconds` can be written: years 1 to 9999. */
export function isWritableDate(utcSeconds: number): boolean {
  return utcSeconds >= -62_135_596_800 && utcSeconds < 253_402_300_800;
}

import { ContentSyntaxError } from '../content-line/syntax-error.ts';

/**
 * RFC 5545 §3.3.6. Weeks and days are nominal (a day may have 23 or 25 hours where a zone changes its offset), the rest
 * is exact: hence the parts are kept apart.
 */
export interface DurationValue {
  readonly sign: 1 | -1;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

const DURATION = /^([+-])?P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/i;

/**
 * Reads a DURATION; weeks beside days are tolerated (RFC 2445 writers), parts of nine digits are the most.
 * @throws ContentSyntaxError
 */
export function parseDuration(value: string, line = 0): DurationValue {
  const match = DURATION.exec(value.trim());
  if (match === null || match.slice(2).every((part) => part === undefined)) {
    throw new ContentSyntaxError(`not a duration: ${JSON.stringify(value.slice(0, 60))}`, line);
  }
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  return {
    sign: match[1] === '-' ? -1 : 1,
    weeks: weeks!,
    days: days!,
    hours: hours!,
    minutes: minutes!,
    seconds: seconds!,
  };
}

/** Signed length in seconds with days of 24 hours. */
export function durationSeconds(duration: DurationValue): number {
  const { sign, weeks, days, hours, minutes, seconds } = duration;
  const total = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
  return total === 0 ? 0 : sign * total;
}

/** A duration of hours, minutes and seconds only from signed seconds: exact whatever the zone. */
export function exactDuration(seconds: number): DurationValue {
  const length = Math.abs(Math.trunc(seconds));
  return {
    sign: seconds < 0 ? -1 : 1,
    weeks: 0,
    days: 0,
    hours: Math.floor(length / 3600),
    minutes: Math.floor(length / 60) % 60,
    seconds: length % 60,
  };
}

/** `P2W`, `-PT15M`, `P1DT2H`; weeks beside other parts are written as days, which RFC 5545 §3.3.6 asks for. */
export function formatDuration(duration: DurationValue): string {
  const { sign, weeks, hours, minutes, seconds } = duration;
  const mark = sign < 0 ? '-' : '';
  if (weeks > 0 && duration.days === 0 && hours === 0 && minutes === 0 && seconds === 0) return `${mark}P${weeks}W`;
  const days = weeks * 7 + duration.days;
  // dur-hour = 1*DIGIT "H" [dur-minute]: seconds may only follow minutes.
  const middle = minutes > 0 || (hours > 0 && seconds > 0) ? `${minutes}M` : '';
  const time = (hours > 0 ? `${hours}H` : '') + middle + (seconds > 0 ? `${seconds}S` : '');
  if (days === 0 && time === '') return 'PT0S';
  return `${mark}P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

import { Buffer } from 'node:buffer';
import { daysInMonth } from '../../formats/icalendar/date-time.ts';
import { civilDate, DAY_SECONDS, dayNumber, dayOf, timeOfDay, weekdayOf, yearOf, yearStart } from './civil.ts';
import type { Transition, Zone } from './zone.ts';

/**
 * The 172-byte time zone of MS-ASDTYPE §2.7.6 (base64 in the protocol): a standard and a daylight offset and one yearly
 * rule for each change. It holds one year's rules; what does not fit (three offsets, four changes) is approximated.
 */
export interface BlobRules {
  /** Seconds east of UTC. */
  readonly standardOffset: number;
  readonly daylightOffset: number;
  /** Null in both: no daylight time. */
  readonly toStandard: BlobDate | null;
  readonly toDaylight: BlobDate | null;
  readonly standardName: string;
  readonly daylightName: string;
}

/** SYSTEMTIME as a yearly rule, or a date of one year where `year` is not 0. Local wall time before the change. */
export interface BlobDate {
  readonly year: number;
  readonly month: number;
  /** 0 Sunday. */
  readonly weekday: number;
  /** The occurrence of that weekday in the month, 5 = last; a day of the month where `year` is not 0. */
  readonly day: number;
  readonly secondOfDay: number;
}

const SIZE = 172;
const NAME_BYTES = 64;

/** Reads a blob; null when it is not 172 bytes of plausible rules. */
export function decodeBlob(base64: string): BlobRules | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== SIZE) return null;
  const bias = bytes.readInt32LE(0);
  const standardOffset = -(bias + bytes.readInt32LE(84)) * 60;
  const daylightOffset = -(bias + bytes.readInt32LE(168)) * 60;
  if (Math.abs(standardOffset) > DAY_SECONDS || Math.abs(daylightOffset) > DAY_SECONDS) return null;
  const toStandard = readDate(bytes, 68);
  const toDaylight = readDate(bytes, 152);
  const hasBoth = toStandard !== null && toDaylight !== null;
  return {
    standardOffset,
    daylightOffset,
    toStandard: hasBoth ? toStandard : null,
    toDaylight: hasBoth ? toDaylight : null,
    standardName: readName(bytes, 4),
    daylightName: readName(bytes, 88),
  };
}

/**
 * Whether a blob that `decodeBlob` reads tells of daylight time but not when it is: no date for either change (MS-ASDTYPE §2.7.6: wMonth
 * is 0), and a DaylightBias all the same.
 */
export function lacksDates(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  const hasDate = [68, 152].some((offset) => bytes.readUInt16LE(offset + 2) !== 0);
  return !hasDate && bytes.readInt32LE(168) !== bytes.readInt32LE(84);
}

/** Writes a blob as base64; names are cut at 31 UTF-16 units (they end with a zero). */
export function encodeBlob(rules: BlobRules): string {
  const bytes = Buffer.alloc(SIZE);
  const bias = Math.round(-rules.standardOffset / 60);
  bytes.writeInt32LE(bias, 0);
  bytes.write(rules.standardName.slice(0, 31), 4, 'utf16le');
  writeDate(bytes, 68, rules.toStandard);
  bytes.write(rules.daylightName.slice(0, 31), 88, 'utf16le');
  writeDate(bytes, 152, rules.toDaylight);
  bytes.writeInt32LE(rules.toDaylight === null ? 0 : Math.round(-rules.daylightOffset / 60) - bias, 168);
  return bytes.toString('base64');
}

function readName(bytes: Buffer, offset: number): string {
  const text = bytes.toString('utf16le', offset, offset + NAME_BYTES);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

function readDate(bytes: Buffer, offset: number): BlobDate | null {
  const [year, month, weekday, day, hour, minute, second] = [0, 2, 4, 6, 8, 10, 12].map((at) =>
    bytes.readUInt16LE(offset + at),
  ) as [number, number, number, number, number, number, number];
  if (month < 1 || month > 12 || weekday > 6 || day < 1 || day > (year === 0 ? 5 : 31)) return null;
  return { year, month, weekday, day, secondOfDay: hour * 3_600 + minute * 60 + second };
}

function writeDate(bytes: Buffer, offset: number, date: BlobDate | null): void {
  if (date === null) return;
  const { secondOfDay } = date;
  const fields = [date.year, date.month, date.weekday, date.day];
  const time = [Math.floor(secondOfDay / 3_600), Math.floor((secondOfDay % 3_600) / 60), secondOfDay % 60, 0];
  for (const [index, value] of [...fields, ...time].entries()) bytes.writeUInt16LE(value, offset + index * 2);
}

/** Local seconds at which a rule falls in a year, or null for a dated rule of another year. */
function localOfBlobDate(date: BlobDate, year: number): number | null {
  if (date.year !== 0) {
    if (date.year !== year) return null;
    return dayNumber(year, date.month, date.day) * DAY_SECONDS + date.secondOfDay;
  }
  const first = dayNumber(year, date.month, 1);
  let day = first + ((date.weekday - weekdayOf(first) + 7) % 7) + (date.day - 1) * 7;
  if (day >= first + daysInMonth(year, date.month)) day -= 7;
  return day * DAY_SECONDS + date.secondOfDay;
}

/** The changes that the rules make in a year. */
export function blobTransitions(rules: BlobRules, year: number): Transition[] {
  const found: Transition[] = [];
  const { standardOffset, daylightOffset } = rules;
  const changes = [
    { date: rules.toDaylight, before: standardOffset, after: daylightOffset },
    { date: rules.toStandard, before: daylightOffset, after: standardOffset },
  ];
  for (const { date, before, after } of changes) {
    const local = date === null ? null : localOfBlobDate(date, year);
    if (local !== null && before !== after) found.push({ at: local - before, before, after });
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Writes a change as a yearly rule; where a date is both the fourth and the last of its weekday, later years decide. */
export function blobDateOf(zone: Zone, transition: Transition): BlobDate {
  const local = transition.at + transition.before;
  const date = civilDate(dayOf(local));
  const weekday = weekdayOf(dayOf(local));
  const base = { year: 0, month: date.month, weekday, secondOfDay: timeOfDay(local) };
  const nth = { ...base, day: Math.min(5, Math.ceil(date.day / 7)) };
  if (date.day + 7 <= daysInMonth(date.year, date.month)) return nth;
  const last = { ...base, day: 5 };
  return yearsFulfilled(zone, transition, nth) > yearsFulfilled(zone, transition, last) ? nth : last;
}

const YEARS_AHEAD = 6;

function yearsFulfilled(zone: Zone, transition: Transition, date: BlobDate): number {
  const year = yearOf(transition.at);
  const later = zone.transitions(yearStart(year + 1), yearStart(year + 1 + YEARS_AHEAD));
  return later.filter((change) => {
    const local = change.at + change.before;
    return change.after === transition.after && localOfBlobDate(date, yearOf(local)) === local;
  }).length;
}

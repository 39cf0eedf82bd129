import { civilDate, DAY_SECONDS, dayNumber, dayOf, timeOfDay } from '../../../../src/domain/calendar/civil.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import type { ContentLine } from '../../../../src/formats/content-line/content-line.ts';
import { daysInMonth } from '../../../../src/formats/icalendar/date-time.ts';
import { type Card, cardVersion } from '../../../../src/formats/vcard/card.ts';
import { plainValue } from '../../../../src/formats/vcard/card-line.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import type { Binding } from '../binding.ts';
import { dashedDate, readDate } from '../dates.ts';
import { field, textOf } from '../field.ts';
import type { MergeOptions } from '../options.ts';
import { firstLine } from './card-text.ts';

/** What Apple writes for a date whose year nobody knows; phones of theirs hide it. A leap year, for 29 February. */
const NO_YEAR = 1604;
/** 08:00 UTC is the same day from Los Angeles to Auckland, for clients that count in their zone. */
const SHOWN_HOUR = 8;
const HOUR_SECONDS = 3_600;

/** Birthday or Anniversary: a date, told as a time. */
function dateBinding(element: string, ...properties: readonly string[]): Binding<Card> {
  return {
    names: [element],
    read: (card, { dayHours }) => {
      const line = firstLine(card, properties);
      const day = line === null ? null : dayOfLine(line);
      const hour = dayHours?.shown ?? SHOWN_HOUR;
      return day === null ? [] : [field(element, dashedDate(day * DAY_SECONDS + hour * HOUR_SECONDS))];
    },
    write: (card, fields, options) => {
      const line = firstLine(card, properties);
      const text = textOf(fields, element)?.trim() ?? '';
      if (text === '') return line === null ? card : editCard(card, { replace: new Map([[line, null]]) });
      const day = meantDay(readDate(text, element), options);
      if (line !== null && dayOfLine(line) === day) return card;
      const value = dateText(day, cardVersion(card) === '4.0');
      if (line !== null) return editCard(card, { replace: new Map([[line, value]]) });
      return editCard(card, { set: { [properties[0]!]: value } });
    },
  };
}

/** The day number a property names; null for what is no date (`circa 1800`). */
function dayOfLine(line: ContentLine): number | null {
  const found = /^(\d{4}|--)-?(\d{2})-?(\d{2})(?:T.*)?$/.exec(plainValue(line).trim());
  if (found === null) return null;
  const year = found[1] === '--' ? NO_YEAR : Number(found[1]);
  const [month, day] = [Number(found[2]), Number(found[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return dayNumber(year, month, day);
}

/**
 * The day a phone means: the day in UTC at an hour that is known to be its maker's; else midnight UTC, or midnight of the person's zone (an hour off in summer on some), else the day in
 * UTC, whatever hour its maker chose.
 */
function meantDay(utcSeconds: number, { zone, dayHours }: MergeOptions): number {
  const time = timeOfDay(utcSeconds);
  const known = dayHours === undefined ? [0] : [0, dayHours.shown * HOUR_SECONDS, dayHours.sent * HOUR_SECONDS];
  if (known.includes(time)) return dayOf(utcSeconds);
  const local = toLocal(zone, utcSeconds);
  if (timeOfDay(local) === 0) return dayOf(local);
  if (timeOfDay(local) === 23 * 3_600 && dayOf(utcSeconds) === dayOf(local)) return dayOf(local) + 1;
  return dayOf(utcSeconds);
}

/** RFC 6350 §4.3.1 wants the basic form, and can leave the year out; 3.0 is read best with dashes. */
function dateText(dayCount: number, isBasic: boolean): string {
  const { year, month, day } = civilDate(dayCount);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (isBasic && year === NO_YEAR) return `--${two(month)}${two(day)}`;
  return [String(year).padStart(4, '0'), two(month), two(day)].join(isBasic ? '' : '-');
}

export const DATE_BINDINGS: readonly Binding<Card>[] = [
  dateBinding('Contacts:Birthday', 'BDAY'),
  dateBinding('Contacts:Anniversary', 'ANNIVERSARY', 'X-ANNIVERSARY', 'X-EVOLUTION-ANNIVERSARY'),
];

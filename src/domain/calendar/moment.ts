import type { Component, ContentLine } from '../../formats/content-line/content-line.ts';
import { type DateTimeValue, parseDateTime } from '../../formats/icalendar/date-time.ts';
import { civilDate, dayOf, localSeconds, timeOfDay } from './civil.ts';
import { UTC } from './iana-zone.ts';
import { resolveZone } from './resolve-zone.ts';
import type { Zone } from './zone.ts';

/** A date or time of an object, with its zone found. */
export interface Moment {
  /** Local seconds: what the wall clock shows. */
  readonly local: number;
  /** Null: floating, as dates always are. */
  readonly zone: Zone | null;
  readonly isDate: boolean;
  /** True when a TZID was given that nobody knows: then the time is read as floating. */
  readonly hasUnknownZone: boolean;
}

/** Finds the zone of a value in its calendar object. */
export function momentOf(value: DateTimeValue, calendar: Component): Moment {
  const local = localSeconds(value.year, value.month, value.day, value.hour, value.minute, value.second);
  if (value.kind === 'utc') return { local, zone: UTC, isDate: false, hasUnknownZone: false };
  const zone = value.kind === 'zoned' ? resolveZone(value.tzid, calendar) : null;
  return {
    local,
    zone,
    isDate: value.kind === 'date',
    hasUnknownZone: value.kind === 'zoned' && zone === null,
  };
}

/** Reads a property's date or time. @throws ContentSyntaxError */
export function momentOfLine(line: ContentLine, calendar: Component): Moment {
  return momentOf(parseDateTime(line), calendar);
}

/** UTC second; floating times and dates are read in `floatingZone`. */
export function utcOf(moment: Moment, floatingZone: Zone): number {
  return (moment.zone ?? floatingZone).toUtc(moment.local);
}

/** The value to write for local seconds; a zone makes it zoned only where a TZID is given. */
export function valueOfLocal(local: number, kind: 'date' | 'floating' | 'utc'): DateTimeValue {
  const date = civilDate(dayOf(local));
  const time = kind === 'date' ? 0 : timeOfDay(local);
  return {
    kind,
    year: date.year,
    month: date.month,
    day: date.day,
    hour: Math.floor(time / 3_600),
    minute: Math.floor((time % 3_600) / 60),
    second: time % 60,
  };
}

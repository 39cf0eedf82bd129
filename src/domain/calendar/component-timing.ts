import type { Component } from '../../formats/content-line/content-line.ts';
import { propertyOf } from '../../formats/content-line/lookup.ts';
import { type DurationValue, parseDuration } from '../../formats/icalendar/duration.ts';
import type { PeriodValue } from '../../formats/icalendar/period.ts';
import { DAY_SECONDS, dayOf } from './civil.ts';
import { UTC } from './iana-zone.ts';
import { type Moment, momentOf, momentOfLine } from './moment.ts';
import type { Zone } from './zone.ts';

/**
 * How long an occurrence lasts. Days are nominal (the same wall-clock time, 23 or 25 hours where the zone changes),
 * seconds exact (RFC 5545 §3.3.6). Never negative.
 */
export interface Length {
  readonly days: number;
  readonly seconds: number;
}

export interface Timing {
  /** DTSTART; DUE for a task that has nothing else. */
  readonly start: Moment;
  readonly length: Length;
}

const NONE: Length = { days: 0, seconds: 0 };
const ONE_DAY: Length = { days: 1, seconds: 0 };

/**
 * Start and length of one component. RFC 5545 §3.6.1: an event without DTEND and DURATION lasts a day if it starts on a
 * date and no time at all otherwise. §3.8.5.3: DTEND gives every occurrence the same exact length, DURATION the same
 * nominal one. An end before the start counts as none. Null without a start. @throws ContentSyntaxError
 */
export function timingOf(component: Component, calendar: Component): Timing | null {
  const startLine = propertyOf(component, 'DTSTART');
  const endLine = propertyOf(component, component.name === 'VTODO' ? 'DUE' : 'DTEND');
  if (startLine === null) {
    if (component.name !== 'VTODO' || endLine === null) return null;
    return { start: momentOfLine(endLine, calendar), length: NONE };
  }
  const start = momentOfLine(startLine, calendar);
  // A day is the least an event on a date lasts: DTEND equal to DTSTART is a widespread mistake for "this day".
  const least = start.isDate && component.name === 'VEVENT' ? ONE_DAY : NONE;
  if (component.name === 'VJOURNAL') return { start, length: start.isDate ? ONE_DAY : NONE };
  if (endLine !== null) return { start, length: atLeast(lengthBetween(start, momentOfLine(endLine, calendar)), least) };
  const durationLine = propertyOf(component, 'DURATION');
  if (durationLine === null) return { start, length: least };
  return { start, length: atLeast(lengthOf(parseDuration(durationLine.value, durationLine.line)), least) };
}

/** Length of an RDATE or FREEBUSY period. */
export function periodLength(period: PeriodValue, calendar: Component): Length {
  if (period.duration !== null) return lengthOf(period.duration);
  return lengthBetween(momentOf(period.start, calendar), momentOf(period.end, calendar));
}

/** UTC second at which something ends that starts then. */
export function endOf(start: Moment, length: Length, floatingZone: Zone): number {
  const zone = start.zone ?? floatingZone;
  return zone.toUtc(start.local + length.days * DAY_SECONDS) + length.seconds;
}

/** An upper bound for the seconds between start and end, whatever the zone does in between. */
export function longest(length: Length): number {
  return (length.days === 0 ? 0 : (length.days + 1) * DAY_SECONDS) + length.seconds;
}

function lengthOf(duration: DurationValue): Length {
  if (duration.sign < 0) return NONE;
  return {
    days: duration.weeks * 7 + duration.days,
    seconds: duration.hours * 3_600 + duration.minutes * 60 + duration.seconds,
  };
}

function lengthBetween(start: Moment, end: Moment): Length {
  if (start.isDate) return { days: Math.max(0, dayOf(end.local) - dayOf(start.local)), seconds: 0 };
  // A floating end or a date beside a zoned start is read in the start's zone; two floating ones on one wall clock.
  const zone = start.zone ?? UTC;
  const seconds = (start.zone === null ? zone : (end.zone ?? zone)).toUtc(end.local) - zone.toUtc(start.local);
  return { days: 0, seconds: Math.max(0, seconds) };
}

function atLeast(length: Length, least: Length): Length {
  return length.days === 0 && length.seconds === 0 ? least : length;
}

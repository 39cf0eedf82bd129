import type { Component, ContentLine } from '../../formats/content-line/content-line.ts';
import { parameterOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { unescapeText } from '../../formats/content-line/text.ts';
import { DAY_SECONDS, dayOf } from './civil.ts';
import { endOf, type Timing, timingOf } from './component-timing.ts';
import { UTC } from './iana-zone.ts';
import { valueOfLocal } from './moment.ts';
import { toLocal } from './zone.ts';

/** What people are told of an event; '' for what it does not say. */
export interface EventWords {
  readonly summary: string;
  /** `2026-05-04 10:00 - 11:00 Europe/Berlin`: as the organizer wrote it, days without times for an all-day event. */
  readonly when: string;
  readonly where: string;
  /** `Name <address>`, or what there is of it. */
  readonly organizer: string;
  readonly description: string;
}

/** @param calendar The object with the event, whose zones it uses. */
export function eventWords(event: Component, calendar: Component): EventWords {
  return {
    summary: oneLine(textOf(event, 'SUMMARY')),
    when: whenOf(event, calendar),
    where: oneLine(textOf(event, 'LOCATION')),
    organizer: personOf(propertyOf(event, 'ORGANIZER')),
    description: textOf(event, 'DESCRIPTION'),
  };
}

/** The same as a text to read: a line each, then the description. */
export function eventText(words: EventWords): string {
  const { summary, when, where, organizer, description } = words;
  const named = Object.entries({ When: when, Where: where, Organizer: organizer });
  const lines = [summary, ...named.map(([name, text]) => (text === '' ? '' : `${name}: ${text}`))];
  const head = lines.filter((line) => line !== '').join('\n');
  return [head, description].filter((text) => text !== '').join('\n\n');
}

function textOf(event: Component, name: string): string {
  return unescapeText(propertyOf(event, name)?.value ?? '').trim();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function personOf(line: ContentLine | null): string {
  if (line === null) return '';
  const name = oneLine(parameterOf(line, 'CN') ?? '').trim();
  const address = line.value.trim().replace(/^mailto:/i, '');
  if (name === '' || name === address) return address;
  return address === '' ? name : `${name} <${address}>`;
}

function whenOf(event: Component, calendar: Component): string {
  const line = propertyOf(event, 'DTSTART');
  try {
    const timing = line === null ? null : timingOf(event, calendar);
    return line === null || timing === null ? '' : `${spanOf(timing)} ${zoneName(line, timing)}`.trimEnd();
  } catch (error) {
    // Whoever reads the rest is better off than without any of it.
    if (error instanceof ContentSyntaxError) return '';
    throw error;
  }
}

/** The zone by the name that the organizer's program gave it. */
function zoneName(line: ContentLine, { start }: Timing): string {
  if (start.isDate) return '';
  return start.zone === UTC ? 'UTC' : (parameterOf(line, 'TZID') ?? '');
}

function spanOf({ start, length }: Timing): string {
  const zone = start.zone ?? UTC;
  const end = toLocal(zone, endOf(start, length, UTC));
  if (start.isDate) {
    // RFC 5545 §3.6.1: the end of an all-day event is the day after its last.
    const last = end - DAY_SECONDS;
    return last > start.local ? `${dayText(start.local)} - ${dayText(last)}` : dayText(start.local);
  }
  const first = `${dayText(start.local)} ${timeText(start.local)}`;
  if (end <= start.local) return first;
  const isOneDay = dayOf(end) === dayOf(start.local);
  return `${first} - ${isOneDay ? '' : `${dayText(end)} `}${timeText(end)}`;
}

function dayText(local: number): string {
  const { year, month, day } = valueOfLocal(local, 'date');
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

function timeText(local: number): string {
  const { hour, minute } = valueOfLocal(local, 'floating');
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

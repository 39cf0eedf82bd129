import { Buffer } from 'node:buffer';
import { ianaZone, UTC } from '../../../src/domain/calendar/iana-zone.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { parseCalendar, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';

/** A VCALENDAR around these lines. */
export function calendar(...lines: readonly string[]): Component {
  const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
  return parseCalendar(Buffer.from(text, 'utf8'));
}

/** One component with a UID in a VCALENDAR. */
export function object(name: string, ...lines: readonly string[]): Component {
  return calendar(...component(name, ...lines));
}

export function component(name: string, ...lines: readonly string[]): string[] {
  return [`BEGIN:${name}`, 'UID:test@example.com', 'DTSTAMP:20260101T000000Z', ...lines, `END:${name}`];
}

/** UTC seconds of `2026-03-29T01:30Z` and the like. */
export function utc(text: string): number {
  const ms = Date.parse(text.endsWith('Z') ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw new TypeError(`no time: ${text}`);
  return ms / 1000;
}

export function show(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16);
}

export function zone(name: string): Zone {
  const found = ianaZone(name);
  if (found === null) throw new TypeError(`no zone ${name}`);
  return found;
}

export function text(tree: Component): string {
  return Buffer.from(serializeCalendar(tree)).toString('utf8');
}

export function range(start: string, end: string): { start: number; end: number } {
  return { start: utc(start), end: utc(end) };
}

export { UTC };

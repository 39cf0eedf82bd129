import { type Field, isChildren } from '../../../../protocols/activesync/classes/field.ts';
import type { MergeOptions } from '../../../../protocols/activesync/classes/options.ts';
import type { ClassVersion } from '../../../../protocols/activesync/classes/version.ts';
import { ianaZone } from '../../../../src/domain/calendar/iana-zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar, parseCalendars, serializeCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { splitByUid } from '../../../../src/formats/icalendar/split-by-uid.ts';
import { sharedFiles } from '../../../support/shared-data.ts';

export const VERSIONS: readonly ClassVersion[] = ['12.1', '14.0', '14.1'];

/** Options of a person in Berlin; a test changes what it is about. */
export function options(change: Partial<MergeOptions> = {}): MergeOptions {
  return {
    version: '14.1',
    bodyPreferences: [],
    zone: ianaZone('Europe/Berlin')!,
    addresses: ['ana@example.com'],
    supported: null,
    now: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000,
    newUid: 'new-uid@example.com',
    ...change,
  };
}

/** A calendar with one component per text, lines joined as they are stored. */
export function calendarOf(...lines: readonly string[]): Component {
  return parseCalendar(
    Buffer.from(['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')),
  );
}

/** A calendar with one component of the kind; UID and DTSTAMP are added. */
export function objectOf(kind: string, ...lines: readonly string[]): Component {
  return calendarOf(`BEGIN:${kind}`, 'UID:u1', 'DTSTAMP:20260101T000000Z', ...lines, `END:${kind}`);
}

export function eventOf(...lines: readonly string[]): Component {
  return objectOf('VEVENT', ...lines);
}

export function textOfCalendar(calendar: Component): string {
  return Buffer.from(serializeCalendar(calendar)).toString('utf8');
}

/** Calendar objects of one kind from the shared files, named by file and UID; unreadable files are passed over. */
export function sharedObjects(kind: string): { readonly name: string; readonly calendar: Component }[] {
  return sharedFiles('ics').flatMap(({ name, bytes }) => {
    try {
      return parseCalendars(bytes, { lenient: true })
        .flatMap(splitByUid)
        .filter((object) => object.kind === kind)
        .map((object) => ({ name: `${name} ${object.uid}`, calendar: object.calendar }));
    } catch (error) {
      if (error instanceof ContentSyntaxError) return [];
      throw error;
    }
  });
}

/** Fields by name without their page, containers as nested objects or lists: easy to compare with. */
export function plainFields(fields: readonly Field[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, value } of fields) {
    const key = name.slice(name.indexOf(':') + 1);
    if (!isChildren(value)) result[key] = value;
    else if (new Set(value.map((child) => child.name)).size < value.length || isListOf(value)) {
      result[key] = value.map((child) => (isChildren(child.value) ? plainFields(child.value) : child.value));
    } else result[key] = plainFields(value);
  }
  return result;
}

function isListOf(children: readonly Field[]): boolean {
  return children.every(({ name }) => /:(?:Category|Attendee|Exception|Attachment|Child)$/.test(name));
}

/** Fields with some replaced, or left out with null. */
export function changed(fields: readonly Field[], changes: Readonly<Record<string, Field['value'] | null>>): Field[] {
  const kept = fields.filter(({ name }) => !Object.hasOwn(changes, name));
  const added = Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  return [...kept, ...added];
}

import type { Component } from '../content-line/content-line.ts';
import { makeComponent } from '../content-line/edit.ts';
import { makeLine } from '../content-line/line.ts';
import { MAX_DEPTH, type ParseOptions, parseComponents } from '../content-line/parse-components.ts';
import { serializeComponent } from '../content-line/serialize.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';

/** Value of PRODID in calendars that are made here (RFC 5545 §3.7.3). */
export const PRODID = '-//Causeway//Sync Protocol Gateway//EN';

/** Components that one calendar object can be about (RFC 4791 §4.1). */
export const OBJECT_KINDS: ReadonlySet<string> = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY']);

/**
 * Reads bytes that must be exactly one VCALENDAR, as a client stores them. The tree gives the same bytes again.
 * @throws ContentSyntaxError
 */
export function parseCalendar(bytes: Uint8Array, options?: ParseOptions): Component {
  const [calendar, second] = parseComponents(bytes, options);
  if (calendar === undefined) throw new ContentSyntaxError('no calendar', 1);
  if (calendar.name !== 'VCALENDAR')
    throw new ContentSyntaxError(`${calendar.name} where VCALENDAR belongs`, lineOf(calendar));
  if (second !== undefined) throw new ContentSyntaxError(`a second ${second.name} behind the calendar`, lineOf(second));
  return calendar;
}

/**
 * Reads a file for import: any number of calendars; events, tasks, journals and zones that stand in no calendar, as some
 * programs export them, are put into one of their own at the end. Components of other kinds are problems (thrown, or in
 * lenient reading told and left out).
 * @throws ContentSyntaxError
 */
export function parseCalendars(bytes: Uint8Array, options: ParseOptions = {}): Component[] {
  const calendars: Component[] = [];
  const bare: Component[] = [];
  // One level is left for the calendar around bare components: what is made here must be readable again.
  const maxDepth = (options.maxDepth ?? MAX_DEPTH) - 1;
  for (const component of parseComponents(bytes, { ...options, maxDepth })) {
    if (component.name === 'VCALENDAR') calendars.push(component);
    else if (OBJECT_KINDS.has(component.name) || component.name === 'VTIMEZONE') bare.push(component);
    else {
      const problem = new ContentSyntaxError(`${component.name} where VCALENDAR belongs`, lineOf(component));
      if (!options.lenient) throw problem;
      options.onProblem?.(problem);
    }
  }
  if (bare.length > 0) calendars.push(makeCalendar(bare));
  return calendars;
}

/** A calendar with PRODID and VERSION around these components. */
export function makeCalendar(components: readonly Component[]): Component {
  const head = [makeLine({ name: 'VERSION', value: '2.0' }), makeLine({ name: 'PRODID', value: PRODID })];
  return makeComponent('VCALENDAR', [...head, ...components]);
}

/** Bytes of a calendar: what was not changed as it was read. */
export function serializeCalendar(calendar: Component): Uint8Array {
  return serializeComponent(calendar);
}

/** Line where a component began; 0 when it was made here. */
export function lineOf(component: Component): number {
  return component.begin?.line ?? 0;
}

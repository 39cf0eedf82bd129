import type { Component, ContentLine } from '../content-line/content-line.ts';
import { withChildren, withProperty } from '../content-line/edit.ts';
import { componentsOf, isComponent, propertyOf } from '../content-line/lookup.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';
import { type DateTimeValue, parseDateTime, sameDateTime } from './date-time.ts';

/**
 * Which component of a calendar object is meant: the master (`recurrenceId` null) or the override with a RECURRENCE-ID of the
 * same kind, fields and zone name. A caller that knows an occurrence in another zone finds the component by itself.
 */
interface ComponentSelector {
  readonly kind: string;
  readonly recurrenceId: DateTimeValue | null;
}

/** What an occurrence never has: the rule belongs to its master (RFC 5545 §3.8.4.4). */
const SERIES_PROPERTIES = new Set(['RRULE', 'RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID']);

/** The component of the selector, else null. */
export function findComponent(calendar: Component, { kind, recurrenceId }: ComponentSelector): Component | null {
  return (
    componentsOf(calendar, kind).find((component) => {
      const line = propertyOf(component, 'RECURRENCE-ID');
      if (recurrenceId === null || line === null) return recurrenceId === null && line === null;
      return isAt(line, recurrenceId);
    }) ?? null
  );
}

/**
 * A new override made of its master: all its properties and sub-components but those of the series. The caller sets DTSTART
 * and what else differs with `editProperties`.
 * @param recurrenceId RECURRENCE-ID line of the occurrence, in the form of the master's DTSTART.
 */
export function makeOverride(master: Component, recurrenceId: ContentLine): Component {
  const children = master.children.filter((child) => isComponent(child) || !SERIES_PROPERTIES.has(child.name));
  return withProperty({ name: master.name, begin: null, end: null, children }, recurrenceId);
}

/**
 * Puts an override behind the last component of its kind.
 * @throws TypeError when it has no RECURRENCE-ID or that one is there already.
 */
export function addOverride(calendar: Component, override: Component): Component {
  const line = propertyOf(override, 'RECURRENCE-ID');
  if (line === null) throw new TypeError('an override needs a RECURRENCE-ID');
  const selector = { kind: override.name, recurrenceId: parseDateTime(line) };
  if (findComponent(calendar, selector) !== null) throw new TypeError(`an override at ${line.value} is there already`);
  const last = calendar.children.findLastIndex((child) => isComponent(child) && child.name === override.name);
  const at = last < 0 ? calendar.children.length : last + 1;
  return withChildren(calendar, calendar.children.toSpliced(at, 0, override));
}

function isAt(line: ContentLine, recurrenceId: DateTimeValue): boolean {
  try {
    return sameDateTime(parseDateTime(line), recurrenceId);
  } catch (error) {
    // An override whose RECURRENCE-ID cannot be read is at no time that can be asked for.
    if (error instanceof ContentSyntaxError) return false;
    throw error;
  }
}

import type { Component, ContentLine } from '../content-line/content-line.ts';
import { replaceChild, withChildren, withProperty } from '../content-line/edit.ts';
import { componentsOf, isComponent, propertyOf } from '../content-line/lookup.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';
import { type DateTimeValue, parseDateTime, sameDateTime } from './date-time.ts';
import { editProperties, type PropertyChanges } from './edit-properties.ts';

/**
 * Which component of a calendar object is meant: the component itself, or the master (`recurrenceId` null) or the override
 * with a RECURRENCE-ID of the same kind, fields and zone name. A caller that knows an occurrence in another zone finds
 * the component itself first.
 */
export type ComponentSelector = Component | { readonly kind: string; readonly recurrenceId: DateTimeValue | null };

/** What an occurrence never has: the rule belongs to its master (RFC 5545 §3.8.4.4). */
const SERIES_PROPERTIES = new Set(['RRULE', 'RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID']);

/** The component of the selector, else null. */
export function findComponent(calendar: Component, selector: ComponentSelector): Component | null {
  if (isSelected(selector)) return calendar.children.includes(selector) ? selector : null;
  const { kind, recurrenceId } = selector;
  return (
    componentsOf(calendar, kind).find((component) => {
      const line = propertyOf(component, 'RECURRENCE-ID');
      if (recurrenceId === null || line === null) return recurrenceId === null && line === null;
      return isAt(line, recurrenceId);
    }) ?? null
  );
}

/**
 * Changes properties of one component; everything else of the calendar stays byte for byte, and what is set to the value
 * it has stays so too.
 * @throws TypeError when the component is not there.
 */
export function editComponent(calendar: Component, selector: ComponentSelector, changes: PropertyChanges): Component {
  return updateComponent(calendar, selector, (component) => editProperties(component, changes));
}

/** Like `editComponent`, for what is no property: alarms, attachments, sub-components. */
export function updateComponent(
  calendar: Component,
  selector: ComponentSelector,
  update: (component: Component) => Component,
): Component {
  const component = required(calendar, selector);
  const next = update(component);
  return next === component ? calendar : replaceChild(calendar, component, next);
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

/** Takes a component (an override) out. @throws TypeError when it is not there. */
export function removeOverride(calendar: Component, selector: ComponentSelector): Component {
  return replaceChild(calendar, required(calendar, selector), null);
}

function required(calendar: Component, selector: ComponentSelector): Component {
  const component = findComponent(calendar, selector);
  if (component === null) throw new TypeError('the calendar does not hold that component');
  return component;
}

function isSelected(selector: ComponentSelector): selector is Component {
  return 'children' in selector;
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

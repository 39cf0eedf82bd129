import type { Component, ContentLine } from '../content-line/content-line.ts';
import { setProperty, withChildren, withProperty } from '../content-line/edit.ts';
import { makeLine } from '../content-line/line.ts';
import { componentsOf, isComponent, parameterOf, propertiesOf, propertyOf } from '../content-line/lookup.ts';
import { escapeText, unescapeText } from '../content-line/text.ts';
import { lineOf, OBJECT_KINDS, PRODID } from './calendar.ts';

/** One thing of a calendar file: a component with the overrides of its occurrences. */
export interface SplitObject {
  /** Decoded UID; null when it has none: see `withUid`. */
  readonly uid: string | null;
  /** VEVENT, VTODO, VJOURNAL or VFREEBUSY. */
  readonly kind: string;
  /** A calendar that holds it and nothing else. */
  readonly calendar: Component;
  /** Line where its first component begins in the file. */
  readonly line: number;
}

/** What is said of the calendar for every object in it; METHOD must not be stored (RFC 4791 §4.1). */
const KEPT_PROPERTIES = new Set(['PRODID', 'VERSION', 'CALSCALE']);

/**
 * Cuts a calendar into what RFC 4791 §4.1 allows in one resource: one UID of one kind, its overrides, the VTIMEZONEs they
 * name, and PRODID, VERSION and CALSCALE (made when missing). Kept lines keep their bytes. Components of unknown kind
 * stay only where there is just one object to which they can belong.
 */
export function splitByUid(calendar: Component): SplitObject[] {
  const groups = new Map<string, { uid: string | null; kind: string; members: Component[] }>();
  for (const component of componentsOf(calendar)) {
    if (!OBJECT_KINDS.has(component.name)) continue;
    const uid = uidOf(component);
    const key = uid === null ? `${groups.size}` : `${component.name}:${uid}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { uid, kind: component.name, members: [component] });
    else group.members.push(component);
  }
  const zones = zonesOf(calendar);
  // Found once: a calendar has as many children as objects, so looking for it again for each would be quadratic.
  const head = headOf(calendar);
  const begin = withoutByteOrderMark(calendar.begin);
  const only = groups.size === 1;
  return [...groups.values()].map(({ uid, kind, members }) => {
    const used = zonesUsedBy(members, zones);
    const inGroup = new Set<Component>([...used, ...members]);
    // A file that is one object keeps its order; the list of a big one is not searched again for every object.
    const parts = only
      ? componentsOf(calendar).filter((child) => inGroup.has(child) || isUnknown(child))
      : [...inGroup];
    const children = [...head, ...parts];
    return { uid, kind, line: lineOf(members[0]!), calendar: { ...withChildren(calendar, children), begin } };
  });
}

/** The object with this UID in those of its components that have none. */
export function withUid(object: SplitObject, uid: string): SplitObject {
  const line = makeLine({ name: 'UID', value: escapeText(uid) });
  const children = object.calendar.children.map((child) => {
    if (!isComponent(child) || !OBJECT_KINDS.has(child.name) || uidOf(child) !== null) return child;
    return propertyOf(child, 'UID') === null ? withProperty(child, line) : setProperty(child, line);
  });
  return { ...object, uid: object.uid ?? uid, calendar: withChildren(object.calendar, children) };
}

/** Decoded UID of a component; null when it has none or an empty one. */
export function uidOf(component: Component): string | null {
  const value = propertyOf(component, 'UID')?.value.trim() ?? '';
  return value === '' ? null : unescapeText(value);
}

function headOf(calendar: Component): ContentLine[] {
  const head = propertiesOf(calendar).filter((line) => KEPT_PROPERTIES.has(line.name));
  if (!head.some((line) => line.name === 'PRODID')) head.unshift(makeLine({ name: 'PRODID', value: PRODID }));
  if (!head.some((line) => line.name === 'VERSION')) head.unshift(makeLine({ name: 'VERSION', value: '2.0' }));
  return head;
}

/** First definition of each zone. */
function zonesOf(calendar: Component): Map<string, Component> {
  const zones = new Map<string, Component>();
  for (const zone of componentsOf(calendar, 'VTIMEZONE')) {
    const tzid = propertyOf(zone, 'TZID')?.value.trim();
    if (tzid !== undefined && !zones.has(tzid)) zones.set(tzid, zone);
  }
  return zones;
}

/** In the order of first use. A TZID value is written plain as parameter, but escaped as property by some. */
function zonesUsedBy(members: readonly Component[], zones: ReadonlyMap<string, Component>): Set<Component> {
  const used = new Set<Component>();
  const visit = (component: Component): void => {
    for (const child of component.children) {
      if (isComponent(child)) visit(child);
      else {
        const tzid = parameterOf(child, 'TZID');
        const zone = tzid === null ? undefined : (zones.get(tzid) ?? zones.get(escapeText(tzid)));
        if (zone !== undefined) used.add(zone);
      }
    }
  };
  members.forEach(visit);
  return used;
}

function isUnknown(component: Component): boolean {
  return !OBJECT_KINDS.has(component.name) && component.name !== 'VTIMEZONE';
}

/** The mark belongs to the file, not to each object in it. */
function withoutByteOrderMark(begin: ContentLine | null): ContentLine | null {
  return begin?.raw?.startsWith('\xef\xbb\xbf') ? { ...begin, raw: begin.raw.slice(3) } : begin;
}

import type { Component } from '../../formats/content-line/content-line.ts';
import { replaceChild, withChildren } from '../../formats/content-line/edit.ts';
import { componentsOf, isComponent, propertyOf } from '../../formats/content-line/lookup.ts';
import { parseDateTime } from '../../formats/icalendar/date-time.ts';
import { addOverride, findComponent } from '../../formats/icalendar/edit-calendar.ts';

/** What a request (RFC 5546 §3.2.2) makes of the event that a calendar holds. */
export interface MergedRequest {
  readonly calendar: Component;
  /** The components that the request is about, as they are in `calendar`. */
  readonly events: readonly Component[];
}

/**
 * Takes a request into the object that is stored. One that is newer (RFC 5546 §2.1.5: SEQUENCE, then DTSTAMP) replaces what it
 * is about, but for the owner's alarms; where the stored one is as new it stays, with all its owner made of it.
 * @param stored Null where the calendar has no such event.
 * @param request A calendar object without METHOD, of the same UID.
 * @returns Null for a request that was overtaken by a later one.
 * @throws ContentSyntaxError
 */
export function mergeRequest(stored: Component | null, request: Component): MergedRequest | null {
  const asked = componentsOf(request, 'VEVENT');
  if (stored === null) return { calendar: request, events: asked };
  const master = asked.find(isMaster);
  const present = componentsOf(stored, 'VEVENT').find(isMaster);
  if (master !== undefined) {
    const age = present === undefined ? 1 : compareAge(master, present);
    if (age === 'outdated') return null;
    if (age <= 0) return { calendar: stored, events: componentsOf(stored, 'VEVENT') };
    const calendar = replaceChild(request, master, withAlarmsOf(master, present));
    return { calendar, events: componentsOf(calendar, 'VEVENT') };
  }
  return mergeOccurrences(stored, request, asked);
}

function mergeOccurrences(stored: Component, request: Component, asked: readonly Component[]): MergedRequest | null {
  let calendar = withZonesOf(stored, request);
  const events: Component[] = [];
  for (const event of asked) {
    const recurrenceId = parseDateTime(propertyOf(event, 'RECURRENCE-ID')!);
    const present = findComponent(calendar, { kind: 'VEVENT', recurrenceId });
    const age = present === null ? 1 : compareAge(event, present);
    if (age === 'outdated') return null;
    const next = present !== null && age <= 0 ? present : withAlarmsOf(event, present ?? undefined);
    if (present === null) calendar = addOverride(calendar, next);
    else if (next !== present) calendar = replaceChild(calendar, present, next);
    events.push(next);
  }
  return { calendar, events };
}

function isMaster(event: Component): boolean {
  return propertyOf(event, 'RECURRENCE-ID') === null;
}

function compareAge(request: Component, present: Component): number | 'outdated' {
  const difference = sequenceOf(request) - sequenceOf(present);
  if (difference < 0) return 'outdated';
  return difference || stampOf(request).localeCompare(stampOf(present));
}

function sequenceOf(event: Component): number {
  const text = propertyOf(event, 'SEQUENCE')?.value.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** In UTC (RFC 5545 §3.8.7.2), so that texts compare as times. */
function stampOf(event: Component): string {
  return propertyOf(event, 'DTSTAMP')?.value.trim() ?? '';
}

function withAlarmsOf(event: Component, present: Component | undefined): Component {
  const alarms = present === undefined ? [] : componentsOf(present, 'VALARM');
  if (alarms.length === 0) return event;
  const rest = event.children.filter((child) => !isComponent(child) || child.name !== 'VALARM');
  return withChildren(event, [...rest, ...alarms]);
}

function withZonesOf(calendar: Component, request: Component): Component {
  const tzid = (zone: Component): string => propertyOf(zone, 'TZID')?.value.trim() ?? '';
  const known = new Set(componentsOf(calendar, 'VTIMEZONE').map(tzid));
  const missing = componentsOf(request, 'VTIMEZONE').filter((zone) => !known.has(tzid(zone)));
  if (missing.length === 0) return calendar;
  const at = calendar.children.findIndex(isComponent);
  return withChildren(calendar, calendar.children.toSpliced(at < 0 ? calendar.children.length : at, 0, ...missing));
}

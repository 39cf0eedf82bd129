import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { OBJECT_KINDS } from '../../formats/icalendar/calendar.ts';
import { uidOf } from '../../formats/icalendar/split-by-uid.ts';
import { GatewayError } from '../errors.ts';
import type { ItemIndex } from '../item.ts';
import type { CalendarKind } from '../item-class.ts';
import { indexCalendarObject } from './calendar-index.ts';

export interface ValidObject {
  readonly kind: CalendarKind;
  readonly uid: string;
  readonly index: ItemIndex;
}

/**
 * Refuses what may not be stored as one calendar object (RFC 4791 §4.1, §5.3.2.1): several kinds or UIDs, METHOD, a
 * missing UID, an event without DTSTART, values that cannot be read. What real programs write and everyone survives is
 * let through: an end before the start, DTEND beside DURATION, unknown zones, properties and components, rules with
 * unknown parts (such an object does not recur here), overrides without their master.
 * @throws GatewayError object-invalid, component-unsupported, content-invalid
 */
export function validateCalendarObject(
  calendar: Component,
  options: { readonly allowed: readonly CalendarKind[] },
): ValidObject {
  if (calendar.name !== 'VCALENDAR') throw invalid(`${calendar.name} where VCALENDAR belongs`);
  if (propertyOf(calendar, 'METHOD') !== null) {
    throw invalid('METHOD: a scheduling message cannot be stored as a calendar object');
  }
  const components = componentsOf(calendar).filter((component) => component.name !== 'VTIMEZONE');
  const kind = kindOf(components, options.allowed);
  const members = components.filter((component) => component.name === kind);
  const uid = uidOfAll(members);
  checkMembers(members);
  return { kind, uid, index: readIndex(calendar) };
}

function kindOf(components: readonly Component[], allowed: readonly CalendarKind[]): CalendarKind {
  const kinds = [...new Set(components.map((component) => component.name).filter((name) => OBJECT_KINDS.has(name)))];
  const [kind, second] = kinds as CalendarKind[];
  if (second !== undefined) throw invalid(`${kind} and ${second} in one object: they have to be stored separately`);
  if (kind === undefined && components[0] === undefined) throw invalid('no event, task, journal or free-busy in it');
  if (kind === undefined || !allowed.includes(kind)) {
    const component = kind ?? components[0]!.name;
    const message = `this folder takes no ${component}, only ${allowed.join(', ') || 'other content'}`;
    throw new GatewayError('component-unsupported', { component, allowed }, message);
  }
  return kind;
}

function uidOfAll(members: readonly Component[]): string {
  const uids = new Set(members.map(uidOf));
  const [uid] = uids;
  if (uid === null || uid === undefined || uids.has(null)) throw invalid('UID is missing');
  if (uids.size > 1) throw invalid('several UIDs in one object: each has to be stored separately');
  return uid;
}

function checkMembers(members: readonly Component[]): void {
  const masters = members.filter((member) => propertyOf(member, 'RECURRENCE-ID') === null);
  // Which of two would count is anyone's guess, and no two clients guess alike.
  if (masters.length > 1) throw invalid(`${masters.length} components of one UID without RECURRENCE-ID`);
  const [master] = masters;
  if (master?.name === 'VEVENT' && propertyOf(master, 'DTSTART') === null) throw invalid('an event without DTSTART');
}

/** Reads all that the gateway computes with, so that nothing stored fails later. */
function readIndex(calendar: Component): ItemIndex {
  try {
    return indexCalendarObject(calendar);
  } catch (error) {
    if (!(error instanceof ContentSyntaxError)) throw error;
    const facts = error.line > 0 ? { reason: error.reason, line: error.line } : { reason: error.reason };
    throw new GatewayError('content-invalid', facts, error.message);
  }
}

function invalid(reason: string): GatewayError<'object-invalid'> {
  return new GatewayError('object-invalid', { reason }, `not a calendar object that can be stored: ${reason}`);
}

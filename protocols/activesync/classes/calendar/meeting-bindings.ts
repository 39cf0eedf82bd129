import type { Component, ContentLine } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild, setProperties, setProperty } from '../../../../src/formats/content-line/edit.ts';
import { makeLine, withParameter } from '../../../../src/formats/content-line/line.ts';
import { componentsOf, parameterOf, propertiesOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import type { Binding } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { shownText } from '../component/text-binding.ts';
import { compactDate, readDate } from '../dates.ts';
import { type Field, field, textOf } from '../field.ts';
import type { RenderOptions } from '../options.ts';
import { readInteger } from '../read-values.ts';
import { addressKey, addressOf, attendeesOf } from './attendees-binding.ts';

const ORGANIZER_EMAIL = 'Calendar:OrganizerEmail';
const ORGANIZER_NAME = 'Calendar:OrganizerName';
const MEETING_STATUS = 'Calendar:MeetingStatus';
const COUNTER_REFUSED = 'Calendar:DisallowNewTimeProposal';
const ANSWER_WANTED = 'Calendar:ResponseRequested';
const MICROSOFT_COUNTER = 'X-MICROSOFT-DISALLOW-COUNTER';

/** OrganizerName and OrganizerEmail. iOS leaves them out of its own invitations, so silence removes nothing. */
export const ORGANIZER_BINDING: Binding<Component> = {
  names: [ORGANIZER_EMAIL, ORGANIZER_NAME],
  staysWhenAbsent: true,
  read: organizerFields,
  write: (event, fields) => {
    const email = textOf(fields, ORGANIZER_EMAIL)?.trim() ?? '';
    if (!/^[^\s@:]+@[^\s@]+$/.test(email)) return event;
    const old = propertyOf(event, 'ORGANIZER');
    const isSame = old !== null && addressKey(addressOf(old) ?? '') === addressKey(email);
    const line = isSame ? old : makeLine({ name: 'ORGANIZER', value: `mailto:${email}` });
    const name = textOf(fields, ORGANIZER_NAME)?.trim() ?? '';
    const isAddress = addressKey(name) === addressKey(email);
    return setProperty(event, name === '' || isAddress ? line : withParameter(line, 'CN', [name]));
  },
};

function organizerFields(event: Component): Field[] {
  const line = propertyOf(event, 'ORGANIZER');
  const address = line === null ? null : addressOf(line);
  if (line === null || address === null) return [];
  return [field(ORGANIZER_EMAIL, address), field(ORGANIZER_NAME, shownText(parameterOf(line, 'CN')) ?? address)];
}

/**
 * The calendar with the person as the organizer of an event that became a meeting in a client's hands, where the client
 * names nobody and does not call it a meeting of others: RFC 5545 §3.8.4.3 wants an organizer beside attendees.
 */
export function withOrganizer(
  calendar: Component,
  before: Component | null,
  fields: readonly Field[],
  options: RenderOptions,
): Component {
  const [address] = options.addresses;
  const isReceived = ((readInteger(fields, MEETING_STATUS, 0, 15) ?? 0) & 2) !== 0;
  if (address === undefined || isReceived || (before !== null && hasAttendees(before))) return calendar;
  return componentsOf(calendar, 'VEVENT').reduce((result, event) => {
    if (attendeesOf(event).length === 0 || propertyOf(event, 'ORGANIZER') !== null) return result;
    const line = makeLine({ name: 'ORGANIZER', value: `mailto:${address}` });
    return replaceChild(result, event, setProperty(event, line));
  }, calendar);
}

function hasAttendees(calendar: Component): boolean {
  return componentsOf(calendar, 'VEVENT').some((event) => attendeesOf(event).length > 0);
}

/**
 * MeetingStatus (MS-ASCAL §2.2.2.28): 0 no meeting, 1 the person's own meeting, 3 one that was received, 4 added when
 * cancelled. A client changes only whether it is cancelled; the rest follows from organizer and attendees.
 */
export const MEETING_STATUS_BINDING: Binding<Component> = {
  names: [MEETING_STATUS],
  staysWhenAbsent: true,
  isSame: (given, shown) => isCancelledStatus(given) === isCancelledStatus(shown),
  read: (event, options) => [field(MEETING_STATUS, String(meetingStatusOf(event, options)))],
  write: (event, fields) => {
    if (isCancelledStatus(fields))
      return editProperties(event, { set: [makeLine({ name: 'STATUS', value: 'CANCELLED' })] });
    return editProperties(event, { remove: ['STATUS'] });
  },
};

/** Some clients write 9, 11, 13 and 15, which say the same as 1, 3, 5 and 7. @throws ClassDataError */
function isCancelledStatus(fields: readonly Field[]): boolean {
  return ((readInteger(fields, MEETING_STATUS, 0, 15) ?? 0) & 4) !== 0;
}

function meetingStatusOf(event: Component, options: RenderOptions): number {
  const isCancelled = propertyOf(event, 'STATUS')?.value.trim().toUpperCase() === 'CANCELLED';
  const isMeeting = attendeesOf(event).length > 0;
  if (!isMeeting) return isCancelled ? 5 : 0;
  return (isOrganizer(event, options) ? 1 : 3) + (isCancelled ? 4 : 0);
}

/** An event with attendees but without a known organizer is the person's own. */
function isOrganizer(event: Component, options: RenderOptions): boolean {
  const line = propertyOf(event, 'ORGANIZER');
  const address = line === null ? null : addressOf(line);
  return address === null || options.addresses.includes(addressKey(address));
}

const RESPONSES: Readonly<Record<string, string>> = { TENTATIVE: '2', ACCEPTED: '3', DECLINED: '4' };

/**
 * DisallowNewTimeProposal and ResponseRequested (14.0): how the organizer wants to be answered. On the person's own
 * meetings they are taken, on those of others, and where nobody is invited, they change nothing.
 */
export const WANTED_ANSWER_BINDING: Binding<Component> = {
  names: [COUNTER_REFUSED, ANSWER_WANTED],
  staysWhenAbsent: true,
  defaults: { [COUNTER_REFUSED]: '0', [ANSWER_WANTED]: '0' },
  read: (event, options) => {
    if (attendeesOf(event).length === 0) return [];
    return [
      field(COUNTER_REFUSED, flag(event, MICROSOFT_COUNTER)),
      field(ANSWER_WANTED, isAnswerWanted(event, options) ? '1' : '0'),
    ];
  },
  write: (event, fields, options) => {
    const isRefused = textOf(fields, COUNTER_REFUSED)?.trim() === '1';
    const isWanted = textOf(fields, ANSWER_WANTED)?.trim() === '1';
    if (attendeesOf(event).length === 0 || !isOrganizer(event, options)) return event;
    const isKnown = isRefused || propertyOf(event, MICROSOFT_COUNTER) !== null;
    const counter = makeLine({ name: MICROSOFT_COUNTER, value: isRefused ? 'TRUE' : 'FALSE' });
    const edited = isKnown ? editProperties(event, { set: [counter] }) : event;
    if (isWanted === isAnswerWanted(edited, options)) return edited;
    const lines = propertiesOf(edited, 'ATTENDEE').map((line) =>
      isInvited(line, options) ? withParameter(line, 'RSVP', isWanted ? ['TRUE'] : null) : line,
    );
    return setProperties(edited, 'ATTENDEE', lines);
  },
};

/** RSVP of the person's own line; on one's own meeting, of anybody who is invited. */
function isAnswerWanted(event: Component, options: RenderOptions): boolean {
  const people = attendeesOf(event);
  const own = people.find((line) => isPerson(line, options)) ?? people[0];
  const asked = isOrganizer(event, options) ? people.filter((line) => isInvited(line, options)) : [own];
  return asked.some((line) => line !== undefined && parameterOf(line, 'RSVP')?.toUpperCase() === 'TRUE');
}

/** Somebody else with an address; organizers stand among their own attendees where programs list them. */
function isInvited(line: ContentLine, options: RenderOptions): boolean {
  return addressOf(line) !== null && !isPerson(line, options);
}

function isPerson(line: ContentLine, options: RenderOptions): boolean {
  return options.addresses.includes(addressKey(addressOf(line) ?? ''));
}

/**
 * ResponseType and AppointmentReplyTime (14.0): what the server knows of the person's answer. Clients answer with
 * MeetingResponse, so what they send here changes nothing.
 */
export const RESPONSE_BINDING: Binding<Component> = {
  names: ['Calendar:AppointmentReplyTime', 'Calendar:ResponseType'],
  read: (event, options) => {
    if (attendeesOf(event).length === 0) return [];
    const own = attendeesOf(event).find((line) => isPerson(line, options));
    const isOwn = isOrganizer(event, options);
    const answer = own === undefined ? undefined : RESPONSES[parameterOf(own, 'PARTSTAT')?.toUpperCase() ?? ''];
    return [
      ...replyTime(event),
      field('Calendar:ResponseType', isOwn ? '1' : (answer ?? (own === undefined ? '0' : '5'))),
    ];
  },
};

function flag(event: Component, name: string): string {
  return propertyOf(event, name)?.value.trim().toUpperCase() === 'TRUE' ? '1' : '0';
}

function replyTime(event: Component): Field[] {
  const line = propertyOf(event, 'X-MICROSOFT-CDO-REPLYTIME');
  if (line === null || !/^\d{8}T\d{6}Z$/.test(line.value.trim())) return [];
  const time = parseOrNull(line.value);
  return time === null ? [] : [field('Calendar:AppointmentReplyTime', compactDate(time))];
}

function parseOrNull(text: string): number | null {
  try {
    return readDate(text, 'Calendar:AppointmentReplyTime');
  } catch (error) {
    // A time no program could read is not shown.
    if (error instanceof ClassDataError) return null;
    throw error;
  }
}

import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { setProperty } from '../../../../src/formats/content-line/edit.ts';
import { makeLine, withParameter } from '../../../../src/formats/content-line/line.ts';
import { parameterOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
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
 * ResponseType, ResponseRequested, AppointmentReplyTime, DisallowNewTimeProposal (14.0): what the server knows of the
 * person's answer. Clients answer with MeetingResponse, so what they send here changes nothing.
 */
export const RESPONSE_BINDING: Binding<Component> = {
  names: [
    'Calendar:DisallowNewTimeProposal',
    'Calendar:ResponseRequested',
    'Calendar:AppointmentReplyTime',
    'Calendar:ResponseType',
  ],
  read: (event, options) => {
    if (attendeesOf(event).length === 0) return [];
    const own = attendeesOf(event).find((line) => options.addresses.includes(addressKey(addressOf(line)!)));
    const isOwn = isOrganizer(event, options);
    const answer = own === undefined ? undefined : RESPONSES[parameterOf(own, 'PARTSTAT')?.toUpperCase() ?? ''];
    return [
      field('Calendar:DisallowNewTimeProposal', flag(event, 'X-MICROSOFT-DISALLOW-COUNTER')),
      field(
        'Calendar:ResponseRequested',
        parameterOf(own ?? attendeesOf(event)[0]!, 'RSVP')?.toUpperCase() === 'TRUE' ? '1' : '0',
      ),
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

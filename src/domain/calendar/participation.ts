import type { Component, ContentLine } from '../../formats/content-line/content-line.ts';
import { setProperties } from '../../formats/content-line/edit.ts';
import { makeLine, withParameter } from '../../formats/content-line/line.ts';
import { parameterOf, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { formatUtc } from '../../formats/icalendar/date-time.ts';
import { editProperties } from '../../formats/icalendar/edit-properties.ts';

/** What an attendee says to an invitation (RFC 5545 §3.2.12). */
export type MeetingAnswer = 'ACCEPTED' | 'TENTATIVE' | 'DECLINED';

export interface Participation {
  /** Every address of the person, lower case; the first is written where none of them was invited. */
  readonly addresses: readonly string[];
  readonly answer: MeetingAnswer;
  /** Seconds since 1970. */
  readonly at: number;
}

const BUSY_STATUS = 'X-MICROSOFT-CDO-BUSYSTATUS';
const INTENDED_STATUS = 'X-MICROSOFT-CDO-INTENDEDSTATUS';
const REPLY_TIME = 'X-MICROSOFT-CDO-REPLYTIME';
const BUSY_WORDS: readonly string[] = ['FREE', 'TENTATIVE', 'BUSY', 'OOF', 'WORKINGELSEWHERE'];

/**
 * The event with the person's answer in it: PARTSTAT of the own ATTENDEE, who is added where somebody passed the invitation on;
 * when it was given; and how busy it makes. Saying again what is there already changes nothing.
 */
export function withParticipation(event: Component, participation: Participation): Component {
  const { addresses, answer, at } = participation;
  const lines = propertiesOf(event, 'ATTENDEE');
  const own = lines.find((line) => addresses.includes(calendarAddress(line)));
  if (own !== undefined && parameterOf(own, 'PARTSTAT')?.toUpperCase() === answer) return event;
  const answered = withParameter(
    withParameter(own ?? makeLine({ name: 'ATTENDEE', value: `mailto:${addresses[0]}` }), 'PARTSTAT', [answer]),
    'RSVP',
    null,
  );
  const all = own === undefined ? [...lines, answered] : lines.map((line) => (line === own ? answered : line));
  const replied = editProperties(setProperties(event, 'ATTENDEE', all), {
    set: [makeLine({ name: REPLY_TIME, value: formatUtc(at) })],
  });
  return answer === 'DECLINED' ? replied : withBusyStatus(replied, answer);
}

/** Whether one of these addresses is the organizer's. */
export function isOrganizedBy(event: Component, addresses: readonly string[]): boolean {
  const line = propertyOf(event, 'ORGANIZER');
  return line !== null && addresses.includes(calendarAddress(line));
}

/** RFC 5545 §3.3.3: the address of an ATTENDEE or ORGANIZER in lower case, without its scheme. */
function calendarAddress(line: ContentLine): string {
  const value = line.value.trim().toLowerCase();
  const address = value.startsWith('mailto:') ? value.slice('mailto:'.length).trim() : value;
  return address.includes('@') ? address : (parameterOf(line, 'EMAIL') ?? '').toLowerCase();
}

/** An accepted meeting blocks the time as its organizer meant it, a tentative one is shown as such; one that is free stays so. */
function withBusyStatus(event: Component, answer: MeetingAnswer): Component {
  const intended = intendedStatus(event);
  const status = intended !== 'FREE' && answer === 'TENTATIVE' ? 'TENTATIVE' : intended;
  const isFree = status === 'FREE';
  const needsTransparency = isFree || propertyOf(event, 'TRANSP') !== null;
  const needsStatus =
    status !== (isFree ? 'FREE' : 'BUSY') || propertyOf(event, BUSY_STATUS) !== null || isTentative(event);
  return editProperties(event, {
    set: [
      ...(needsTransparency ? [makeLine({ name: 'TRANSP', value: isFree ? 'TRANSPARENT' : 'OPAQUE' })] : []),
      ...(needsStatus ? [makeLine({ name: BUSY_STATUS, value: status })] : []),
    ],
  });
}

function intendedStatus(event: Component): string {
  const word = propertyOf(event, INTENDED_STATUS)?.value.trim().toUpperCase() ?? '';
  if (BUSY_WORDS.includes(word)) return word;
  return propertyOf(event, 'TRANSP')?.value.trim().toUpperCase() === 'TRANSPARENT' ? 'FREE' : 'BUSY';
}

/** A meeting that its organizer has not confirmed: programs read it as tentative time unless something else says more. */
function isTentative(event: Component): boolean {
  return propertyOf(event, 'STATUS')?.value.trim().toUpperCase() === 'TENTATIVE';
}

import { type CivilDate, civilDate, dayOf } from '../../../../src/domain/calendar/civil.ts';
import { momentOfLine } from '../../../../src/domain/calendar/moment.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import { zoneToBlob } from '../../../../src/domain/calendar/zone-to-blob.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { parameterOf, propertiesOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { uidOf } from '../../../../src/formats/icalendar/split-by-uid.ts';
import { decodePart } from '../../../../src/formats/mime/decode-part.ts';
import { addressOf } from '../calendar/attendees-binding.ts';
import { busyStatusOf } from '../calendar/busy-status-binding.ts';
import { type EventView, instantsOf, viewEvent } from '../calendar/event-view.ts';
import { originalStart } from '../calendar/exception-fields.ts';
import { REMINDER_BINDING } from '../calendar/reminder-binding.ts';
import { shownPattern } from '../calendar/shown-pattern.ts';
import { blobYear } from '../calendar/time-fields.ts';
import { sensitivityBinding } from '../component/sensitivity-binding.ts';
import { stampOf } from '../component/stamp.ts';
import { propertyText, shownText } from '../component/text-binding.ts';
import { dashedDate, isWritableDate } from '../dates.ts';
import { type Field, field, optional, textOf } from '../field.ts';
import { patternFields } from '../recurrence/pattern.ts';
import type { EmailRenderOptions } from './email-options.ts';
import { uidToGlobalObjId } from './global-object-id.ts';
import type { ShownMessage } from './shown-message.ts';

/** A scheduling message (RFC 5546) in a mail. */
export interface MeetingMessage {
  readonly messageClass: string;
  /** The MeetingRequest element; none for an answer, which asks for nothing. */
  readonly fields: readonly Field[];
}

const LONGEST_PART = 1024 * 1024;
const ANSWERS: Readonly<Record<string, string>> = { ACCEPTED: 'Pos', DECLINED: 'Neg', TENTATIVE: 'Tent' };

/** Reads the text/calendar part of a message; null where it has none that can be read as a scheduling message. */
export async function readMeeting(
  { message, view: { calendar: part } }: ShownMessage,
  options: EmailRenderOptions,
): Promise<MeetingMessage | null> {
  if (part === null || part.body.end - part.body.start > LONGEST_PART) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodePart(message.open(), part)) chunks.push(chunk);
  try {
    const calendar = parseCalendar(Buffer.concat(chunks), { lenient: true });
    const written = propertyOf(calendar, 'METHOD')?.value ?? part.parameters.get('method') ?? '';
    const view = viewEvent(calendar, options.zone);
    return view === null ? null : meetingOf(view, written.trim().toUpperCase(), options);
  } catch (error) {
    // A broken invitation is still a mail that can be read.
    if (error instanceof ContentSyntaxError || error instanceof GatewayError) return null;
    throw error;
  }
}

function meetingOf(view: EventView, method: string, options: EmailRenderOptions): MeetingMessage | null {
  if (method === 'REPLY') {
    const [attendee] = propertiesOf(view.event, 'ATTENDEE');
    const answer = attendee === undefined ? '' : (parameterOf(attendee, 'PARTSTAT')?.toUpperCase() ?? '');
    const kind = ANSWERS[answer];
    return kind === undefined ? null : { messageClass: `IPM.Schedule.Meeting.Resp.${kind}`, fields: [] };
  }
  if (method !== 'REQUEST' && method !== 'CANCEL') return null;
  const fields = requestFields(view, method === 'CANCEL', options);
  if (fields === null) return null;
  const messageClass = `IPM.Schedule.Meeting.${method === 'CANCEL' ? 'Canceled' : 'Request'}`;
  return { messageClass, fields: [field('Email:MeetingRequest', fields)] };
}

function requestFields(view: EventView, isCancelled: boolean, options: EmailRenderOptions): Field[] | null {
  const { event, times, zone } = view;
  const { start, end } = instantsOf(times, zone);
  if (!isWritableDate(start) || !isWritableDate(end)) return null;
  const pattern = shownPattern(view);
  const organizer = propertyOf(event, 'ORGANIZER');
  const minutes = textOf(REMINDER_BINDING.read(event, options), 'Calendar:Reminder');
  const sensitivity = textOf(sensitivityBinding('Email').read(event, options), 'Email:Sensitivity');
  const rsvp = propertiesOf(event, 'ATTENDEE').some((line) => parameterOf(line, 'RSVP')?.toUpperCase() === 'TRUE');
  return [
    field('Email:AllDayEvent', times.isAllDay ? '1' : '0'),
    field('Email:StartTime', dashedDate(start)),
    field('Email:DtStamp', dashedDate(stampOf(event))),
    field('Email:EndTime', dashedDate(end)),
    field('Email:InstanceType', instanceType(view, pattern !== null)),
    ...optional('Email:Location', shownText(propertyText(event, 'LOCATION'))),
    ...optional('Email:Organizer', organizer === null ? null : personOf(organizer)),
    ...recurrenceId(view),
    ...optional('Email:Reminder', minutes === null ? null : String(Number(minutes) * 60)),
    field('Email:ResponseRequested', !isCancelled && rsvp ? '1' : '0'),
    ...(pattern === null
      ? []
      : [field('Email:Recurrences', [field('Email:Recurrence', patternFields(pattern, 'Email'))])]),
    field('Email:Sensitivity', sensitivity ?? '0'),
    field('Email:BusyStatus', String(busyStatusOf(event))),
    field('Email:TimeZone', zoneToBlob(zone, blobYear(view))),
    field('Email:GlobalObjId', uidToGlobalObjId(uidOf(event) ?? '', instanceDay(view))),
    field('Email:DisallowNewTimeProposal', isCounterRefused(event) ? '1' : '0'),
    // 14.1: 1 the first request, 2 a full update.
    field('Email2:MeetingMessageType', isCancelled ? '0' : isUpdate(event) ? '2' : '1'),
  ];
}

/** 0 a single meeting, 1 a series, 3 one occurrence of a series (MS-ASEMAIL §2.2.2.42). */
function instanceType(view: EventView, isSeries: boolean): string {
  if (view.series === null) return '3';
  return isSeries ? '1' : '0';
}

function recurrenceId(view: EventView): Field[] {
  const at = instanceStart(view);
  return at !== null && isWritableDate(at) ? [field('Email:RecurrenceId', dashedDate(at))] : [];
}

/** Its day where the meeting is (MS-ASEMAIL §2.2.2.39). */
function instanceDay(view: EventView): CivilDate | null {
  const at = instanceStart(view);
  return at !== null && isWritableDate(at) ? civilDate(dayOf(toLocal(view.zone, at))) : null;
}

/** When an occurrence begins in the series, seconds since 1970; null for what is no single occurrence. */
function instanceStart(view: EventView): number | null {
  const line = propertyOf(view.event, 'RECURRENCE-ID');
  if (line === null) return null;
  const recurrence = momentOfLine(line, view.calendar);
  return originalStart(view, { component: view.event, recurrenceId: recurrence, isForFuture: false, timing: null });
}

function personOf(line: NonNullable<ReturnType<typeof propertyOf>>): string | null {
  const address = addressOf(line);
  const name = shownText(parameterOf(line, 'CN'));
  if (address === null) return name;
  return name === null ? address : `"${name.replace(/["\\]/g, '')}" <${address}>`;
}

function isCounterRefused(event: Component): boolean {
  return propertyOf(event, 'X-MICROSOFT-DISALLOW-COUNTER')?.value.trim().toUpperCase() === 'TRUE';
}

function isUpdate(event: Component): boolean {
  return Number(propertyOf(event, 'SEQUENCE')?.value.trim() ?? 0) > 0;
}

import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { held } from '../mail-support.ts';
import type { EasServer } from '../support.ts';

/** A meeting to which bert invites anna. */
export const EVENT: readonly string[] = [
  'BEGIN:VEVENT',
  'UID:meet-1',
  'DTSTAMP:20260501T000000Z',
  'SEQUENCE:1',
  'DTSTART:20260504T100000Z',
  'DTEND:20260504T110000Z',
  'SUMMARY:Review',
  'ORGANIZER:mailto:bert@example.org',
  'ATTENDEE;PARTSTAT=ACCEPTED:mailto:bert@example.org',
  'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:MAILTO:Anna@example.org',
  'END:VEVENT',
];
/** The same on five days. */
export const SERIES = EVENT.toSpliced(6, 0, 'RRULE:FREQ=DAILY;COUNT=5');

export function calendar(event: readonly string[], method: string | null = null): string {
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...(method === null ? [] : [`METHOD:${method}`])];
  return [...head, ...event, 'END:VCALENDAR', ''].join('\r\n');
}

export function mail(event: readonly string[], method = 'REQUEST'): string {
  const head = ['From: bert@example.org', 'To: anna@example.org', 'Subject: Review', 'MIME-Version: 1.0'];
  const parts = [
    'Content-Type: multipart/alternative; boundary=m',
    '',
    '--m',
    '',
    'You are invited',
    '--m',
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    '',
    calendar(event, method),
    '--m--',
    '',
  ];
  return [...head, ...parts].join('\r\n');
}

export interface Asked {
  readonly id: string;
  readonly folderId: string;
  readonly answer?: 1 | 2 | 3;
  readonly instance?: string;
}

function ask({ id, folderId, answer = 1, instance }: Asked): string {
  const instanceId = instance === undefined ? '' : `<InstanceId>${instance}</InstanceId>`;
  const ids = `<CollectionId>${folderId}</CollectionId><RequestId>${id}</RequestId>`;
  return `<Request><UserResponse>${answer}</UserResponse>${ids}${instanceId}</Request>`;
}

export function request(...asked: readonly Asked[]): string {
  return `<MeetingResponse xmlns="MeetingResponse:">${asked.map(ask).join('')}</MeetingResponse>`;
}

export function answer(...results: readonly (readonly [id: string, status: number, calendarId?: string])[]): string {
  const inner = results.map(([id, status, calendarId]) => {
    const calendar = calendarId === undefined ? '' : `<CalendarId>${calendarId}</CalendarId>`;
    return `<Result><RequestId>${id}</RequestId><Status>${status}</Status>${calendar}</Result>`;
  });
  return `<MeetingResponse xmlns="MeetingResponse:">${inner.join('')}</MeetingResponse>`;
}

export function refused(status: number): string {
  return `<MeetingResponse xmlns="MeetingResponse:"><Result><Status>${status}</Status></Result></MeetingResponse>`;
}

/** Puts something where anna has it, and tells how a phone names it. */
export async function put(
  server: EasServer,
  role: FolderRole,
  name: string,
  content: string,
): Promise<Asked & { item: number }> {
  const item = await server.put(role, name, content);
  const { id } = await server.folder(role);
  return { item, id: `${id}:${item}`, folderId: String(id) };
}

export async function events(server: EasServer): Promise<string[]> {
  return held(server, 'calendar');
}

/** Everything that a refused request could have changed. */
export async function stateOf(server: EasServer) {
  const { head } = await server.environment.items.store.read(server.anna.mailboxId).mailbox();
  return head;
}

import { childText } from '../../../../../protocols/activesync/wbxml/read-element.ts';
import type { PhoneOptions } from '../../../../support/eas/phone.ts';
import { SyncPhone } from '../../../../support/eas/sync-phone.ts';
import { type EasServer, withServer } from '../../support.ts';

export { withServer };

export function syncPhone(server: EasServer, options: Partial<PhoneOptions> = {}): SyncPhone {
  return new SyncPhone(server.phone(options));
}

export function card(uid: string, name: string): string {
  const [given = '', family = ''] = name.split(' ');
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${name}`, `N:${family};${given};;;`];
  return [...lines, 'END:VCARD', ''].join('\r\n');
}

export function calendarObject(kind: string, uid: string, ...lines: readonly string[]): string {
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', `BEGIN:${kind}`, `UID:${uid}`];
  return [...head, 'DTSTAMP:20260101T000000Z', ...lines, `END:${kind}`, 'END:VCALENDAR', ''].join('\r\n');
}

export function event(uid: string, summary: string, day = '20260105'): string {
  return calendarObject('VEVENT', uid, `DTSTART:${day}T100000Z`, `DTEND:${day}T110000Z`, `SUMMARY:${summary}`);
}

export function mail(subject: string, body = 'Hello', date = 'Thu, 01 Jan 2026 00:00:00 +0000'): string {
  const head = [`From: Bert <bert@example.org>`, 'To: anna@example.org', `Subject: ${subject}`, `Date: ${date}`];
  return [...head, `Message-ID: <${subject.replaceAll(' ', '.')}@example.org>`, '', body, ''].join('\r\n');
}

/** Everything the store holds of a mailbox, to compare before and after. */
export async function stateOf(server: EasServer, principal = server.anna): Promise<unknown> {
  const reader = server.environment.sync.store.read(principal.mailboxId);
  const folders = await reader.folders();
  const lists = [];
  for (const { id, last } of folders) lists.push([id, last, await reader.list(id, { limit: 500, withContent: true })]);
  const documents = await reader.documents('');
  return { lists, documents, partnerships: await reader.partnerships(), losers: await reader.conflictLosers() };
}

/** The folders and items of what `stateOf` gave. */
export const partsOf = (state: unknown): unknown => (state as { lists: unknown }).lists;

/** Makes the device know the hierarchy as it is, so that a Sync may wait. */
export async function folderSync({ phone }: SyncPhone): Promise<void> {
  const first = await phone.command('FolderSync', folderSyncXml('0'));
  const key = childText(first, 'FolderHierarchy:SyncKey')!;
  await phone.command('FolderSync', folderSyncXml(key));
}

function folderSyncXml(key: string): string {
  return `<FolderSync xmlns="FolderHierarchy:"><SyncKey>${key}</SyncKey></FolderSync>`;
}

/** Until so many requests wait. */
export async function parked(server: EasServer, size = 1): Promise<void> {
  while (server.environment.parking.size !== size) await new Promise((resolve) => setImmediate(resolve));
}

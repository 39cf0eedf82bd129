import { isGatewayError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import { fromLatin1, latin1 } from '../formats/mime/charset.ts';
import { formatMailDate } from '../formats/mime/mail-date.ts';
import { type HeaderValue, withHeader } from '../formats/mime/with-header.ts';
import type { Device } from '../store/device-store.ts';
import { folderOf, MAIL_ORIGIN, newMessage } from './deliver.ts';
import { asciiDomain } from './mail-address.ts';
import type { MailServices } from './services.ts';

export interface QuarantineNoticeParts
  extends Pick<MailServices, 'syncState' | 'clock' | 'random' | 'log' | 'hostName'> {
  /** The address people use, without a slash at its end; null where it is not known. */
  readonly publicUrl: string | null;
}

/** The document in which it stands when the notice about a device was written. */
export function noticeDocument(deviceId: string): string {
  return `${deviceId}/quarantine-notice`;
}

/**
 * Writes into the Inbox that a device waits, and how it is let in: once per device, for as long as it is registered. A mailbox that is
 * full gets none.
 */
export async function noticeQuarantine(
  parts: QuarantineNoticeParts,
  principal: Principal,
  device: Device,
): Promise<'written' | 'written-before' | 'full'> {
  const { syncState, clock, random, log } = parts;
  const now = clock.now();
  const user = device.owner;
  try {
    return await syncState.write(principal.mailboxId, MAIL_ORIGIN, async (tx) => {
      if ((await tx.document(noticeDocument(device.id))) !== null) return 'written-before';
      const { id: folderId } = await folderOf(tx, 'inbox');
      await tx.createItem({ ...newMessage([noticeMessage(parts, principal, device)], now, random), folderId });
      await tx.putDocument(noticeDocument(device.id), now);
      return 'written';
    });
  } catch (error) {
    if (!isGatewayError(error, 'quota-exceeded') && !isGatewayError(error, 'storage-full')) throw error;
    log.warn({ user, device: device.shownId }, 'no room for the message that a device waits in quarantine');
    return 'full';
  }
}

function noticeMessage(
  { clock, random, hostName, publicUrl }: QuarantineNoticeParts,
  { localPart, domain, displayName }: Principal,
  device: Device,
): Uint8Array {
  const now = clock.now();
  const header = [
    'Return-Path: <>\r\n',
    field('From', [{ name: 'Device access', address: `postmaster@${asciiDomain(domain)}` }]),
    field('To', [{ name: displayName, address: `${localPart}@${domain}` }]),
    field('Subject', `A new device waits: ${namesOf(device)}`),
    `Date: ${formatMailDate(Math.floor(now / 1000))}\r\n`,
    `Message-ID: <${Buffer.from(random(16)).toString('hex')}@${asciiDomain(hostName)}>\r\n`,
    // RFC 3834 §5: no program answers this.
    'Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n',
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
  ].join('');
  const text = textOf(device, publicUrl, now).join('\r\n');
  return fromLatin1(header + Buffer.from(text).toString('latin1'));
}

function textOf(device: Device, publicUrl: string | null, now: number): readonly string[] {
  const { Model: model = '', OS: os = '' } = device.information;
  const facts = [
    ['Kind', device.type],
    ['Model', model],
    ['System', os],
    ['Program', device.agent],
    ['Its number', device.shownId],
    ['From', device.remoteAddress],
    ['When', `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`],
  ].filter(([, value]) => value !== '');
  const why = oneLine(device.access?.why ?? '');
  return [
    'A device wants to use your mailbox and has to wait until it is let in.',
    ...(why === '' ? [] : ['', `Why: ${why}`]),
    '',
    ...facts.map(([name, value]) => `  ${`${name}:`.padEnd(12)}${oneLine(value ?? '')}`),
    '',
    ...(device.access?.approval === 'user' ? approval(publicUrl) : ['An administrator has to let it in.']),
    '',
    'If it is not yours, somebody else knows your password: change it, and tell an administrator.',
    '',
  ];
}

function approval(publicUrl: string | null): readonly string[] {
  const where =
    publicUrl === null ? 'on the page /me of the server whose name your programs use' : `here: ${publicUrl}/me`;
  return [`If it is yours, you can let it in ${where}`, 'An administrator can, too.'];
}

function namesOf({ type, information, shownId }: Device): string {
  const { FriendlyName: friendly = '', Model: model = '' } = information;
  return oneLine([friendly || model || type, `(${shownId})`].filter((part) => part !== '').join(' ')).slice(0, 120);
}

function field(name: string, value: HeaderValue): string {
  return latin1(withHeader(new Uint8Array(0), name, value));
}

/** Words that the device chose, so that they cannot end a field or a line. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}

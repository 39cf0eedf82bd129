import { addressOf } from '../domain/address.ts';
import { isGatewayError } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import type { Device } from '../store/device-store.ts';
import { folderOf, MAIL_ORIGIN, newMessage } from './deliver.ts';
import { noticeMessage } from './notices/notice-message.ts';
import { oneLine } from './one-line.ts';
import type { MailServices } from './services.ts';

/** Of what the device says of itself, in characters. */
const MAX_WORDS = 300;
/** Of its names in the subject. */
const MAX_NAMES = 120;

export interface QuarantineNoticeParts
  extends Pick<MailServices, 'syncState' | 'clock' | 'random' | 'log' | 'hostName'> {
  /** The address people use, without a slash at its end; null where it is not known. */
  readonly publicUrl: string | null;
}

/** The document in which it stands when the notice about a device was written. */
function noticeDocument(deviceId: string): string {
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
      await tx.createItem({ ...newMessage([messageAbout(parts, principal, device, now)], now, random), folderId });
      await tx.putDocument(noticeDocument(device.id), now);
      return 'written';
    });
  } catch (error) {
    if (!isGatewayError(error, 'quota-exceeded') && !isGatewayError(error, 'storage-full')) throw error;
    log.warn({ user, device: device.shownId }, 'no room for the message that a device waits in quarantine');
    return 'full';
  }
}

function messageAbout(parts: QuarantineNoticeParts, principal: Principal, device: Device, now: number): Uint8Array {
  const { random, hostName, publicUrl } = parts;
  const to = { name: principal.displayName, address: addressOf(principal) };
  const text = { subject: `A new device waits: ${namesOf(device)}`, lines: linesOf(device, publicUrl, now) };
  return noticeMessage(text, { from: 'Device access', to, hostName, now, random });
}

function linesOf(device: Device, publicUrl: string | null, now: number): readonly string[] {
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
  const why = oneLine(device.access?.why ?? '', MAX_WORDS);
  return [
    'A device wants to use your mailbox and has to wait until it is let in.',
    ...(why === '' ? [] : ['', `Why: ${why}`]),
    '',
    ...facts.map(([name, value]) => `  ${`${name}:`.padEnd(12)}${oneLine(value ?? '', MAX_WORDS)}`),
    '',
    ...(device.access?.approval === 'user' ? approval(publicUrl) : ['An administrator has to let it in.']),
    '',
    'If it is not yours, somebody else knows your password: change it, and tell an administrator.',
  ];
}

function approval(publicUrl: string | null): readonly string[] {
  const where =
    publicUrl === null ? 'on the page /me of the server whose name your programs use' : `here: ${publicUrl}/me`;
  return [`If it is yours, you can let it in ${where}`, 'An administrator can, too.'];
}

function namesOf({ type, information, shownId }: Device): string {
  const { FriendlyName: friendly = '', Model: model = '' } = information;
  return oneLine([friendly || model || type, `(${shownId})`].filter((part) => part !== '').join(' '), MAX_NAMES);
}

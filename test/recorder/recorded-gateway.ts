import { dirname } from 'node:path';
import type { TestContext } from 'node:test';
import type { Administration } from '../../src/admin/administration.ts';
import { startWhole } from '../server/support/whole.ts';
import { Phone, type PhoneOptions } from '../support/eas/phone.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';

export const ANN = 'ann@example.org';
export const BOB = 'bob@example.org';
export const PASSWORD = 'Uncommon-Passphrase-77';

/** A whole gateway with two people, its administration over the socket, and its log. */
export async function recordedGateway(t: TestContext) {
  const whole = await startWhole(t, { hostName: 'gateway.example.org' });
  const { administration, origin } = whole;
  for (const address of [ANN, BOB]) {
    await administration.userAdd({ address, password: PASSWORD, isAdmin: false, displayName: null });
  }
  const phone = (more: Partial<PhoneOptions> = {}) => new Phone({ origin, user: ANN, password: PASSWORD, ...more });
  return { ...whole, folder: dirname(whole.data), phone, sync: () => new SyncPhone(phone()) };
}

/** Starts a recording of ann. */
export function startRecording(administration: Administration, more: { withContents?: boolean; device?: string } = {}) {
  const { withContents = false, device = null } = more;
  return administration.recordStart({ address: ANN, device, minutes: 5, withContents });
}

export function dav(origin: string, method: string, path: string, body: string | null = null, type = 'text/calendar') {
  return fetch(`${origin}${path}`, {
    method,
    body,
    headers: {
      Authorization: `Basic ${Buffer.from(`${ANN}:${PASSWORD}`).toString('base64')}`,
      ...(body === null ? {} : { 'Content-Type': type }),
      Cookie: 'jar=Secret-Cookie-Value',
      'X-Anything': 'Hiddenheadervalue',
    },
  });
}

/** The default folders by their type (MS-ASCMD §2.2.3.186.3) as FolderSync tells them. */
export async function folderIds(phone: Phone): Promise<ReadonlyMap<string, string>> {
  const answer = await phone.post(
    'FolderSync',
    '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>',
  );
  const adds = answer.xml.matchAll(/<Add><ServerId>([^<]*)<\/ServerId>.*?<Type>(\d+)<\/Type><\/Add>/gu);
  return new Map([...adds].map(([, id, type]) => [type!, id!]));
}

import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Administration } from '../../src/admin/administration.ts';
import { connectAdministration } from '../../src/admin/socket/connect-administration.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { openBackend } from '../../src/server/compose.ts';
import { startGateway } from '../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/server/system-clock.ts';
import { keepingLog, temporaryFolder } from '../server/support/start.ts';
import { Phone, type PhoneOptions } from '../support/eas/phone.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';

export const ANN = 'ann@example.org';
export const BOB = 'bob@example.org';
export const PASSWORD = 'Uncommon-Passphrase-77';

/** A whole gateway with two people, its administration over the socket, and its log. */
export async function recordedGateway(t: TestContext) {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const argv = ['--data', data, '--listen', 'http://127.0.0.1:0', '--host-name', 'gateway.example.org'];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const logged = keepingLog();
  const parts = { settings, clock: SYSTEM_CLOCK, random: SYSTEM_RANDOM, log: logged.log, openBackend };
  const gateway = await startGateway(parts);
  t.after(() => gateway.close());
  const client = await connectAdministration(data);
  if (client === null) throw new Error('the gateway does not answer on its socket');
  t.after(() => client.close());
  const { administration } = client;
  for (const address of [ANN, BOB]) {
    await administration.userAdd({ address, password: PASSWORD, isAdmin: false, displayName: null });
  }
  const origin = `http://127.0.0.1:${gateway.listeners[0]!.port}`;
  const phone = (more: Partial<PhoneOptions> = {}) => new Phone({ origin, user: ANN, password: PASSWORD, ...more });
  return { data, folder, origin, administration, logged, gateway, phone, sync: () => new SyncPhone(phone()) };
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

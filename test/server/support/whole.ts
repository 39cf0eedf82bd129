import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connectAdministration } from '../../../src/admin/socket/connect-administration.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import type { Backend, BackendParts } from '../../../src/server/backend.ts';
import { openBackend } from '../../../src/server/compose.ts';
import { startGateway } from '../../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../../src/server/system-clock.ts';
import type { Space } from '../../../src/server/watch/disk-watch.ts';
import { LmtpClient } from '../../mail/lmtp-client.ts';
import { Phone } from '../../support/eas/phone.ts';
import { keepingLog, temporaryFolder } from './start.ts';

export interface WholeOptions {
  readonly flags?: readonly string[];
  /** What the disk is made to look like. */
  readonly space?: () => Promise<Space>;
  readonly clock?: Clock;
  /** Changes what was composed. */
  readonly change?: (backend: Backend) => Backend;
  /** Data folder of an earlier server. */
  readonly data?: string;
}

/** The whole server in this process, with the administration over its socket, closed with the test. */
export async function launchWhole(t: TestContext, options: WholeOptions = {}) {
  const data = options.data ?? join(temporaryFolder(t), 'data');
  const listen = ['--listen', 'http://127.0.0.1:0', '--lmtp-listen', 'lmtp://127.0.0.1:0'];
  const argv = ['--data', data, ...listen, '--host-name', 'mail.example.org', ...(options.flags ?? [])];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const logged = keepingLog();
  const open = async (parts: BackendParts) => {
    const backend = await openBackend({ ...parts, ...(options.space && { space: options.space }) });
    return options.change?.(backend) ?? backend;
  };
  const parts = { settings, clock: options.clock ?? SYSTEM_CLOCK, random: SYSTEM_RANDOM, log: logged.log };
  const gateway = await startGateway({ ...parts, openBackend: open });
  const client = await connectAdministration(data);
  assert.ok(client);
  const close = async () => {
    await client.close();
    await gateway.close();
  };
  t.after(close);
  const { administration } = client;
  const address = 'ann@example.org';
  const password = 'a-password-of-hers';
  if (gateway.firstStart !== null) {
    await administration.userAdd({ address, password, isAdmin: false, displayName: null });
  }
  const url = gateway.listeners[0]!.url;
  const call = (method: string, path: string, init: RequestInit = {}) => {
    const authorization = `Basic ${btoa(`${address}:${password}`)}`;
    return fetch(new URL(path, url), { method, ...init, headers: { authorization, ...init.headers } });
  };
  const phone = () => new Phone({ origin: new URL(url).origin, user: address, password });
  const lmtp = async () => {
    const services = await administration.serviceList({});
    const [where = ''] = services.find(({ name }) => name === 'lmtp')!.addresses;
    const made = new LmtpClient({ port: Number(/:(\d+)$/.exec(where)?.[1]) });
    t.after(() => made.destroy());
    return made;
  };
  const folderOf = async (role: string, of = address) =>
    (await administration.folderList({ address: of })).find((folder) => folder.role === role)!;
  const inbox = async (of = address) => {
    const { items } = await administration.exportPage({
      address: of,
      folderId: (await folderOf('inbox', of)).id,
      after: null,
    });
    return items.map(({ content }) => Buffer.from(content ?? '').toString('latin1'));
  };
  return { administration, address, gateway, url, data, logged, call, phone, lmtp, folderOf, inbox, close };
}

/** An event for CalDAV, of about as many bytes. */
export function eventOf(uid: string, bytes = 0): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
  ];
  const more = ['DTSTART:20260101T100000Z', `SUMMARY:${uid}${'y'.repeat(bytes)}`, 'END:VEVENT', 'END:VCALENDAR', ''];
  return [...lines, ...more].join('\r\n');
}

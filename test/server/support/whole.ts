import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connectAdministration } from '../../../src/admin/socket/connect-administration.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { openLogs } from '../../../src/observe/open-logs.ts';
import type { Backend } from '../../../src/server/backend.ts';
import { openBackend } from '../../../src/server/compose.ts';
import { startGateway } from '../../../src/server/gateway.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../../src/server/system-clock.ts';
import type { Space } from '../../../src/server/watch/disk-watch.ts';
import { LmtpClient } from '../../mail/lmtp-client.ts';
import { Phone } from '../../support/eas/phone.ts';
import { keepingLog, temporaryFolder } from './start.ts';

export interface WholeOptions {
  readonly flags?: readonly string[];
  /** In place of mail.example.org. */
  readonly hostName?: string;
  /** What the disk is made to look like. */
  readonly space?: () => Promise<Space>;
  readonly clock?: Clock;
  /** Changes what was composed. */
  readonly change?: (backend: Backend) => Backend;
  /** Data folder of an earlier server. */
  readonly data?: string;
  /** Keeps the logs in files of the data folder, as the program does, and not in `logged`. */
  readonly hasLogFiles?: boolean;
}

/** The whole server in this process, with the administration over its socket, closed with the test. */
export async function startWhole(t: TestContext, options: WholeOptions = {}) {
  // Before the folder's own end: what logs have gathered is written then.
  let close = async () => {};
  t.after(() => close());
  const { hostName = 'mail.example.org', flags = [], clock = SYSTEM_CLOCK } = options;
  const data = options.data ?? join(temporaryFolder(t), 'data');
  const argv = ['--data', data, '--listen', 'http://127.0.0.1:0', '--host-name', hostName, ...flags];
  const { settings } = loadSettings({ argv, env: {}, cwd: '/' });
  const logged = keepingLog();
  const logs = options.hasLogFiles
    ? openLogs({
        ...{ settings: settings.log, format: 'json', folder: join(data, 'logs'), syslog: null, hostName },
        ...{ now: clock.now, after: clock.after, write: () => undefined, complain: (text) => assert.fail(text) },
      })
    : null;
  const gateway = await startGateway({
    ...{ settings, clock, random: SYSTEM_RANDOM, log: logs?.log ?? logged.log, ...(logs && { logs }) },
    openBackend: async (parts) => {
      const backend = await openBackend({ ...parts, ...(options.space && { space: options.space }) });
      return options.change?.(backend) ?? backend;
    },
  });
  const client = await connectAdministration(data);
  assert.ok(client);
  close = async () => {
    await client.close();
    await gateway.close();
    logs?.close();
  };
  const { url } = gateway.listeners[0]!;
  const { origin } = new URL(url);
  return { administration: client.administration, gateway, url, origin, data, logged, close };
}

/** The whole server with LMTP and a user, and what that user does with it. */
export async function launchWhole(t: TestContext, options: WholeOptions = {}) {
  const flags = ['--lmtp-listen', 'lmtp://127.0.0.1:0', ...(options.flags ?? [])];
  const whole = await startWhole(t, { ...options, flags });
  const { administration, gateway, origin, url } = whole;
  const address = 'ann@example.org';
  const password = 'a-password-of-hers';
  if (gateway.firstStart !== null) {
    await administration.userAdd({ address, password, isAdmin: false, displayName: null });
  }
  const call = (method: string, path: string, init: RequestInit = {}) => {
    const authorization = `Basic ${btoa(`${address}:${password}`)}`;
    return fetch(new URL(path, url), { method, ...init, headers: { authorization, ...init.headers } });
  };
  const phone = () => new Phone({ origin, user: address, password });
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
  return { ...whole, address, call, phone, lmtp, folderOf, inbox };
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

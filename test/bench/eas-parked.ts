import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { el } from '../../protocols/activesync/wbxml/element.ts';
import { finished } from '../clients/processes.ts';
import { Phone, type PhoneAnswer } from '../support/eas/phone.ts';
import { addUser } from './command-line.ts';
import { DavClient } from './dav-client.ts';
import { FolderSession, foldersOf } from './eas-phone.ts';
import { cpuMillis, quantile } from './measure.ts';
import { digits, Table } from './table.ts';

const PASSWORD = 'bench password 1';
/** Mailboxes over which the waiting phones are spread. */
const CROWD = ['crowd1', 'crowd2', 'crowd3', 'crowd4'];
const WAKE_UPS = 200;
const AT_ONCE = 32;

interface Gateway {
  readonly process: ChildProcess;
  readonly plain: string;
  readonly tls: string;
}

/**
 * What waiting phones cost. So many Pings are parked on one gateway, plain and then over TLS: the memory of each, and how
 * long one phone among them waits for its answer after a DAV PUT. The phones are in this process, the gateway in another;
 * the limit on open files (`ulimit -n`) must be above the number for each.
 */
export async function benchParked([count = 10_000]: readonly number[]): Promise<void> {
  const table = new Table();
  for (const transport of ['plain', 'tls'] as const) await benchTransport(table, count, transport);
  table.print();
}

async function benchTransport(table: Table, count: number, transport: 'plain' | 'tls'): Promise<void> {
  table.begin(transport);
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const gateway = await startGateway(data, count);
  try {
    await benchCrowd(table, count, gateway, gateway[transport]);
  } finally {
    gateway.process.kill('SIGKILL');
    await finished(gateway.process);
    rmSync(data, { recursive: true, force: true });
  }
}

async function benchCrowd(table: Table, count: number, gateway: Gateway, origin: string): Promise<void> {
  const phones = Array.from({ length: count }, (_, n) => phoneOf(origin, CROWD[n % CROWD.length]!, `crowd${n}`));
  const calendar = (await foldersOf(phones[0]!)).get('8')!;
  await inTurn(phones, async (phone) => {
    await foldersOf(phone);
    // Told once of a folder that it does not synchronise; from then on it waits.
    await phone.command('Ping', pingOf(calendar));
  });
  const before = await memoryOf(gateway);
  const cpuBefore = cpuMillis(gateway.process.pid!);
  let answered = 0;
  const waiting = new Map<Phone, Promise<unknown>>();
  // Some at a time: no crowd connects within a second, and a TLS handshake has its time limit.
  await inTurn(phones, async (phone) => {
    const { promise: sent, resolve } = Promise.withResolvers<void>();
    const onSent = (request: ClientRequest) => request.once('finish', resolve);
    waiting.set(
      phone,
      phone.post('Ping', pingOf(calendar), { onSent }).then(() => (answered += 1)),
    );
    await sent;
  });
  await quiet(gateway);
  table.cell('CPU to park one', `${((cpuMillis(gateway.process.pid!) - cpuBefore) / count).toFixed(2)} ms`);
  const after = await memoryOf(gateway);
  if (answered > 0) throw new Error(`${answered} Pings did not wait`);
  const each = (name: 'heapUsed' | 'external' | 'rss') =>
    `${((after[name] - before[name]) / count / 1024).toFixed(1)} KiB`;
  table.cell(
    `each of ${count} waiting Pings: heap / external / process`,
    `${each('heapUsed')} / ${each('external')} / ${each('rss')}`,
  );
  await benchWakeUps(table, gateway, origin, calendar);
  const dav = new DavClient(gateway.plain, CROWD[0]!, PASSWORD);
  const start = performance.now();
  await dav.put(`/calendars/example.com/${CROWD[0]}/Calendar/all.ics`, eventText('all'));
  await Promise.all(phones.filter((_, n) => n % CROWD.length === 0).map((phone) => waiting.get(phone)));
  table.cell(
    `a PUT that wakes ${Math.ceil(count / CROWD.length)} phones: the last has its answer after`,
    `${digits(performance.now() - start)} ms`,
  );
  dav.close();
  gateway.process.kill('SIGKILL');
  await Promise.allSettled(waiting.values());
}

/** One phone that synchronises its calendar, among all that wait. */
async function benchWakeUps(table: Table, gateway: Gateway, origin: string, calendar: string): Promise<void> {
  const phone = phoneOf(origin, 'bench', 'bench');
  const dav = new DavClient(gateway.plain, 'bench', PASSWORD);
  await foldersOf(phone);
  const session = new FolderSession(phone, calendar, null);
  await session.prime();
  while ((await session.sync()).more);
  const times: number[] = [];
  for (let n = 0; n < WAKE_UPS; n++) {
    const waiting: Promise<PhoneAnswer> = phone.post('Ping', pingOf(calendar));
    await pause(25);
    const start = performance.now();
    const stored = dav.put(`/calendars/example.com/bench/Calendar/${n}.ics`, eventText(`u${n}`));
    const { xml } = await waiting;
    times.push(performance.now() - start);
    if (!xml.includes('<Status>2<')) throw new Error(`not woken: ${xml}`);
    await stored;
    await session.sync();
  }
  const parts = [0.5, 0.99, 1].map((part) => digits(quantile(times, part)));
  table.cell(
    'answer to a waiting Ping after a DAV PUT began: p50 / p99 / max',
    `${parts.join(' / ')} ms (${WAKE_UPS})`,
  );
  dav.close();
}

function phoneOf(origin: string, user: string, deviceId: string): Phone {
  return new Phone({ origin, user: `${user}@example.com`, password: PASSWORD, deviceId });
}

function pingOf(folder: string) {
  return el(
    'Ping:Ping',
    el('Ping:HeartbeatInterval', 3_540),
    el('Ping:Folders', el('Ping:Folder', el('Ping:Id', folder), el('Ping:Class', 'Calendar'))),
  );
}

async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const worker = async () => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Until the gateway has had nothing to do for a while. */
async function quiet({ process: { pid } }: Gateway): Promise<void> {
  for (let before = -1; ; ) {
    const now = cpuMillis(pid!);
    if (before >= 0 && now - before < 20) return;
    before = now;
    await pause(1_000);
  }
}

async function memoryOf({ process: child }: Gateway): Promise<NodeJS.MemoryUsage> {
  child.send('memory');
  const [usage] = (await once(child, 'message')) as [NodeJS.MemoryUsage];
  return usage;
}

async function startGateway(data: string, count: number): Promise<Gateway> {
  const listen = ['--listen', 'http://127.0.0.1:0', '--listen', 'https://127.0.0.1:0'];
  const limits = ['--limits-connections', String(count + 1_000), '--log-level', 'warn'];
  const flags = ['--data', data, '--host-name', 'gateway.example', ...listen, ...limits];
  const probe = ['--expose-gc', '--import', './test/bench/heap-probe.ts'];
  const child = spawn(process.execPath, [...probe, 'src/main.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  const found = (scheme: string) => new RegExp(`${scheme}://127\\.0\\.0\\.1:\\d+`, 'u').exec(output)?.[0];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    output += chunk.toString();
    if (found('http') !== undefined && found('https') !== undefined) break;
  }
  for (const name of ['bench', ...CROWD]) addUser(data, `${name}@example.com`, PASSWORD);
  return { process: child, plain: found('http')!, tls: found('https')! };
}

function eventText(uid: string): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', 'BEGIN:VEVENT', `UID:${uid}`];
  const times = ['DTSTAMP:20260101T000000Z', 'DTSTART:20260101T100000Z', 'DTEND:20260101T110000Z', `SUMMARY:${uid}`];
  return [...lines, ...times, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
}

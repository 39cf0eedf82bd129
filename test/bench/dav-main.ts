import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { finished, type RunningServer, startServer } from '../clients/processes.ts';
import { addUser, importFile } from './command-line.ts';
import { DavClient } from './dav-client.ts';
import { calendarFile } from './events.ts';
import { benchLatency } from './latency.ts';
import { cpuMillis, peakMebibytes } from './measure.ts';
import { type Bench, COLLECTION, readOperations, SEARCHED, WEEK } from './read-operations.ts';
import { Table } from './table.ts';
import { benchWrites } from './write-operations.ts';

const USER = { address: 'bench@example.com', password: 'bench password 1' };
const GUESTS = ['guest1', 'guest2', 'guest3'];

/**
 * What the frequent requests of calendar programs cost. A gateway is started as a user starts it (SQLite,
 * synchronous=FULL, sign-in on, no TLS), filled through the command line, and asked over loopback.
 */
export async function benchDav(sizes: readonly number[]): Promise<void> {
  const table = new Table();
  for (const size of sizes) await benchSize(table, size);
  table.print();
}

async function benchSize(table: Table, size: number): Promise<void> {
  table.begin(`${size.toLocaleString('en')} events`);
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const server = await startServer(data, USER);
  const client = new DavClient(server.url, 'bench', USER.password);
  const bench: Bench = { table, client, pid: server.process.pid!, size };
  try {
    const file = join(data, 'events.ics');
    writeFileSync(file, calendarFile(size));
    await benchImport(data, file, bench);
    peak(bench, 'after the import');
    await readOperations(bench);
    peak(bench, 'after the reports');
    await benchWrites(bench);
    await benchSignIn(data, server, bench);
    await benchOthers(data, file, server, bench);
    peak(bench, 'at the end');
  } finally {
    client.close();
    server.process.kill('SIGTERM');
    await finished(server.process);
    rmSync(data, { recursive: true, force: true });
  }
}

function peak({ table, pid }: Bench, when: string): void {
  table.cell(`peak memory ${when}`, `${peakMebibytes(pid).toFixed(0)} MiB`);
}

/** The command line as a user runs it: its own start and the reading of the file are in the wall time. */
async function benchImport(data: string, file: string, { table, pid, size }: Bench): Promise<void> {
  const before = cpuMillis(pid);
  const start = performance.now();
  await importFile(data, USER.address, file);
  const wall = performance.now() - start;
  table.cell('import, events per second', `${Math.round((size / wall) * 1000)}`);
  table.measured('import', { wall, cpu: cpuMillis(pid) - before }, size);
}

async function benchOthers(
  data: string,
  file: string,
  server: RunningServer,
  { table, client, size }: Bench,
): Promise<void> {
  const other = { url: server.url, user: 'bench', password: USER.password, path: COLLECTION, asks: 'ctag' } as const;
  const times = Math.max(5, Math.min(100, Math.round(300_000 / size)));
  const repeat = (request: () => Promise<unknown>) => async () => {
    for (let run = 0; run < times; run++) await request();
  };
  const loads: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['alone', () => pause(2_000)],
    ['during calendar-query of all', repeat(() => client.query(COLLECTION, null))],
    ['during calendar-query of 7 days', repeat(() => client.query(COLLECTION, WEEK))],
    ['during calendar-query for a text', repeat(() => client.search(COLLECTION, SEARCHED))],
    ['during PROPFIND depth 1', repeat(() => client.propfind(COLLECTION, 'DAVx5'))],
    ['during GET of the calendar', repeat(() => client.export(COLLECTION))],
    ['during sync-collection, initial', repeat(() => client.sync(COLLECTION, ''))],
  ];
  for (const [title, load] of loads) await benchLatency(table, title, other, load);
  const guest = `${GUESTS[0]}@example.com`;
  await benchLatency(table, "during another user's import", other, () => importFile(data, guest, file));
}

/** The first request of people who were not here before: their password is hashed once. */
async function benchSignIn(data: string, server: RunningServer, { table, pid }: Bench): Promise<void> {
  const walls: number[] = [];
  let cpu = 0;
  for (const name of GUESTS) {
    addUser(data, `${name}@example.com`, USER.password);
    const guest = new DavClient(server.url, name, USER.password);
    const before = cpuMillis(pid);
    const start = performance.now();
    await guest.ctag(`/calendars/example.com/${name}/Calendar/`);
    walls.push(performance.now() - start);
    cpu += (cpuMillis(pid) - before) / GUESTS.length;
    guest.close();
  }
  const wall = walls.toSorted((a, b) => a - b)[1]!;
  table.measured('CTag check, first request of a user (password hashed)', { wall, cpu }, null);
}

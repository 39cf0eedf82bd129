/**
 * What the frequent requests cost, at growing sizes: `npm run bench [-- 1000 10000 100000]`. A gateway is started as a
 * user starts it (SQLite, synchronous=FULL, sign-in on, no TLS), filled through the command line, and asked over
 * loopback. Wall time is what the client waits, CPU is what the server's process spent (all threads), medians of several runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, type RunningServer, startServer } from '../clients/processes.ts';
import { DavClient } from './dav-client.ts';
import { calendarFile, eventText } from './events.ts';
import { cpuMillis, type Measured, measure } from './measure.ts';

const USER = { address: 'bench@example.com', password: 'bench password 1' };
const COLLECTION = '/calendars/example.com/bench/Calendar/';
const sizes = process.argv.slice(2).map(Number).filter(Boolean);

for (const size of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) await benchSize(size);

async function benchSize(size: number): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const server = await startServer(data, USER);
  const client = new DavClient(server.url, 'bench', USER.password);
  console.log(`\n${size} events`);
  console.log('| operation | wall ms | server CPU ms | CPU µs per event | answer KiB |\n|---|---|---|---|---|');
  importEvents(data, server, size);
  await benchReads(server, client, size);
  await benchWrites(server, client, size);
  client.close();
  server.process.kill('SIGTERM');
  await finished(server.process);
  rmSync(data, { recursive: true, force: true });
}

function importEvents(data: string, server: RunningServer, size: number): void {
  const file = join(data, 'events.ics');
  writeFileSync(file, calendarFile(size));
  const cpu = cpuMillis(server.process.pid!);
  const start = performance.now();
  const words = ['src/cli.ts', '--data', data, 'import', USER.address, file];
  const run = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`import failed: ${run.stderr}`);
  const wall = performance.now() - start;
  row(
    `import (${Math.round((size / wall) * 1000)} events/s)`,
    { wall, cpu: cpuMillis(server.process.pid!) - cpu, bytes: 0 },
    size,
  );
}

async function benchReads(server: RunningServer, client: DavClient, size: number): Promise<void> {
  const pid = server.process.pid!;
  const runs = size >= 100_000 ? 5 : 9;
  const full = async (title: string, request: () => Promise<number>, per: number | null, count = runs) =>
    row(title, await measure(pid, count, request), per);
  await full('PROPFIND depth 1, getetag', () => client.propfind(COLLECTION), size);
  await full('calendar-query, all data', () => client.query(COLLECTION, null), size);
  await full('calendar-query, 7 days', () => client.query(COLLECTION, ['20260601T000000Z', '20260608T000000Z']), null);
  await full('sync-collection, initial', () => client.sync(COLLECTION, '').then(({ bytes }) => bytes), size);
  const { token } = await client.sync(COLLECTION, '');
  const idle = () => client.sync(COLLECTION, token).then(({ bytes }) => bytes);
  await full('sync-collection, no change', idle, null, 200);
  await client.put(`${COLLECTION}changed.ics`, eventText('changed', 'one change'));
  await full('sync-collection, one change', idle, null, 200);
  const names = Array.from({ length: 100 }, (_, n) => `${COLLECTION}bench-${Math.floor((n * size) / 100)}.ics`);
  await full('multiget of 100', () => client.multiget(COLLECTION, names), null, 50);
  await full('ETag check (PROPFIND depth 0, getctag)', () => client.ctag(COLLECTION), null, 200);
}

async function benchWrites(server: RunningServer, client: DavClient, size: number): Promise<void> {
  let n = 0;
  const put = () => client.put(`${COLLECTION}put-${size}-${n}.ics`, eventText(`put-${size}-${n++}`, 'put'));
  row('PUT, one after another', await measure(server.process.pid!, 200, put), null);
  const start = performance.now();
  const cpu = cpuMillis(server.process.pid!);
  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 10 }, put));
  const each = { wall: (performance.now() - start) / 200, cpu: (cpuMillis(server.process.pid!) - cpu) / 200, bytes: 0 };
  row('PUT, ten at a time (each)', each, null);
}

function row(title: string, { wall, cpu, bytes }: Measured, per: number | null): void {
  const each = per === null ? '' : ((cpu * 1000) / per).toFixed(1);
  console.log(`| ${title} | ${wall.toFixed(2)} | ${cpu.toFixed(2)} | ${each} | ${(bytes / 1024).toFixed(1)} |`);
}

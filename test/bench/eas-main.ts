import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { el } from '../../protocols/activesync/wbxml/element.ts';
import { finished, startServer } from '../clients/processes.ts';
import { Phone } from '../support/eas/phone.ts';
import { addUser, importFile } from './command-line.ts';
import { cardFile, mailFile } from './eas-content.ts';
import { FolderSession, foldersOf } from './eas-phone.ts';
import { calendarFile } from './events.ts';
import { idleRowsOfMail } from './idle-rows.ts';
import { benchLatency, type OtherClient } from './latency.ts';
import { cpuMillis, measure, peakMebibytes, quiet } from './measure.ts';
import { Table } from './table.ts';

const USER = { address: 'bench@example.com', password: 'bench password 1' };
const MAIL_BYTES = 4096;
const IDLE_RUNS = 300;
const GUEST = 'guest1';
/** How long a load runs while somebody else's waits are measured. */
const LOAD_MS = 4_000;

const PLAIN_BODY = el(
  'AirSync:Options',
  el('AirSync:FilterType', 0),
  el('AirSyncBase:BodyPreference', el('AirSyncBase:Type', 1), el('AirSyncBase:TruncationSize', 100_000)),
);

interface Kind {
  readonly title: string;
  readonly folderType: string;
  file(size: number): { name: string; pieces: Iterable<string> };
}

const KINDS: readonly Kind[] = [
  { title: 'contacts', folderType: '9', file: (size) => ({ name: 'cards.vcf', pieces: [cardFile(size)] }) },
  { title: 'events', folderType: '8', file: (size) => ({ name: 'events.ics', pieces: [calendarFile(size)] }) },
  {
    title: 'mails with 4 KiB',
    folderType: '2',
    file: (size) => ({ name: 'mail.mbox', pieces: mailFile(size, MAIL_BYTES, new Date()) }),
  },
];

/**
 * What phones cost. A gateway is started as a user starts it and filled through the command line; a phone reads
 * everything, then asks again and again.
 */
export async function benchPhones(sizes: readonly number[]): Promise<void> {
  const table = new Table();
  for (const size of sizes) await benchSize(table, size);
  table.print();
}

async function benchSize(table: Table, size: number): Promise<void> {
  table.begin(`${size.toLocaleString('en')} items`);
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const server = await startServer(data, USER);
  try {
    const phone = new Phone({ origin: server.url, user: USER.address, password: USER.password });
    const pid = server.process.pid!;
    for (const kind of KINDS) await fill(data, kind, size);
    // Mail is indexed for searching after it came.
    await quiet(pid);
    const folders = await foldersOf(phone);
    for (const { title, folderType } of KINDS) {
      await benchFolder(table, pid, new FolderSession(phone, folders.get(folderType)!, PLAIN_BODY), title, size);
    }
    table.cell('idle Sync of mails, rows of items and log read', `${await idleRowsOfMail(size)}`);
    await benchPing(table, pid, phone, folders.get('2')!);
    await benchOthers(table, data, server.url, phone, folders);
    table.cell('peak memory', `${peakMebibytes(pid).toFixed(0)} MiB`);
  } finally {
    server.process.kill('SIGTERM');
    await finished(server.process);
    rmSync(data, { recursive: true, force: true });
  }
}

async function fill(data: string, kind: Kind, size: number): Promise<void> {
  const { name, pieces } = kind.file(size);
  const path = join(data, name);
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, piece);
  closeSync(file);
  await importFile(data, USER.address, path, name.endsWith('.mbox') ? 'Inbox' : undefined);
  rmSync(path);
}

/** The whole folder once, then nothing new again and again. */
async function benchFolder(
  table: Table,
  pid: number,
  folder: FolderSession,
  title: string,
  size: number,
): Promise<void> {
  await folder.prime();
  const before = cpuMillis(pid);
  const start = performance.now();
  let items = 0;
  for (let more = true; more; ) {
    const page = await folder.sync();
    items += page.commands;
    more = page.more;
  }
  const wall = performance.now() - start;
  if (items !== size) throw new Error(`${title}: ${items} of ${size} came`);
  table.cell(`initial Sync of ${title}, items per second`, `${Math.round((size / wall) * 1000)}`);
  table.measured(`initial Sync of ${title}`, { wall, cpu: cpuMillis(pid) - before }, size);
  await folder.sync();
  const idle = await measure(pid, IDLE_RUNS, async () => {
    const { commands } = await folder.sync();
    if (commands !== 0) throw new Error('an idle Sync brought something');
    return Buffer.alloc(0);
  });
  table.measured(`idle Sync of ${title}`, idle, null);
}

/** A Ping looks for changes and parks; the next one ends it. So each costs one check, one parking and one end. */
async function benchPing(table: Table, pid: number, phone: Phone, inbox: string): Promise<void> {
  const request = el(
    'Ping:Ping',
    el('Ping:HeartbeatInterval', 480),
    el('Ping:Folders', el('Ping:Folder', el('Ping:Id', inbox), el('Ping:Class', 'Email'))),
  );
  let parked = phone.post('Ping', request);
  const before = cpuMillis(pid);
  const start = performance.now();
  for (let run = 0; run < IDLE_RUNS; run++) {
    const next = phone.post('Ping', request);
    await parked;
    parked = next;
  }
  const wall = (performance.now() - start) / IDLE_RUNS;
  table.measured('Ping that finds nothing', { wall, cpu: (cpuMillis(pid) - before) / IDLE_RUNS }, null);
  const last = phone.post('Ping', request);
  await parked;
  last.catch(() => undefined);
}

/** How long others wait while a phone reads whole folders again and again. */
async function benchOthers(
  table: Table,
  data: string,
  url: string,
  phone: Phone,
  folders: ReadonlyMap<string, string>,
): Promise<void> {
  addUser(data, `${GUEST}@example.com`, USER.password);
  const ctag = { path: '/calendars/example.com/bench/Calendar/', user: 'bench', asks: 'ctag' } as const;
  const put = { path: `/calendars/example.com/${GUEST}/Calendar/`, user: GUEST, asks: 'put' } as const;
  for (const asked of [ctag, put]) {
    const other: OtherClient = { url, password: USER.password, ...asked };
    await benchLatency(table, 'alone', other, () => pause(LOAD_MS));
    for (const { title, folderType } of KINDS) {
      const load = () => readAgain(new FolderSession(phone, folders.get(folderType)!, PLAIN_BODY));
      await benchLatency(table, `during initial Syncs of ${title}`, other, load);
    }
  }
}

async function readAgain(folder: FolderSession): Promise<void> {
  const end = performance.now() + LOAD_MS;
  while (performance.now() < end) {
    await folder.prime();
    for (let more = true; more && performance.now() < end; ) ({ more } = await folder.sync());
  }
}

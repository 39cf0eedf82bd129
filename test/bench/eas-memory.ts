import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { el, type WbxElement } from '../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../protocols/activesync/wbxml/encode.ts';
import { finished, startServer } from '../clients/processes.ts';
import { Phone } from '../support/eas/phone.ts';
import { importFile } from './command-line.ts';
import { mailFile, messageWithAttachment } from './eas-content.ts';
import { FolderSession, foldersOf, syncRequest } from './eas-phone.ts';
import { peakDuring, residentMebibytes } from './measure.ts';
import { Table } from './table.ts';

const USER = { address: 'bench@example.com', password: 'bench password 1' };
const MIB = 1024 * 1024;
const ATTACHMENT_BYTES = 25 * MIB;
const RUNS = 3;
const SMALL_REQUESTS = 20;
const LIMITS = ['--limits-item-bytes', String(64 * MIB)];

const PLAIN = el(
  'AirSync:Options',
  el('AirSync:FilterType', 0),
  el('AirSyncBase:BodyPreference', el('AirSyncBase:Type', 1), el('AirSyncBase:TruncationSize', 500)),
);
const MIME = el(
  'AirSync:Options',
  el('AirSync:FilterType', 0),
  el('AirSync:MIMESupport', 2),
  el('AirSyncBase:BodyPreference', el('AirSyncBase:Type', 4)),
);

/**
 * How much more memory the server's process holds while a message with 25 MiB attached is fetched and sent: each row in a
 * process of its own that has answered a few small requests before.
 */
export async function benchMemory(): Promise<void> {
  const table = new Table();
  table.begin('25 MiB attached: peak above idle in MiB, run by run');
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const message = messageWithAttachment(randomBytes(ATTACHMENT_BYTES));
  try {
    await fill(data, message);
    for (const row of rowsOf(message)) await benchRow(table, data, row);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  table.print();
}

interface Row {
  readonly title: string;
  /** Bytes that must come at least. */
  readonly least: number;
  ask(url: string, phone: Phone, inbox: string, run: number): Promise<number>;
}

function rowsOf(message: Uint8Array): readonly Row[] {
  const fetch = async (url: string, phone: Phone, inbox: string, headers: Record<string, string>) => {
    const reference = el('AirSyncBase:FileReference', await largeReference(phone, inbox));
    const operation = el('ItemOperations:Fetch', el('ItemOperations:Store', 'Mailbox'), reference);
    return exchange(url, 'ItemOperations', el('ItemOperations:ItemOperations', operation), headers);
  };
  return [
    {
      title: 'attachment fetched inline',
      least: ATTACHMENT_BYTES,
      ask: (url, phone, inbox) => fetch(url, phone, inbox, {}),
    },
    {
      title: 'attachment fetched as a part',
      least: ATTACHMENT_BYTES,
      ask: (url, phone, inbox) => fetch(url, phone, inbox, { 'MS-ASAcceptMultiPart': 'T' }),
    },
    {
      title: 'whole message by Sync',
      least: message.length,
      async ask(url, phone, inbox) {
        const folder = new FolderSession(phone, inbox, MIME);
        await folder.prime();
        return exchange(url, 'Sync', syncRequest(folder.key, inbox, 1, MIME));
      },
    },
    {
      title: 'message sent',
      least: 0,
      ask(url, _phone, _inbox, run) {
        const command = el(
          'ComposeMail:SendMail',
          el('ComposeMail:ClientId', `bench-${run}`),
          el('ComposeMail:SaveInSentItems'),
          el('ComposeMail:Mime', message),
        );
        return exchange(url, 'SendMail', command);
      },
    },
  ];
}

async function benchRow(table: Table, data: string, { title, least, ask }: Row): Promise<void> {
  const server = await startServer(data, null, LIMITS);
  try {
    const pid = server.process.pid!;
    const phone = new Phone({ origin: server.url, user: USER.address, password: USER.password });
    const inbox = (await foldersOf(phone)).get('2')!;
    for (let n = 0; n < SMALL_REQUESTS; n++) await largeReference(phone, inbox);
    const idle = residentMebibytes(pid);
    const peaks: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const work = async () => {
        const bytes = await ask(server.url, phone, inbox, run);
        if (bytes < least) throw new Error(`${title}: ${bytes} bytes came`);
      };
      peaks.push((await peakDuring(pid, work)) - idle);
    }
    table.cell(title, peaks.map((mebibytes) => mebibytes.toFixed(0)).join(', '));
  } finally {
    server.process.kill('SIGTERM');
    await finished(server.process);
  }
}

async function fill(data: string, message: Uint8Array): Promise<void> {
  const server = await startServer(data, USER, LIMITS);
  try {
    await importMail(data, Buffer.from([...mailFile(20, 4096, new Date())].join('')));
    await importMail(data, Buffer.concat([Buffer.from('From bench Thu Jan  1 00:00:00 1970\r\n'), message]));
  } finally {
    server.process.kill('SIGTERM');
    await finished(server.process);
  }
}

async function importMail(data: string, mbox: Uint8Array): Promise<void> {
  const path = join(data, 'mail.mbox');
  writeFileSync(path, mbox);
  await importFile(data, USER.address, path, 'Inbox');
  rmSync(path);
}

async function largeReference(phone: Phone, inbox: string): Promise<string> {
  const folder = new FolderSession(phone, inbox, PLAIN);
  await folder.prime();
  const { xml } = await phone.post('Sync', syncRequest(folder.key, inbox, 512, PLAIN));
  const found = /<FileReference[^>]*>([^<]+)</u.exec(xml)?.[1];
  if (found === undefined) throw new Error('no attachment is shown');
  return found;
}

/** Sends a command and reads its answer as it comes, holding nothing of it; gives how many bytes came. */
function exchange(origin: string, command: string, body: WbxElement, headers: Record<string, string> = {}) {
  const bytes = encodeWbxml(body, { version: '14.1' });
  const query = new URLSearchParams({ Cmd: command, User: USER.address, DeviceId: 'PHONE1', DeviceType: 'TestPhone' });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = httpRequest(
    new URL(`/Microsoft-Server-ActiveSync?${query}`, origin),
    {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${USER.address}:${USER.password}`).toString('base64')}`,
        'MS-ASProtocolVersion': '14.1',
        'User-Agent': 'TestPhone/1.0',
        'Content-Type': 'application/vnd.ms-sync.wbxml',
        'Content-Length': bytes.length,
        ...headers,
      },
    },
    (response) => {
      let count = 0;
      response.on('data', (chunk: Buffer) => {
        count += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () => {
        // An answer to SendMail has a body only where it failed (MS-ASCMD §2.2.1.17).
        const isRight = response.statusCode === 200 && (command !== 'SendMail' || count === 0);
        if (isRight) resolve(count);
        else reject(new Error(`${command}: HTTP ${response.statusCode} with ${count} bytes`));
      });
    },
  );
  request.on('error', reject);
  request.end(bytes);
  return promise;
}

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

/** How much more memory the server's process holds while a message with 25 MiB attached is fetched and sent. */
export async function benchMemory(): Promise<void> {
  const table = new Table();
  table.begin('25 MiB attached: peak above idle in MiB, run by run');
  const data = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  const server = await startServer(data, USER, ['--limits-item-bytes', String(64 * MIB)]);
  const pid = server.process.pid!;
  let idle = 0;
  const measured = async (title: string, least: number, ask: () => Promise<number>) => {
    const grown: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const work = async () => {
        const bytes = await ask();
        if (bytes < least) throw new Error(`${title}: ${bytes} bytes came`);
      };
      grown.push((await peakDuring(pid, work)) - idle);
    }
    table.cell(title, grown.map((mebibytes) => mebibytes.toFixed(0)).join(', '));
  };
  try {
    const message = messageWithAttachment(randomBytes(ATTACHMENT_BYTES));
    await importMail(data, Buffer.from(mailFile(20, 4096, new Date())));
    const phone = new Phone({ origin: server.url, user: USER.address, password: USER.password });
    const inbox = (await foldersOf(phone)).get('2')!;
    await new FolderSession(phone, inbox, PLAIN).prime();
    await importMail(data, Buffer.concat([Buffer.from('From bench Thu Jan  1 00:00:00 1970\r\n'), message]));
    const reference = el('AirSyncBase:FileReference', await largeReference(phone, inbox));
    const fetch = el(
      'ItemOperations:ItemOperations',
      el('ItemOperations:Fetch', el('ItemOperations:Store', 'Mailbox'), reference),
    );
    idle = residentMebibytes(pid);
    const ask =
      (command: string, body: WbxElement, headers = {}) =>
      () =>
        exchange(server.url, command, body, headers);
    await measured('attachment fetched inline', ATTACHMENT_BYTES, ask('ItemOperations', fetch));
    const multipart = { 'MS-ASAcceptMultiPart': 'T' };
    await measured('attachment fetched as a part', ATTACHMENT_BYTES, ask('ItemOperations', fetch, multipart));
    await measured('whole message by Sync', message.length, async () => {
      const folder = new FolderSession(phone, inbox, MIME);
      await folder.prime();
      return exchange(server.url, 'Sync', syncRequest(folder.key, inbox, 1, MIME));
    });
    let sent = 0;
    await measured('message sent', 0, () => {
      const command = el(
        'ComposeMail:SendMail',
        el('ComposeMail:ClientId', `bench-${sent++}`),
        el('ComposeMail:SaveInSentItems'),
        el('ComposeMail:Mime', message),
      );
      return exchange(server.url, 'SendMail', command);
    });
  } finally {
    server.process.kill('SIGTERM');
    await finished(server.process);
    rmSync(data, { recursive: true, force: true });
  }
  table.print();
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

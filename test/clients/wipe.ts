/**
 * A wipe of a program that knows none: vdirsyncer, as it is installed and without any option that forces it, ends with nothing but
 * what explains it. Run by `run.ts`, which starts the gateway.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vdirsyncer } from './day/vdirsyncer.ts';
import { given, Steps } from './steps.ts';

const USER = 'user01@example.com';
const DEVICE = 'webdav:vdirsyncer';
const COLLECTIONS = ['Calendar', 'Tasks', 'Notes', 'Contacts'] as const;

const steps = new Steps();
const folder = mkdtempSync(join(tmpdir(), 'causeway-wipe-'));
const account = { user: given('DAV_USER'), password: given('DAV_PASSWORD') };
const vdirsyncer = new Vdirsyncer(folder, { url: `${given('ROOT_URL')}/`, ...account });

function causeway(...words: readonly string[]): string {
  const run = spawnSync(process.execPath, ['src/cli.ts', '--data', given('DATA'), ...words], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${words.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

function wipeState(): string {
  return JSON.parse(causeway('device', 'show', USER, DEVICE, '--json')).wipe;
}

function calendarObject(kind: string, uid: string): string {
  const start = kind === 'VEVENT' ? ['DTSTART:20300101T100000Z', 'DURATION:PT1H'] : [];
  const inner = [`BEGIN:${kind}`, `UID:${uid}`, 'DTSTAMP:20260101T000000Z', ...start, 'SUMMARY:Private', `END:${kind}`];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', ...inner, 'END:VCALENDAR', ''].join('\r\n');
}

function card(uid: string): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:Private Person', 'N:Person;Private;;;', 'END:VCARD', ''].join(
    '\r\n',
  );
}

/** Names of everything in the mailbox, as a program with another name sees it. */
async function othersView(): Promise<string> {
  const urls = ['DAV_CAL_URL', 'DAV_TODO_URL', 'DAV_BOOK_URL'].map(given);
  const authorization = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
  const headers = { Authorization: authorization, Depth: '1', 'User-Agent': 'Witness/1.0' };
  const body = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>';
  const texts = urls.map(async (url) => (await fetch(url, { method: 'PROPFIND', headers, body })).text());
  return (await Promise.all(texts)).join('\n');
}

function explainsItself(collection: string): void {
  const files = vdirsyncer.files(collection);
  assert.equal(files.length, 1, `${collection} holds ${files.length} files`);
  assert.match(files[0]!, /This device was emptied/);
}

/** What vdirsyncer says of an answer with 403. */
function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'stderr' in error && /\b403\b|Forbidden/.test(String(error.stderr));
}

let before = '';
try {
  await steps.step('vdirsyncer synchronises calendars, tasks, notes and contacts', async () => {
    for (let n = 0; n < 20; n += 1) {
      vdirsyncer.write('Calendar', `e${n}.ics`, calendarObject('VEVENT', `e${n}`));
      vdirsyncer.write('Tasks', `t${n}.ics`, calendarObject('VTODO', `t${n}`));
      vdirsyncer.write('Notes', `n${n}.ics`, calendarObject('VJOURNAL', `n${n}`));
      vdirsyncer.write('Contacts', `c${n}.vcf`, card(`c${n}`));
    }
    await vdirsyncer.discover();
    await vdirsyncer.sync();
    before = await othersView();
    assert.equal(before.match(/\.(?:ics|vcf)</g)?.length, 60);
  });
  await steps.step('the forecast says that the password must change, and the wipe begins', async () => {
    assert.match(causeway('device', 'wipe-forecast', USER, DEVICE), /drain[\s\S]*change the password/);
    assert.match(causeway('device', 'wipe', USER, DEVICE, '--why', 'sold'), /pending \(drain\)/);
  });
  await steps.step('the contacts end with only the card that explains it', async () => {
    await vdirsyncer.sync('books');
    explainsItself('Contacts');
    assert.equal(wipeState(), 'sent');
  });
  await steps.step('what is written on the client is refused', async () => {
    vdirsyncer.write('Contacts', 'new.vcf', card('new'));
    await assert.rejects(vdirsyncer.sync('books'), isForbidden);
    vdirsyncer.remove('Contacts', 'new.vcf');
    assert.equal(await othersView(), before);
  });
  await steps.step('calendars, tasks and notes end with only what explains it', async () => {
    await vdirsyncer.sync('calendars');
    for (const collection of COLLECTIONS) explainsItself(collection);
  });
  await steps.step('the client has seen it all: it is wiped, and refused from then on', async () => {
    assert.equal(wipeState(), 'acknowledged');
    await assert.rejects(vdirsyncer.sync(), isForbidden);
    for (const collection of COLLECTIONS) explainsItself(collection);
  });
  await steps.step('the mailbox is as it was, for everybody else', async () => {
    assert.equal(await othersView(), before);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
steps.finish();

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ItemFlags } from '../../src/domain/item.ts';
import { ANN, event, inFolder } from './bench.ts';
import { cliBench } from './cli-bench.ts';

type Bench = ReturnType<typeof cliBench>;

/** Runs with a mailbox for Ann and an empty folder for files. */
async function withMailbox(work: (bench: Bench, folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const bench = cliBench();
    await bench.administration.userAdd(ANN);
    await work(bench, folder);
  });
}

/** Folder name → DAV name → content, of folders that hold anything. */
async function holdings({ administration }: Bench, address: string = ANN.address) {
  const found: Record<string, Record<string, string>> = {};
  for (const folder of await administration.folderList({ address })) {
    const items: Record<string, string> = {};
    let after: number | null = null;
    do {
      const page = await administration.exportPage({ address, folderId: folder.id, after });
      for (const { name, content } of page.items) items[name] = Buffer.from(content!).toString('latin1');
      after = page.next;
    } while (after !== null);
    if (Object.keys(items).length > 0) found[folder.name] = items;
  }
  return found;
}

async function names(bench: Bench): Promise<Record<string, string[]>> {
  const entries = Object.entries(await holdings(bench)).map(([folder, items]) => [
    folder,
    Object.keys(items).toSorted(),
  ]);
  return Object.fromEntries(entries);
}

const MIXED = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Test//EN',
  'METHOD:PUBLISH',
  ...['BEGIN:VEVENT', 'UID:e1', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260105T120000Z', 'END:VEVENT'],
  ...['BEGIN:VTODO', 'UID:t1', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Do', 'END:VTODO'],
  ...['BEGIN:VJOURNAL', 'UID:j1', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Note', 'END:VJOURNAL'],
  ...['BEGIN:VEVENT', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260106T120000Z', 'SUMMARY:No UID', 'END:VEVENT'],
  'END:VCALENDAR',
  '',
].join('\r\n');

const card = (uid: string, name: string) =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nFN:${name}\r\nN:${name};;;;\r\nEND:VCARD\r\n`;

const message = (id: string, text = 'Hello') =>
  `From: a@example.org\r\nTo: b@example.org\r\nDate: Mon, 05 Jan 2026 10:00:00 +0000\r\nMessage-ID: <${id}>\r\nSubject: ${id}\r\n\r\n${text}\r\n`;

test('each kind of object goes to its own default folder; one without UID gets one', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'mixed.ics'), MIXED);
    const { code, out, err } = await bench.causeway(['import', ANN.address, join(folder, 'mixed.ics')]);
    assert.deepEqual([code, err], [0, '']);
    assert.equal(out, 'imported 4: 4 new, 0 replaced, 0 unchanged; 0 refused\n');
    const held = await holdings(bench);
    assert.deepEqual(Object.keys(held), ['Calendar', 'Tasks', 'Notes']);
    const calendar = Object.keys(held.Calendar!).toSorted();
    assert.equal(calendar[0], 'e1.ics');
    assert.match(calendar[1]!, /^sha256-[0-9a-f]{40}\.ics$/);
    assert.doesNotMatch(held.Calendar!['e1.ics']!, /METHOD|t1/);
  }));

test('importing again doubles nothing, not even what had no UID, and replaces what differs', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'mixed.ics'), MIXED);
    await writeFile(join(folder, 'cards.vcf'), `${card('c1', 'Ann')}\r\n${card('c2', 'Bob')}`);
    await writeFile(
      join(folder, 'nouid.vcf'),
      'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:No UID\r\nN:UID;No;;;\r\nEND:VCARD\r\n',
    );
    await writeFile(join(folder, 'm.eml'), message('m1@x'));
    const line = ['import', ANN.address, folder];
    assert.equal((await bench.causeway(line)).out, 'imported 8: 8 new, 0 replaced, 0 unchanged; 0 refused\n');
    const before = await holdings(bench);
    assert.equal((await bench.causeway(line)).out, 'imported 8: 0 new, 0 replaced, 8 unchanged; 0 refused\n');
    assert.deepEqual(await holdings(bench), before);
    await writeFile(join(folder, 'cards.vcf'), `${card('c1', 'Anna')}${card('c2', 'Bob')}`);
    assert.equal((await bench.causeway(line)).out, 'imported 8: 0 new, 1 replaced, 7 unchanged; 0 refused\n');
    assert.match((await holdings(bench)).Contacts!['c1.vcf']!, /FN:Anna/);
  }));

test('what is refused is named with file, line and reason, and the rest is imported', () =>
  withMailbox(async (bench, folder) => {
    const broken = MIXED.replace('UID:t1', 'this is no property');
    await writeFile(join(folder, 'a.ics'), broken);
    await writeFile(join(folder, 'b.txt'), 'just some text');
    await writeFile(join(folder, 'c.ics'), 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n');
    const { code, out, err } = await bench.causeway(['import', ANN.address, folder]);
    assert.equal(code, 1);
    assert.match(err, /^left out: .*a\.ics:11: .+$/m);
    assert.match(err, /^refused: .*b\.txt: it is neither a calendar, contacts nor mail$/m);
    assert.match(err, /^refused: .*c\.ics: it holds no event, task or journal entry$/m);
    assert.match(out, /^imported 4: 4 new, 0 replaced, 0 unchanged; 2 refused, 1 unreadable lines left out$/m);
  }));

test('of a file full of rubbish ten lines are named and the rest is counted', () =>
  withMailbox(async (bench, folder) => {
    const rubbish = Array.from({ length: 30 }, (_, n) => `rubbish ${n}\r\n`).join('');
    await writeFile(join(folder, 'a.ics'), event('1').replace('SUMMARY', `${rubbish}SUMMARY`));
    const { code, out, err } = await bench.causeway(['import', ANN.address, join(folder, 'a.ics')]);
    assert.equal(code, 1);
    assert.equal(err.match(/^left out: /gm)!.length, 11);
    assert.match(err, /^left out: .*a\.ics: 20 more lines that cannot be read$/m);
    assert.equal(out, 'imported 1: 1 new, 0 replaced, 0 unchanged; 0 refused, 30 unreadable lines left out\n');
  }));

test('what the core refuses is named with the line of the object in the file', () =>
  withMailbox(async (bench, folder) => {
    const busy = ['BEGIN:VFREEBUSY', 'UID:f1', 'DTSTAMP:20260101T000000Z', 'END:VFREEBUSY', 'END:VCALENDAR', ''];
    await writeFile(join(folder, 'x.ics'), MIXED.replace('END:VCALENDAR\r\n', busy.join('\r\n')));
    const { code, out, err } = await bench.causeway(['import', ANN.address, join(folder, 'x.ics')]);
    assert.equal(code, 1);
    assert.match(err, /^refused: .*x\.ics:25: .+\n$/);
    assert.match(out, /imported 4: .*; 1 refused/);
  }));

test('--folder puts everything there, made when missing with what the file needs', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'mixed.ics'), MIXED);
    const line = ['import', ANN.address, '--folder', 'Work', join(folder, 'mixed.ics')];
    assert.match((await bench.causeway(line)).out, /^created folder Work\nimported 4: 4 new/);
    assert.deepEqual((await names(bench)).Work!.length, 4);
    const made = (await bench.administration.folderList({ address: ANN.address })).find(({ name }) => name === 'Work')!;
    assert.deepEqual([made.itemClass, made.components], ['calendar', ['VEVENT', 'VTODO', 'VJOURNAL']]);
    assert.match((await bench.causeway(line)).out, /^imported 4: 0 new, 0 replaced, 4 unchanged/);
  }));

test('--folder makes a task list for tasks alone, and finds a folder by its shown name in any case', () =>
  withMailbox(async (bench, folder) => {
    const todo = MIXED.replaceAll(/BEGIN:VEVENT[\s\S]*?END:VEVENT\r\n|BEGIN:VJOURNAL[\s\S]*?END:VJOURNAL\r\n/g, '');
    await writeFile(join(folder, 'todo.ics'), todo);
    const place = { role: null, parentId: null, name: 'x-1', displayName: 'Errands' } as const;
    const wish = { ...place, itemClass: 'tasks', components: ['VTODO'], properties: {} } as const;
    await bench.administration.importFolder({ address: ANN.address, folder: wish });
    const found = await bench.causeway(['import', ANN.address, '--folder', 'errands', join(folder, 'todo.ics')]);
    assert.equal(found.out, 'imported 1: 1 new, 0 replaced, 0 unchanged; 0 refused\n');
    await bench.causeway(['import', ANN.address, '--folder', 'List', join(folder, 'todo.ics')]);
    const made = (await bench.administration.folderList({ address: ANN.address })).find(({ name }) => name === 'List')!;
    assert.deepEqual([made.itemClass, made.components], ['tasks', ['VTODO']]);
  }));

test('an mbox is taken apart into the Inbox with the marks of its messages', () =>
  withMailbox(async (bench, folder) => {
    const separator = 'From a@example.org Mon Jan  5 10:00:00 2026\n';
    const read = message('m1@x').replace('Subject', 'Status: RO\r\nSubject');
    await writeFile(join(folder, 'box'), `${separator}${read}\n${separator}${message('m2@x', '>From here')}\n`);
    const { code, out } = await bench.causeway(['import', ANN.address, join(folder, 'box')]);
    assert.equal(code, 0);
    assert.match(out, /^imported 2: 2 new/);
    const inbox = (await bench.administration.folderList({ address: ANN.address }))[0]!;
    const page = await bench.administration.exportPage({ address: ANN.address, folderId: inbox.id, after: null });
    assert.deepEqual(
      page.items.map(({ flags }) => flags.read),
      [true, false],
    );
    assert.match(Buffer.from(page.items[1]!.content!).toString(), /\r\n\r\nFrom here\r\n/);
  }));

test('a Maildir keeps its folders and marks; names of other programs find the default folders', () =>
  withMailbox(async (bench, folder) => {
    for (const name of ['', '.Sent', '.Archive.2025', '.Entw&APw-rfe']) {
      for (const part of ['cur', 'new', 'tmp']) await mkdir(join(folder, name, part), { recursive: true });
    }
    await writeFile(join(folder, 'cur', '1.host:2,FS'), message('m1@x'));
    await writeFile(join(folder, 'new', '2.host'), message('m2@x'));
    await writeFile(join(folder, 'dovecot-uidlist'), '3 V1\n');
    await writeFile(join(folder, '.Sent', 'cur', '3.host:2,S'), message('m3@x'));
    await writeFile(join(folder, '.Archive.2025', 'cur', '4.host:2,S'), message('m4@x'));
    await writeFile(join(folder, '.Entw&APw-rfe', 'cur', '5.host:2,'), message('m5@x'));
    const { code, out, err } = await bench.causeway(['import', ANN.address, folder]);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /imported 5: 5 new/);
    const held = await names(bench);
    const counts = Object.entries(held).map(([name, items]) => [name, items.length]);
    assert.deepEqual(Object.fromEntries(counts), { Inbox: 2, 'Sent Items': 1, '2025': 1, 'Entw\u00fcrfe': 1 });
    const folders = await bench.administration.folderList({ address: ANN.address });
    const archive = folders.find(({ name }) => name === 'Archive')!;
    assert.equal(folders.find(({ name }) => name === '2025')!.parentId, archive.id);
    const inbox = folders.find(({ role }) => role === 'inbox')!;
    const page = await bench.administration.exportPage({ address: ANN.address, folderId: inbox.id, after: null });
    assert.deepEqual(
      page.items.map(({ flags }) => flags),
      [
        { read: true, flagged: true },
        { read: false, flagged: false },
      ],
    );
  }));

test('a name that cannot be one does not keep an item out', () =>
  withMailbox(async (bench) => {
    const { administration } = bench;
    const folders = await administration.folderList({ address: ANN.address });
    const folderId = folders.find(({ role }) => role === 'calendar')!.id;
    const entries = ['a/../b.ics', '', 'good.ics'].map((name, n) => ({
      ...{ name, content: Buffer.from(event(`uid-${n}`)), contentType: 'text/calendar' },
    }));
    const outcomes = await administration.importBatch({ address: ANN.address, folderId, entries });
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['created', 'created', 'created'],
    );
    assert.deepEqual(await names(bench), { Calendar: ['good.ics', 'uid-0.ics', 'uid-1.ics'] });
  }));

test('a vCard 2.1 becomes a 3.0 that clients can read', () =>
  withMailbox(async (bench, folder) => {
    const old =
      'BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\r\nEND:VCARD\r\n';
    await writeFile(join(folder, 'old.vcf'), old);
    assert.equal((await bench.causeway(['import', ANN.address, join(folder, 'old.vcf')])).code, 0);
    const [content] = Object.values((await holdings(bench)).Contacts!);
    const text = Buffer.from(content!, 'latin1').toString('utf8');
    assert.match(text, /VERSION:3\.0\r\n/);
    assert.match(text, /N:M\u00fcller;J\u00f6rg/);
    assert.match(text, /UID:sha256-/);
  }));

test('a card without VERSION becomes a 3.0', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'x.vcf'), card('c1', 'Ann').replace('VERSION:3.0\r\n', ''));
    const { code, err } = await bench.causeway(['import', ANN.address, join(folder, 'x.vcf')]);
    assert.deepEqual([code, err], [0, '']);
    assert.match((await holdings(bench)).Contacts!['c1.vcf']!, /^BEGIN:VCARD\r\nVERSION:3\.0\r\n/);
  }));

test('many items go in batches and all arrive', () =>
  withMailbox(async (bench, folder) => {
    const events = Array.from({ length: 501 }, (_, n) => event(`uid-${n}`));
    await writeFile(join(folder, 'many.ics'), events.join(''));
    const sizes: number[] = [];
    const { administration } = bench;
    const importBatch = administration.importBatch;
    bench.administration.importBatch = (input) => {
      sizes.push(input.entries.length);
      return importBatch(input);
    };
    const { out } = await bench.causeway(['import', ANN.address, folder]);
    assert.match(out, /imported 501: 501 new/);
    assert.deepEqual(sizes, [200, 200, 101]);
  }));

test('a file that is gone when its turn comes is refused by name', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'a.ics'), event('1'));
    await writeFile(join(folder, 'b.ics'), event('2'));
    const { administration } = bench;
    const importFolder = administration.importFolder;
    bench.administration.importFolder = async (input) => {
      await rm(join(folder, 'b.ics'), { force: true });
      return importFolder(input);
    };
    const { code, out, err } = await bench.causeway(['import', ANN.address, folder]);
    assert.equal(code, 1);
    assert.match(err, /^refused: .*b\.ics: it cannot be read: ENOENT/);
    assert.match(out, /^imported 1: 1 new/);
  }));

test('a device is no file', () =>
  withMailbox(async (bench) => {
    const { code, err } = await bench.causeway(['import', ANN.address, '/dev/null']);
    assert.equal(code, 1);
    assert.match(err, /^refused: \/dev\/null: it is neither a file nor a folder/);
  }));

test('a path that does not exist is told before anything is imported', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'a.ics'), event('1'));
    const { code, err } = await bench.causeway(['import', ANN.address, join(folder, 'a.ics'), join(folder, 'missing')]);
    assert.equal(code, 2);
    assert.match(err, /There is no file or folder .*missing/);
    assert.deepEqual(await holdings(bench), {});
  }));

test('an export imported into another mailbox gives the same folders, names and bytes', () =>
  withMailbox(async (bench, folder) => {
    const { administration } = bench;
    const address = ANN.address;
    await writeFile(join(folder, 'mixed.ics'), MIXED);
    await writeFile(join(folder, 'cards.vcf'), card('c1', 'Ann') + card('weird / uid: \u00fc?', 'Bob'));
    await writeFile(
      join(folder, 'box'),
      `From a@b Mon Jan  5 10:00:00 2026\n${message('m1@x').replace('Subject', 'Status: RO\r\nSubject')}`,
    );
    await bench.causeway(['import', address, folder]);
    const wish = { role: null, parentId: null, displayName: 'My: Work?', components: ['VEVENT'] } as const;
    const properties = { '{http://apple.com/ns/ical/}calendar-color': '#FF0000FF' };
    const work = await administration.importFolder({
      address,
      folder: { ...wish, itemClass: 'calendar', name: 'work', properties },
    });
    const archive = { ...wish, itemClass: 'mail', displayName: null, components: [], properties: {} } as const;
    const top = await administration.importFolder({ address, folder: { ...archive, name: 'Archive' } });
    const below = await administration.importFolder({
      address,
      folder: { ...archive, parentId: top.folder.id, name: '2025' },
    });
    const plain = { contentType: 'text/calendar' };
    const outcomes = await administration.importBatch({
      address,
      folderId: work.folder.id,
      entries: ['CON.ics', 'a.ics', 'A.ics', '.hidden%41.ics', `${'x'.repeat(250)}.ics`].map((name, n) => ({
        ...{
          ...plain,
          name,
          content: Buffer.from(event(`uid-${n}`).replace('END:VEVENT', 'X-ODD: \u00fc\r\nEND:VEVENT')),
        },
      })),
    });
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['created']));
    const details = { StartDate: '2026-01-02' };
    const flags: ItemFlags = {
      ...{ read: true, flagged: true, categories: ['Red'], lastVerb: { verb: 'reply', at: 1_767_312_000 } },
      followUp: { isDone: true, label: 'Follow up', completedAt: 1_767_398_400, details },
    };
    const content = Buffer.from(message('m9@x'));
    const mail = [{ content, contentType: 'message/rfc822', flags }];
    await administration.importBatch({ address, folderId: below.folder.id, entries: mail });

    const exported = join(folder, 'export');
    const { code, out } = await bench.causeway(['export', address, '--to', exported]);
    assert.equal(code, 0);
    assert.match(out, /^exported 13 items of 13 folders to /);
    const other = 'bob@example.org';
    await administration.userAdd({ ...ANN, address: other });
    const imported = await bench.causeway(['import', other, exported]);
    assert.deepEqual([imported.code, imported.err], [0, '']);
    assert.deepEqual(await holdings(bench, other), await holdings(bench));

    const described = async (whose: string) => {
      const folders = await administration.folderList({ address: whose });
      const plain = folders.map(({ id: _id, parentId, ...rest }) => ({
        ...rest,
        parent: folders.find(({ id }) => id === parentId)?.name ?? null,
      }));
      return plain.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    };
    assert.deepEqual(await described(other), await described(address));
    const its2025 = (await administration.folderList({ address: other })).find(({ name }) => name === '2025')!;
    const page = await administration.exportPage({ address: other, folderId: its2025.id, after: null });
    assert.deepEqual(page.items[0]!.flags, flags);
    const second = await bench.causeway(['import', other, exported]);
    assert.match(second.out, /imported 13: 0 new, 0 replaced, 13 unchanged; 0 refused/);
  }));

test('export writes bytes as stored, large ones in pieces, and names that any file system takes', () =>
  withMailbox(async (bench, folder) => {
    const { administration } = bench;
    const big = message('big@x', 'x'.repeat(3 * 1024 * 1024));
    await writeFile(join(folder, 'big.eml'), big);
    await bench.causeway(['import', ANN.address, join(folder, 'big.eml')]);
    const exported = join(folder, 'export');
    await bench.causeway(['export', ANN.address, '--to', exported]);
    const files = (await readdir(join(exported, 'Inbox'))).filter((name) => !name.startsWith('.'));
    assert.equal(files.length, 1);
    assert.equal(await readFile(join(exported, 'Inbox', files[0]!), 'latin1'), big);
    assert.equal((await administration.folderList({ address: ANN.address })).length, (await readdir(exported)).length);
  }));

test('export refuses a folder that is not empty', () =>
  withMailbox(async (bench, folder) => {
    await writeFile(join(folder, 'precious'), '');
    const { code, err } = await bench.causeway(['export', ANN.address, '--to', folder]);
    assert.equal(code, 2);
    assert.match(err, /is not empty; name an empty folder/);
  }));

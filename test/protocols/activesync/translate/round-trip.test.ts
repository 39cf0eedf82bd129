import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassVersion } from '../../../../protocols/activesync/classes/version.ts';
import { type CollectionOptions, DEFAULT_OPTIONS } from '../../../../protocols/activesync/translate/options.ts';
import { translatorFor } from '../../../../protocols/activesync/translate/translators.ts';
import { collectionsOf } from '../../../../protocols/activesync/translate/view.ts';
import { ianaZone } from '../../../../src/domain/calendar/iana-zone.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import type { Item, ItemFlags } from '../../../../src/domain/item.ts';
import { serializeCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { cardVersion, parseCards, serializeCard } from '../../../../src/formats/vcard/card.ts';
import { cardUid } from '../../../../src/formats/vcard/card-views.ts';
import { toVersion } from '../../../../src/formats/vcard/to-version.ts';
import { withUid } from '../../../../src/formats/vcard/validate-card.ts';
import { describeContent } from '../../../../src/items/describe-content.ts';
import { generateObject } from '../../../formats/icalendar/generate.ts';
import { makeCard } from '../../../formats/vcard/generate.ts';
import { seededRandom } from '../../../support/random.ts';
import { sharedFiles, skipWithout } from '../../../support/shared-data.ts';
import { randomEvents } from '../classes/calendar/random-events.ts';
import { calendarOf, sharedObjects, VERSIONS } from '../classes/samples.ts';
import { openMailbox, overTheWire, type TestMailbox } from './phone.ts';

interface Sample {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly flags?: ItemFlags;
}

const PREFERENCES: readonly CollectionOptions['bodyPreferences'][] = [
  [],
  [{ type: 2, truncationSize: 200, allOrNone: false, preview: 20 }],
];

/** How many of the samples could be stored, and how often one was shown and written back. */
interface Tally {
  stored: number;
  shown: number;
}

/** Each sample is stored, read as a phone of each version reads it, and sent back as it came: not a byte and no revision changes. */
async function comeBack(mailbox: TestMailbox, folders: readonly Folder[], samples: readonly Sample[]): Promise<Tally> {
  const tally = { stored: 0, shown: 0 };
  for (const [number, sample] of samples.entries()) {
    const found = await store(mailbox, folders, sample, number);
    if (found === null) continue;
    tally.stored += 1;
    for (const version of VERSIONS) {
      for (const bodyPreferences of PREFERENCES) {
        const options = { ...DEFAULT_OPTIONS, bodyPreferences };
        if (await isUnchangedBy(mailbox, found, sample, version, options)) tally.shown += 1;
      }
    }
  }
  return tally;
}

async function store(
  { write }: TestMailbox,
  folders: readonly Folder[],
  { bytes, flags = {} }: Sample,
  number: number,
) {
  for (const folder of folders) {
    try {
      const judged = { content: bytes, ...describeContent(folder, bytes, '') };
      const item = await write((tx) => tx.createItem({ ...judged, flags, folderId: folder.id, name: `${number}` }));
      return { folder, item };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
    }
  }
  return null;
}

async function isUnchangedBy(
  mailbox: TestMailbox,
  { folder, item }: { readonly folder: Folder; readonly item: Item },
  { title, bytes }: Sample,
  version: ClassVersion,
  options: CollectionOptions,
): Promise<boolean> {
  const { services, principal, read, write, textOf } = mailbox;
  const collection = collectionsOf(folder, version).find(({ kind }) => kind === item.kind);
  if (collection === undefined) return false;
  const view = { principal, version, options, zone: ianaZone('Europe/Berlin')!, addresses: ['ana@example.com'] };
  const translator = translatorFor(services, collection, view);
  const rendered = await translator.render(read, item, null);
  if (rendered === null) return false;
  // Conversations and senders are refused from clients, and so not sent back.
  const own = rendered.fields.filter(({ name }) => !name.startsWith('Email2:'));
  const fields = await overTheWire(own, version);
  await write((tx) => translator.change(tx, item, { fields, deletesAsMoves: true }));
  assert.equal(await textOf(item), Buffer.from(bytes).toString('utf8'), `${title} in ${version}`);
  assert.deepEqual(await read.item(item.id), item, `${title} in ${version} was written`);
  return true;
}

const objectSamples = (): Sample[] =>
  ['VEVENT', 'VTODO', 'VJOURNAL'].flatMap((kind) =>
    sharedObjects(kind).map(({ name, calendar }) => ({ title: name, bytes: serializeCalendar(calendar) })),
  );

test('shared events, tasks and notes come back through translator and WBXML unchanged', {
  skip: skipWithout('ics'),
}, async (t) => {
  const mailbox = await openMailbox();
  const samples = objectSamples();
  const tally = await comeBack(mailbox, [await mailbox.folder('calendar'), await mailbox.folder('notes')], samples);
  t.diagnostic(`${tally.stored} of ${samples.length} objects stored, ${tally.shown} times shown`);
  assert.ok(tally.stored > 60 && tally.shown > tally.stored * 5);
});

test('shared contacts come back unchanged', { skip: skipWithout('vcf') }, async (t) => {
  const mailbox = await openMailbox();
  const samples = sharedFiles('vcf').flatMap(({ name, bytes }) =>
    parseCards(bytes, { lenient: true }).map((card, number) => {
      const current = cardVersion(card) === '2.1' ? toVersion(card, '3.0') : card;
      const named = cardUid(current) === null ? withUid(current, 'made-for-the-test') : current;
      return { title: `${name} #${number}`, bytes: serializeCard(named) };
    }),
  );
  const tally = await comeBack(mailbox, [await mailbox.folder('contacts')], samples);
  t.diagnostic(`${tally.stored} of ${samples.length} cards stored, ${tally.shown} times shown`);
  assert.ok(tally.stored > 10 && tally.shown > tally.stored * 5);
});

test('shared messages and what is noted of them come back unchanged', { skip: skipWithout('eml') }, async () => {
  const mailbox = await openMailbox();
  const followUp = { isDone: true, label: 'x', completedAt: 1_700_000_000, details: { 'Tasks:Subject': 'y' } };
  const noted: ItemFlags[] = [{}, { read: true, flagged: true, categories: ['A', 'B'] }, { followUp }];
  const samples = sharedFiles('eml').map(({ name, bytes }, at) => ({ title: name, bytes, flags: noted[at % 3]! }));
  const tally = await comeBack(mailbox, [await mailbox.folder('inbox')], samples);
  assert.deepEqual(tally, { stored: samples.length, shown: samples.length * 6 });
});

test('generated objects of every kind come back unchanged', async (t) => {
  const mailbox = await openMailbox();
  const random = seededRandom(11);
  const samples = [
    ...Array.from({ length: 100 }, (_, at) => ({ title: `object ${at}`, bytes: generateObject(random).bytes })),
    ...randomEvents(31, 60).map((lines) => ({
      title: lines.join('\n'),
      bytes: serializeCalendar(calendarOf(...lines)),
    })),
  ];
  const tally = await comeBack(mailbox, [await mailbox.folder('calendar'), await mailbox.folder('notes')], samples);
  t.diagnostic(`${tally.stored} of ${samples.length} objects stored, ${tally.shown} times shown`);
  assert.ok(tally.stored > 100 && tally.shown > tally.stored * 4);
});

test('generated contacts come back unchanged', async (t) => {
  const mailbox = await openMailbox();
  const random = seededRandom(12);
  const samples = Array.from({ length: 100 }, (_, at) => ({ title: `card ${at}`, bytes: makeCard(random, true) }));
  const tally = await comeBack(mailbox, [await mailbox.folder('contacts')], samples);
  t.diagnostic(`${tally.stored} of ${samples.length} cards stored, ${tally.shown} times shown`);
  assert.ok(tally.stored > 30 && tally.shown > tally.stored * 4);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CollectionOptions,
  DEFAULT_OPTIONS,
  isFilterTypeFor,
  parseOptions,
  wantedKeyOf,
  writeOptions,
} from '../../../../protocols/activesync/translate/options.ts';
import type { EasClass } from '../../../../protocols/activesync/translate/view.ts';
import { objectText, openMailbox, Phone } from './phone.ts';

const NOW = Date.UTC(2026, 5, 30, 12, 34, 56);
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16);

test('options are read as they are written', () => {
  const preference = { type: 2, truncationSize: 500, allOrNone: true, preview: 3 } as const;
  const options: CollectionOptions = {
    filterType: 4,
    bodyPreferences: [preference],
    mimeSupport: 1,
    mimeTruncation: 7,
    conflict: 'client-wins',
    supported: ['Contacts:FileAs'],
  };
  assert.deepEqual(parseOptions(writeOptions(options)), options);
  const { type: _, ...bodyPartPreference } = preference;
  assert.deepEqual(parseOptions(writeOptions({ ...options, bodyPartPreference })), { ...options, bodyPartPreference });
  assert.deepEqual(parseOptions(writeOptions(DEFAULT_OPTIONS)), DEFAULT_OPTIONS);
});

test('options of nobody, and of a release that knew fewer, are the defaults', () => {
  assert.deepEqual(parseOptions(''), DEFAULT_OPTIONS);
  assert.deepEqual(parseOptions('{"filterType":3}'), { ...DEFAULT_OPTIONS, filterType: 3 });
});

test('MS-ASCMD 2.2.3.68.2 each class has its own filter types', () => {
  const known = (easClass: EasClass) =>
    [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1.5].filter((n) => isFilterTypeFor(easClass, n));
  assert.deepEqual(known('Email'), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(known('Calendar'), [0, 4, 5, 6, 7]);
  assert.deepEqual(known('Tasks'), [0, 8]);
  assert.deepEqual(known('Contacts'), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(known('Notes'), known('Contacts'));
});

test('a window begins some days ago, at a full hour', () => {
  const begins = (easClass: EasClass, filterType: number) => dayOf(wantedKeyOf(easClass, { filterType }, NOW));
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((filterType) => begins('Email', filterType)),
    ['2026-06-29T12:00', '2026-06-27T12:00', '2026-06-23T12:00', '2026-06-16T12:00', '2026-05-30T12:00'],
  );
  assert.deepEqual(
    [4, 5, 6, 7].map((filterType) => begins('Calendar', filterType)),
    ['2026-06-16T12:00', '2026-05-30T12:00', '2026-03-30T12:00', '2025-12-29T12:00'],
  );
});

test('a window moves once an hour', () => {
  const at = (minutes: number) => wantedKeyOf('Email', { filterType: 3 }, Date.UTC(2026, 5, 30, 12, minutes));
  assert.equal(at(0), at(59));
  assert.equal(at(60) - at(59), 3_600);
});

test('a calendar with two weeks has what ended since, endless series and the future', async () => {
  const mailbox = await openMailbox();
  const event = (uid: string, ...lines: string[]) =>
    mailbox.put('calendar', `${uid}.ics`, objectText('VEVENT', uid, ...lines));
  await event('old', 'DTSTART:20251201T090000Z', 'DTEND:20251201T100000Z');
  const recent = await event('recent', 'DTSTART:20251225T090000Z');
  const endless = await event('endless', 'DTSTART:20200101T090000Z', 'RRULE:FREQ=DAILY');
  const future = await event('future', 'DTSTART:20270101T090000Z');
  const phone = await new Phone(mailbox, 'calendar', { options: { filterType: 4 } }).begin();
  assert.deepEqual(
    [...phone.held.keys()].sort((a, b) => a - b),
    [recent.id, endless.id, future.id],
  );
});

test('incomplete tasks only, where a phone asks for them; a task that is done leaves, opened again it comes back', async () => {
  const mailbox = await openMailbox();
  await mailbox.put('tasks', 'd.ics', objectText('VTODO', 'd', 'STATUS:COMPLETED'));
  const open = await mailbox.put('tasks', 'o.ics', objectText('VTODO', 'o', 'SUMMARY:Open'));
  const phone = await new Phone(mailbox, 'tasks', { options: { filterType: 8 } }).begin();
  assert.deepEqual([...phone.held.keys()], [open.id]);
  assert.equal((await new Phone(mailbox, 'tasks', { suffix: '' }).begin()).held.size, 2);
});

test('a mail older than the window is not sent, and leaves when the window moves on', async () => {
  const mailbox = await openMailbox();
  await mailbox.putMail('inbox', 'old.eml', ['Date: Mon, 1 Dec 2025 10:00:00 +0000', '', 'x']);
  const recent = await mailbox.putMail('inbox', 'new.eml', ['Date: Wed, 31 Dec 2025 10:00:00 +0000', '', 'x']);
  const phone = await new Phone(mailbox, 'inbox', { options: { filterType: 3 } }).begin();
  assert.deepEqual([...phone.held.keys()], [recent.id]);
  mailbox.clock.advance(8 * 86_400_000);
  const answer = await phone.sync();
  assert.deepEqual(
    answer.commands.map(({ kind }) => kind),
    ['soft-delete'],
  );
});

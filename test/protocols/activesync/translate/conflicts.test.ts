import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Field, field, textOf } from '../../../../protocols/activesync/classes/field.ts';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import type { ConflictRule } from '../../../../src/sync/request.ts';
import { changed } from '../classes/samples.ts';
import { cardText, objectText, openMailbox, Phone } from './phone.ts';

interface ConflictSample {
  readonly role: FolderRole;
  readonly title: string;
  /** The element that both change, and the object that says it so. */
  readonly element: string;
  readonly stored: (title: string) => string;
  readonly name: string;
}

const SAMPLES: readonly ConflictSample[] = [
  {
    ...{ role: 'calendar', title: 'an event', element: 'Calendar:Subject', name: 'e.ics' },
    stored: (title) =>
      objectText('VEVENT', 'e', 'DTSTART:20260301T090000Z', 'DTEND:20260301T100000Z', `SUMMARY:${title}`, 'X-FOO:kept'),
  },
  {
    ...{ role: 'contacts', title: 'a contact', element: 'Contacts:LastName', name: 'c.vcf' },
    stored: (title) => cardText('c', `FN:Ann ${title}`, `N:${title};Ann;;;`, 'X-FOO:kept'),
  },
  {
    ...{ role: 'tasks', title: 'a task', element: 'Tasks:Subject', name: 't.ics' },
    stored: (title) => objectText('VTODO', 't', `SUMMARY:${title}`, 'X-FOO:kept'),
  },
  {
    ...{ role: 'notes', title: 'a note', element: 'Notes:Subject', name: 'n.ics' },
    stored: (title) => objectText('VJOURNAL', 'n', `SUMMARY:${title}`, 'X-FOO:kept'),
  },
];

/** Another program changes the item, then the phone, which has not seen that, sends its own version. */
async function conflict(
  sample: ConflictSample,
  rule: ConflictRule,
  theirs: string,
  edit: (fields: Field[]) => Field[],
) {
  const mailbox = await openMailbox();
  const item = await mailbox.put(sample.role, sample.name, sample.stored('Old'));
  const phone = await new Phone(mailbox, sample.role, { rule }).begin();
  const sent = edit(phone.held.get(item.id)!);
  await mailbox.put(sample.role, sample.name, theirs);
  const status = await phone.change(item.id, sent);
  const losers = await mailbox.read.conflictLosers();
  const texts = await Promise.all((await mailbox.items(sample.role)).map((one) => mailbox.textOf(one)));
  const titles = [...phone.held.values()].map((fields) => textOf(fields, sample.element)).sort();
  return {
    ...{ mailbox, item, phone, status, texts, titles },
    losers: losers.map(({ side, content }) => ({ side, text: Buffer.from(content).toString() })),
  };
}

for (const sample of SAMPLES) {
  const { title, element, stored } = sample;
  // FileAs, which follows the name, is left to the server: phones that send it say the old one.
  const mine = (fields: Field[]) => changed(fields, { [element]: 'Mine', 'Contacts:FileAs': null });

  test(`${title}, server wins: the phone shows the server’s version, its own is kept`, async () => {
    const { status, texts, titles, losers } = await conflict(sample, 'server-wins', stored('Theirs'), mine);
    assert.deepEqual([status, texts, titles], ['conflict', [stored('Theirs')], ['Theirs']]);
    assert.deepEqual(
      losers.map(({ side }) => side),
      ['client'],
    );
    for (const word of ['Mine', 'X-FOO:kept']) assert.ok(losers[0]!.text.includes(word));
  });

  test(`${title}, client wins: its edit is merged, the server’s version is kept`, async () => {
    const { status, texts, titles, losers } = await conflict(sample, 'client-wins', stored('Theirs'), mine);
    assert.deepEqual([status, texts.length, titles], ['done', 1, ['Mine']]);
    assert.ok(texts[0]!.includes('X-FOO:kept'));
    assert.deepEqual(losers, [{ side: 'server', text: stored('Theirs') }]);
  });

  test(`${title}, keep both: the phone’s version is a second item, marked, with all that it had`, async () => {
    const { status, texts, titles } = await conflict(sample, 'keep-both', stored('Theirs'), mine);
    assert.deepEqual([status, titles], ['conflict', ['Mine (conflict)', 'Theirs']]);
    assert.equal(texts[0], stored('Theirs'));
    assert.ok(texts[1]!.includes('X-FOO:kept'));
    const uids = texts.map((text) => /UID:(.*)\r\n/.exec(text)![1]);
    assert.notEqual(uids[0], uids[1]);
  });

  test(`${title}, merge: what both say merges; where the phone says something else the server wins`, async () => {
    const same = await conflict(sample, 'merge', stored('Mine'), mine);
    assert.deepEqual([same.status, same.texts, same.titles], ['done', [stored('Mine')], ['Mine']]);
    const other = await conflict(sample, 'merge', stored('Theirs'), mine);
    assert.deepEqual([other.status, other.texts, other.titles], ['conflict', [stored('Theirs')], ['Theirs']]);
  });

  test(`${title} that was changed since outlives the phone’s Delete, unless the client wins`, async () => {
    for (const [rule, status, count] of [
      ['server-wins', 'conflict', 1],
      ['client-wins', 'done', 0],
    ] as const) {
      const mailbox = await openMailbox();
      const item = await mailbox.put(sample.role, sample.name, stored('Old'));
      const phone = await new Phone(mailbox, sample.role, { rule }).begin();
      await mailbox.put(sample.role, sample.name, stored('Theirs'));
      assert.equal(await phone.delete(item.id), status);
      assert.equal((await mailbox.items(sample.role)).length, count);
      const losers = await mailbox.read.conflictLosers();
      assert.deepEqual(
        losers.map(({ content }) => Buffer.from(content).toString()),
        count === 0 ? [stored('Theirs')] : [],
      );
    }
  });
}

test('the copy of a meeting invites nobody, in none of its components', async () => {
  const people = ['ORGANIZER:mailto:ana@example.com', 'ATTENDEE:mailto:bo@example.com'];
  const series = (title: string) =>
    objectText(
      'VEVENT',
      'e',
      ...['DTSTART:20260301T090000Z', 'DTEND:20260301T100000Z', 'RRULE:FREQ=DAILY', `SUMMARY:${title}`, ...people],
      ...[
        'END:VEVENT',
        'BEGIN:VEVENT',
        'UID:e',
        'RECURRENCE-ID:20260302T090000Z',
        'DTSTART:20260302T110000Z',
        ...people,
      ],
    );
  const sample = { ...SAMPLES[0]!, stored: series };
  const edit = (fields: Field[]) => changed(fields, { 'Calendar:Subject': 'Mine' });
  const { texts } = await conflict(sample, 'keep-both', series('Theirs'), edit);
  assert.doesNotMatch(texts[1]!, /ORGANIZER|ATTENDEE|UID:e\r/);
  assert.equal(texts[1]!.match(/BEGIN:VEVENT/g)!.length, 2);
  assert.equal(texts[0], series('Theirs'));
});

test('a copy without any title is marked all the same', async () => {
  const stored = (x: string) => objectText('VTODO', 't', `X-A:${x}`);
  const sample = { ...SAMPLES[2]!, stored };
  const edit = (fields: Field[]) => [...fields, field('Tasks:Importance', '2')].slice(-1);
  const { titles } = await conflict(sample, 'keep-both', stored('Theirs'), edit);
  assert.ok(titles.includes('(conflict)'), JSON.stringify(titles));
});

test('data that cannot be taken is refused in a conflict too, and nothing is kept of it', async () => {
  for (const rule of ['server-wins', 'client-wins', 'keep-both', 'merge'] as const) {
    const bad = () => [field('Calendar:StartTime', 'soon')];
    const { status, texts, losers } = await conflict(SAMPLES[0]!, rule, SAMPLES[0]!.stored('Theirs'), bad);
    assert.deepEqual([status, texts], ['content-invalid', [SAMPLES[0]!.stored('Theirs')]]);
    assert.deepEqual(
      losers.filter(({ side }) => side === 'client'),
      [],
    );
  }
});

const MAIL = ['Subject: x', '', 'y'];

async function mailConflict(rule: ConflictRule, sent: readonly Field[]) {
  const mailbox = await openMailbox();
  const item = await mailbox.putMail('inbox', 'm.eml', MAIL);
  const phone = await new Phone(mailbox, 'inbox', { rule }).begin();
  await mailbox.write((tx) => tx.setFlags(item.id, { flagged: true }));
  const status = await phone.change(item.id, sent);
  const { flags } = (await mailbox.read.item(item.id))!;
  const losers = (await mailbox.read.conflictLosers()).map(({ content }) =>
    JSON.parse(Buffer.from(content).toString()),
  );
  return { status, flags, losers, count: (await mailbox.items('inbox')).length };
}

test('mail, merge: the read state joins what others noted; a flag does not', async () => {
  const read = await mailConflict('merge', [field('Email:Read', '1')]);
  assert.deepEqual([read.status, read.flags], ['done', { read: true, flagged: true }]);
  const categories = field('Email:Categories', [field('Email:Category', 'Red')]);
  const other = await mailConflict('merge', [categories]);
  assert.deepEqual([other.status, other.flags], ['conflict', { flagged: true }]);
  assert.deepEqual(other.losers, [{ flagged: true, categories: ['Red'] }]);
});

test('mail, keep both: the message is there once, and the state that lost is kept', async () => {
  const { status, flags, losers, count } = await mailConflict('keep-both', [field('Email:Read', '1')]);
  assert.deepEqual([status, flags, count], ['conflict', { flagged: true }, 1]);
  assert.deepEqual(losers, [{ read: true, flagged: true }]);
});

test('mail, client wins: what was noted before is kept', async () => {
  const { status, flags, losers } = await mailConflict('client-wins', [field('Email:Read', '1')]);
  assert.deepEqual([status, flags, losers], ['done', { read: true, flagged: true }, [{ flagged: true }]]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Field, field, textOf } from '../../../../protocols/activesync/classes/field.ts';
import { toElements } from '../../../../protocols/activesync/classes/wbxml-adapter.ts';
import { renderedSize } from '../../../../protocols/activesync/translate/rendered-size.ts';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { changed } from '../classes/samples.ts';
import { cardText, objectText, openMailbox, Phone, type PhoneSetUp } from './phone.ts';

const body = (text: string): Field =>
  field('AirSyncBase:Body', [field('AirSyncBase:Type', '1'), field('AirSyncBase:Data', text)]);

interface ClassSample {
  readonly title: string;
  readonly role: FolderRole;
  /** What a phone sends for a new item. */
  readonly added: readonly Field[];
  /** What the object stored for it says. */
  readonly says: RegExp;
  readonly name: RegExp;
  /** An object of another program, and lines that no phone knows. */
  readonly stored: string;
  readonly foreign: readonly string[];
  readonly titleElement: string;
  readonly wrong: Field;
}

const SAMPLES: readonly ClassSample[] = [
  {
    title: 'an event',
    role: 'calendar',
    added: [
      field('Calendar:StartTime', '20260301T080000Z'),
      field('Calendar:EndTime', '20260301T090000Z'),
      field('Calendar:Subject', 'Lunch, late'),
      field('Calendar:UID', 'phone-1'),
      body('Bring cake'),
    ],
    says: /SUMMARY:Lunch\\, late/,
    name: /^phone-1\.ics$/,
    stored: objectText(
      'VEVENT',
      'e',
      ...['DTSTART;TZID=Europe/Berlin:20260302T090000', 'DURATION:PT1H', 'SUMMARY:Old', 'X-FOO;X-BAR=1:kept'],
      ...['BEGIN:VALARM', 'ACTION:EMAIL', 'TRIGGER:-PT1H', 'SUMMARY:a', 'DESCRIPTION:b', 'END:VALARM'],
    ),
    foreign: ['X-FOO;X-BAR=1:kept', 'ACTION:EMAIL', 'DURATION:PT1H'],
    titleElement: 'Calendar:Subject',
    wrong: field('Calendar:StartTime', 'tomorrow'),
  },
  {
    title: 'a contact',
    role: 'contacts',
    added: [
      field('Contacts:FirstName', 'Ann'),
      field('Contacts:LastName', 'Smith'),
      field('Contacts:Email1Address', 'a@example.com'),
    ],
    says: /EMAIL[^:]*:a@example\.com/,
    name: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.vcf$/,
    stored: cardText(
      'c',
      'FN:Ann Smith',
      'N:Smith;Ann;;;',
      'X-FOO;X-BAR=1:kept',
      'GEO:1;2',
      'LOGO;VALUE=uri:http://example.com/l',
    ),
    foreign: ['X-FOO;X-BAR=1:kept', 'GEO:1;2', 'LOGO;VALUE=uri:http://example.com/l'],
    titleElement: 'Contacts:LastName',
    wrong: field('Contacts:Birthday', 'soon'),
  },
  {
    title: 'a task',
    role: 'tasks',
    added: [
      field('Tasks:Subject', 'Buy milk'),
      field('Tasks:Importance', '2'),
      field('Tasks:Complete', '0'),
      body('Two'),
    ],
    says: /SUMMARY:Buy milk\r\n/,
    name: /^[0-9a-f-]{36}\.ics$/,
    stored: objectText('VTODO', 't', 'SUMMARY:Old', 'PERCENT-COMPLETE:40', 'RELATED-TO:parent', 'X-FOO:kept'),
    foreign: ['PERCENT-COMPLETE:40', 'RELATED-TO:parent', 'X-FOO:kept'],
    titleElement: 'Tasks:Subject',
    wrong: field('Tasks:Importance', 'high'),
  },
  {
    title: 'a note',
    role: 'notes',
    added: [field('Notes:Subject', 'Idea'), field('Notes:MessageClass', 'IPM.StickyNote'), body('A thought')],
    says: /SUMMARY:Idea\r\n/,
    name: /^[0-9a-f-]{36}\.ics$/,
    stored: objectText('VJOURNAL', 'n', 'SUMMARY:Old', 'DTSTART;VALUE=DATE:20260101', 'X-FOO:kept'),
    foreign: ['DTSTART;VALUE=DATE:20260101', 'X-FOO:kept'],
    titleElement: 'Notes:Subject',
    wrong: field('Notes:MessageClass', 'IPM.Appointment'),
  },
];

const extension = (role: FolderRole): string => (role === 'contacts' ? 'x.vcf' : 'x.ics');

async function withStored({ role, stored }: ClassSample, setUp: PhoneSetUp = {}) {
  const mailbox = await openMailbox();
  const item = await mailbox.put(role, extension(role), stored);
  const phone = await new Phone(mailbox, role, setUp).begin();
  return { mailbox, item, phone, fields: phone.held.get(item.id)! };
}

for (const sample of SAMPLES) {
  const { title, role, added, says, name, foreign, titleElement, wrong, stored } = sample;

  test(`${title} of another program reaches the phone`, async () => {
    const { fields } = await withStored(sample);
    assert.match(textOf(fields, titleElement)!, /Old|Smith/);
  });

  test(`${title} that a phone adds is an object that other programs read`, async () => {
    const mailbox = await openMailbox();
    const phone = await new Phone(mailbox, role).begin();
    const { item } = await phone.add(added);
    assert.match(await mailbox.textOf(item!), says);
    assert.match(item!.name, name);
    assert.equal((await phone.sync()).isEmpty, true, 'its own Add came back to the phone');
  });

  test(`${title} that a phone changes keeps what the phone does not know`, async () => {
    const { mailbox, item, phone, fields } = await withStored(sample);
    assert.equal(await phone.change(item.id, changed(fields, { [titleElement]: 'New' })), 'done');
    const text = await mailbox.textOf(item);
    for (const line of ['New', ...foreign]) assert.ok(text.includes(line), `${line} is missing in:\n${text}`);
  });

  test(`${title} that comes back unchanged is not written`, async () => {
    const { mailbox, item, phone, fields } = await withStored(sample);
    assert.equal(await phone.change(item.id, fields), 'done');
    assert.deepEqual(await mailbox.read.item(item.id), item);
  });

  test(`${title} with data that cannot be taken is refused, and nothing changes`, async () => {
    const { mailbox, item, phone } = await withStored(sample);
    assert.deepEqual(
      await phone.add(
        [...added, wrong].filter((one, at, all) => all.findLastIndex((other) => other.name === one.name) === at),
      ),
      {
        item: null,
        refusal: 'content-invalid',
      },
    );
    assert.equal(await phone.change(item.id, [wrong]), 'content-invalid');
    assert.equal(await mailbox.textOf(item), stored);
    assert.equal((await mailbox.items(role)).length, 1);
  });

  test(`${title} that a phone deletes is gone for good`, async () => {
    const { mailbox, item, phone } = await withStored(sample);
    assert.equal(await phone.delete(item.id), 'done');
    assert.equal(await mailbox.read.item(item.id), null);
  });

  test(`${title} that a phone has no right to write stays`, async () => {
    const { mailbox, item } = await withStored(sample);
    const stranger = { ...mailbox, principal: { ...mailbox.principal, mailboxId: mailbox.mailboxId + 1 } };
    const phone = await new Phone(stranger, role).begin();
    const refusals = [await phone.change(item.id, [field(titleElement, 'x')]), await phone.delete(item.id)];
    assert.deepEqual([...refusals, (await phone.add(added)).refusal], Array(3).fill('folder-not-found'));
    assert.equal(await mailbox.textOf(item), stored);
  });

  test(`${title}: its size is near what it takes on the wire`, async () => {
    const { fields } = await withStored(sample);
    const bytes = encodeWbxml(el('AirSync:ApplicationData', toElements(fields)), { version: '14.1' }).length;
    assert.ok(Math.abs(renderedSize(fields) - bytes) < 40 + bytes / 5, `${renderedSize(fields)} for ${bytes}`);
  });
}

test('MS-ASCMD Supported: an element that is ghosted stays when it does not come, another goes', async () => {
  const stored = cardText('c', 'FN:Ann', 'N:Ann;;;;', 'TITLE:Boss', 'NICKNAME:Annie');
  const sample = { ...SAMPLES[1]!, stored };
  const supported = ['Contacts:JobTitle'];
  const { mailbox, item, phone, fields } = await withStored(sample, { options: { supported } });
  const sent = changed(fields, { 'Contacts:JobTitle': null, 'Contacts2:NickName': null });
  assert.equal(await phone.change(item.id, sent), 'done');
  const text = await mailbox.textOf(item);
  assert.deepEqual([text.includes('TITLE'), text.includes('NICKNAME:Annie')], [false, true]);
});

test('an event whose UID the calendar has already is refused: there is no second one', async () => {
  const { mailbox, phone } = await withStored(SAMPLES[0]!);
  const twin = changed(SAMPLES[0]!.added, { 'Calendar:UID': 'e' });
  assert.deepEqual(await phone.add(twin), { item: null, refusal: 'uid-conflict' });
  assert.equal((await mailbox.items('calendar')).length, 1);
});

test('an event whose name another item has gets another name', async () => {
  const mailbox = await openMailbox();
  await mailbox.put('calendar', 'phone-1.ics', objectText('VEVENT', 'other', 'DTSTART:20260101T000000Z'));
  const phone = await new Phone(mailbox, 'calendar').begin();
  assert.equal((await phone.add(SAMPLES[0]!.added)).item!.name, 'phone-1-2.ics');
});

test('an object above the size limit is refused', async () => {
  const mailbox = await openMailbox();
  const limits = { ...mailbox.services.limits, maxItemBytes: 300 };
  const phone = await new Phone({ ...mailbox, services: { ...mailbox.services, limits } }, 'notes').begin();
  assert.equal((await phone.add([field('Notes:Subject', 'x'.repeat(300))])).refusal, 'item-too-large');
  assert.equal((await mailbox.items('notes')).length, 0);
});

test('content that no one ever validated waits in quarantine, without a failure', async () => {
  const mailbox = await openMailbox();
  const [calendar, good] = [
    await mailbox.folder('calendar'),
    await mailbox.put('calendar', 'g.ics', objectText('VEVENT', 'g', 'DTSTART:20260101T000000Z')),
  ];
  await mailbox.write(async (tx) => {
    const index = { kind: 'VEVENT', uid: 'b', rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
    const content = Buffer.from('BEGIN:VCALENDAR\r\nnonsense');
    await tx.createItem({ folderId: calendar.id, name: 'b.ics', content, contentType: 'text/calendar', index });
  });
  const phone = await new Phone(mailbox, 'calendar').begin();
  assert.deepEqual([...phone.held.keys()], [good.id]);
  assert.deepEqual([(await phone.sync()).quarantined, mailbox.failures], [1, []]);
});

test('an all-day event is told in the person’s zone', async () => {
  const stored = objectText('VEVENT', 'e', 'DTSTART;VALUE=DATE:20260301', 'SUMMARY:Old');
  const { fields } = await withStored({ ...SAMPLES[0]!, stored });
  assert.equal(textOf(fields, 'Calendar:StartTime'), '20260228T230000Z');
});

test('a contact edited on a phone that sends an empty Picture with it keeps its photo', async () => {
  const mailbox = await openMailbox();
  const photo = 'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ';
  const item = await mailbox.put('contacts', 'a.vcf', cardText('a', 'FN:Ann', 'N:Smith;Ann;;;', photo));
  const phone = await new Phone(mailbox, 'contacts', { quirks: { emptyPictureStays: true } }).begin();
  const edit = { 'Contacts:FirstName': 'Anna', 'Contacts:Picture': '' };
  await phone.change(item.id, changed(phone.held.get(item.id)!, edit));
  assert.match(await mailbox.textOf(item), /N:Smith;Anna;;;.*PHOTO/s);
});

test('an event to come without an end lasts half an hour where the client leaves out ends, and is refused elsewhere', async () => {
  const mailbox = await openMailbox();
  const fields = [field('Calendar:Subject', 'Visit'), field('Calendar:StartTime', '20990101T100000Z')];
  const refused = await (await new Phone(mailbox, 'calendar').begin()).add(fields);
  assert.deepEqual(refused, { item: null, refusal: 'content-invalid' });
  const phone = await new Phone(mailbox, 'calendar', { quirks: { leavesOutEnd: true } }).begin();
  const { item } = await phone.add(fields);
  assert.match(await mailbox.textOf(item!), /DTSTART[^\r]*T110000\r\n.*DTEND[^\r]*T113000\r\n/s);
});

test('a birthday comes and goes at the hours that the client means', async () => {
  const mailbox = await openMailbox();
  const item = await mailbox.put('contacts', 'a.vcf', cardText('a', 'FN:Ann', 'N:Smith;Ann;;;', 'BDAY:1980-02-29'));
  const quirks = { dayHours: { shown: 11, sent: 11 } };
  const phone = await new Phone(mailbox, 'contacts', { quirks }).begin();
  const fields = phone.held.get(item.id)!;
  assert.equal(textOf(fields, 'Contacts:Birthday'), '1980-02-29T11:00:00.000Z');
  await phone.change(item.id, changed(fields, { 'Contacts:Birthday': '1981-03-01T11:00:00.000Z' }));
  assert.match(await mailbox.textOf(item), /BDAY:1981-03-01\r\n/);
});

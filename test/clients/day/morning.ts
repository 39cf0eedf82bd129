import assert from 'node:assert/strict';
import { requiredChild } from '../../../protocols/activesync/wbxml/read-element.ts';
import { textAt } from '../../support/eas/set-up.ts';
import { wokenBy } from '../phone/cast.ts';
import { fetchFile, fileReferences } from '../phone/play-attachment.ts';
import { calendarObject, card, FILE, letterWithFile, PHOTO, parisSeries } from '../phone/samples.ts';
import { duration } from '../steps.ts';
import { type Day, TYPE } from './cast.ts';
import { NEW_YORK, PARIS, withoutNames, zoneBlob } from './zone.ts';

const [ME, YOU] = ['user01@example.com', 'user02@example.com'];
const UID = 'new-york-1';

/** A phone is added; mail, an event, a contact, a task and a note cross from other programs to it and back. */
export async function morning(day: Day): Promise<void> {
  const { steps, phone, other, hand, vdirsyncer } = day;
  await steps.step('a phone is added over TLS: OPTIONS, Provision, folders, all items', async () => {
    await phone.setUp();
    await phone.begin(...phone.folders);
  });
  await steps.step('another person has a phone', async () => {
    await other.setUp();
    await other.begin(...other.folders);
  });
  await steps.step('vdirsyncer and python-caldav find calendars and the address book', async () => {
    await vdirsyncer.discover();
    await vdirsyncer.sync();
    assert.deepEqual(await hand.everything('Calendar'), []);
  });
  await mail(day);
  await events(day);
  await contacts(day);
  await tasks(day);
  await notes(day);
}

async function mail({ steps, phone, hand }: Day): Promise<void> {
  const inbox = phone.folder(TYPE.inbox);
  await steps.arrives('mail with a file, delivered by LMTP, wakes the phone', async () => {
    const message = letterWithFile({ subject: 'The plan', id: 'plan', text: 'Here it is.' });
    const wake = await wokenBy(phone, phone.folders, () => hand.deliver(YOU, ME, message));
    assert.deepEqual(wake.folders, [inbox]);
    phone.held(inbox).only('Email:Subject', 'The plan');
    return wake.fromStart;
  });
  await steps.step('the file has its bytes', async () => {
    const [reference] = fileReferences(phone, inbox, 'The plan');
    assert.deepEqual(await fetchFile(phone, reference!), FILE);
  });
  for (const subject of ['To be deleted', 'To be moved']) {
    await steps.arrives(`mail "${subject}"`, async () => {
      const message = letterWithFile({ subject, id: subject.replaceAll(' ', '-'), text: 'Marmalade.' });
      return (await wokenBy(phone, [inbox], () => hand.deliver(YOU, ME, message))).fromStart;
    });
  }
}

async function events({ steps, phone, hand }: Day): Promise<void> {
  const calendar = phone.folder(TYPE.calendar);
  await steps.arrives('a series of python-caldav with an exception, across the change to summer time', async () => {
    const series = parisSeries('paris-1', 'Stand-up');
    const wake = await wokenBy(phone, phone.folders, () => hand.save('Calendar', series));
    assert.deepEqual(wake.folders, [calendar]);
    return wake.fromStart;
  });
  await steps.step('the phone shows it: rule, zone with both changes, the moved instance', async () => {
    const [, event] = phone.held(calendar).only('Calendar:Subject', 'Stand-up');
    assert.equal(event.text('Calendar:StartTime'), '20270326T080000Z');
    assert.equal(withoutNames(event.text('Calendar:Timezone')!), zoneBlob(PARIS));
    const rule = event.element('Calendar:Recurrence');
    assert.deepEqual([textAt(rule, 'Calendar:Type'), textAt(rule, 'Calendar:Occurrences')], ['0', '5']);
    const exception = requiredChild(event.element('Calendar:Exceptions'), 'Calendar:Exception');
    const texts = (['ExceptionStartTime', 'StartTime', 'EndTime', 'Subject'] as const).map((name) =>
      textAt(exception, `Calendar:${name}`),
    );
    assert.deepEqual(texts, ['20270329T070000Z', '20270329T120000Z', '20270329T130000Z', 'Stand-up (moved)']);
  });
  await steps.arrives('a weekly series of the phone with an exception is there for python-caldav', () =>
    duration(async () => {
      await phone.add(calendar, newYorkSeries());
      const text = (await hand.read('Calendar', UID)).replaceAll('\r', '');
      assert.match(text, /DTSTART;TZID="?America\/New_York"?:20270302T090000\n/);
      assert.match(text, /RRULE:(?=[^\n]*FREQ=WEEKLY)(?=[^\n]*BYDAY=TU)(?=[^\n]*COUNT=4)/);
      // The clock went forward on 14 March: the same hour in New York.
      assert.match(text, /RECURRENCE-ID;TZID="?America\/New_York"?:20270316T090000\n/);
      assert.match(text, /DTSTART;TZID="?America\/New_York"?:20270316T110000\n/);
    }),
  );
}

function newYorkSeries(): string {
  return (
    `<cal:Timezone>${zoneBlob(NEW_YORK)}</cal:Timezone><cal:AllDayEvent>0</cal:AllDayEvent><cal:BusyStatus>2</cal:BusyStatus>` +
    '<cal:DtStamp>20270101T000000Z</cal:DtStamp><cal:StartTime>20270302T140000Z</cal:StartTime><cal:EndTime>20270302T150000Z</cal:EndTime>' +
    `<cal:Subject>Review</cal:Subject><cal:Location>Room 5</cal:Location><cal:Sensitivity>0</cal:Sensitivity><cal:UID>${UID}</cal:UID>` +
    '<cal:MeetingStatus>0</cal:MeetingStatus>' +
    '<cal:Recurrence><cal:Type>1</cal:Type><cal:Interval>1</cal:Interval><cal:DayOfWeek>4</cal:DayOfWeek><cal:Occurrences>4</cal:Occurrences></cal:Recurrence>' +
    '<cal:Exceptions><cal:Exception><cal:ExceptionStartTime>20270316T130000Z</cal:ExceptionStartTime><cal:StartTime>20270316T150000Z</cal:StartTime>' +
    '<cal:EndTime>20270316T160000Z</cal:EndTime></cal:Exception></cal:Exceptions>'
  );
}

async function contacts({ steps, phone, vdirsyncer }: Day): Promise<void> {
  const book = phone.folder(TYPE.contacts);
  await steps.arrives('a contact of vdirsyncer with a photo', async () => {
    vdirsyncer.write('Contacts', 'ada.vcf', card('ada', 'Ada Lovelace'));
    const wake = await wokenBy(phone, phone.folders, () => vdirsyncer.sync());
    assert.deepEqual(wake.folders, [book]);
    const [, contact] = phone.held(book).only('Contacts:LastName', 'Lovelace');
    assert.equal(contact.text('Contacts:Picture'), PHOTO);
    // From the end: a Python program takes most of a second to start.
    return wake.fromEnd;
  });
  await steps.step('a contact of the phone with a photo comes with vdirsyncer’s next sync', async () => {
    const xml = `<c:FirstName>Grace</c:FirstName><c:LastName>Hopper</c:LastName><c:MobilePhoneNumber>+1 555 0100</c:MobilePhoneNumber><c:Picture>${PHOTO}</c:Picture>`;
    await phone.add(book, xml);
    await vdirsyncer.sync();
    const text = vdirsyncer.only('Contacts', 'Hopper').replaceAll(/\r?\n[ \t]/g, '');
    assert.ok(text.includes(PHOTO), text);
    assert.match(text, /\+1 555 0100/);
  });
}

async function tasks({ steps, phone, hand }: Day): Promise<void> {
  const list = phone.folder(TYPE.tasks);
  await steps.arrives('a task of python-caldav', async () => {
    const task = calendarObject(
      'VTODO',
      'task-1',
      'SUMMARY:Pay the bill',
      'DUE;VALUE=DATE:20270304',
      'STATUS:NEEDS-ACTION',
    );
    const wake = await wokenBy(phone, phone.folders, () => hand.save('Tasks', task));
    const [, held] = phone.held(list).only('Tasks:Subject', 'Pay the bill');
    assert.equal(held.text('Tasks:Complete'), '0');
    return wake.fromStart;
  });
  await steps.arrives('the phone completes it, for python-caldav too', () =>
    duration(async () => {
      const [serverId] = phone.held(list).only('Tasks:Subject', 'Pay the bill');
      await phone.change(
        list,
        serverId,
        `${taskXml('Pay the bill', 1)}<t:DateCompleted>2027-03-02T00:00:00.000Z</t:DateCompleted>`,
      );
      assert.match(await hand.read('Tasks', 'task-1'), /STATUS:COMPLETED/);
    }),
  );
  await steps.arrives('a task of the phone is there for python-caldav', () =>
    duration(async () => {
      await phone.add(list, taskXml('Water the plants', 0));
      const texts = await hand.everything('Tasks');
      assert.equal(texts.filter((text) => text.includes('SUMMARY:Water the plants')).length, 1);
    }),
  );
}

function taskXml(subject: string, complete: number): string {
  return (
    `<t:Subject>${subject}</t:Subject><t:Importance>1</t:Importance><t:Complete>${complete}</t:Complete><t:Sensitivity>0</t:Sensitivity>` +
    '<t:UtcDueDate>2027-03-04T00:00:00.000Z</t:UtcDueDate><t:DueDate>2027-03-04T00:00:00.000Z</t:DueDate>'
  );
}

async function notes({ steps, phone, hand }: Day): Promise<void> {
  const pad = phone.folder(TYPE.notes);
  await steps.arrives('a note of python-caldav', async () => {
    const note = calendarObject('VJOURNAL', 'note-1', 'SUMMARY:Shopping', 'DESCRIPTION:Milk and bread');
    const wake = await wokenBy(phone, phone.folders, () => hand.save('Notes', note));
    const [, held] = phone.held(pad).only('Notes:Subject', 'Shopping');
    assert.match(held.xml('AirSyncBase:Body'), /Milk and bread/);
    return wake.fromStart;
  });
  await steps.arrives('a note of the phone is there for python-caldav', () =>
    duration(async () => {
      const body = '<b:Body><b:Type>1</b:Type><b:Data>Begin at page 9</b:Data></b:Body>';
      await phone.add(pad, `<n:Subject>Reading</n:Subject>${body}<n:MessageClass>IPM.StickyNote</n:MessageClass>`);
      const texts = await hand.everything('Notes');
      assert.equal(texts.filter((text) => text.includes('Begin at page 9')).length, 1);
    }),
  );
}

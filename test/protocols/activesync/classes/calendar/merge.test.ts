import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCalendar, renderCalendar } from '../../../../../protocols/activesync/classes/calendar/calendar-class.ts';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import { type Field, field } from '../../../../../protocols/activesync/classes/field.ts';
import type { MergeOptions } from '../../../../../protocols/activesync/classes/options.ts';
import { ianaZone } from '../../../../../src/domain/calendar/iana-zone.ts';
import { validateCalendarObject } from '../../../../../src/domain/calendar/validate-calendar-object.ts';
import { zoneToBlob } from '../../../../../src/domain/calendar/zone-to-blob.ts';
import type { Component } from '../../../../../src/formats/content-line/content-line.ts';
import { calendarOf, changed, eventOf, options, textOfCalendar } from '../samples.ts';

type Changes = Parameters<typeof changed>[1];

/** The event after a phone changed some of the fields it was shown. */
function edited(calendar: Component, changes: Changes, change: Partial<MergeOptions> = {}): string {
  const given = options(change);
  return textOfCalendar(mergeCalendar(calendar, changed(renderCalendar(calendar, given)!, changes), given));
}

function added(fields: Readonly<Record<string, Field['value']>>, change: Partial<MergeOptions> = {}): string {
  const calendar = mergeCalendar(null, changed([], fields), options(change));
  validateCalendarObject(calendar, { allowed: ['VEVENT'] });
  return textOfCalendar(calendar);
}

const TIMES = {
  'Calendar:Timezone': zoneToBlob(ianaZone('Europe/Berlin')!, 2026),
  'Calendar:StartTime': '20260302T080000Z',
  'Calendar:EndTime': '20260302T090000Z',
};

const WEEKLY = [
  'SUMMARY:Weekly',
  'DTSTART;TZID=Europe/Berlin:20260316T090000',
  'DTEND;TZID=Europe/Berlin:20260316T100000',
  'RRULE:FREQ=WEEKLY',
];

test('an Add becomes an event in the zone of its blob, with a VTIMEZONE', () => {
  const text = added({ ...TIMES, 'Calendar:Subject': 'New, event', 'Calendar:UID': 'phone-1' });
  assert.match(text, /DTSTART;TZID=Europe\/Berlin:20260302T090000\r\n/);
  assert.match(text, /DTEND;TZID=Europe\/Berlin:20260302T100000\r\n/);
  assert.match(text, /BEGIN:VTIMEZONE\r\nTZID:Europe\/Berlin\r\n/);
  assert.match(text, /UID:phone-1\r\n/);
  assert.match(text, /SUMMARY:New\\, event\r\n/);
});

for (const [name, start, end] of [
  ['midnight of the blob', '20260301T230000Z', '20260302T230000Z'],
  ['midnight UTC', '20260302T000000Z', '20260303T000000Z'],
  ['near midnight', '20260301T231500Z', '20260302T231500Z'],
  ['without length', '20260301T230000Z', '20260301T230000Z'],
] as const) {
  test(`an all-day Add at ${name} is a date`, () => {
    const text = added({
      ...TIMES,
      'Calendar:AllDayEvent': '1',
      'Calendar:StartTime': start,
      'Calendar:EndTime': end,
    });
    assert.match(text, /DTSTART;VALUE=DATE:20260302\r\n/);
    assert.match(text, /DTEND;VALUE=DATE:20260303\r\n/);
  });
}

for (const [fields, rule] of [
  [{ Type: '0', Interval: '2', Occurrences: '3' }, 'FREQ=DAILY;INTERVAL=2;COUNT=3'],
  [{ Type: '0', DayOfWeek: '62' }, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
  [{ Type: '1', DayOfWeek: '3', FirstDayOfWeek: '0' }, 'FREQ=WEEKLY;BYDAY=MO,SU;WKST=SU'],
  [{ Type: '1' }, 'FREQ=WEEKLY;BYDAY=MO'],
  [{ Type: '2', DayOfMonth: '15' }, 'FREQ=MONTHLY;BYMONTHDAY=15'],
  [{ Type: '3', DayOfWeek: '4', WeekOfMonth: '5' }, 'FREQ=MONTHLY;BYDAY=-1TU'],
  [{ Type: '3', DayOfWeek: '127', WeekOfMonth: '5' }, 'FREQ=MONTHLY;BYMONTHDAY=-1'],
  [{ Type: '3', DayOfWeek: '127', WeekOfMonth: '1' }, 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1'],
  [{ Type: '0', Occurrences: '5', Until: '20991231T000000Z' }, 'FREQ=DAILY;COUNT=5'],
  [{ Type: '3', DayOfWeek: '62', WeekOfMonth: '2' }, 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2'],
  [{ Type: '6', DayOfWeek: '3', WeekOfMonth: '2', MonthOfYear: '10' }, 'FREQ=YEARLY;BYDAY=MO,SU;BYMONTH=10;BYSETPOS=2'],
  [{ Type: '5', DayOfMonth: '24', MonthOfYear: '12' }, 'FREQ=YEARLY;BYMONTHDAY=24;BYMONTH=12'],
  [{ Type: '6', DayOfWeek: '32', WeekOfMonth: '1', MonthOfYear: '5' }, 'FREQ=YEARLY;BYDAY=1FR;BYMONTH=5'],
  [{ Type: '0', Until: '20260331T000000Z' }, 'FREQ=DAILY;UNTIL=20260331T070000Z'],
] as const) {
  test(`a Recurrence ${JSON.stringify(fields)} becomes ${rule}`, () => {
    const children = Object.entries(fields).map(([name, value]) => field(`Calendar:${name}`, value));
    const text = added({ ...TIMES, 'Calendar:Recurrence': children });
    assert.ok(text.includes(`RRULE:${rule}\r\n`), text);
  });
}

test('a Change touches the property it changes and the stamps, nothing else', () => {
  const calendar = eventOf(
    'DTSTART:20260302T090000Z',
    'SUMMARY;LANGUAGE=en:Old',
    'X-KEEP;A=b:me',
    'ATTACH:http://a.example',
  );
  const text = edited(calendar, { 'Calendar:Subject': 'New' });
  const expected = textOfCalendar(calendar)
    .replace('SUMMARY;LANGUAGE=en:Old', 'SUMMARY;LANGUAGE=en:New')
    .replace('DTSTAMP:20260101T000000Z', 'DTSTAMP:20260102T030405Z')
    .replace('END:VEVENT', 'LAST-MODIFIED:20260102T030405Z\r\nEND:VEVENT');
  assert.equal(text, expected);
});

test('what a Change leaves out goes, what is ghosted, unknown to the version or a body stays', () => {
  const calendar = eventOf('DTSTART:20260302T090000Z', 'LOCATION:Room', 'CATEGORIES:A', 'DESCRIPTION:Text');
  const silent = { 'Calendar:Location': null, 'Calendar:Categories': null, 'AirSyncBase:Body': null };
  assert.doesNotMatch(edited(calendar, silent), /LOCATION|CATEGORIES/);
  assert.match(edited(calendar, silent), /DESCRIPTION:Text/);
  assert.match(edited(calendar, silent, { supported: [] }), /LOCATION:Room\r\nCATEGORIES:A/);
  const listed = edited(calendar, silent, { supported: ['Calendar:Location'] });
  assert.doesNotMatch(listed, /LOCATION/);
  assert.match(listed, /CATEGORIES:A/);
});

test('a Change that brings only categories leaves all else, one that brings nothing leaves everything', () => {
  const calendar = eventOf('DTSTART;VALUE=DATE:20260302', 'SUMMARY:Keep', 'LOCATION:Room', 'RRULE:FREQ=DAILY');
  const categories = field('Calendar:Categories', [field('Calendar:Category', 'New')]);
  const text = textOfCalendar(mergeCalendar(calendar, [categories], options()));
  assert.match(
    text,
    /DTSTART;VALUE=DATE:20260302\r\nSUMMARY:Keep\r\nLOCATION:Room\r\nRRULE:FREQ=DAILY\r\nCATEGORIES:New/,
  );
  assert.equal(mergeCalendar(calendar, [], options()), calendar);
});

test('a reminder changes the alarm the phone was shown and leaves the others', () => {
  const alarm = (action: string, trigger: string) => [
    'BEGIN:VALARM',
    `ACTION:${action}`,
    `TRIGGER:${trigger}`,
    'END:VALARM',
  ];
  const calendar = eventOf('DTSTART:20260302T090000Z', ...alarm('EMAIL', '-PT1H'), ...alarm('DISPLAY', '-PT10M'));
  const later = edited(calendar, { 'Calendar:Reminder': '30' });
  assert.match(later, /ACTION:EMAIL\r\nTRIGGER:-PT1H\r\n/);
  assert.match(later, /ACTION:DISPLAY\r\nTRIGGER:-PT30M\r\n/);
  const none = edited(calendar, { 'Calendar:Reminder': null });
  assert.match(none, /ACTION:EMAIL/);
  assert.doesNotMatch(none, /ACTION:DISPLAY/);
});

test('an exotic rule survives every Change that leaves the recurrence alone', () => {
  const rule = 'RRULE:FREQ=MONTHLY;BYMONTHDAY=2,16';
  const calendar = eventOf('DTSTART:20260302T090000Z', 'DTEND:20260302T100000Z', rule, 'RDATE:20260320T090000Z');
  const moved = edited(calendar, { 'Calendar:Subject': 'x', 'Calendar:EndTime': '20260302T110000Z' });
  assert.match(moved, /RRULE:FREQ=MONTHLY;BYMONTHDAY=2,16\r\nRDATE/);
  const replaced = edited(calendar, { 'Calendar:Recurrence': [field('Calendar:Type', '0')] });
  assert.match(replaced, /RRULE:FREQ=DAILY\r\n/);
  assert.doesNotMatch(replaced, /RDATE/);
});

test('an exotic rule without any pattern survives the absent Recurrence', () => {
  const calendar = eventOf('DTSTART:20260302T090000Z', 'RRULE:FREQ=DAILY;X-PART=1');
  assert.match(edited(calendar, { 'Calendar:Subject': 'x' }), /RRULE:FREQ=DAILY;X-PART=1/);
});

test('a Recurrence taken away leaves one event', () => {
  const calendar = eventOf(...WEEKLY, 'EXDATE;TZID=Europe/Berlin:20260323T090000');
  assert.doesNotMatch(edited(calendar, { 'Calendar:Recurrence': null }), /RRULE|EXDATE/);
});

test('a series that moves takes its exceptions and its end with it', () => {
  const calendar = calendarOf(
    'BEGIN:VEVENT',
    'UID:u1',
    'DTSTAMP:20260101T000000Z',
    'DTSTART;TZID=Europe/Berlin:20260316T090000',
    'DTEND;TZID=Europe/Berlin:20260316T100000',
    'RRULE:FREQ=WEEKLY;UNTIL=20260601T070000Z',
    'EXDATE;TZID=Europe/Berlin:20260323T090000',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:u1',
    'DTSTAMP:20260101T000000Z',
    'RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000',
    'DTSTART;TZID=Europe/Berlin:20260330T150000',
    'DTEND;TZID=Europe/Berlin:20260330T160000',
    'END:VEVENT',
  );
  const text = edited(calendar, {
    'Calendar:StartTime': '20260316T100000Z',
    'Calendar:EndTime': '20260316T110000Z',
    'Calendar:Exceptions': null,
  });
  assert.match(text, /DTSTART;TZID=Europe\/Berlin:20260316T110000/);
  assert.match(text, /EXDATE;TZID=Europe\/Berlin:20260323T110000/);
  assert.match(text, /RECURRENCE-ID;TZID=Europe\/Berlin:20260330T110000/);
  assert.match(text, /DTSTART;TZID=Europe\/Berlin:20260330T150000/);
  assert.match(text, /UNTIL=20260601T090000Z/);
});

function exception(...fields: readonly (readonly [string, Field['value']])[]): Field {
  return field(
    'Calendar:Exception',
    fields.map(([name, value]) => field(`Calendar:${name}`, value)),
  );
}

for (const [name, start] of [
  ['its exact start', '20260330T070000Z'],
  ['winter time', '20260330T080000Z'],
  ['midnight of the day', '20260329T220000Z'],
] as const) {
  test(`an occurrence deleted by ${name} gets an EXDATE in the series' zone`, () => {
    const text = edited(eventOf(...WEEKLY), {
      'Calendar:Exceptions': [exception(['ExceptionStartTime', start], ['Deleted', '1'])],
    });
    assert.match(text, /EXDATE;TZID=Europe\/Berlin:20260330T090000\r\n/);
  });
}

test('an occurrence moved by a phone becomes an override that inherits the rest', () => {
  const text = edited(eventOf(...WEEKLY, 'X-KEEP:1'), {
    'Calendar:Exceptions': [
      exception(
        ['ExceptionStartTime', '20260330T070000Z'],
        ['StartTime', '20260330T090000Z'],
        ['EndTime', '20260330T100000Z'],
      ),
    ],
  });
  const override = text.slice(text.lastIndexOf('BEGIN:VEVENT'));
  assert.match(override, /RECURRENCE-ID;TZID=Europe\/Berlin:20260330T090000/);
  assert.match(override, /DTSTART;TZID=Europe\/Berlin:20260330T110000/);
  assert.match(override, /DTEND;TZID=Europe\/Berlin:20260330T120000/);
  assert.match(override, /SUMMARY:Weekly\r\n[\s\S]*X-KEEP:1/);
  assert.doesNotMatch(override, /RRULE/);
});

test('exceptions that are not in the list stay, a deleted one that comes back loses its EXDATE', () => {
  const calendar = eventOf(...WEEKLY, 'EXDATE;TZID=Europe/Berlin:20260323T090000,20260330T090000');
  const text = edited(calendar, {
    'Calendar:Exceptions': [exception(['ExceptionStartTime', '20260330T070000Z'], ['Subject', 'Back'])],
  });
  assert.match(text, /EXDATE;TZID=Europe\/Berlin:20260323T090000\r\n/);
  assert.match(text, /SUMMARY:Back/);
});

test('MS-ASCAL_R542: an exception keeps of its own what does not come, an empty element takes it away', () => {
  const calendar = calendarOf(
    ...['BEGIN:VEVENT', 'UID:u1', ...WEEKLY, 'DESCRIPTION:Of all', 'END:VEVENT'],
    ...['BEGIN:VEVENT', 'UID:u1', 'RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000', 'DESCRIPTION:Own'],
    ...['DTSTART;TZID=Europe/Berlin:20260330T110000', 'ATTENDEE:mailto:guest@example.com', 'END:VEVENT'],
  );
  const start = ['ExceptionStartTime', '20260330T070000Z'] as const;
  const renamed = { 'Calendar:Exceptions': [exception(start, ['Subject', 'New'])] };
  for (const version of ['12.1', '14.1'] as const) {
    const text = edited(calendar, renamed, { version });
    assert.match(text, /DESCRIPTION:Own[\s\S]*ATTENDEE:mailto:guest@example.com[\s\S]*SUMMARY:New/);
  }
  const alone = { 'Calendar:Exceptions': [exception(start, ['Attendees', ''])] };
  assert.doesNotMatch(edited(calendar, alone), /guest/);
});

test('a new subject of the series reaches overrides that had the old one', () => {
  const calendar = calendarOf(
    ...['BEGIN:VEVENT', 'UID:u1', ...WEEKLY, 'END:VEVENT'],
    ...['BEGIN:VEVENT', 'UID:u1', 'RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000'],
    ...['SUMMARY:Weekly', 'DTSTART;TZID=Europe/Berlin:20260330T110000', 'END:VEVENT'],
  );
  const text = edited(calendar, { 'Calendar:Subject': 'Fortnightly', 'Calendar:Exceptions': null });
  assert.equal(text.match(/SUMMARY:Fortnightly/g)?.length, 2);
});

test("the same zone in a client's own spelling changes nothing", () => {
  const calendar = eventOf(...WEEKLY);
  const blob = Buffer.from(zoneToBlob(ianaZone('Europe/Berlin')!, 2026), 'base64');
  blob.fill(0, 4, 68);
  assert.equal(edited(calendar, { 'Calendar:Timezone': blob.toString('base64') }), textOfCalendar(calendar));
});

for (const [name, fields] of [
  ['an end that is over, without start,', { 'Calendar:EndTime': '20200101T000000Z' }],
  ['a start to come, without end,', { 'Calendar:StartTime': '20990101T000000Z' }],
  ['a bad date', { ...TIMES, 'Calendar:StartTime': '20261399T000000Z' }],
  ['a date that is text', { ...TIMES, 'Calendar:EndTime': 'tomorrow' }],
  ['a broken blob', { ...TIMES, 'Calendar:Timezone': 'AAAA' }],
  ['an unknown type', { ...TIMES, 'Calendar:Recurrence': [field('Calendar:Type', '4')] }],
  ['a mask of 0', { ...TIMES, 'Calendar:Recurrence': [field('Calendar:Type', '1'), field('Calendar:DayOfWeek', '0')] }],
  [
    'a mask of 128',
    { ...TIMES, 'Calendar:Recurrence': [field('Calendar:Type', '1'), field('Calendar:DayOfWeek', '128')] },
  ],
  [
    'a lunar calendar',
    { ...TIMES, 'Calendar:Recurrence': [field('Calendar:Type', '5'), field('Calendar:CalendarType', '15')] },
  ],
  ['a reminder that is text', { ...TIMES, 'Calendar:Reminder': 'soon' }],
  ['a busy status of 9', { ...TIMES, 'Calendar:BusyStatus': '9' }],
  [
    'an exception without start',
    {
      ...TIMES,
      'Calendar:Recurrence': [field('Calendar:Type', '0')],
      'Calendar:Exceptions': [exception(['Deleted', '1'])],
    },
  ],
  [
    'an attendee without address',
    { ...TIMES, 'Calendar:Attendees': [field('Calendar:Attendee', [field('Calendar:Name', 'x')])] },
  ],
  ['a body of RTF', { ...TIMES, 'AirSyncBase:Body': [field('AirSyncBase:Type', '3'), field('AirSyncBase:Data', 'x')] }],
] as const) {
  test(`${name} is refused with the element named`, () => {
    assert.throws(() => added(fields as Record<string, Field['value']>), ClassDataError);
  });
}

const BOB = field('Calendar:Attendee', [field('Calendar:Email', 'bob@example.net'), field('Calendar:Name', 'Bob')]);
const INVITATION = {
  ...TIMES,
  'Calendar:OrganizerEmail': 'ana@example.com',
  'Calendar:Attendees': [BOB],
  'Calendar:MeetingStatus': '1',
};

test('a meeting of which the phone names no organizer is the person’s own, and says so (RFC 5545 §3.8.4.3)', () => {
  const { 'Calendar:OrganizerEmail': _, ...unnamed } = INVITATION;
  assert.match(added(unnamed), /ORGANIZER:mailto:ana@example\.com\r\n/);
  const alone = eventOf('DTSTART:20260316T090000Z', 'DTEND:20260316T100000Z');
  assert.match(edited(alone, { 'Calendar:Attendees': [BOB] }), /ORGANIZER:mailto:ana@example\.com\r\n/);
  assert.doesNotMatch(edited(alone, { 'Calendar:Subject': 'x' }), /ORGANIZER/);
  assert.doesNotMatch(added({ ...unnamed, 'Calendar:MeetingStatus': '3' }), /ORGANIZER/);
  assert.match(added({ ...INVITATION, 'Calendar:OrganizerEmail': 'eve@example.com' }), /ORGANIZER:mailto:eve@/);
});

test('an event with attendees that another program stored without an organizer gets none', () => {
  const stored = eventOf('DTSTART:20260316T090000Z', 'DTEND:20260316T100000Z', 'ATTENDEE:mailto:bob@example.net');
  assert.doesNotMatch(edited(stored, { 'Calendar:Subject': 'x' }), /ORGANIZER/);
});

test('occurrences of a meeting have its organizer', () => {
  const { 'Calendar:OrganizerEmail': _, ...unnamed } = INVITATION;
  const exception = field('Calendar:Exception', [
    field('Calendar:ExceptionStartTime', '20260303T080000Z'),
    field('Calendar:Subject', 'other'),
  ]);
  const recurrence = [field('Calendar:Type', '0'), field('Calendar:Interval', '1')];
  const text = added({ ...unnamed, 'Calendar:Recurrence': recurrence, 'Calendar:Exceptions': [exception] });
  assert.equal(text.match(/ORGANIZER:mailto:ana@example\.com\r\n/g)?.length, 2);
});

test('MS-ASCAL §2.2.2.40, §2.2.2.15 an own meeting keeps ResponseRequested and DisallowNewTimeProposal', () => {
  const text = added({
    ...INVITATION,
    'Calendar:ResponseRequested': '1',
    'Calendar:DisallowNewTimeProposal': '1',
  });
  assert.match(text, /ATTENDEE;CN=Bob;RSVP=TRUE:mailto:bob@example\.net\r\n/);
  assert.match(text, /X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n/);
  const calendar = mergeCalendar(
    null,
    changed([], { ...INVITATION, 'Calendar:ResponseRequested': '1', 'Calendar:DisallowNewTimeProposal': '1' }),
    options(),
  );
  const shown = renderCalendar(calendar, options())!;
  assert.deepEqual(
    shown.filter(({ name }) => /Response|NewTime/.test(name)).map(({ name, value }) => [name, value]),
    [
      ['Calendar:DisallowNewTimeProposal', '1'],
      ['Calendar:ResponseRequested', '1'],
      ['Calendar:ResponseType', '1'],
    ],
  );
  const taken = edited(calendar, { 'Calendar:ResponseRequested': '0', 'Calendar:DisallowNewTimeProposal': '0' });
  assert.match(taken, /ATTENDEE;CN=Bob:mailto:bob@example\.net\r\n/);
  assert.match(taken, /X-MICROSOFT-DISALLOW-COUNTER:FALSE\r\n/);
  assert.match(edited(calendar, { 'Calendar:ResponseRequested': null }), /RSVP=TRUE/);
});

test('MS-ASCAL §2.2.2.40 what a phone says of answers changes no meeting of others, and no event without people', () => {
  const received = eventOf(
    'DTSTART:20260316T090000Z',
    'DTEND:20260316T100000Z',
    'ORGANIZER:mailto:boss@example.net',
    'ATTENDEE;RSVP=TRUE:mailto:ana@example.com',
  );
  const text = edited(received, { 'Calendar:ResponseRequested': '0', 'Calendar:DisallowNewTimeProposal': '1' });
  assert.equal(text, textOfCalendar(received));
  const alone = added({ ...TIMES, 'Calendar:ResponseRequested': '1', 'Calendar:DisallowNewTimeProposal': '1' });
  assert.doesNotMatch(alone, /RSVP|DISALLOW/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderCalendar } from '../../../../../protocols/activesync/classes/calendar/calendar-class.ts';
import { blobToZone } from '../../../../../src/domain/calendar/blob-to-zone.ts';
import { ianaZone } from '../../../../../src/domain/calendar/iana-zone.ts';
import type { Component } from '../../../../../src/formats/content-line/content-line.ts';
import { calendarOf, eventOf, options, plainFields } from '../samples.ts';

function shown(calendar: Component, change: Parameters<typeof options>[0] = {}): Record<string, unknown> {
  return plainFields(renderCalendar(calendar, options(change))!);
}

function zoneOf(fields: Record<string, unknown>, year = 2026): string | undefined {
  return blobToZone(fields.Timezone as string, { year })?.id;
}

test('MS-ASCAL a timed event is told in UTC with the rules of its zone', () => {
  const fields = shown(
    eventOf('DTSTART;TZID=America/New_York:20260701T090000', 'DTEND;TZID=America/New_York:20260701T100000'),
  );
  assert.equal(fields.StartTime, '20260701T130000Z');
  assert.equal(fields.EndTime, '20260701T140000Z');
  assert.equal(fields.AllDayEvent, '0');
  assert.equal(zoneOf(fields), 'America/New_York');
});

for (const [zone, start, end] of [
  ['Europe/Berlin', '20260328T230000Z', '20260329T220000Z'],
  ['Pacific/Kiritimati', '20260328T100000Z', '20260329T100000Z'],
  ['Asia/Kathmandu', '20260328T181500Z', '20260329T181500Z'],
  ['America/St_Johns', '20260329T023000Z', '20260330T023000Z'],
  ['Pacific/Pago_Pago', '20260329T110000Z', '20260330T110000Z'],
] as const) {
  test(`an all-day event is from midnight to midnight of ${zone}`, () => {
    const fields = shown(eventOf('DTSTART;VALUE=DATE:20260329'), { zone: ianaZone(zone)! });
    assert.deepEqual([fields.AllDayEvent, fields.StartTime, fields.EndTime], ['1', start, end]);
  });
}

const GREGORIAN = { CalendarType: '1', IsLeapMonth: '0' };

const RULES: readonly (readonly [rule: string, pattern: Record<string, string> | undefined])[] = [
  ['FREQ=DAILY;INTERVAL=3;COUNT=5', { Type: '0', Occurrences: '5', Interval: '3' }],
  ['FREQ=WEEKLY', { Type: '1', Interval: '1', DayOfWeek: '2', FirstDayOfWeek: '1' }],
  ['FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR', { Type: '1', Interval: '1', DayOfWeek: '62', FirstDayOfWeek: '1' }],
  ['FREQ=WEEKLY;BYDAY=MO,SA;WKST=SU', { Type: '1', Interval: '1', DayOfWeek: '66', FirstDayOfWeek: '0' }],
  ['FREQ=MONTHLY', { Type: '2', Interval: '1', DayOfMonth: '2', CalendarType: '1' }],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', { Type: '3', Interval: '1', DayOfWeek: '127', WeekOfMonth: '5', CalendarType: '1' }],
  ['FREQ=MONTHLY;BYDAY=1MO', { Type: '3', Interval: '1', DayOfWeek: '2', WeekOfMonth: '1', CalendarType: '1' }],
  [
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1',
    { Type: '3', Interval: '1', DayOfWeek: '2', WeekOfMonth: '5', CalendarType: '1' },
  ],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1',
    { Type: '3', Interval: '1', DayOfWeek: '62', WeekOfMonth: '1', CalendarType: '1' },
  ],
  [
    'FREQ=MONTHLY;BYDAY=MO,SU;BYSETPOS=2',
    { Type: '3', Interval: '1', DayOfWeek: '3', WeekOfMonth: '2', CalendarType: '1' },
  ],
  ['FREQ=YEARLY', { Type: '5', Interval: '1', DayOfMonth: '2', MonthOfYear: '3', ...GREGORIAN }],
  [
    'FREQ=YEARLY;BYMONTH=3;BYDAY=1MO',
    { Type: '6', Interval: '1', DayOfWeek: '2', WeekOfMonth: '1', MonthOfYear: '3', ...GREGORIAN },
  ],
  ['FREQ=YEARLY;BYMONTH=3,6,9,12', { Type: '2', Interval: '3', DayOfMonth: '2', CalendarType: '1' }],
  // 0009: nothing is shown that is not real.
  ['FREQ=MONTHLY;BYMONTHDAY=2,16', { Type: '2', Interval: '1', DayOfMonth: '2', CalendarType: '1' }],
  ['FREQ=MONTHLY;BYDAY=1MO,3MO', { Type: '3', Interval: '1', DayOfWeek: '2', WeekOfMonth: '1', CalendarType: '1' }],
  ['FREQ=HOURLY;INTERVAL=6', { Type: '0', Interval: '1' }],
  ['FREQ=DAILY;X-PART=1', undefined],
  ['FREQ=SECONDLY;COUNT=10', undefined],
];

for (const [rule, pattern] of RULES) {
  test(`${rule} is shown as ${pattern === undefined ? 'one event' : `type ${pattern.Type}`}`, () => {
    const fields = shown(eventOf('DTSTART:20260302T090000Z', 'DTEND:20260302T093000Z', `RRULE:${rule}`));
    assert.deepEqual(fields.Recurrence, pattern);
  });
}

test('UNTIL is the start of the last day, whatever time it was written with', () => {
  for (const until of ['20260331', '20260331T070000Z', '20260331T215959Z']) {
    const fields = shown(eventOf('DTSTART;TZID=Europe/Berlin:20260302T090000', `RRULE:FREQ=DAILY;UNTIL=${until}`));
    assert.equal((fields.Recurrence as Record<string, string>).Until, '20260331T070000Z');
  }
});

test('a series of dates alone is shown as its first one', () => {
  const fields = shown(eventOf('DTSTART:20260302T090000Z', 'RDATE:20260305T090000Z,20260311T100000Z'));
  assert.equal(fields.Recurrence, undefined);
});

test('exceptions across a change to summer time name their original start in UTC', () => {
  const calendar = calendarOf(
    'BEGIN:VEVENT',
    'UID:u1',
    'SUMMARY:Weekly',
    'LOCATION:Here',
    'CATEGORIES:A',
    'DTSTART;TZID=Europe/Berlin:20260316T090000',
    'DTEND;TZID=Europe/Berlin:20260316T100000',
    'RRULE:FREQ=WEEKLY',
    'EXDATE;TZID=Europe/Berlin:20260323T090000',
    'EXDATE;TZID=Europe/Berlin:20260324T090000',
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:u1',
    'RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000',
    'SUMMARY:Moved',
    'DTSTART;TZID=Europe/Berlin:20260331T110000',
    'DTEND;TZID=Europe/Berlin:20260331T120000',
    'CATEGORIES:A',
    'END:VEVENT',
  );
  assert.deepEqual(shown(calendar).Exceptions, [
    { Deleted: '1', ExceptionStartTime: '20260323T080000Z' },
    {
      ExceptionStartTime: '20260330T070000Z',
      StartTime: '20260331T090000Z',
      EndTime: '20260331T100000Z',
      Subject: 'Moved',
      Location: '',
    },
  ]);
});

test('a meeting names organizer, attendees and the own answer', () => {
  const calendar = eventOf(
    'DTSTART:20260302T090000Z',
    'ORGANIZER;CN=Bob:mailto:bob@example.com',
    'ATTENDEE;CN=Ana;PARTSTAT=TENTATIVE;RSVP=TRUE:mailto:ANA@example.com',
    'ATTENDEE;CUTYPE=ROOM:mailto:room@example.com',
  );
  const fields = shown(calendar);
  assert.equal(fields.MeetingStatus, '3');
  assert.equal(fields.ResponseType, '2');
  assert.deepEqual(fields.Attendees, [
    { Email: 'ANA@example.com', Name: 'Ana', AttendeeStatus: '2', AttendeeType: '1' },
    { Email: 'room@example.com', Name: 'room@example.com', AttendeeStatus: '0', AttendeeType: '3' },
  ]);
  assert.equal(shown(calendar, { version: '12.1' }).ResponseType, undefined);
  assert.equal(shown(calendar, { addresses: ['bob@example.com'] }).MeetingStatus, '1');
});

test('MS-ASCAL §2.2.2.39 an occurrence that is answered in another way than its series says so, from 14.0', () => {
  const people = (answer: string) => [
    'ORGANIZER:mailto:bob@example.com',
    `ATTENDEE;PARTSTAT=${answer}:mailto:ana@example.com`,
  ];
  const occurrence = (day: string, answer: string) => [
    ...['BEGIN:VEVENT', 'UID:u1', 'DTSTAMP:20260101T000000Z', `RECURRENCE-ID:${day}T100000Z`],
    ...[`DTSTART:${day}T120000Z`, `DTEND:${day}T130000Z`, ...people(answer), 'END:VEVENT'],
  ];
  const master = ['UID:u1', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260302T100000Z', 'DTEND:20260302T110000Z'];
  const calendar = calendarOf(
    ...['BEGIN:VEVENT', ...master, 'RRULE:FREQ=DAILY', 'X-MICROSOFT-CDO-REPLYTIME:20260101T000000Z'],
    ...[...people('ACCEPTED'), 'END:VEVENT'],
    ...occurrence('20260303', 'TENTATIVE'),
    ...occurrence('20260304', 'ACCEPTED'),
  );
  for (const [version, types] of [
    ['12.1', [undefined, undefined]],
    ['14.0', ['2', undefined]],
    ['14.1', ['2', undefined]],
  ] as const) {
    const exceptions = shown(calendar, { version }).Exceptions as readonly Record<string, string>[];
    assert.deepEqual(
      exceptions.map(({ ResponseType }) => ResponseType),
      types,
    );
    assert.ok(exceptions.every(({ AppointmentReplyTime }) => AppointmentReplyTime === undefined));
  }
});

for (const [lines, name, value] of [
  [['CLASS:PRIVATE'], 'Sensitivity', '2'],
  [['CLASS:X-WHATEVER'], 'Sensitivity', '2'],
  [[], 'Sensitivity', '0'],
  [['TRANSP:TRANSPARENT'], 'BusyStatus', '0'],
  [['X-MICROSOFT-CDO-BUSYSTATUS:OOF'], 'BusyStatus', '3'],
  [[], 'BusyStatus', '2'],
  [['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT90S', 'END:VALARM'], 'Reminder', '2'],
  [['BEGIN:VALARM', 'ACTION:EMAIL', 'TRIGGER:-PT90S', 'END:VALARM'], 'Reminder', undefined],
  [['STATUS:CANCELLED'], 'MeetingStatus', '5'],
  [['SUMMARY:a\\, b\\nc'], 'Subject', 'a, b\nc'],
] as const) {
  test(`${lines.join(' ') || 'nothing'} is shown as ${name} ${value}`, () => {
    assert.equal(shown(eventOf('DTSTART:20260302T090000Z', ...lines))[name], value);
  });
}

test('MS-ASCAL §2.2.2.21 of very many exceptions the latest 256 are shown, changed and deleted ones in their order', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10).replaceAll('-', '');
  const numbers = Array.from({ length: 600 }, (_, n) => n);
  const deleted = numbers.filter((n) => n % 2 === 0).map((n) => `EXDATE:${day(n)}T100000Z`);
  const changed = numbers
    .filter((n) => n % 2 === 1)
    .flatMap((n) => [
      ...['BEGIN:VEVENT', 'UID:u1', 'DTSTAMP:20260101T000000Z', `RECURRENCE-ID:${day(n)}T100000Z`],
      ...[`DTSTART:${day(n)}T120000Z`, `SUMMARY:${n}`, 'END:VEVENT'],
    ]);
  const master = ['UID:u1', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY', ...deleted];
  const calendar = calendarOf('BEGIN:VEVENT', ...master, 'END:VEVENT', ...changed);
  const exceptions = shown(calendar).Exceptions as readonly Record<string, string>[];
  assert.deepEqual(
    exceptions.map(({ ExceptionStartTime, Deleted, Subject }) => [ExceptionStartTime, Deleted ?? Subject]),
    numbers.slice(-256).map((n) => [`${day(n)}T100000Z`, n % 2 === 0 ? '1' : String(n)]),
  );
});

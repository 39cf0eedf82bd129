import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyPeriods, mergePeriods } from '../../../src/domain/calendar/busy-periods.ts';
import { expandCalendar } from '../../../src/domain/calendar/expand-calendar.ts';
import { limitFreeBusySet, limitRecurrenceSet } from '../../../src/domain/calendar/limit-calendar.ts';
import { validateCalendarObject } from '../../../src/domain/calendar/validate-calendar-object.ts';
import { type ErrorCode, GatewayError } from '../../../src/domain/errors.ts';
import type { CalendarKind } from '../../../src/domain/item-class.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { calendar, component, object, range, show, text, UTC, zone } from './calendar-text.ts';

const JUNE = range('2026-06-01T00:00', '2026-07-01T00:00');
const busy = (tree: Component): string[] =>
  busyPeriods(tree, JUNE, UTC).map((period) => `${show(period.start)}/${show(period.end)} ${period.type}`);
const HOUR = ['DTSTART:20260610T100000Z', 'DTEND:20260610T110000Z'];

test('RFC 4791 §7.10 what keeps a person busy', () => {
  assert.deepEqual(busy(object('VEVENT', ...HOUR)), ['2026-06-10T10:00/2026-06-10T11:00 BUSY']);
  assert.deepEqual(busy(object('VEVENT', ...HOUR, 'STATUS:TENTATIVE')), [
    '2026-06-10T10:00/2026-06-10T11:00 BUSY-TENTATIVE',
  ]);
  for (const free of ['STATUS:CANCELLED', 'TRANSP:TRANSPARENT'])
    assert.deepEqual(busy(object('VEVENT', ...HOUR, free)), [], free);
  assert.deepEqual(busy(object('VEVENT', 'DTSTART:20260610T100000Z')), [], 'no time at all');
  assert.deepEqual(busy(object('VTODO', 'DTSTART:20260610T100000Z', 'DUE:20260611T100000Z')), [], 'tasks do not');
});

test('RFC 4791 §7.10 series, cancelled occurrences, periods cut to the range', () => {
  const tree = calendar(
    ...component('VEVENT', 'DTSTART:20260531T230000Z', 'DURATION:PT2H', 'RRULE:FREQ=DAILY;COUNT=3'),
    ...component(
      'VEVENT',
      'RECURRENCE-ID:20260601T230000Z',
      'DTSTART:20260601T230000Z',
      'DURATION:PT2H',
      'STATUS:CANCELLED',
    ),
  );
  assert.deepEqual(busy(tree), ['2026-06-01T00:00/2026-06-01T01:00 BUSY', '2026-06-02T23:00/2026-06-03T01:00 BUSY']);
});

test('RFC 5545 §3.2.9 stored VFREEBUSY periods with their types', () => {
  const tree = object(
    'VFREEBUSY',
    'FREEBUSY:20260610T100000Z/PT1H',
    'FREEBUSY;FBTYPE=FREE:20260611T100000Z/PT1H',
    'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260612T100000Z/20260612T120000Z',
    'FREEBUSY;FBTYPE=X-OTHER:20260613T100000Z/PT1H',
  );
  assert.deepEqual(
    busy(tree).map((entry) => entry.split(' ')[1]),
    ['BUSY', 'BUSY-UNAVAILABLE', 'BUSY'],
  );
});

test('merged periods are in order, touch but never overlap, and the more certain type stays', () => {
  const period = (start: number, end: number, type: 'BUSY' | 'BUSY-TENTATIVE' | 'BUSY-UNAVAILABLE' = 'BUSY') => ({
    start,
    end,
    type,
  });
  assert.deepEqual(mergePeriods([period(5, 7), period(1, 3), period(3, 4), period(2, 4)]), [
    period(1, 4),
    period(5, 7),
  ]);
  assert.deepEqual(mergePeriods([period(0, 10, 'BUSY-TENTATIVE'), period(3, 5), period(4, 6, 'BUSY-UNAVAILABLE')]), [
    period(0, 3, 'BUSY-TENTATIVE'),
    period(3, 4),
    period(4, 6, 'BUSY-UNAVAILABLE'),
    period(6, 10, 'BUSY-TENTATIVE'),
  ]);
  assert.deepEqual(mergePeriods([]), []);
});

const ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'END:VTIMEZONE',
];
const OPTIONS = { floatingZone: zone('Europe/Berlin'), maxOccurrences: 100 };

test('RFC 4791 §9.6.5 expand: UTC, RECURRENCE-ID, no rules and no zones', () => {
  const tree = calendar(
    ...ZONE,
    ...component(
      'VEVENT',
      'DTSTART;TZID=Europe/Berlin:20260328T120000',
      'DURATION:P1D',
      'RRULE:FREQ=DAILY;COUNT=3',
      'EXDATE;TZID=Europe/Berlin:20260330T120000',
      'SUMMARY:m',
      'BEGIN:VALARM',
      'TRIGGER:-PT5M',
      'END:VALARM',
    ),
    ...component(
      'VEVENT',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260329T120000',
      'DTSTART;TZID=Europe/Berlin:20260329T150000',
      'DTEND;TZID=Europe/Berlin:20260329T160000',
      'SUMMARY:o',
    ),
  );
  const lines = text(expandCalendar(tree, range('2026-03-01T00:00', '2026-04-01T00:00'), OPTIONS)).split('\r\n');
  for (const gone of ['RRULE', 'EXDATE', 'BEGIN:VTIMEZONE', 'TZID', 'DURATION'])
    assert.ok(!lines.some((line) => line.includes(gone)), gone);
  const times = lines.filter((line) => /^(DTSTART|DTEND|RECURRENCE-ID|SUMMARY|TRIGGER)/.test(line));
  assert.deepEqual(times, [
    'DTSTART:20260328T110000Z',
    'DTEND:20260329T100000Z',
    'SUMMARY:m',
    'RECURRENCE-ID:20260328T110000Z',
    'TRIGGER:-PT5M',
    'DTSTART:20260329T130000Z',
    'DTEND:20260329T140000Z',
    'SUMMARY:o',
    'RECURRENCE-ID:20260329T100000Z',
  ]);
});

test('RFC 4791 §9.6.5 expand: dates stay dates, floating stays floating, a single event gets no RECURRENCE-ID', () => {
  const year = range('2026-01-01T00:00', '2027-01-01T00:00');
  const dates = text(
    expandCalendar(
      object('VEVENT', 'DTSTART;VALUE=DATE:20260601', 'DTEND;VALUE=DATE:20260603', 'RRULE:FREQ=MONTHLY;COUNT=1'),
      year,
      OPTIONS,
    ),
  );
  for (const line of ['DTSTART;VALUE=DATE:20260601', 'DTEND;VALUE=DATE:20260603', 'RECURRENCE-ID;VALUE=DATE:20260601'])
    assert.ok(dates.includes(`${line}\r\n`), line);
  const floating = text(expandCalendar(object('VEVENT', 'DTSTART:20260601T090000', 'DURATION:PT1H'), year, OPTIONS));
  assert.ok(floating.includes('DTSTART:20260601T090000\r\n') && floating.includes('DTEND:20260601T100000\r\n'));
  assert.ok(!floating.includes('RECURRENCE-ID'));
  assert.ok(text(expandCalendar(object('VTODO', 'SUMMARY:some day'), year, OPTIONS)).includes('some day'));
});

test('a large component that recurs is not expanded into what no memory holds', () => {
  const large = object('VEVENT', 'DTSTART:20260601T100000Z', 'RRULE:FREQ=DAILY', `SUMMARY:${'x'.repeat(1_000_000)}`);
  assert.throws(() => expandCalendar(large, range('2026-01-01T00:00', '2027-01-01T00:00'), OPTIONS), {
    code: 'too-many-results',
  });
  assert.ok(expandCalendar(large, range('2026-06-01T00:00', '2026-06-11T00:00'), OPTIONS).children.length > 10);
});

test('RFC 4791 §9.6.6 overrides that do not matter in the range are left out, the rest keeps its bytes', () => {
  const master = component('VEVENT', 'DTSTART:20260601T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY');
  const one = (id: string, start: string, range = ''): string[] =>
    component('VEVENT', `RECURRENCE-ID${range}:${id}`, `DTSTART:${start}`, `SUMMARY:${id}`);
  const tree = calendar(
    ...master,
    ...one('20260602T100000Z', '20260602T120000Z'),
    ...one('20260603T100000Z', '20260610T120000Z'),
    ...one('20260610T100000Z', '20260801T120000Z'),
    ...one('20260604T100000Z', '20260604T110000Z', ';RANGE=THISANDFUTURE'),
    ...one('20260701T100000Z', '20260701T110000Z', ';RANGE=THISANDFUTURE'),
  );
  const limited = text(limitRecurrenceSet(tree, range('2026-06-10T00:00', '2026-06-11T00:00'), UTC));
  assert.deepEqual(
    [...limited.matchAll(/SUMMARY:(\S+)/g)].map((match) => match[1]),
    ['20260603T100000Z', '20260610T100000Z', '20260604T100000Z'],
  );
  assert.ok(limited.includes('RRULE:FREQ=DAILY'));
});

test('RFC 4791 §9.6.7 free-busy periods outside of the range are left out', () => {
  const tree = object(
    'VFREEBUSY',
    'FREEBUSY;FBTYPE=BUSY:20260501T100000Z/PT1H,20260610T100000Z/PT1H',
    'FREEBUSY:20260502T100000Z/PT1H',
  );
  const limited = text(limitFreeBusySet(tree, JUNE, UTC));
  assert.deepEqual(
    limited.match(/^FREEBUSY.*$/gm)?.map((line) => line.trim()),
    ['FREEBUSY;FBTYPE=BUSY:20260610T100000Z/PT1H'],
  );
});

const ALL: CalendarKind[] = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY'];
const EVENT = component('VEVENT', 'DTSTART:20260601T100000Z');
const REFUSED: readonly [string, Component, ErrorCode][] = [
  ['METHOD', calendar('METHOD:REQUEST', ...EVENT), 'object-invalid'],
  ['nothing in it', calendar(), 'object-invalid'],
  ['only a zone', calendar(...ZONE), 'object-invalid'],
  ['two kinds', calendar(...EVENT, ...component('VTODO')), 'object-invalid'],
  [
    'two UIDs',
    calendar(...EVENT, 'BEGIN:VEVENT', 'UID:other', 'DTSTART:20260601T100000Z', 'END:VEVENT'),
    'object-invalid',
  ],
  ['no UID', calendar('BEGIN:VEVENT', 'DTSTART:20260601T100000Z', 'END:VEVENT'), 'object-invalid'],
  ['two masters', calendar(...EVENT, ...EVENT), 'object-invalid'],
  ['no DTSTART', object('VEVENT', 'SUMMARY:x'), 'object-invalid'],
  ['unreadable DTSTART', object('VEVENT', 'DTSTART:tomorrow'), 'content-invalid'],
  ['30 February', object('VEVENT', 'DTSTART:20260230T100000Z'), 'content-invalid'],
  ['unreadable RRULE', object('VEVENT', 'DTSTART:20260601T100000Z', 'RRULE:FREQ=SOMETIMES'), 'content-invalid'],
  ['unreadable EXDATE', object('VEVENT', 'DTSTART:20260601T100000Z', 'EXDATE:x'), 'content-invalid'],
  ['unknown component', calendar('BEGIN:VPOLL', 'UID:x', 'END:VPOLL'), 'component-unsupported'],
];
for (const [title, tree, code] of REFUSED) {
  test(`RFC 4791 §5.3.2.1 refused as ${code}: ${title}`, () => {
    assert.throws(
      () => validateCalendarObject(tree, { allowed: ALL }),
      (error) => error instanceof GatewayError && error.code === code && error.message.length > 10,
    );
  });
}

test('RFC 4791 §5.2.3 a kind the folder does not take', () => {
  assert.throws(
    () => validateCalendarObject(calendar(...EVENT), { allowed: ['VTODO'] }),
    (error) => error instanceof GatewayError && error.code === 'component-unsupported',
  );
});

const STORED: readonly [string, Component][] = [
  ['a timed event without end', calendar(...EVENT)],
  ['an end before the start', object('VEVENT', 'DTSTART:20260601T100000Z', 'DTEND:20260601T090000Z')],
  ['both DTEND and DURATION', object('VEVENT', 'DTSTART:20260601T100000Z', 'DTEND:20260601T110000Z', 'DURATION:PT1H')],
  ['an unknown rule part', object('VEVENT', 'DTSTART:20260601T100000Z', 'RRULE:FREQ=DAILY;X-MOON=FULL')],
  ['an unknown zone', object('VEVENT', 'DTSTART;TZID=Nowhere:20260601T100000')],
  ['an override without master', object('VEVENT', 'RECURRENCE-ID:20260601T100000Z', 'SUMMARY:x')],
  ['an unreadable alarm', object('VEVENT', 'DTSTART:20260601T100000Z', 'BEGIN:VALARM', 'TRIGGER:soon', 'END:VALARM')],
  ['a foreign component beside it', calendar(...EVENT, 'BEGIN:X-THING', 'END:X-THING')],
  ['a task without any date', object('VTODO', 'SUMMARY:x')],
];
for (const [title, tree] of STORED) {
  test(`stored: ${title}`, () => {
    assert.equal(validateCalendarObject(tree, { allowed: ALL }).uid, 'test@example.com');
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarmTest, type RangedComponent, rangeTest } from '../../../src/domain/calendar/time-range.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf } from '../../../src/formats/content-line/lookup.ts';
import { formatUtc } from '../../../src/formats/icalendar/date-time.ts';
import { calendar, component, object, range, UTC, utc, zone } from './calendar-text.ts';
import { matchesTimeRange } from './matches-time-range.ts';

const TEN = 'T10:00';
const D = (day: number, time = 'T00:00'): string => `2026-06-${String(day).padStart(2, '0')}${time}`;

/** RFC 4791 §9.9: kind, lines, range, answer. */
const CASES: readonly [string, RangedComponent, string[], [string, string], boolean][] = [
  [
    'DTEND after the start',
    'VEVENT',
    ['DTSTART:20260610T100000Z', 'DTEND:20260610T110000Z'],
    [D(10, 'T10:59'), D(11)],
    true,
  ],
  [
    'DTEND at the start',
    'VEVENT',
    ['DTSTART:20260610T100000Z', 'DTEND:20260610T110000Z'],
    [D(10, 'T11:00'), D(11)],
    false,
  ],
  ['DTSTART at the end', 'VEVENT', ['DTSTART:20260610T100000Z', 'DTEND:20260610T110000Z'], [D(9), D(10, TEN)], false],
  ['DURATION', 'VEVENT', ['DTSTART:20260610T100000Z', 'DURATION:PT1H'], [D(10, 'T10:59'), D(11)], true],
  ['no time at the very start', 'VEVENT', ['DTSTART:20260610T100000Z', 'DURATION:PT0S'], [D(10, TEN), D(11)], true],
  ['instant at the end', 'VEVENT', ['DTSTART:20260610T100000Z'], [D(9), D(10, TEN)], false],
  ['date, last second', 'VEVENT', ['DTSTART;VALUE=DATE:20260610'], [D(10, 'T23:59'), D(12)], true],
  ['date, next day', 'VEVENT', ['DTSTART;VALUE=DATE:20260610'], [D(11), D(12)], false],
  ['recurring', 'VEVENT', ['DTSTART:20200610T100000Z', 'RRULE:FREQ=YEARLY'], [D(10), D(11)], true],
  ['recurring, not that day', 'VEVENT', ['DTSTART:20200610T100000Z', 'RRULE:FREQ=YEARLY'], [D(11), D(20)], false],
  ['another component', 'VTODO', [], [D(1), D(2)], true],
  [
    'DTSTART+DURATION ends at the start',
    'VTODO',
    ['DTSTART:20260610T100000Z', 'DURATION:PT1H'],
    [D(10, 'T11:00'), D(11)],
    true,
  ],
  [
    'DTSTART+DURATION begins at the end',
    'VTODO',
    ['DTSTART:20260610T100000Z', 'DURATION:PT1H'],
    [D(9), D(10, TEN)],
    false,
  ],
  [
    'DTSTART+DUE ends at the start',
    'VTODO',
    ['DTSTART:20260610T100000Z', 'DUE:20260610T110000Z'],
    [D(10, 'T11:00'), D(11)],
    false,
  ],
  [
    'DTSTART+DUE equal at the start',
    'VTODO',
    ['DTSTART:20260610T100000Z', 'DUE:20260610T100000Z'],
    [D(10, TEN), D(11)],
    true,
  ],
  [
    'DTSTART+DUE equal at the end',
    'VTODO',
    ['DTSTART:20260610T100000Z', 'DUE:20260610T100000Z'],
    [D(9), D(10, TEN)],
    true,
  ],
  ['DTSTART alone at the start', 'VTODO', ['DTSTART:20260610T100000Z'], [D(10, TEN), D(11)], true],
  ['DTSTART alone at the end', 'VTODO', ['DTSTART:20260610T100000Z'], [D(9), D(10, TEN)], false],
  ['DUE alone at the start', 'VTODO', ['DUE:20260610T100000Z'], [D(10, TEN), D(11)], false],
  ['DUE alone at the end', 'VTODO', ['DUE:20260610T100000Z'], [D(9), D(10, TEN)], true],
  [
    'CREATED and COMPLETED around',
    'VTODO',
    ['CREATED:20260601T000000Z', 'COMPLETED:20260620T000000Z'],
    [D(10), D(11)],
    true,
  ],
  [
    'CREATED and COMPLETED before',
    'VTODO',
    ['CREATED:20260601T000000Z', 'COMPLETED:20260602T000000Z'],
    [D(10), D(11)],
    false,
  ],
  ['COMPLETED at the end', 'VTODO', ['COMPLETED:20260611T000000Z'], [D(10), D(11)], true],
  ['COMPLETED after', 'VTODO', ['COMPLETED:20260611T000001Z'], [D(10), D(11)], false],
  ['CREATED before the end', 'VTODO', ['CREATED:20200101T000000Z'], [D(10), D(11)], true],
  ['CREATED at the end', 'VTODO', ['CREATED:20260611T000000Z'], [D(10), D(11)], false],
  [
    'recurring task',
    'VTODO',
    ['DTSTART:20200610T100000Z', 'DUE:20200610T120000Z', 'RRULE:FREQ=YEARLY'],
    [D(10, 'T11:00'), D(11)],
    true,
  ],
  ['time', 'VJOURNAL', ['DTSTART:20260610T100000Z'], [D(10, TEN), D(11)], true],
  ['date', 'VJOURNAL', ['DTSTART;VALUE=DATE:20260610'], [D(10, 'T12:00'), D(11)], true],
  ['none', 'VJOURNAL', [], [D(1), D(30)], false],
  [
    'DTSTART and DTEND touch',
    'VFREEBUSY',
    ['DTSTART:20260601T000000Z', 'DTEND:20260610T000000Z'],
    [D(10), D(11)],
    true,
  ],
  [
    'DTSTART and DTEND apart',
    'VFREEBUSY',
    ['DTSTART:20260601T000000Z', 'DTEND:20260609T000000Z'],
    [D(10), D(11)],
    false,
  ],
  ['FREEBUSY', 'VFREEBUSY', ['FREEBUSY:20260601T000000Z/PT1H,20260610T100000Z/20260610T110000Z'], [D(10), D(11)], true],
  ['FREEBUSY apart', 'VFREEBUSY', ['FREEBUSY:20260601T000000Z/PT1H,20260611T000000Z/PT1H'], [D(10), D(11)], false],
  ['nothing', 'VFREEBUSY', [], [D(1), D(30)], false],
];
for (const [title, kind, lines, [from, to], expected] of CASES) {
  test(`RFC 4791 §9.9 ${kind} ${title}: ${expected}`, () => {
    assert.equal(matchesTimeRange(object(kind, ...lines), kind, range(from, to), UTC), expected);
  });
}

const ALARMS: readonly [string, string[], [string, string], boolean][] = [
  ['before the start', ['TRIGGER:-PT15M'], [D(10, 'T09:45'), D(10, 'T09:46')], true],
  ['end is exclusive', ['TRIGGER:-PT15M'], [D(10, 'T09:00'), D(10, 'T09:45')], false],
  ['related to the end', ['TRIGGER;RELATED=END:PT5M'], [D(10, 'T11:05'), D(10, 'T11:06')], true],
  ['absolute', ['TRIGGER;VALUE=DATE-TIME:20260501T080000Z'], ['2026-05-01T08:00', '2026-05-01T08:01'], true],
  ['repeated', ['TRIGGER:-PT1H', 'REPEAT:2', 'DURATION:PT20M'], [D(10, 'T09:40'), D(10, 'T09:41')], true],
  ['no more repeats', ['TRIGGER:-PT1H', 'REPEAT:2', 'DURATION:PT20M'], [D(10, 'T10:00'), D(10, 'T12:00')], false],
  ['countless repeats', ['TRIGGER:-PT1H', 'REPEAT:999999999', 'DURATION:PT1S'], [D(20), D(21)], true],
  ['unreadable', ['TRIGGER:soon'], [D(1), D(30)], false],
];
for (const [title, lines, [from, to], expected] of ALARMS) {
  test(`RFC 4791 §9.9 VALARM ${title}: ${expected}`, () => {
    const tree = object(
      'VEVENT',
      'DTSTART:20260610T100000Z',
      'DTEND:20260610T110000Z',
      'BEGIN:VALARM',
      'ACTION:AUDIO',
      ...lines,
      'END:VALARM',
    );
    assert.equal(matchesTimeRange(tree, 'VALARM', range(from, to), UTC), expected);
  });
}

test('an alarm of a series follows its occurrences; a day before is the same time of day', () => {
  const tree = object(
    'VEVENT',
    'DTSTART;TZID=Europe/Berlin:20260101T120000',
    'RRULE:FREQ=DAILY',
    'BEGIN:VALARM',
    'TRIGGER:-P1D',
    'END:VALARM',
  );
  // The occurrence of 29 March is at 10:00Z, the day before has still winter time.
  assert.equal(matchesTimeRange(tree, 'VALARM', range('2026-03-28T11:00', '2026-03-28T11:01'), UTC), true);
  assert.equal(matchesTimeRange(tree, 'VALARM', range('2026-03-28T10:00', '2026-03-28T10:01'), UTC), false);
});

test('an open range, and an override that leaves the range', () => {
  const tree = calendar(
    ...component('VEVENT', 'DTSTART:20260610T100000Z', 'RRULE:FREQ=DAILY;COUNT=2'),
    ...component('VEVENT', 'RECURRENCE-ID:20260611T100000Z', 'DTSTART:20260701T100000Z'),
  );
  assert.equal(matchesTimeRange(tree, 'VEVENT', range(D(11), D(12)), UTC), false);
  assert.equal(
    matchesTimeRange(tree, 'VEVENT', { start: range(D(12), D(13)).start, end: Number.POSITIVE_INFINITY }, UTC),
    true,
  );
  assert.equal(
    matchesTimeRange(tree, 'VEVENT', { start: Number.NEGATIVE_INFINITY, end: range(D(10), D(11)).start }, UTC),
    false,
  );
});

test('floating times and dates are read in the zone given', () => {
  const tree = object('VEVENT', 'DTSTART:20260610T000000');
  assert.equal(matchesTimeRange(tree, 'VEVENT', range(D(9), D(10)), zone('Europe/Berlin')), true);
  assert.equal(matchesTimeRange(tree, 'VEVENT', range(D(9), D(10)), UTC), false);
});

test('one walk answers for every component and alarm, and an override only by its own time', () => {
  const shifts = Array.from({ length: 3_000 }, (_, day) => {
    const date = utc('2026-01-01T10:00') + day * 86_400;
    const id = `RECURRENCE-ID;RANGE=THISANDFUTURE:${formatUtc(date)}`;
    return component('VEVENT', id, `DTSTART:${formatUtc(date + 60)}`, 'BEGIN:VALARM', 'TRIGGER:-PT5M', 'END:VALARM');
  });
  const single = component('VEVENT', 'RECURRENCE-ID:20350101T100000Z', 'DTSTART:20350102T120000Z');
  const master = component('VEVENT', 'DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY');
  const tree = calendar(...master, ...single, ...shifts.flat());
  const [main, own, first, ...others] = componentsOf(tree, 'VEVENT');
  const isIn = rangeTest(tree, 'VEVENT', range('2035-01-01T00:00', '2035-01-03T00:00'), UTC);
  const [last] = others.slice(-1);
  assert.deepEqual(
    [main, own, first, last].map((event) => isIn(event!)),
    [false, true, false, true],
  );
  const isLate = rangeTest(tree, 'VEVENT', range('2036-01-01T00:00', '2036-01-03T00:00'), UTC);
  assert.deepEqual(
    [own, last].map((event) => isLate(event!)),
    [false, true],
  );
  const goesOff = alarmTest(tree, range('2036-01-01T00:00', '2036-01-03T00:00'), UTC);
  const alarmOf = (event: Component | undefined) => componentsOf(event!, 'VALARM')[0]!;
  assert.deepEqual(
    [first, last].map((event) => goesOff(alarmOf(event))),
    [false, true],
  );
});

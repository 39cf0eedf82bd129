import assert from 'node:assert/strict';
import { test } from 'node:test';
import { occurrencesOf } from '../../../src/domain/calendar/occurrences.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { calendar, component, object, range, show, zone } from './calendar-text.ts';

const BERLIN = zone('Europe/Berlin');

/** `start/end summary` of each occurrence. */
function list(tree: Component, from: string, to: string, floatingZone = BERLIN): string[] {
  return occurrencesOf(tree, range(from, to), { floatingZone, maxOccurrences: 1_000 }).map((occurrence) => {
    const summary = propertyOf(occurrence.component, 'SUMMARY')?.value;
    return `${show(occurrence.start)}/${show(occurrence.end)}${summary === undefined ? '' : ` ${summary}`}`;
  });
}
const event = (...lines: string[]): Component => object('VEVENT', ...lines);
const YEAR = ['2026-01-01T00:00', '2027-01-01T00:00'] as const;

test('RFC 5545 §3.3.5 a series through a gap and an overlap keeps its wall clock', () => {
  const spring = event('DTSTART;TZID=Europe/Berlin:20260328T023000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3');
  assert.deepEqual(list(spring, ...YEAR), [
    '2026-03-28T01:30/2026-03-28T02:30',
    '2026-03-29T01:30/2026-03-29T02:30',
    '2026-03-30T00:30/2026-03-30T01:30',
  ]);
  const autumn = event('DTSTART;TZID=Europe/Berlin:20261024T023000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3');
  assert.deepEqual(list(autumn, ...YEAR), [
    '2026-10-24T00:30/2026-10-24T01:30',
    '2026-10-25T00:30/2026-10-25T01:30',
    '2026-10-26T01:30/2026-10-26T02:30',
  ]);
});

test('the other cases ical.js gets wrong: dates that do not exist and week numbers', () => {
  const leap = event('DTSTART;TZID=Europe/Berlin:20240229T090000', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29,30');
  assert.deepEqual(list(leap, '2024-03-01T00:00', '2029-01-01T00:00'), ['2028-02-29T08:00/2028-02-29T08:00']);
  const week = event('DTSTART;TZID=Europe/Berlin:20250512T090000', 'RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO');
  assert.deepEqual(list(week, ...YEAR), ['2026-05-11T07:00/2026-05-11T07:00']);
});

test('an unknown TZID is read as floating and says so', () => {
  const [found] = occurrencesOf(event('DTSTART;TZID=Nowhere:20260601T090000'), range(...YEAR), {
    floatingZone: BERLIN,
    maxOccurrences: 9,
  });
  assert.equal(found?.hasUnknownZone, true);
  assert.equal(show(found!.start), '2026-06-01T07:00');
});

test('RFC 5545 §3.6.1 an event without end lasts a day on a date, else no time', () => {
  assert.deepEqual(list(event('DTSTART;VALUE=DATE:20260601'), ...YEAR), ['2026-05-31T22:00/2026-06-01T22:00']);
  assert.deepEqual(list(event('DTSTART;VALUE=DATE:20260601', 'DTEND;VALUE=DATE:20260601'), ...YEAR), [
    '2026-05-31T22:00/2026-06-01T22:00',
  ]);
  assert.deepEqual(list(event('DTSTART:20260601T090000Z'), ...YEAR), ['2026-06-01T09:00/2026-06-01T09:00']);
  assert.deepEqual(list(event('DTSTART:20260601T090000Z', 'DTEND:20260601T080000Z'), ...YEAR), [
    '2026-06-01T09:00/2026-06-01T09:00',
  ]);
});

test('RFC 5545 §3.3.6 days are nominal, hours exact', () => {
  const at = 'DTSTART;TZID=Europe/Berlin:20260328T120000';
  assert.deepEqual(list(event(at, 'DURATION:P1D'), ...YEAR), ['2026-03-28T11:00/2026-03-29T10:00']);
  assert.deepEqual(list(event(at, 'DURATION:PT24H'), ...YEAR), ['2026-03-28T11:00/2026-03-29T11:00']);
  // §3.8.5.3: DTEND gives the exact length of the first to all.
  const series = event(
    'DTSTART;TZID=Europe/Berlin:20260327T120000',
    'DTEND;TZID=Europe/Berlin:20260328T120000',
    'RRULE:FREQ=DAILY;COUNT=2',
  );
  assert.deepEqual(list(series, ...YEAR), ['2026-03-27T11:00/2026-03-28T11:00', '2026-03-28T11:00/2026-03-29T11:00']);
});

test('the range is half open and long occurrences reach into it', () => {
  const long = event('DTSTART:20260101T000000Z', 'DURATION:P10D', 'RRULE:FREQ=MONTHLY');
  assert.deepEqual(list(long, '2026-03-10T23:59', '2026-04-01T00:00'), ['2026-03-01T00:00/2026-03-11T00:00']);
  assert.deepEqual(list(long, '2026-03-11T00:00', '2026-04-01T00:00'), []);
});

test('RDATE adds dates and periods once, EXDATE removes', () => {
  const tree = event(
    'DTSTART:20260601T090000Z',
    'DURATION:PT1H',
    'RRULE:FREQ=DAILY;COUNT=3',
    'RDATE:20260602T090000Z,20260710T090000Z',
    'RDATE;VALUE=PERIOD:20260801T100000Z/PT30M,20260802T100000Z/20260802T120000Z',
    'EXDATE:20260603T090000Z',
    'EXDATE:',
  );
  assert.deepEqual(list(tree, ...YEAR), [
    '2026-06-01T09:00/2026-06-01T10:00',
    '2026-06-02T09:00/2026-06-02T10:00',
    '2026-07-10T09:00/2026-07-10T10:00',
    '2026-08-01T10:00/2026-08-01T10:30',
    '2026-08-02T10:00/2026-08-02T12:00',
  ]);
});

test('EXDATE works across zones, as a date on a timed series and as a time on a series of dates', () => {
  const timed = ['DTSTART;TZID=Europe/Berlin:20260601T090000', 'RRULE:FREQ=DAILY;COUNT=2'];
  for (const exdate of [
    'EXDATE:20260602T070000Z',
    'EXDATE;TZID=America/New_York:20260602T030000',
    'EXDATE;VALUE=DATE:20260602',
    'EXDATE:20260602T090000',
  ]) {
    assert.deepEqual(list(event(...timed, exdate), ...YEAR), ['2026-06-01T07:00/2026-06-01T07:00'], exdate);
  }
  const dates = event('DTSTART;VALUE=DATE:20260601', 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE:20260602T000000');
  assert.equal(list(dates, ...YEAR).length, 1);
});

const SERIES = component(
  'VEVENT',
  'DTSTART;TZID=Europe/Berlin:20260601T090000',
  'DURATION:PT1H',
  'RRULE:FREQ=DAILY;COUNT=5',
  'SUMMARY:master',
);
const override = (...lines: string[]): string[] => component('VEVENT', ...lines);

test('overrides move out of the range and into it', () => {
  const tree = calendar(
    ...SERIES,
    ...override(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260602T090000',
      'DTSTART;TZID=Europe/Berlin:20260901T090000',
      'DURATION:PT2H',
      'SUMMARY:moved',
    ),
  );
  assert.deepEqual(list(tree, '2026-06-02T00:00', '2026-06-03T12:00'), ['2026-06-03T07:00/2026-06-03T08:00 master']);
  assert.deepEqual(list(tree, '2026-09-01T00:00', '2026-09-02T00:00'), ['2026-09-01T07:00/2026-09-01T09:00 moved']);
  assert.equal(list(tree, ...YEAR).length, 5);
});

test('RECURRENCE-ID in UTC, or as a date, names the same occurrence', () => {
  for (const id of ['RECURRENCE-ID:20260602T070000Z', 'RECURRENCE-ID;VALUE=DATE:20260602']) {
    const tree = calendar(...SERIES, ...override(id, 'DTSTART:20260602T100000Z', 'SUMMARY:x'));
    assert.deepEqual(list(tree, '2026-06-02T00:00', '2026-06-03T00:00'), ['2026-06-02T10:00/2026-06-02T10:00 x'], id);
  }
});

test('an override without times stays where it was', () => {
  const tree = calendar(...SERIES, ...override('RECURRENCE-ID;TZID=Europe/Berlin:20260602T090000', 'SUMMARY:x'));
  assert.deepEqual(list(tree, '2026-06-02T00:00', '2026-06-03T00:00'), ['2026-06-02T07:00/2026-06-02T08:00 x']);
});

test('RFC 5545 §3.8.4.4 THISANDFUTURE moves and replaces all later occurrences, single overrides stay', () => {
  const tree = calendar(
    ...SERIES,
    ...override(
      'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260603T090000',
      'DTSTART;TZID=Europe/Berlin:20260603T110000',
      'DURATION:PT30M',
      'SUMMARY:later',
    ),
    ...override(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260605T090000',
      'DTSTART;TZID=Europe/Berlin:20260605T200000',
      'DURATION:PT1H',
      'SUMMARY:one',
    ),
  );
  assert.deepEqual(list(tree, ...YEAR), [
    '2026-06-01T07:00/2026-06-01T08:00 master',
    '2026-06-02T07:00/2026-06-02T08:00 master',
    '2026-06-03T09:00/2026-06-03T09:30 later',
    '2026-06-04T09:00/2026-06-04T09:30 later',
    '2026-06-05T18:00/2026-06-05T19:00 one',
  ]);
});

test('overrides without a master are occurrences of their own', () => {
  const tree = calendar(...override('RECURRENCE-ID:20260602T070000Z', 'DTSTART:20260602T080000Z', 'SUMMARY:invited'));
  assert.deepEqual(list(tree, ...YEAR), ['2026-06-02T08:00/2026-06-02T08:00 invited']);
});

test('a rule with an unknown part does not recur', () => {
  assert.equal(list(event('DTSTART:20260601T090000Z', 'RRULE:FREQ=DAILY;X-MOON=FULL'), ...YEAR).length, 1);
});

test('more occurrences than allowed, and rules of seconds over years, are refused', () => {
  const options = { floatingZone: BERLIN, maxOccurrences: 100 };
  const tooMany = (error: unknown): boolean => isGatewayError(error, 'too-many-results');
  assert.throws(
    () => occurrencesOf(event('DTSTART:20260101T000000Z', 'RRULE:FREQ=DAILY'), range(...YEAR), options),
    tooMany,
  );
  assert.throws(
    () =>
      occurrencesOf(
        event('DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY', 'DURATION:P999999W'),
        range(...YEAR),
        options,
      ),
    tooMany,
  );
});

test('the day that Samoa left out falls together with the next one and is not doubled', () => {
  const tree = event('DTSTART;TZID=Pacific/Apia:20111229T120000', 'RRULE:FREQ=DAILY;COUNT=4');
  assert.deepEqual(
    list(tree, '2011-12-01T00:00', '2012-02-01T00:00').map((entry) => entry.slice(0, 16)),
    ['2011-12-29T22:00', '2011-12-30T22:00', '2011-12-31T22:00'],
  );
});

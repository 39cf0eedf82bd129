import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveZone } from '../../../src/domain/calendar/resolve-zone.ts';
import { calendar, component, show, utc } from './calendar-text.ts';

const vtimezone = (tzid: string, ...lines: string[]): string[] => [
  'BEGIN:VTIMEZONE',
  `TZID:${tzid}`,
  ...lines,
  'END:VTIMEZONE',
];
const part = (kind: string, start: string, from: string, to: string, ...more: string[]): string[] => [
  `BEGIN:${kind}`,
  `DTSTART:${start}`,
  `TZOFFSETFROM:${from}`,
  `TZOFFSETTO:${to}`,
  ...more,
  `END:${kind}`,
];
/** Changes in mid-May and mid-September, as no real zone does. */
const OWN = [
  ...part('STANDARD', '16010915T030000', '+0300', '+0200', 'RRULE:FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15'),
  ...part('DAYLIGHT', '16010515T020000', '+0200', '+0300', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=15'),
];

const NAMES: readonly [string, string | null][] = [
  ['Europe/Berlin', 'Europe/Berlin'],
  ['US/Eastern', 'America/New_York'],
  ['/freeassociation.sourceforge.net/Tzfile/Europe/Berlin', 'Europe/Berlin'],
  ['/mozilla.org/20050126_1/America/Indiana/Knox', 'America/Indiana/Knox'],
  ['/citadel.org/20210210_1/UTC', 'UTC'],
  ['/America/New_York', 'America/New_York'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['w. europe standard time', 'Europe/Berlin'],
  ['"Eastern Standard Time"', 'America/New_York'],
  ['America/New York', 'America/New_York'],
  ['(UTC+01:00) Amsterdam, Berlin', null],
  ['Nowhere/Special', null],
  ['', null],
];
for (const [tzid, expected] of NAMES) {
  test(`TZID ${JSON.stringify(tzid)} alone is ${expected ?? 'not known'}`, () => {
    assert.equal(resolveZone(tzid)?.id ?? null, expected);
  });
}

test('a TZID nobody knows takes its rules from the VTIMEZONE of the object', () => {
  const tree = calendar(
    ...vtimezone('(UTC+02:00) Somewhere\\, Else', ...OWN),
    ...component('VEVENT', 'DTSTART;TZID="(UTC+02:00) Somewhere, Else":20260601T090000'),
  );
  const zone = resolveZone('(UTC+02:00) Somewhere, Else', tree)!;
  assert.equal(zone.isPrivate, true);
  assert.equal(show(zone.toUtc(utc('2026-05-14T09:00'))), '2026-05-14T07:00');
  assert.equal(show(zone.toUtc(utc('2026-05-15T09:00'))), '2026-05-15T06:00');
  assert.equal(show(zone.toUtc(utc('2026-05-15T02:30'))), '2026-05-15T00:30', 'gap');
  assert.equal(show(zone.toUtc(utc('2026-09-15T02:30'))), '2026-09-14T23:30', 'overlap');
  assert.equal(show(zone.toUtc(utc('2099-12-15T09:00'))), '2099-12-15T07:00', 'the rule goes on');
});

test('any number of observances, RDATE and UNTIL are honoured', () => {
  const tree = calendar(
    ...vtimezone(
      'Own',
      ...part('STANDARD', '20000101T000000', '+0000', '+0100'),
      ...part('DAYLIGHT', '20000401T020000', '+0100', '+0200', 'RDATE:20010402T020000,20020403T020000'),
      ...part(
        'STANDARD',
        '20001001T030000',
        '+0200',
        '+0100',
        'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU;UNTIL=20021006T010000Z',
      ),
      ...part('STANDARD', '20100101T000000', '+0100', '+0530'),
    ),
  );
  const zone = resolveZone('Own', tree)!;
  const offset = (at: string): number => zone.offsetAt(utc(at)) / 3600;
  assert.deepEqual(
    [
      '1999-06-01',
      '2000-02-01',
      '2000-06-01',
      '2001-04-02',
      '2001-04-03',
      '2002-11-01',
      '2003-06-01',
      '2011-01-01',
    ].map((day) => offset(`${day}T00:00`)),
    [0, 1, 2, 1, 2, 1, 1, 5.5],
  );
});

test('IANA data wins over an outdated copy in the object', () => {
  const old = part('STANDARD', '19700101T000000', '+0100', '+0100');
  const tree = calendar(
    ...vtimezone('Europe/Berlin', ...old),
    ...component('VEVENT', 'DTSTART;TZID=Europe/Berlin:20260701T090000'),
  );
  assert.equal(resolveZone('Europe/Berlin', tree)?.offsetAt(utc('2026-07-01T00:00')), 7200);
});

test('a VTIMEZONE without any offset of the named zone means another place and wins', () => {
  const other = part('STANDARD', '19700101T000000', '+0500', '+0500');
  const tree = calendar(
    ...vtimezone('Europe/Berlin', ...other),
    ...component('VEVENT', 'DTSTART;TZID=Europe/Berlin:20260701T090000'),
  );
  assert.equal(resolveZone('Europe/Berlin', tree)?.offsetAt(utc('2026-07-01T00:00')), 18_000);
});

test('under a short name the object’s own rules count', () => {
  const tree = calendar(
    ...vtimezone(
      'EST',
      ...part('STANDARD', '19700101T000000', '-0500', '-0500'),
      ...part('DAYLIGHT', '20260301T020000', '-0500', '-0400'),
    ),
    ...component('VEVENT', 'DTSTART;TZID=EST:20260701T090000'),
  );
  assert.equal(resolveZone('EST', tree)?.offsetAt(utc('2026-07-01T00:00')), -14_400);
});

test('X-LIC-LOCATION names the zone of an unknown TZID', () => {
  const tree = calendar(
    ...vtimezone('My zone', 'X-LIC-LOCATION:Europe/Berlin', ...part('STANDARD', '19700101T000000', '+0100', '+0100')),
    ...component('VEVENT', 'DTSTART;TZID=My zone:20260701T090000'),
  );
  assert.equal(resolveZone('My zone', tree)?.id, 'Europe/Berlin');
});

test('a VTIMEZONE that cannot be read leaves the zone unknown', () => {
  const tree = calendar(...vtimezone('Bad', ...part('STANDARD', 'yesterday', '+0100', '+0100')));
  assert.equal(resolveZone('Bad', tree), null);
  assert.equal(resolveZone('Empty', calendar(...vtimezone('Empty'))), null);
});

test('a VTIMEZONE that changes every second stays bounded', () => {
  const tree = calendar(
    ...vtimezone(
      'Mad',
      ...part('STANDARD', '20200101T000000', '+0100', '+0200', 'RRULE:FREQ=SECONDLY'),
      ...part('DAYLIGHT', '20200101T000001', '+0200', '+0100', 'RRULE:FREQ=SECONDLY'),
    ),
  );
  assert.equal(typeof resolveZone('Mad', tree)?.offsetAt(utc('2026-07-01T00:00')), 'number');
});

test('zones that are made to cost are read as far as a bound, all of them together', () => {
  const hostile = Array.from({ length: 2_000 }, () =>
    part('STANDARD', '00010101T000000', '+0100', '+0200', 'RRULE:FREQ=SECONDLY;INTERVAL=60;BYSECOND=1'),
  );
  const counted = Array.from({ length: 300 }, () =>
    part('STANDARD', '00010101T000000', '+0100', '+0200', 'RRULE:FREQ=DAILY;COUNT=800000;BYHOUR=0'),
  );
  for (const [parts, offset] of [
    [hostile, 3_600],
    [counted, 3_600],
  ] as const) {
    const tree = calendar(...vtimezone('Dear', ...parts.flat()));
    assert.equal(resolveZone('Dear', tree)?.offsetAt(utc('2026-07-01T00:00')), offset);
  }
});

test('an object may define fifty zones; later ones are unknown', () => {
  const zones = Array.from({ length: 51 }, (_, index) =>
    vtimezone(`Zone ${index}`, ...part('STANDARD', '19700101T000000', '+0100', '+0100')),
  );
  const tree = calendar(...zones.flat());
  assert.equal(resolveZone('Zone 49', tree)?.offsetAt(0), 3_600);
  assert.equal(resolveZone('Zone 50', tree), null);
});

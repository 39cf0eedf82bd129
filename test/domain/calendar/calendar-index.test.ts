import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexCalendarObject } from '../../../src/domain/calendar/calendar-index.ts';
import { occurrencesOf } from '../../../src/domain/calendar/occurrences.ts';
import type { RangedComponent } from '../../../src/domain/calendar/time-range.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import { BEGINNINGLESS, ENDLESS } from '../../../src/domain/item.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseCalendars } from '../../../src/formats/icalendar/calendar.ts';
import { splitByUid } from '../../../src/formats/icalendar/split-by-uid.ts';
import { type Random, seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { calendar, component, object, range, show, UTC, zone } from './calendar-text.ts';
import { matchesTimeRange } from './matches-time-range.ts';

function extent(tree: Component): string {
  const { rangeStart, rangeEnd } = indexCalendarObject(tree);
  return `${rangeStart === BEGINNINGLESS ? '-' : show(rangeStart)}/${rangeEnd === ENDLESS ? '-' : show(rangeEnd)}`;
}

const EXTENTS: readonly [string, string[], string][] = [
  ['VEVENT', ['DTSTART:20260601T100000Z', 'DURATION:PT1H'], '2026-06-01T10:00/2026-06-01T11:00'],
  ['VEVENT', ['DTSTART:20260601T100000', 'DURATION:PT1H'], '2026-05-31T20:00/2026-06-02T01:00'],
  ['VEVENT', ['DTSTART:20260601T100000Z', 'RRULE:FREQ=DAILY'], '2026-06-01T10:00/-'],
  ['VEVENT', ['DTSTART:20260601T100000Z', 'RRULE:FREQ=DAILY;COUNT=10'], '2026-06-01T10:00/2026-06-10T10:00'],
  [
    'VEVENT',
    ['DTSTART:20260601T100000Z', 'RRULE:FREQ=WEEKLY;UNTIL=20990101T000000Z', 'DURATION:PT1H'],
    '2026-06-01T10:00/2098-12-29T11:00',
  ],
  ['VEVENT', ['DTSTART:20260601T100000Z', 'RRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3'], '2026-06-01T10:00/2026-08-03T10:00'],
  [
    'VEVENT',
    ['DTSTART:20260601T100000Z', 'RRULE:FREQ=YEARLY;UNTIL=20260701T000000Z'],
    '2026-06-01T10:00/2026-06-01T10:00',
  ],
  [
    'VEVENT',
    ['DTSTART:20260601T100000Z', 'RDATE:20200101T000000Z,20300101T000000Z'],
    '2020-01-01T00:00/2030-01-01T00:00',
  ],
  ['VTODO', ['SUMMARY:x'], '-/-'],
  ['VTODO', ['CREATED:20260601T100000Z'], '2026-06-01T10:00/-'],
  ['VTODO', ['CREATED:20260601T100000Z', 'COMPLETED:20260701T100000Z'], '2026-06-01T10:00/2026-07-01T10:00'],
  ['VTODO', ['DTSTART:20260601T100000Z', 'DUE:20260602T100000Z'], '2026-06-01T10:00/2026-06-02T10:00'],
  ['VFREEBUSY', ['FREEBUSY:20260601T100000Z/PT1H'], '2026-05-31T20:00/2026-06-02T01:00'],
];
for (const [kind, lines, expected] of EXTENTS) {
  test(`index of ${kind} ${lines.join(' ')}: ${expected}`, () =>
    assert.equal(extent(object(kind, ...lines)), expected));
}

test('the index tells UID and kind, and the key for date filters', () => {
  const index = (kind: string, ...lines: string[]) => indexCalendarObject(object(kind, ...lines));
  const event = index('VEVENT', 'DTSTART:20260601T100000Z', 'DURATION:PT1H');
  assert.deepEqual([event.kind, event.uid, event.filterKey], ['VEVENT', 'test@example.com', event.rangeEnd]);
  assert.equal(index('VEVENT', 'DTSTART:20260601T100000Z', 'RRULE:FREQ=DAILY').filterKey, ENDLESS);
  assert.equal(index('VTODO').filterKey, ENDLESS);
  assert.equal(index('VTODO', 'STATUS:COMPLETED').filterKey, BEGINNINGLESS);
  assert.equal(index('VTODO', 'COMPLETED:20260601T100000Z').filterKey, BEGINNINGLESS);
  assert.equal(index('VTODO', 'STATUS:IN-PROCESS', 'COMPLETED:20260601T100000Z').filterKey, ENDLESS);
  assert.equal(index('VJOURNAL').filterKey, 0);
});

function randomObject({ below, pick }: Random): { kind: RangedComponent; lines: string[] } {
  const stamp = (): string => `20${10 + below(20)}${pick(['01', '03', '06', '10', '12'])}${10 + below(18)}`;
  const moment = (name: string): string => {
    const form = below(4);
    if (form === 0) return `${name};VALUE=DATE:${stamp()}`;
    const time = `${stamp()}T${pick(['00', '02', '12', '23'])}3000`;
    if (form === 1) return `${name}:${time}Z`;
    return form === 2
      ? `${name}:${time}`
      : `${name};TZID=${pick(['Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Nowhere'])}:${time}`;
  };
  const kind = pick(['VEVENT', 'VEVENT', 'VTODO', 'VJOURNAL'] as const);
  const lines: string[] = [];
  if (kind !== 'VTODO' || below(3) > 0) lines.push(moment('DTSTART'));
  if (kind === 'VEVENT')
    lines.push(...pick([[], [moment('DTEND')], ['DURATION:P1DT1H'], ['DURATION:PT90M'], ['DURATION:P3W']]));
  if (kind === 'VTODO')
    lines.push(...pick([[], [moment('DUE')], ['CREATED:20150101T000000Z'], ['COMPLETED:20200101T000000Z']]));
  if (below(2) === 0) {
    const freq = pick(['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY']);
    const end = pick([
      `;COUNT=${1 + below(30)}`,
      `;UNTIL=${stamp()}T000000Z`,
      `;UNTIL=${stamp()}`,
      `;COUNT=${1 + below(9)};INTERVAL=${1 + below(9)}`,
    ]);
    const by = pick(['', '', ';BYDAY=MO,FR', ';BYMONTHDAY=-1', ';BYMONTH=2,7']);
    lines.push(`RRULE:FREQ=${freq}${freq === 'WEEKLY' && by.includes('MONTHDAY') ? '' : by}${end}`);
  }
  if (below(4) === 0) lines.push(moment('RDATE'));
  const all = component(kind, ...lines);
  const future = pick(['', ';RANGE=THISANDFUTURE']);
  if (below(3) === 0)
    all.push(
      ...component(
        kind,
        moment(`RECURRENCE-ID${future}`),
        ...pick([[], [moment('DTSTART')], [moment('DTSTART'), 'DURATION:P2D']]),
      ),
    );
  return { kind, lines: all };
}

test('what the index does not find, no exact question finds either (superset), for 600 random objects', () => {
  const random = seededRandom(20_260_101);
  const { below } = random;
  const zones = [UTC, zone('Pacific/Kiritimati'), zone('Pacific/Pago_Pago')];
  let outside = 0;
  for (let round = 0; round < 600; round += 1) {
    const { kind, lines } = randomObject(random);
    const tree = calendar(...lines);
    const index = indexCalendarObject(tree);
    for (let question = 0; question < 12; question += 1) {
      const start = 1_262_304_000 + below(24 * 365) * 86_400 + below(86_400);
      const asked = { start, end: start + 1 + below(90 * 86_400) };
      // As the store compares: the two closed ranges touch.
      if (index.rangeStart <= asked.end && index.rangeEnd >= asked.start) continue;
      outside += 1;
      const found = matchesTimeRange(tree, kind, asked, zones[question % 3]!);
      if (found)
        assert.fail(
          `${lines.join('\n')}\n${show(asked.start)} ${show(asked.end)} index ${show(index.rangeStart)} ${index.rangeEnd}`,
        );
    }
    // And right at the borders, where a mistake of hours shows.
    for (const asked of [
      { start: index.rangeEnd + 1, end: index.rangeEnd + 100_000 },
      { start: index.rangeStart - 100_000, end: index.rangeStart - 1 },
    ]) {
      if (Math.abs(asked.start) > 1e11) continue;
      for (const floating of zones) {
        if (matchesTimeRange(tree, kind, asked, floating)) assert.fail(`${lines.join('\n')}\n${show(asked.start)}`);
      }
    }
  }
  assert.ok(outside > 1_000, String(outside));
});

const HOSTILE = [
  'FREQ=SECONDLY',
  'FREQ=SECONDLY;COUNT=999999999',
  'FREQ=SECONDLY;BYSECOND=0,1,2,3;COUNT=999999999',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=SECONDLY;INTERVAL=999999999',
  'FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5',
  'FREQ=DAILY;UNTIL=99991231',
  'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5',
  'FREQ=DAILY;BYSETPOS=366',
  'FREQ=YEARLY;INTERVAL=999999999;COUNT=999999999',
];
for (const rule of HOSTILE) {
  test(`a hostile rule is indexed and asked in bounded work: ${rule}`, () => {
    for (const start of [
      'DTSTART:00010101T000000Z',
      'DTSTART;TZID=Europe/Berlin:20200101T090000',
      'DTSTART;VALUE=DATE:99990101',
    ]) {
      const tree = object('VEVENT', start, `RRULE:${rule}`, 'DURATION:PT1S');
      const index = indexCalendarObject(tree);
      assert.ok(index.rangeStart <= index.rangeEnd);
      try {
        const found = occurrencesOf(tree, range('2026-01-01T00:00', '2026-01-02T00:00'), {
          floatingZone: UTC,
          maxOccurrences: 100,
        });
        assert.ok(found.length <= 100);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        assert.equal(error.code, 'too-many-results');
      }
    }
  });
}

test('objects of very many dates and alarms are indexed and asked', () => {
  const dates = Array.from({ length: 15_000 }, () => '20260601T100000Z').join(',');
  const alarms = Array.from({ length: 125_000 }, () => 'BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM').join('\r\n');
  const many = object('VEVENT', 'DTSTART:20260601T100000Z', `RDATE:${dates}`, alarms);
  assert.equal(extent(many), '2026-06-01T10:00/2026-06-01T10:00');
  assert.equal(matchesTimeRange(many, 'VALARM', range('2026-06-01T09:55', '2026-06-01T09:56'), UTC), true);
  const rules = Array.from({ length: 11 }, () => 'RRULE:FREQ=DAILY');
  assert.throws(() => extent(object('VEVENT', 'DTSTART:20260601T100000Z', ...rules)), ContentSyntaxError);
});

test('more dates, exceptions and overrides than any program writes are refused before they are read', () => {
  const dates = Array.from({ length: 25_000 }, () => 'x').join(',');
  for (const name of ['RDATE', 'EXDATE']) {
    const many = object('VEVENT', 'DTSTART:20260601T100000Z', `${name}:${dates}`);
    assert.throws(() => extent(many), { name: 'ContentSyntaxError', message: /more than 20000 dates/ });
  }
  const override = component('VEVENT', 'UID:1', 'RECURRENCE-ID:20260601T100000Z');
  const overrides = Array.from({ length: 20_001 }, () => override).flat();
  assert.throws(() => extent(calendar(...overrides)), /more than 20000 dates/);
});

test('files of real and hostile programs: only the errors we know, and bounded', {
  skip: skipWithout('ics'),
}, () => {
  let objects = 0;
  let occurrences = 0;
  for (const { name, bytes } of sharedFiles('ics')) {
    const calendars = parseCalendars(bytes, { lenient: true });
    for (const { calendar: tree } of calendars.flatMap(splitByUid)) {
      try {
        const { rangeStart } = indexCalendarObject(tree);
        objects += 1;
        const asked = { start: Math.max(rangeStart, -1e10), end: Math.max(rangeStart, -1e10) + 366 * 86_400 };
        occurrences += occurrencesOf(tree, asked, { floatingZone: UTC, maxOccurrences: 1_000 }).length;
      } catch (error) {
        if (!(error instanceof GatewayError || error instanceof ContentSyntaxError))
          throw new Error(name, { cause: error });
      }
    }
  }
  assert.ok(objects > 50 && occurrences > 50, `${objects} objects, ${occurrences} occurrences`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandRule } from '../../../src/domain/calendar/expand-rule.ts';
import { untilTest } from '../../../src/domain/calendar/rule-until.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { parseRecurrenceRule } from '../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { utc, zone } from './calendar-text.ts';

const NEW_YORK = zone('America/New_York');

function expand(value: string, start: string, limit: number, from?: string): string[] {
  const rule = parseRecurrenceRule(value);
  const isPast = untilTest(rule, false, (local) => NEW_YORK.toUtc(local));
  const found: string[] = [];
  for (const local of expandRule(rule, utc(start), { isPast, ...(from === undefined ? {} : { from: utc(from) }) })) {
    if (found.length === limit) break;
    found.push(new Date(local * 1000).toISOString().slice(0, 16));
  }
  return found;
}

/** The examples of RFC 5545 §3.8.5.3: rule, what follows, at 09:00 where no time stands. */
const EXAMPLES: readonly [string, string][] = [
  ['FREQ=DAILY;COUNT=10', '1997-09-02 09-03 09-04 09-05 09-06 09-07 09-08 09-09 09-10 09-11 .'],
  ['FREQ=DAILY;INTERVAL=2', '1997-09-02 09-04 09-06 09-08'],
  ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02 09-12 09-22 10-02 10-12 .'],
  ['FREQ=WEEKLY;COUNT=10', '1997-09-02 09-09 09-16 09-23 09-30 10-07 10-14 10-21 10-28 11-04 .'],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', '1997-09-02 09-16 09-30 10-14 10-28'],
  [
    'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
    '1997-09-02 09-04 09-09 09-11 09-16 09-18 09-23 09-25 09-30 10-02 .',
  ],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH', '1997-09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16 .'],
  [
    'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR',
    '1997-09-03 09-05 09-15 09-17 09-19 09-29 10-01 10-03 10-13',
  ],
  ['FREQ=MONTHLY;COUNT=10;BYDAY=1FR', '1997-09-05 10-03 11-07 12-05 1998-01-02 02-06'],
  ['FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR', '1997-09-05 10-03 11-07 12-05 .'],
  ['FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU', '1997-09-07 09-28 11-02 11-30 1998-01-04 01-25 03-01 03-29'],
  ['FREQ=MONTHLY;BYDAY=-2MO', '1997-09-22 10-20 11-17 12-22 1998-01-19 02-16'],
  ['FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28 10-29 11-28 12-29 1998-01-29 02-26'],
  ['FREQ=MONTHLY;BYMONTHDAY=2,15', '1997-09-02 09-15 10-02 10-15 11-02'],
  ['FREQ=MONTHLY;BYMONTHDAY=1,-1', '1997-09-30 10-01 10-31 11-01 11-30 12-01 12-31 1998-01-01 01-31'],
  [
    'FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12,13,14,15',
    '1997-09-10 09-11 09-12 09-13 09-14 09-15 1999-03-10 03-11',
  ],
  ['FREQ=MONTHLY;INTERVAL=2;BYDAY=TU', '1997-09-02 09-09 09-16 09-23 09-30 11-04 11-11 11-18 11-25 1998-01-06'],
  ['FREQ=YEARLY;BYMONTH=6,7', '1998-06-02 07-02 1999-06-02 07-02'],
  ['FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200', '2000-01-01 04-09 07-18 2003-01-01 04-10 07-19'],
  ['FREQ=YEARLY;BYDAY=20MO', '1998-05-18 1999-05-17 2000-05-15'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '1998-05-11 1999-05-17 2000-05-15'],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '1998-03-05 03-12 03-19 03-26 1999-03-04'],
  ['FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8', '1998-06-04 06-11 06-18 06-25 07-02'],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1998-02-13 03-13 11-13 1999-08-13 2000-10-13'],
  ['FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', '1997-09-13 10-11 11-08 12-13 1998-01-10'],
  ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '1997-11-04 2001-11-06 2005-11-08'],
  ['FREQ=MONTHLY;COUNT=4;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04 10-07 11-06'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29 10-30 11-27 12-30 1998-01-29 02-26 03-30'],
  ['FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z', '1997-09-02T09:00 09-02T12:00 09-02T15:00 .'],
  [
    'FREQ=MINUTELY;INTERVAL=15;COUNT=6',
    '1997-09-02T09:00 09-02T09:15 09-02T09:30 09-02T09:45 09-02T10:00 09-02T10:15 .',
  ],
  ['FREQ=MINUTELY;INTERVAL=90;COUNT=4', '1997-09-02T09:00 09-02T10:30 09-02T12:00 09-02T13:30 .'],
  [
    'FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40',
    '1997-09-02T09:00 09-02T09:20 09-02T09:40 09-02T10:00 09-02T10:20 09-02T10:40 09-03T09:00',
  ],
  [
    'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10',
    '1997-09-02T09:00 09-02T09:20 09-02T09:40 09-02T10:00 09-02T10:20 09-02T10:40 09-03T09:00',
  ],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-09-02 09-07 09-16 09-21 .'],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-09-02 09-14 09-16 09-28 .'],
  ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '1997-09-15 09-30 10-15 10-30'],
  // Cases beyond the RFC's.
  ['FREQ=MONTHLY;BYMONTHDAY=31', '1997-10-31 12-31 1998-01-31 03-31'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29,30', '2000-02-29 2004-02-29 2008-02-29'],
  ['FREQ=YEARLY;BYYEARDAY=-1,366', '1997-12-31 1998-12-31 1999-12-31 2000-12-31'],
  ['FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR', '1999-01-01 2004-12-31 2010-01-01'],
  ['FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO', '1997-12-22 1998-12-28 1999-12-27'],
  ['FREQ=YEARLY;BYWEEKNO=1', '1997-12-30 1999-01-05 2000-01-04'],
  ['FREQ=MONTHLY;BYDAY=5MO', '1997-09-29 12-29 1998-03-30'],
  ['FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3,10', '1997-10-26 1998-03-29 10-25'],
  ['FREQ=HOURLY;BYMINUTE=0,30;BYSECOND=0;BYSETPOS=-1', '1997-09-02T09:30 09-02T10:30'],
  ['FREQ=SECONDLY;INTERVAL=3600;BYHOUR=11;BYDAY=WE', '1997-09-03T11:00 09-10T11:00'],
  ['FREQ=YEARLY;BYMONTHDAY=1', '1997-10-01 11-01 12-01 1998-01-01 02-01'],
  ['FREQ=DAILY;BYMONTH=1', '1998-01-01 01-02'],
];

for (const [rule, list] of EXAMPLES) {
  test(`RFC 5545 §3.3.10 ${rule}`, () => {
    const words = list.split(' ');
    const ends = words.at(-1) === '.';
    if (ends) words.pop();
    let year = '';
    const expected = words.map((word) => {
      const full = /^\d{4}-\d\d-\d\d/.test(word) ? word : `${year}-${word}`;
      year = full.slice(0, 4);
      return full.includes('T') ? full : `${full}T09:00`;
    });
    assert.deepEqual(expand(rule, '1997-09-02T09:00', ends ? expected.length + 1 : expected.length), expected);
  });
}

test('every day in January, by year and by day, is the same', () => {
  const yearly = expand(
    'FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA',
    '1998-01-01T09:00',
    200,
  );
  assert.deepEqual(yearly, expand('FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1', '1998-01-01T09:00', 200));
  assert.equal(yearly.length, 93);
});

test('UNTIL in UTC is compared as an instant, inclusive', () => {
  assert.equal(expand('FREQ=DAILY;UNTIL=19970904T130000Z', '1997-09-02T09:00', 10).length, 3);
  assert.equal(expand('FREQ=DAILY;UNTIL=19970904T125959Z', '1997-09-02T09:00', 10).length, 2);
  assert.equal(expand('FREQ=DAILY;UNTIL=19970904', '1997-09-02T09:00', 10).length, 3);
  assert.equal(expand('FREQ=DAILY;UNTIL=19970904T090000', '1997-09-02T09:00', 10).length, 3);
});

test('DTSTART counts as the first of COUNT even where the rule does not name it', () => {
  assert.deepEqual(expand('FREQ=WEEKLY;BYDAY=FR;COUNT=3', '1997-09-02T09:00', 9), [
    '1997-09-05T09:00',
    '1997-09-12T09:00',
  ]);
});

const JUMPS = [
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU',
  'FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31',
  'FREQ=YEARLY;INTERVAL=3;BYDAY=2TU',
  'FREQ=HOURLY;INTERVAL=7',
  'FREQ=MINUTELY;INTERVAL=1441',
  'FREQ=SECONDLY;INTERVAL=86399',
  'FREQ=DAILY;COUNT=5000',
  'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=900',
  'FREQ=HOURLY;INTERVAL=11;COUNT=30000',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1',
  'FREQ=HOURLY;BYDAY=SA;BYHOUR=3;INTERVAL=5',
];
for (const rule of JUMPS) {
  test(`${rule} gives the same when asked from the middle`, () => {
    const all = expand(rule, '1997-09-02T09:00', 60_000).filter((local) => local >= '2004-05-06T07:08');
    assert.deepEqual(expand(rule, '1997-09-02T09:00', 40, '2004-05-06T07:08'), all.slice(0, 40));
    assert.ok(all.length > 0);
  });
}

test('rules that never match end', () => {
  for (const rule of [
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3',
    'FREQ=SECONDLY;INTERVAL=60;BYSECOND=7',
    'FREQ=WEEKLY;BYMONTHDAY=31;BYMONTH=4',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40',
    'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6',
    'FREQ=MONTHLY;INTERVAL=12;BYMONTH=5',
  ]) {
    assert.deepEqual(expand(rule, '1997-09-02T09:00', 3), [], rule);
  }
});

test('an endless rule ends with the year 2200', () => {
  assert.equal(expand('FREQ=YEARLY', '1997-09-02T09:00', 1_000).at(-1), '2200-09-02T09:00');
  assert.deepEqual(expand('FREQ=DAILY', '3000-09-02T09:00', 5), []);
});

test('old and dense rules are asked for one week without walking there', () => {
  assert.deepEqual(expand('FREQ=DAILY', '1900-01-01T09:00', 1, '2026-01-01T00:00'), ['2026-01-01T09:00']);
  assert.deepEqual(expand('FREQ=SECONDLY', '1900-01-01T09:00', 1, '2026-01-01T00:00'), ['2026-01-01T00:00']);
  assert.deepEqual(expand('FREQ=SECONDLY;COUNT=999999999', '2000-01-01T09:00', 1, '2026-01-01T00:00'), [
    '2026-01-01T00:00',
  ]);
});

test('a counted rule whose counting would take too long is refused', () => {
  assert.throws(
    () => expand('FREQ=SECONDLY;BYSECOND=1,2,3,4,5,6;COUNT=999999999', '2000-01-01T09:00', 1, '2026-01-01T00:00'),
    (error) => isGatewayError(error, 'too-many-results'),
  );
});

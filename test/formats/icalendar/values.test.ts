import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../../src/formats/content-line/parse-line.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import {
  escapeText,
  joinTextList,
  splitEscaped,
  splitTextList,
  unescapeText,
} from '../../../src/formats/content-line/text.ts';
import {
  dateTimeLine,
  formatDateTime,
  formatUtc,
  parseDateTime,
  parseDateTimeList,
  utcFromEpoch,
} from '../../../src/formats/icalendar/date-time.ts';
import {
  durationSeconds,
  exactDuration,
  formatDuration,
  parseDuration,
} from '../../../src/formats/icalendar/duration.ts';
import { parseRecurrenceRule } from '../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { parseDateOrPeriodList, parsePeriod } from '../../../src/formats/icalendar/period.ts';
import { formatRecurrenceRule } from '../../../src/formats/icalendar/recurrence-rule.ts';

test('RFC 5545 §3.3.11 TEXT escapes, and a backslash before anything else stands for itself', () => {
  assert.equal(
    unescapeText('Project XYZ\\nConf\\, Room\\; B\\\\C \\N C:\\temp \\'),
    'Project XYZ\nConf, Room; B\\C \n C:\\temp \\',
  );
  assert.equal(escapeText('a\r\nb\rc,d;e\\f\x07\tg'), 'a\\nb\\nc\\,d\\;e\\\\f\tg');
  for (const text of ['\\n', 'a\\', '\n,;\\\\', '🎂']) assert.equal(unescapeText(escapeText(text)), text);
});

test('lists of TEXT are cut at commas that no backslash escapes', () => {
  assert.deepEqual(splitTextList('a\\,b,c\\\\,,d'), ['a,b', 'c\\', '', 'd']);
  assert.deepEqual(splitTextList(''), []);
  assert.deepEqual(splitEscaped('a;b\\;c;', ';'), ['a', 'b\\;c', '']);
  assert.deepEqual(splitTextList(joinTextList(['x,y', 'z\\', 'n\n'])), ['x,y', 'z\\', 'n\n']);
});

const at = { year: 1998, month: 1, day: 19, hour: 2, minute: 0, second: 0 };
const midnight = { hour: 0, minute: 0, second: 0 };

test('RFC 5545 §3.3.4 and §3.3.5 dates and times: date, floating, UTC, zoned', () => {
  assert.deepEqual(parseDateTime('19970714'), { kind: 'date', year: 1997, month: 7, day: 14, ...midnight });
  assert.deepEqual(parseDateTime('19980119T020000'), { kind: 'floating', ...at });
  assert.deepEqual(parseDateTime('19980119T020000Z'), { kind: 'utc', ...at });
  const line = parseLine('DTSTART;TZID=America/New_York:19980119T020000', 1, null);
  assert.deepEqual(parseDateTime(line), { kind: 'zoned', tzid: 'America/New_York', ...at });
});

test('RFC 5545 §3.2.19 TZID says nothing of a date or a UTC time', () => {
  assert.equal(parseDateTime('19980119T020000Z', { tzid: 'Europe/Berlin' }).kind, 'utc');
  assert.equal(parseDateTime('19980119', { tzid: 'Europe/Berlin' }).kind, 'date');
});

for (const text of [
  '1998-01-19T02:00:00',
  '1998-01-19 02:00',
  '19980119t0200',
  '19980119T020000.000',
  ' 19980119T020000 ',
]) {
  test(`the variant ${JSON.stringify(text)} can be read in one way only`, () => {
    assert.deepEqual(parseDateTime(text), { kind: 'floating', ...at });
  });
}

test('VALUE=DATE with midnight is a date, second 60 is 59 (RFC 5545 §3.3.12)', () => {
  assert.equal(parseDateTime('19980119T000000', { valueType: 'date' }).kind, 'date');
  assert.equal(parseDateTime('19980119T020000', { valueType: 'DATE' }).kind, 'floating');
  assert.equal(parseDateTime('19970630T235960Z').second, 59);
});

for (const text of [
  '',
  '1998',
  '19980229',
  '19981301',
  '19980100',
  '00000101',
  '19980119T240000',
  '19980119T026000',
  '19980119T020061',
  '19980119T',
  '1998-0119',
  '19980119T020000+0100',
  '19980119T02',
]) {
  test(`${JSON.stringify(text)} is no date or time`, () => {
    assert.throws(
      () => parseDateTime(text, { line: 4 }),
      (error: unknown) => error instanceof ContentSyntaxError && error.line === 4,
    );
  });
}

test('dates and times are written as RFC 5545 writes them', () => {
  for (const text of ['20240229', '20240229T235959', '20240229T235959Z', '00010101T000000Z']) {
    assert.equal(formatDateTime(parseDateTime(text)), text);
  }
  assert.equal(formatUtc(1_767_258_000), '20260101T090000Z');
  assert.deepEqual(utcFromEpoch(-1), parseDateTime('19691231T235959Z'));
  assert.throws(() => formatUtc(1e12), TypeError);
  assert.throws(() => formatDateTime({ kind: 'utc', ...at, month: 13 }), TypeError);
});

test('a property with a time says VALUE=DATE or TZID where needed', () => {
  assert.deepEqual(dateTimeLine('DTSTART', parseDateTime('20260101')).parameters, [
    { name: 'VALUE', values: ['DATE'] },
  ]);
  const zoned = dateTimeLine('DTEND', { kind: 'zoned', tzid: 'Europe/Berlin', ...at });
  assert.deepEqual([zoned.value, zoned.parameters], ['19980119T020000', [{ name: 'TZID', values: ['Europe/Berlin'] }]]);
  assert.deepEqual(dateTimeLine('DTEND', { kind: 'utc', ...at }).parameters, []);
});

test('RFC 5545 §3.3.6 durations in all forms', () => {
  assert.equal(durationSeconds(parseDuration('P15DT5H0M20S')), 1_314_020);
  assert.equal(durationSeconds(parseDuration('P7W')), 7 * 604_800);
  assert.equal(durationSeconds(parseDuration('-PT15M')), -900);
  assert.equal(durationSeconds(parseDuration('+P1W2DT3H')), 788_400);
  assert.equal(durationSeconds(parseDuration('-PT0S')), 0);
  for (const text of ['', 'P', 'PT', '15M', 'P15M', 'PT1D', '--PT1S', 'PT1.5H', `PT${'9'.repeat(10)}S`]) {
    assert.throws(() => parseDuration(text), ContentSyntaxError, text);
  }
});

test('durations are written in the grammar of RFC 5545: weeks alone, minutes between hours and seconds', () => {
  for (const text of ['P2W', '-PT15M', 'P1DT2H', 'PT1H0M5S', 'P3D', 'PT0S'])
    assert.equal(formatDuration(parseDuration(text)), text);
  assert.equal(formatDuration(parseDuration('P1W2D')), 'P9D');
  assert.equal(formatDuration(exactDuration(-90_061)), '-PT25H1M1S');
});

test('RFC 5545 §3.3.9 periods by end or by duration', () => {
  assert.equal(parsePeriod('19970101T180000Z/19970102T070000Z').end?.day, 2);
  assert.equal(parsePeriod('19970101T180000Z/PT5H30M').duration?.minutes, 30);
  for (const text of ['19970101T180000Z', '19970101T180000Z/', 'a/b/c', '19970101T180000Z/-PT1H']) {
    assert.throws(() => parsePeriod(text), ContentSyntaxError, text);
  }
});

test('RFC 5545 §3.8.5.2 RDATE holds dates, times or periods, each in the zone of the line', () => {
  const line = parseLine('RDATE;TZID=Europe/Berlin;VALUE=PERIOD:19960403T020000/PT3H,19960404T010000', 9, null);
  const values = parseDateOrPeriodList(line);
  assert.deepEqual(
    values.map((value) => ('start' in value ? value.start.tzid : value.tzid)),
    ['Europe/Berlin', 'Europe/Berlin'],
  );
  const dates = parseDateTimeList(parseLine('EXDATE;VALUE=DATE:20260101,20260102', 1, null));
  assert.deepEqual(
    dates.map(({ day }) => day),
    [1, 2],
  );
});

test('RFC 5545 §3.3.10 recurrence rules with every part', () => {
  const text =
    'FREQ=YEARLY;INTERVAL=2;UNTIL=20301231T235959Z;BYDAY=SU,-1MO,20TU;BYSECOND=0,60;BYMINUTE=30;BYHOUR=8,9;' +
    'BYMONTHDAY=1,-1;BYYEARDAY=-366,100;BYWEEKNO=20,-1;BYMONTH=1;BYSETPOS=-2;WKST=SU';
  const rule = parseRecurrenceRule(text);
  assert.equal(formatRecurrenceRule(rule), text);
  assert.deepEqual(rule.byDay[1], { day: 'MO', ordinal: -1 });
  assert.equal(rule.until?.kind, 'utc');
  assert.deepEqual(rule.unsupported, []);
});

test('a rule is read without regard to case, spaces, repeats and a last semicolon', () => {
  const rule = parseRecurrenceRule(' freq=weekly; byday=mo,MO,+1tu ;count=3;');
  assert.equal(formatRecurrenceRule(rule), 'FREQ=WEEKLY;COUNT=3;BYDAY=MO,1TU');
  assert.deepEqual([rule.interval, rule.wkst, rule.until], [1, 'MO', null]);
});

test('RFC 7529 parts and unknown ones are kept and told', () => {
  const rule = parseRecurrenceRule('RSCALE=CHINESE;FREQ=YEARLY;SKIP=FORWARD;X-PART=1');
  assert.deepEqual(rule.unsupported, ['X-PART', 'RSCALE', 'SKIP']);
  assert.equal(formatRecurrenceRule(rule), 'RSCALE=CHINESE;FREQ=YEARLY;SKIP=FORWARD;X-PART=1');
  assert.deepEqual(parseRecurrenceRule('RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT').unsupported, []);
});

for (const text of [
  '',
  'BYDAY=MO',
  'FREQ=FORTNIGHTLY',
  'FREQ=DAILY;COUNT=0',
  'FREQ=DAILY;INTERVAL=-1',
  'FREQ=DAILY;FREQ=DAILY',
  'FREQ=DAILY;BYMONTH=13',
  'FREQ=DAILY;BYMONTH=-1',
  'FREQ=DAILY;BYMONTHDAY=0',
  'FREQ=DAILY;BYDAY=0MO',
  'FREQ=DAILY;BYDAY=54MO',
  'FREQ=DAILY;BYHOUR=24',
  'FREQ=DAILY;BYMINUTE=',
  'FREQ=DAILY;UNTIL=never',
  'FREQ=DAILY;WKST=XX',
  'FREQ=DAILY;COUNT',
]) {
  test(`${JSON.stringify(text)} is no recurrence rule`, () => {
    assert.throws(
      () => parseRecurrenceRule(text, 7),
      (error: unknown) => error instanceof ContentSyntaxError && error.line === 7,
    );
  });
}

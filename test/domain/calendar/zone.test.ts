import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalZoneName, ianaZone } from '../../../src/domain/calendar/iana-zone.ts';
import { show, utc, zone } from './calendar-text.ts';

/** Wall clock (written as if UTC), zone, expected UTC. */
const READINGS: readonly [string, string, string, string][] = [
  ['gap, read with the offset before it', 'Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30'],
  ['first minute of the gap', 'Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00'],
  ['first minute after the gap', 'Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00'],
  ['overlap, the first of two', 'Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30'],
  ['end of the overlap', 'Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00'],
  ['gap west of Greenwich', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:30'],
  ['overlap west of Greenwich', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
  ['half-hour gap', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45'],
  ['half-hour overlap', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45'],
  ['negative daylight time', 'Europe/Dublin', '2026-03-29T01:30', '2026-03-29T01:30'],
  ['negative daylight time, overlap', 'Europe/Dublin', '2026-10-25T01:30', '2026-10-25T00:30'],
  ['a day that was left out', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00'],
  ['the day after it', 'Pacific/Apia', '2011-12-31T00:00', '2011-12-30T10:00'],
  ['pause of Ramadan', 'Africa/Casablanca', '2024-03-15T12:00', '2024-03-15T12:00'],
  ['after the pause', 'Africa/Casablanca', '2024-05-15T12:00', '2024-05-15T11:00'],
  ['quarter hours', 'Asia/Kathmandu', '2026-06-01T00:00', '2026-05-31T18:15'],
  ['change at midnight', 'Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:30'],
];

for (const [title, name, wall, expected] of READINGS) {
  test(`RFC 5545 §3.3.5 ${name} ${wall}: ${title}`, () => {
    assert.equal(show(zone(name).toUtc(utc(wall))), expected);
  });
}

test('old and new names of a zone are one zone', () => {
  assert.equal(ianaZone('Europe/Kyiv'), ianaZone('Europe/Kiev'));
  assert.equal(ianaZone('Asia/Kolkata'), ianaZone('Asia/Calcutta'));
  assert.equal(ianaZone('europe/berlin')?.id, 'Europe/Berlin');
});

test('what is no zone name is null', () => {
  for (const name of ['', 'c', '00', '+01:00', 'Mars/Olympus', '0'.repeat(10_000), 'Europe/Berlin\n']) {
    assert.equal(canonicalZoneName(name), null, name);
  }
});

test('offsets agree with Intl hour by hour over a year with changes', () => {
  for (const name of ['Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'America/Caracas']) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
    const berlin = zone(name);
    for (let at = utc('2011-01-01T00:00'); at < utc('2012-01-02T00:00'); at += 3_600) {
      const local = utc(format.format(at * 1000).replace(' ', 'T'));
      if (berlin.offsetAt(at) !== local - at) assert.fail(`${name} ${show(at)}: ${berlin.offsetAt(at)}`);
    }
  }
});

test('toUtc undoes the wall clock outside of overlaps', () => {
  for (const name of ['Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham', 'Asia/Tehran']) {
    const it = zone(name);
    for (let at = utc('2019-12-30T00:00'); at < utc('2021-02-01T00:00'); at += 2_700) {
      const back = it.toUtc(at + it.offsetAt(at));
      // In an overlap the first of the two is meant, one change earlier.
      if (back !== at)
        assert.ok(it.offsetAt(back) > it.offsetAt(at) && back === at - (it.offsetAt(back) - it.offsetAt(at)), show(at));
    }
  }
});

test('years far away are answered, not searched', () => {
  const berlin = zone('Europe/Berlin');
  assert.equal(berlin.offsetAt(-1e15), berlin.offsetAt(utc('1800-01-01T00:00')));
  assert.equal(berlin.transitions(1e14, 1e15).length, 0);
});

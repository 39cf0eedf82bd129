import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { blobToZone } from '../../../src/domain/calendar/blob-to-zone.ts';
import { yearStart } from '../../../src/domain/calendar/civil.ts';
import { vtimezoneFor } from '../../../src/domain/calendar/vtimezone-for.ts';
import { vtimezoneZone } from '../../../src/domain/calendar/vtimezone-zone.ts';
import { ianaToWindows, windowsToIana } from '../../../src/domain/calendar/windows-zones.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import { decodeBlob, encodeBlob } from '../../../src/domain/calendar/zone-blob.ts';
import { blobRulesOf, secondsOfAgreement, zoneToBlob } from '../../../src/domain/calendar/zone-to-blob.ts';
import { windowsZonesModule } from '../../tools/generate-windows-zones.ts';
import { range, show, text, utc, zone } from './calendar-text.ts';

const NAMES = Intl.supportedValuesOf('timeZone');

function differsAt(a: Zone, b: Zone, from: number, to: number): number | null {
  const borders = [from, ...[...a.transitions(from, to), ...b.transitions(from, to)].map((change) => change.at)];
  return borders.find((at) => a.offsetAt(at) !== b.offsetAt(at)) ?? null;
}

test('the committed Windows table is what CLDR says', () => {
  const source = new URL('../../../node_modules/cldr-core/supplemental/windowsZones.json', import.meta.url);
  const committed = new URL('../../../src/domain/calendar/windows-zones.generated.ts', import.meta.url);
  assert.equal(readFileSync(committed, 'utf8'), windowsZonesModule(readFileSync(source, 'utf8')));
});

test('Windows names in any case, old and new IANA names', () => {
  assert.equal(windowsToIana('W. Europe Standard Time'), 'Europe/Berlin');
  assert.equal(windowsToIana('w. europe standard time'), 'Europe/Berlin');
  assert.equal(windowsToIana('Nowhere Standard Time'), null);
  assert.equal(ianaToWindows('Europe/Kyiv'), 'FLE Standard Time');
  assert.equal(ianaToWindows('Asia/Kolkata'), 'India Standard Time');
  assert.equal(ianaToWindows('America/Ciudad_Juarez'), 'Mountain Standard Time');
});

test('every IANA zone but Troll has a Windows name', () => {
  assert.deepEqual(
    NAMES.filter((name) => ianaToWindows(name) === null),
    ['Antarctica/Troll'],
  );
});

test('MS-ASDTYPE: the blob of Berlin, field by field', () => {
  const bytes = Buffer.from(zoneToBlob(zone('Europe/Berlin'), 2026), 'base64');
  assert.equal(bytes.length, 172);
  assert.equal(bytes.readInt32LE(0), -60);
  assert.equal(bytes.toString('utf16le', 4, 4 + 2 * 'W. Europe Standard Time'.length), 'W. Europe Standard Time');
  const words = (from: number): number[] =>
    Array.from({ length: 8 }, (_, index) => bytes.readUInt16LE(from + 2 * index));
  assert.deepEqual(words(68), [0, 10, 0, 5, 3, 0, 0, 0], 'last Sunday of October, 03:00');
  assert.deepEqual(words(152), [0, 3, 0, 5, 2, 0, 0, 0], 'last Sunday of March, 02:00');
  assert.deepEqual([bytes.readInt32LE(84), bytes.readInt32LE(168)], [0, -60]);
  const pacific = decodeBlob(zoneToBlob(zone('America/Los_Angeles'), 2026))!;
  assert.deepEqual(
    [pacific.toDaylight?.day, pacific.toStandard?.day],
    [2, 1],
    'second and first Sunday, never "fifth"',
  );
});

test('MS-ASDTYPE: a zone without daylight time has no dates', () => {
  const rules = decodeBlob(zoneToBlob(zone('Asia/Tokyo'), 2026))!;
  assert.deepEqual([rules.standardOffset, rules.toStandard, rules.toDaylight], [32_400, null, null]);
});

/** Four changes or three offsets in one of the years: no blob can say that. */
const WRONG_FOR_WEEKS = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'America/Argentina/San_Luis',
  'America/Bahia_Banderas',
  'America/Boa_Vista',
  'America/Fortaleza',
  'America/Indiana/Winamac',
  'America/Maceio',
  'America/Metlakatla',
  'America/Noronha',
  'America/Recife',
  'Asia/Hebron',
  'Asia/Tbilisi',
  'Asia/Tomsk',
  'Europe/Simferopol',
];

test('a blob and back gives a zone with the same offsets, for every IANA zone from 2000 to 2037', () => {
  let exact = 0;
  const approximated = new Map<string, number[]>();
  for (const name of NAMES) {
    for (let year = 2000; year <= 2037; year += 1) {
      const [from, to] = [yearStart(year), yearStart(year + 1)];
      const own = zone(name);
      const back = blobToZone(zoneToBlob(own, year), { year })!;
      if (secondsOfAgreement(own, blobRulesOf(own, year), year) === to - from) {
        exact += 1;
        const at = differsAt(own, back, from, to);
        if (at !== null) assert.fail(`${name} ${year}: ${back.id} differs at ${show(at)}`);
      } else approximated.set(name, [...(approximated.get(name) ?? []), year]);
    }
  }
  const count = [...approximated.values()].flat().length;
  assert.ok(exact > 15_000 && count < 150, `${count} years could not be told exactly`);
  // The year of one change is right but for the first hours; only these zones are wrong for weeks, every such year named.
  const wrongForWeeks = [...approximated].flatMap(([name, years]) =>
    years
      .filter((year) => {
        const own = zone(name);
        const length = yearStart(year + 1) - yearStart(year);
        return length - secondsOfAgreement(own, blobRulesOf(own, year), year) > 3 * 86_400;
      })
      .map((year) => `${name} ${year}`),
  );
  const zones = new Set(wrongForWeeks.map((entry) => entry.slice(0, -5)));
  assert.deepEqual([...zones].sort(), WRONG_FOR_WEEKS);
});

test('a blob is matched by its name first, then by what the person prefers, then by the usual zone', () => {
  const nameless = encodeBlob({ ...blobRulesOf(zone('Europe/Paris'), 2026), standardName: '', daylightName: '' });
  assert.equal(blobToZone(nameless, { year: 2026 })?.id, 'Europe/Berlin');
  assert.equal(blobToZone(nameless, { year: 2026, preferred: ['Europe/Madrid'] })?.id, 'Europe/Madrid');
  assert.equal(blobToZone(nameless, { year: 2026, preferred: ['Asia/Tokyo'] })?.id, 'Europe/Berlin');
  const named = encodeBlob({
    ...blobRulesOf(zone('Europe/Paris'), 2026),
    standardName: 'Europe/Rome',
    daylightName: '',
  });
  assert.equal(blobToZone(named, { year: 2026, preferred: ['Europe/Madrid'] })?.id, 'Europe/Rome');
  const lying = encodeBlob({
    ...blobRulesOf(zone('Europe/Paris'), 2026),
    standardName: 'Asia/Tokyo',
    daylightName: '',
  });
  assert.equal(blobToZone(lying, { year: 2026 })?.id, 'Europe/Berlin');
});

test('rules of no zone make a private zone that keeps them every year', () => {
  const date = { year: 0, weekday: 3, day: 2, secondOfDay: 7_200 };
  const blob = encodeBlob({
    standardOffset: 4_980,
    daylightOffset: 8_580,
    toDaylight: { ...date, month: 5 },
    toStandard: { ...date, month: 8 },
    standardName: 'Own',
    daylightName: 'Own',
  });
  const own = blobToZone(blob, { year: 2026 })!;
  assert.equal(own.isPrivate, true);
  assert.deepEqual([own.offsetAt(utc('2026-05-12T00:00')), own.offsetAt(utc('2026-05-14T00:00'))], [4_980, 8_580]);
  assert.equal(own.offsetAt(utc('2040-12-14T00:00')), 4_980);
  assert.equal(zoneToBlob(own, 2026), blob);
});

/** A blob as clients write it that know no dates: biases in minutes, as they stand in it. */
function dateless(standardName: string, bias: number, daylightBias: number): string {
  const offset = -bias * 60;
  const none = { toStandard: null, toDaylight: null, daylightName: '' };
  const blob = encodeBlob({ standardOffset: offset, daylightOffset: offset, standardName, ...none });
  const bytes = Buffer.from(blob, 'base64');
  bytes.writeInt32LE(daylightBias, 168);
  return bytes.toString('base64');
}

test('MS-ASDTYPE §2.7.6: daylight time without dates is that of the Windows zone that the blob names', () => {
  const eastern = dateless('Eastern Standard Time', 300, -60);
  assert.equal(blobToZone(eastern, { year: 2026 })?.id, 'America/New_York');
  assert.equal(blobToZone(eastern, { year: 2026, preferred: ['America/Bogota', 'UTC'] })?.id, 'America/New_York');
  assert.equal(blobToZone(eastern, { year: 2026, preferred: ['America/Toronto'] })?.id, 'America/Toronto');
  assert.equal(blobToZone(dateless('w. europe standard time', -60, -60), { year: 2026 })?.id, 'Europe/Berlin');
  assert.equal(blobToZone(dateless('AUS Eastern Standard Time', -600, -60), { year: 2026 })?.id, 'Australia/Sydney');
});

test('the name counts for nothing where a number of the blob says otherwise', () => {
  const cases: readonly [why: string, blob: string, year?: number][] = [
    ['no daylight time', dateless('Eastern Standard Time', 300, 0)],
    ['another offset', dateless('Pacific Standard Time', 300, -60)],
    ['another daylight offset', dateless('Eastern Standard Time', 300, -30)],
    ['a zone without daylight time', dateless('SA Pacific Standard Time', 300, -60)],
    ['no name of a zone', dateless('Eastern', 300, -60)],
    ['a year in which that zone has no daylight time', dateless('Haiti Standard Time', 300, -60), 2016],
  ];
  for (const [why, blob, year = 2026] of cases) {
    const found = blobToZone(blob, { year })!;
    const [winter, summer] = [utc(`${year}-01-15T00:00`), utc(`${year}-07-15T00:00`)];
    assert.deepEqual([found.offsetAt(winter), found.offsetAt(summer)], [-18_000, -18_000], why);
  }
  const half = Buffer.from(dateless('Eastern Standard Time', 300, -60), 'base64');
  half.writeUInt16LE(3, 154);
  half.writeUInt16LE(2, 158);
  const found = blobToZone(half.toString('base64'), { year: 2026 })!;
  assert.equal(found.offsetAt(utc('2026-07-15T00:00')), -18_000, 'one date');
});

test('what is no blob is null', () => {
  assert.equal(blobToZone('', { year: 2026 }), null);
  assert.equal(blobToZone('AAAA', { year: 2026 }), null);
  assert.equal(blobToZone(Buffer.alloc(172, 0xff).subarray(0, 171).toString('base64'), { year: 2026 }), null);
});

for (const name of [
  'Europe/Berlin',
  'America/New_York',
  'Europe/Dublin',
  'Africa/Casablanca',
  'America/Santiago',
  'Asia/Tokyo',
  'Pacific/Apia',
  'America/Caracas',
  'Africa/Cairo',
  'Asia/Gaza',
]) {
  test(`RFC 5545 §3.6.5 the VTIMEZONE written for ${name} says what the zone says`, () => {
    const own = zone(name);
    const span = range('2010-03-01T00:00', '2025-11-01T00:00');
    const read = vtimezoneZone(vtimezoneFor(own, span))!;
    const at = differsAt(own, read, span.start, span.end);
    assert.equal(at === null ? null : show(at), null);
  });
}

test('a VTIMEZONE for an endless range is short and goes on', () => {
  const berlin = zone('Europe/Berlin');
  const written = vtimezoneFor(
    berlin,
    { start: utc('2026-01-01T00:00'), end: Number.POSITIVE_INFINITY },
    'Europe/Berlin',
  );
  const lines = text(written).split('\r\n');
  assert.equal(lines.filter((line) => line.startsWith('BEGIN:')).length, 4);
  assert.ok(lines.includes('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'));
  const at = differsAt(berlin, vtimezoneZone(written)!, utc('2026-01-01T00:00'), utc('2120-01-01T00:00'));
  assert.equal(at === null ? null : show(at), null);
});

test('"Sunday on or after the second" is written as a rule of days', () => {
  const santiago = zone('America/Santiago');
  const written = vtimezoneFor(santiago, { start: utc('2026-01-01T00:00'), end: Number.POSITIVE_INFINITY });
  const at = differsAt(santiago, vtimezoneZone(written)!, utc('2026-01-01T00:00'), utc('2090-01-01T00:00'));
  assert.equal(at === null ? null : show(at), null);
  assert.ok(text(written).length < 1_200);
});

import { DAY_SECONDS, weekdayOf, yearOf, yearStart } from './civil.ts';
import { ianaToWindows } from './windows-zones.ts';
import type { Transition, Zone } from './zone.ts';
import { type BlobDate, type BlobRules, blobDateOf, blobTransitions, encodeBlob } from './zone-blob.ts';

/** Zones are few and kept, and each event of a zone is shown the same blob. */
const written = new WeakMap<Zone, Map<number, string>>();
const MOST_YEARS = 200;

/**
 * The zone's rules of one year as base64 of 172 bytes. Where the year does not fit the form, the rules that are right
 * for most of it.
 */
export function zoneToBlob(zone: Zone, year: number): string {
  let years = written.get(zone);
  if (years === undefined) {
    years = new Map();
    written.set(zone, years);
  }
  let blob = years.get(year);
  if (blob === undefined) {
    blob = encodeBlob(blobRulesOf(zone, year));
    // Years come from outside.
    if (years.size >= MOST_YEARS) years.clear();
    years.set(year, blob);
  }
  return blob;
}

/** @see zoneToBlob */
export function blobRulesOf(zone: Zone, year: number): BlobRules {
  const changes = changesOfLocalYear(zone, year);
  const name = zone.isPrivate ? zone.id : (ianaToWindows(zone.id) ?? zone.id);
  const candidates = [
    ...offsetsInYear(zone, changes, year).map((offset) => withoutDaylight(offset, name)),
    ...changes.map((change) => withOneChange(zone, change, year, name)),
    ...changes.flatMap((change, index) =>
      changes
        .slice(index + 1)
        .filter((other) => other.before === change.after && other.after === change.before)
        .map((other) => withTwoChanges(zone, change, other, name)),
    ),
  ];
  let best = candidates[0]!;
  let bestAgreement = -1;
  for (const candidate of candidates) {
    const agreement = secondsOfAgreement(zone, candidate, year);
    if (agreement > bestAgreement) {
      best = candidate;
      bestAgreement = agreement;
    }
  }
  return best;
}

function changesOfLocalYear(zone: Zone, year: number): Transition[] {
  return zone
    .transitions(yearStart(year) - DAY_SECONDS, yearStart(year + 1) + DAY_SECONDS)
    .filter((change) => yearOf(change.at + change.before) === year);
}

function offsetsInYear(zone: Zone, changes: readonly Transition[], year: number): number[] {
  return [...new Set([changes[0]?.before ?? zone.offsetAt(yearStart(year)), ...changes.map((change) => change.after)])];
}

function withoutDaylight(offset: number, name: string): BlobRules {
  return {
    standardOffset: offset,
    daylightOffset: offset,
    toStandard: null,
    toDaylight: null,
    standardName: name,
    daylightName: name,
  };
}

/** A year with one change (a new law) is written with a second change at its very start, as Windows does. */
function withOneChange(zone: Zone, change: Transition, year: number, name: string): BlobRules {
  const newYear: BlobDate = {
    year: 0,
    month: 1,
    weekday: weekdayOf(yearStart(year) / DAY_SECONDS),
    day: 1,
    secondOfDay: 0,
  };
  return rulesOf(change, blobDateOf(zone, change), newYear, name);
}

function withTwoChanges(zone: Zone, change: Transition, other: Transition, name: string): BlobRules {
  return rulesOf(change, blobDateOf(zone, change), blobDateOf(zone, other), name);
}

/** The lesser offset is called standard, whatever the country calls it (Dublin's winter is its daylight time in law). */
function rulesOf(change: Transition, there: BlobDate, back: BlobDate, name: string): BlobRules {
  const isToDaylight = change.after > change.before;
  return {
    standardOffset: Math.min(change.before, change.after),
    daylightOffset: Math.max(change.before, change.after),
    toStandard: isToDaylight ? back : there,
    toDaylight: isToDaylight ? there : back,
    standardName: name,
    daylightName: name,
  };
}

/** Offset that the rules give at a UTC second of the year. */
function blobOffsetAt(rules: BlobRules, year: number, utcSeconds: number): number {
  const changes = blobTransitions(rules, year);
  let offset = changes[0]?.before ?? rules.standardOffset;
  for (const change of changes) if (change.at <= utcSeconds) offset = change.after;
  return offset;
}

/** Seconds of the year in which rules and zone say the same. */
export function secondsOfAgreement(zone: Zone, rules: BlobRules, year: number): number {
  const from = yearStart(year);
  const to = yearStart(year + 1);
  const changes = [...zone.transitions(from, to), ...blobTransitions(rules, year)].map((change) => change.at);
  const borders = [from, ...changes.filter((at) => at > from && at < to).sort((a, b) => a - b), to];
  let agreement = 0;
  for (let index = 0; index + 1 < borders.length; index += 1) {
    const at = borders[index]!;
    if (zone.offsetAt(at) === blobOffsetAt(rules, year, at)) agreement += borders[index + 1]! - at;
  }
  return agreement;
}

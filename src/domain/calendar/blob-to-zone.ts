import { yearStart } from './civil.ts';
import { canonicalZoneName, ianaZone } from './iana-zone.ts';
import { ianaToWindows, windowsDefaultZones, windowsToIana } from './windows-zones.ts';
import { orderTransitions, type Zone, zoneOfYears } from './zone.ts';
import { type BlobRules, blobTransitions, decodeBlob, lacksDates } from './zone-blob.ts';
import { blobRulesOf, secondsOfAgreement } from './zone-to-blob.ts';

export interface BlobContext {
  /** Year of the event's start: the blob holds the rules of that year. */
  readonly year: number;
  /** IANA names to prefer among zones of the same rules, e.g. the person's own. */
  readonly preferred?: readonly string[];
}

/** Zones of a year by their rules as a blob tells them. */
const zonesByYear = new Map<number, Map<string, string[]>>();
const MAX_YEARS = 100;

/**
 * The IANA zone with a blob's rules in the event's year: the one the blob names, else a preferred one, else the usual
 * one for these rules. A private zone with exactly these rules where no IANA zone has them; null for what is no blob. Where the
 * blob tells of daylight time without dates, its name says when that is, if the zone's offsets are those of the blob.
 */
export function blobToZone(base64: string, context: BlobContext): Zone | null {
  const rules = decodeBlob(base64);
  if (rules === null) return null;
  const meant = lacksDates(base64) ? zoneByName(rules, context) : null;
  if (meant !== null) return meant;
  const named = [rules.standardName, rules.daylightName].map((name) => windowsToIana(name) ?? name);
  for (const name of [...named, ...(context.preferred ?? [])]) {
    const zone = ianaZone(name);
    if (zone !== null && fits(zone, rules, context.year)) return zone;
  }
  const names = zonesOf(context.year).get(fingerprint(rules, context.year)) ?? [];
  for (const name of names) {
    const zone = ianaZone(name);
    if (zone !== null) return zone;
  }
  return privateZone(rules);
}

/** Of zones with one Windows name the preferred one; null where the blob's offsets are not the zone's in that year. */
function zoneByName(rules: BlobRules, { year, preferred = [] }: BlobContext): Zone | null {
  const named = windowsToIana(rules.standardName);
  if (named === null) return null;
  const windowsName = ianaToWindows(named);
  const alike = preferred.filter((name) => ianaToWindows(name) === windowsName);
  for (const name of [...alike, named]) {
    const zone = ianaZone(name);
    if (zone !== null && hasOffsets(zone, rules, year)) return zone;
  }
  return null;
}

function hasOffsets(zone: Zone, { standardOffset, daylightOffset }: BlobRules, year: number): boolean {
  const own = blobRulesOf(zone, year);
  return own.standardOffset === standardOffset && own.daylightOffset === daylightOffset;
}

function fits(zone: Zone, rules: BlobRules, year: number): boolean {
  if (secondsOfAgreement(zone, rules, year) === yearStart(year + 1) - yearStart(year)) return true;
  return fingerprint(blobRulesOf(zone, year), year) === fingerprint(rules, year);
}

function fingerprint(rules: BlobRules, year: number): string {
  const changes = blobTransitions(rules, year);
  if (changes.length === 0) return String(rules.standardOffset);
  return changes.map((change) => `${change.at}:${change.before}:${change.after}`).join(' ');
}

function zonesOf(year: number): Map<string, string[]> {
  let zones = zonesByYear.get(year);
  if (zones !== undefined) return zones;
  zones = new Map();
  const names = new Set([...windowsDefaultZones(), ...Intl.supportedValuesOf('timeZone')].map(canonicalZoneName));
  for (const name of names) {
    const zone = name === null ? null : ianaZone(name);
    if (zone === null) continue;
    const key = fingerprint(blobRulesOf(zone, year), year);
    zones.set(key, [...(zones.get(key) ?? []), zone.id]);
  }
  if (zonesByYear.size >= MAX_YEARS) zonesByYear.clear();
  zonesByYear.set(year, zones);
  return zones;
}

/** A zone that keeps a blob's rules in every year. */
function privateZone(rules: BlobRules): Zone {
  const hours = rules.standardOffset / 3_600;
  const id = rules.standardName || `UTC${hours < 0 ? '' : '+'}${hours}`;
  return zoneOfYears(id, true, (year) => {
    const changes = blobTransitions(rules, year);
    const before = changes[0]?.before ?? rules.standardOffset;
    return { offsetAtStart: before, transitions: orderTransitions(changes, before) };
  });
}

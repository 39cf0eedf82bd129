import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, parameterOf, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { escapeText } from '../../formats/content-line/text.ts';
import { yearStart } from './civil.ts';
import { ianaZone } from './iana-zone.ts';
import { vtimezoneOffsets, vtimezoneZone } from './vtimezone-zone.ts';
import type { Zone } from './zone.ts';
import { zoneNameOf } from './zone-names.ts';

/** Zones one object may define or name: each costs, and no program writes more than a few. Those beyond are unknown. */
const MAX_ZONES = 50;

const resolved = new WeakMap<Component, Map<string, Zone | null>>();

/**
 * The zone a TZID means in a calendar object; null when neither IANA nor Windows data nor the object itself know it: the
 * caller then reads the time as floating and says so (`Moment.hasUnknownZone`).
 *
 * IANA data is newer than what a program once copied into the object, so it wins, with two exceptions: a VTIMEZONE that
 * shares no offset with the named zone in the object's year means another place, and under a short name (EST) programs
 * write rules of their own. See docs/decisions/0003-zones-and-recurrence.md.
 */
export function resolveZone(tzid: string, calendar?: Component): Zone | null {
  if (calendar === undefined) return namedZone(tzid)?.zone ?? null;
  let zones = resolved.get(calendar);
  if (zones === undefined) {
    zones = new Map();
    resolved.set(calendar, zones);
  }
  let zone = zones.get(tzid);
  if (zone === undefined) {
    zone = zones.size < MAX_ZONES ? resolveWithin(tzid, calendar) : null;
    zones.set(tzid, zone);
  }
  return zone;
}

function resolveWithin(tzid: string, calendar: Component): Zone | null {
  const embedded = vtimezoneOf(tzid, calendar);
  if (embedded === null) return namedZone(tzid)?.zone ?? null;
  // X-LIC-LOCATION: what libical and its users write beside a TZID of their own making.
  const named = namedZone(tzid) ?? namedZone(propertyOf(embedded, 'X-LIC-LOCATION')?.value ?? '');
  if (named === null) return vtimezoneZone(embedded);
  const own = vtimezoneOffsets(embedded);
  const year = yearOfFirstUse(tzid, calendar);
  if (!named.isExact && own.size > 0) return vtimezoneZone(embedded) ?? named.zone;
  if (own.size === 0 || year === null || sharesOffset(named.zone, own, year)) return named.zone;
  return vtimezoneZone(embedded) ?? named.zone;
}

function namedZone(tzid: string): { zone: Zone; isExact: boolean } | null {
  const found = zoneNameOf(tzid);
  const zone = found === null ? null : ianaZone(found.name);
  return found === null || zone === null ? null : { zone, isExact: found.isExact };
}

/** The TZID parameter is written plain, the property is TEXT and escaped by some: `\,` in Outlook's display names. */
function vtimezoneOf(tzid: string, calendar: Component): Component | null {
  for (const zone of componentsOf(calendar, 'VTIMEZONE').slice(0, MAX_ZONES)) {
    const value = propertyOf(zone, 'TZID')?.value.trim();
    if (value !== undefined && (value === tzid.trim() || value === escapeText(tzid.trim()))) return zone;
  }
  return null;
}

function sharesOffset(zone: Zone, offsets: ReadonlySet<number>, year: number): boolean {
  const start = yearStart(year);
  if (offsets.has(zone.offsetAt(start))) return true;
  return zone.transitions(start, yearStart(year + 1)).some((change) => offsets.has(change.after));
}

function yearOfFirstUse(tzid: string, calendar: Component): number | null {
  for (const component of componentsOf(calendar)) {
    if (component.name === 'VTIMEZONE') continue;
    for (const line of propertiesOf(component)) {
      const year = Number(line.value.slice(0, 4));
      if (parameterOf(line, 'TZID') === tzid && year >= 1) return year;
    }
  }
  return null;
}

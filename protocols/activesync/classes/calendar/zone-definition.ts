import { resolveZone } from '../../../../src/domain/calendar/resolve-zone.ts';
import { vtimezoneFor } from '../../../../src/domain/calendar/vtimezone-for.ts';
import type { Zone } from '../../../../src/domain/calendar/zone.ts';
import { ENDLESS } from '../../../../src/domain/item.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { withChildren } from '../../../../src/formats/content-line/edit.ts';
import { componentsOf, isComponent, propertyOf } from '../../../../src/formats/content-line/lookup.ts';

/**
 * The calendar with a VTIMEZONE for the zone (RFC 5545 §3.6.5: every TZID needs one), and the TZID to write. A private
 * zone gets a name that no one takes for another zone.
 */
export function withZone(
  calendar: Component,
  zone: Zone,
  from: number,
): { readonly calendar: Component; readonly tzid: string } {
  const defined = componentsOf(calendar, 'VTIMEZONE').map((zone) => propertyOf(zone, 'TZID')?.value.trim());
  const tzid = zone.isPrivate ? privateName(zone.id, defined) : zone.id;
  if (defined.includes(tzid)) return { calendar, tzid };
  const definition = vtimezoneFor(zone, { start: from, end: ENDLESS }, tzid);
  const at = calendar.children.findIndex(isComponent);
  const children = calendar.children.toSpliced(at < 0 ? calendar.children.length : at, 0, definition);
  return { calendar: withChildren(calendar, children), tzid };
}

function privateName(id: string, defined: readonly (string | undefined)[]): string {
  const plain = id.replace(/[^\w+ .-]/g, '').trim() || 'Zone';
  for (let number = 0; ; number += 1) {
    const name = number === 0 ? `${plain} (phone)` : `${plain} (phone ${number})`;
    if (!defined.includes(name) && resolveZone(name) === null) return name;
  }
}

import { canonicalZoneName } from './iana-zone.ts';
import { windowsToIana } from './windows-zones.ts';

/** An IANA zone that a TZID stands for. */
export interface ZoneName {
  /** As Intl spells it. */
  readonly name: string;
  /**
   * True for names that mean one zone everywhere (Europe/Berlin, UTC, "W. Europe Standard Time"); false for short ones
   * such as EST or CET, under which programs write their own rules.
   */
  readonly isExact: boolean;
}

const UNIVERSAL = new Set(['utc', 'gmt', 'etc/utc', 'etc/gmt', 'zulu', 'uct', 'universal']);

/**
 * The IANA zone that a TZID names: directly, by an old alias, by a Windows name or behind a program's prefix
 * (`/mozilla.org/20050126_1/Europe/Berlin`, RFC 5545 §3.8.3.1 "globally unique" form); null when it names none.
 */
export function zoneNameOf(tzid: string): ZoneName | null {
  const text = tzid.trim().replace(/^"(.*)"$/, '$1');
  const direct = canonicalZoneName(text) ?? canonicalZoneName(text.replaceAll(' ', '_'));
  if (direct !== null) return { name: direct, isExact: text.includes('/') || UNIVERSAL.has(text.toLowerCase()) };
  const windows = windowsToIana(text);
  const ofWindows = windows === null ? null : canonicalZoneName(windows);
  if (ofWindows !== null) return { name: ofWindows, isExact: true };
  return behindPrefix(text);
}

function behindPrefix(text: string): ZoneName | null {
  if (!text.includes('/')) return null;
  const segments = text.split('/').filter((segment) => segment !== '');
  // The longest ending first: America/Argentina/Buenos_Aires has three parts. A single part is only trusted as UTC.
  for (const length of [3, 2, 1]) {
    if (length > segments.length) continue;
    const ending = segments.slice(-length).join('/');
    const name = length === 1 && !UNIVERSAL.has(ending.toLowerCase()) ? null : canonicalZoneName(ending);
    if (name !== null) return { name, isExact: true };
  }
  return null;
}

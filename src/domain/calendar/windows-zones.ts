import { canonicalZoneName } from './iana-zone.ts';
import { WINDOWS_ZONES } from './windows-zones.generated.ts';

const DEFAULT_TERRITORY = '001';

let byLowerCaseName: Map<string, Readonly<Record<string, string>>> | null = null;
let byCanonicalZone: Map<string, string> | null = null;

/** IANA name for a Windows zone name (any case); null for an unknown name. CLDR windowsZones. */
export function windowsToIana(name: string): string | null {
  byLowerCaseName ??= new Map(Object.entries(WINDOWS_ZONES).map(([key, value]) => [key.toLowerCase(), value]));
  return byLowerCaseName.get(name.toLowerCase())?.[DEFAULT_TERRITORY]?.split(' ')[0] ?? null;
}

/** Windows name for an IANA name or alias; null where Windows has none (Antarctica/Troll). */
export function ianaToWindows(name: string): string | null {
  const canonical = canonicalZoneName(name);
  return canonical === null ? null : (windowsNames().get(canonical) ?? null);
}

/**
 * IANA names that stand for the Windows zones, one each: the likeliest answers to "which zone has these rules". Those
 * used in most territories come first, so that Central European rules are Berlin and not Budapest.
 */
export function windowsDefaultZones(): string[] {
  return Object.values(WINDOWS_ZONES)
    .sort((a, b) => Object.keys(b).length - Object.keys(a).length)
    .flatMap((territories) => territories[DEFAULT_TERRITORY] ?? []);
}

function windowsNames(): Map<string, string> {
  if (byCanonicalZone !== null) return byCanonicalZone;
  byCanonicalZone = new Map();
  for (const [windowsName, territories] of Object.entries(WINDOWS_ZONES)) {
    for (const name of Object.values(territories).flatMap((names) => names.split(' '))) {
      // CLDR keeps old spellings (Asia/Calcutta), Intl may prefer others: compare by Intl's.
      const canonical = canonicalZoneName(name);
      if (canonical !== null && !byCanonicalZone.has(canonical)) byCanonicalZone.set(canonical, windowsName);
    }
  }
  return byCanonicalZone;
}

import { recordOf, unknownParts } from './read-parts.ts';

/** What a rule looks at. Every part that is given must fit; `*` stands for anything, case does not count. */
export interface DeviceMatch {
  /** What kind of device it says it is. */
  readonly type?: string;
  readonly model?: string;
  /** Operating system with its version. */
  readonly os?: string;
  /** User-Agent. */
  readonly agent?: string;
  /** Address of the owner. */
  readonly user?: string;
  /** A named set of users; no pattern. */
  readonly group?: string;
  readonly domain?: string;
  /** Protocol, in its own word. */
  readonly protocol?: string;
}

/** All parts of a match. */
export const MATCH_PARTS = ['type', 'model', 'os', 'agent', 'user', 'group', 'domain', 'protocol'] as const;

/** The parts of a match that are about people and protocols, not about devices. */
export const SWITCH_PARTS = ['user', 'group', 'domain', 'protocol'] as const;

/** The parts of a match that are about devices alone. */
export const TRAIT_PARTS = ['type', 'model', 'os', 'agent'] as const;

/** Kinds of devices, whosever they are. */
export type DeviceTraits = Pick<DeviceMatch, (typeof TRAIT_PARTS)[number]>;

/** Reads a match of these parts; mistakes are named in `problems`. */
export function readMatch<K extends keyof DeviceMatch>(
  value: unknown,
  parts: readonly K[],
  name: string,
  problems: string[],
): Pick<DeviceMatch, K> {
  const given = recordOf(value, `match of ${name}`, problems);
  unknownParts(given, parts, `match of ${name}`, problems);
  const match: Partial<Record<K, string>> = {};
  for (const part of parts) {
    const pattern = given[part];
    if (pattern === undefined) continue;
    if (typeof pattern === 'string' && /^[^\x00-\x1f]{1,256}$/.test(pattern)) match[part] = pattern;
    else problems.push(`${part} of ${name} is no text of 1 to 256 characters`);
  }
  return match as Pick<DeviceMatch, K>;
}

/** Where the run-time setting is kept. */
export const WATCH_SETTING = 'watch';

/** So little free space that something is done about it: bytes, or percent of the whole. */
export interface SpaceLimit {
  readonly unit: 'bytes' | 'percent';
  readonly free: number;
}

/** What a mailbox may hold; null is no limit. */
export interface QuotaSetting {
  readonly bytes: number | null;
  readonly items: number | null;
}

/** What is watched over. */
export interface WatchSettings {
  readonly disk: {
    /** Below it administrators are warned; null: never. */
    readonly soft: SpaceLimit | null;
    /** Below it nothing more is taken until space returns; null: only when the disk is really full. */
    readonly hard: SpaceLimit | null;
  };
  readonly quota: {
    /** For whoever has none of their own, nor one by domain. */
    readonly everybody: QuotaSetting;
    /** By domain, lower case: takes the place of everybody's, both parts of it. */
    readonly domains: Readonly<Record<string, QuotaSetting>>;
    /** Share of a quota, 0.1 to 1, from which its owner is told by mail, at most once a day. */
    readonly warnAt: number;
  };
}

/** Without a word from an administrator. The hard limit is what the database needs to work and to be tidied up. */
export const DEFAULT_WATCH: WatchSettings = {
  disk: { soft: { unit: 'bytes', free: 1024 ** 3 }, hard: { unit: 'bytes', free: 128 * 1024 ** 2 } },
  quota: { everybody: { bytes: null, items: null }, domains: {}, warnAt: 0.9 },
};

/** Somebody wrote settings that are none. `message` names every mistake in them. */
export class WatchSettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`What is to be watched cannot be set: ${problems.join('; ')}.`);
    this.name = 'WatchSettingsError';
    this.problems = problems;
  }
}

const MOST_DOMAINS = 10_000;

/** The quota in force for a domain's users who have none of their own. */
export function quotaOfDomain({ quota }: WatchSettings, domain: string): QuotaSetting {
  return Object.hasOwn(quota.domains, domain) ? (quota.domains[domain] ?? quota.everybody) : quota.everybody;
}

/** So many free bytes are the limit of a disk of this size. */
export function limitBytes({ unit, free }: SpaceLimit, totalBytes: number): number {
  return unit === 'bytes' ? free : Math.floor((totalBytes * free) / 100);
}

/**
 * Reads settings as they are kept or as an administrator writes them; missing parts are as in `DEFAULT_WATCH`.
 * @throws WatchSettingsError
 */
export function readWatchSettings(value: unknown): WatchSettings {
  if (value === null || value === undefined) return DEFAULT_WATCH;
  const problems: string[] = [];
  const given = recordOf(value, 'what is given', ['disk', 'quota'], problems);
  const disk = recordOf(given.disk ?? {}, 'disk', ['soft', 'hard'], problems);
  const quota = recordOf(given.quota ?? {}, 'quota', ['everybody', 'domains', 'warnAt'], problems);
  const read: WatchSettings = {
    disk: {
      soft: spaceLimit(disk.soft, 'disk.soft', DEFAULT_WATCH.disk.soft, problems),
      hard: spaceLimit(disk.hard, 'disk.hard', DEFAULT_WATCH.disk.hard, problems),
    },
    quota: {
      everybody: quotaOf(quota.everybody ?? {}, 'quota.everybody', problems),
      domains: domainsOf(quota.domains ?? {}, problems),
      warnAt: shareOf(quota.warnAt ?? DEFAULT_WATCH.quota.warnAt, problems),
    },
  };
  const { soft, hard } = read.disk;
  if (soft !== null && hard !== null && soft.unit === hard.unit && soft.free < hard.free) {
    problems.push('disk.soft is less than disk.hard, so nobody would be warned before nothing more is taken');
  }
  if (problems.length > 0) throw new WatchSettingsError(problems);
  return read;
}

function spaceLimit(value: unknown, name: string, otherwise: SpaceLimit | null, problems: string[]): SpaceLimit | null {
  if (value === undefined) return otherwise;
  if (value === null) return null;
  const { unit, free } = recordOf(value, name, ['unit', 'free'], problems);
  if (unit !== 'bytes' && unit !== 'percent') problems.push(`${name}.unit is neither "bytes" nor "percent"`);
  const isBytes = unit === 'bytes';
  const isFine = typeof free === 'number' && (isBytes ? isCount(free) : free >= 0 && free <= 99);
  if (!isFine) problems.push(`${name}.free is no ${isBytes ? 'whole number of bytes' : 'number from 0 to 99'}`);
  return { unit: isBytes ? 'bytes' : 'percent', free: isFine ? free : 0 };
}

function quotaOf(value: unknown, name: string, problems: string[]): QuotaSetting {
  const { bytes = null, items = null } = recordOf(value, name, ['bytes', 'items'], problems);
  return { bytes: countOrNull(bytes, `${name}.bytes`, problems), items: countOrNull(items, `${name}.items`, problems) };
}

function countOrNull(value: unknown, name: string, problems: string[]): number | null {
  if (value === null || isCount(value)) return value;
  problems.push(`${name} is neither a whole number nor null`);
  return null;
}

function domainsOf(value: unknown, problems: string[]): Readonly<Record<string, QuotaSetting>> {
  const given = recordOf(value, 'quota.domains', null, problems);
  const domains = Object.entries(given);
  if (domains.length > MOST_DOMAINS) problems.push(`quota.domains has more than ${MOST_DOMAINS} entries`);
  const read: Record<string, QuotaSetting> = {};
  for (const [name, quota] of domains.slice(0, MOST_DOMAINS)) {
    if (!/^[\p{L}\p{N}][^\s@/]{0,254}$/u.test(name)) problems.push(`"${name}" in quota.domains is no name of a domain`);
    else read[name.normalize('NFC').toLowerCase()] = quotaOf(quota, `quota.domains.${name}`, problems);
  }
  return read;
}

function shareOf(value: unknown, problems: string[]): number {
  if (typeof value === 'number' && value >= 0.1 && value <= 1) return value;
  problems.push('quota.warnAt is no number from 0.1 to 1');
  return DEFAULT_WATCH.quota.warnAt;
}

/** @param parts Null: any. */
function recordOf(
  value: unknown,
  name: string,
  parts: readonly string[] | null,
  problems: string[],
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${name} is no object`);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (parts !== null && !parts.includes(key)) problems.push(`"${key}" is no part of ${name}`);
  }
  return value as Record<string, unknown>;
}

/** Whether it counts bytes or items. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

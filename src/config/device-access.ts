/** Where the run-time setting is kept. */
export const DEVICE_ACCESS_SETTING = 'devices.access';

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

export const MATCH_PARTS = ['type', 'model', 'os', 'agent', 'user', 'group', 'domain', 'protocol'] as const;

/** The parts of a match that are about people and protocols, not about devices. */
export const SWITCH_PARTS = ['user', 'group', 'domain', 'protocol'] as const;

export type AccessVerdict = 'allow' | 'quarantine' | 'block';

const VERDICTS: readonly AccessVerdict[] = ['allow', 'quarantine', 'block'];

/** Who may let in a device that is quarantined. */
export type Approval = 'administrator' | 'user';

export interface AccessRule {
  readonly match: DeviceMatch;
  readonly access: AccessVerdict;
  /** Of a quarantine: 'administrator' where nothing is said; 'user': its owner may, too. */
  readonly approval?: Approval;
  /** The reason in words, for people. */
  readonly why: string;
}

export interface ProtocolSwitch {
  readonly match: Pick<DeviceMatch, (typeof SWITCH_PARTS)[number]>;
  readonly on: boolean;
}

/** Who may come in with what. */
export interface DeviceAccessRules {
  /** The first that fits decides. */
  readonly rules: readonly AccessRule[];
  /** Where no rule fits. */
  readonly default: AccessVerdict;
  /** Who may let in what `default` quarantines. */
  readonly defaultApproval?: Approval;
  /** Devices a user may have, of all protocols; blocked ones do not count. Null: any number. */
  readonly maximumPerUser: number | null;
  /** The first that fits decides; where none does a protocol is on. */
  readonly protocols: readonly ProtocolSwitch[];
}

/** Without a word from an administrator: everybody comes in with everything. */
export const OPEN_DEVICE_ACCESS: DeviceAccessRules = {
  rules: [],
  default: 'allow',
  maximumPerUser: null,
  protocols: [],
};

/** Somebody wrote rules that are none. `message` names every mistake in them. */
export class DeviceAccessError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The access rules cannot be used: ${problems.join('; ')}.`);
    this.name = 'DeviceAccessError';
    this.problems = problems;
  }
}

const PARTS = ['rules', 'default', 'maximumPerUser', 'protocols'];
const MOST_RULES = 1_000;

/**
 * Reads rules as they are kept or as an administrator writes them; missing parts are as in `OPEN_DEVICE_ACCESS`.
 * @throws DeviceAccessError
 */
export function readDeviceAccess(value: unknown): DeviceAccessRules {
  if (value === null || value === undefined) return OPEN_DEVICE_ACCESS;
  if (!isRecord(value)) throw new DeviceAccessError(['they are no object']);
  const problems: string[] = [];
  unknownParts(value, PARTS, 'the access rules', problems);
  const maximum = value.maximumPerUser ?? null;
  const isCount = typeof maximum === 'number' && Number.isInteger(maximum) && maximum >= 1 && maximum <= 100_000;
  if (maximum !== null && !isCount) problems.push('maximumPerUser is no whole number from 1 to 100000, nor null');
  const read: DeviceAccessRules = {
    rules: listOf(value.rules, 'rules', problems).map((rule, at) => readRule(rule, `rule ${at + 1}`, problems)),
    default: verdictOf(value.default ?? OPEN_DEVICE_ACCESS.default, 'default', problems),
    maximumPerUser: isCount ? maximum : null,
    protocols: listOf(value.protocols, 'protocols', problems).map((entry, at) =>
      readSwitch(entry, `entry ${at + 1} of protocols`, problems),
    ),
  };
  if (problems.length > 0) throw new DeviceAccessError(problems);
  return read;
}

function readRule(value: unknown, name: string, problems: string[]): AccessRule {
  const rule = recordOf(value, name, problems);
  unknownParts(rule, ['match', 'access', 'why'], name, problems);
  const why = rule.why ?? '';
  const isText = typeof why === 'string' && why.length <= 500;
  if (!isText) problems.push(`why of ${name} is no text of at most 500 characters`);
  return {
    match: readMatch(rule.match ?? {}, MATCH_PARTS, name, problems),
    access: verdictOf(rule.access, `access of ${name}`, problems),
    why: isText ? why : '',
  };
}

function readSwitch(value: unknown, name: string, problems: string[]): ProtocolSwitch {
  const entry = recordOf(value, name, problems);
  unknownParts(entry, ['match', 'on'], name, problems);
  if (typeof entry.on !== 'boolean') problems.push(`on of ${name} is neither true nor false`);
  return { match: readMatch(entry.match ?? {}, SWITCH_PARTS, name, problems), on: entry.on === true };
}

function readMatch<K extends keyof DeviceMatch>(
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

function verdictOf(value: unknown, name: string, problems: string[]): AccessVerdict {
  const verdict = VERDICTS.find((one) => one === value);
  if (verdict === undefined) problems.push(`${name} is none of ${VERDICTS.join(', ')}`);
  return verdict ?? 'block';
}

function listOf(value: unknown, name: string, problems: string[]): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= MOST_RULES) return value;
  problems.push(`${name} is no list of at most ${MOST_RULES} entries`);
  return [];
}

function recordOf(value: unknown, name: string, problems: string[]): Record<string, unknown> {
  if (isRecord(value)) return value;
  problems.push(`${name} is no object`);
  return {};
}

function unknownParts(value: object, parts: readonly string[], name: string, problems: string[]): void {
  for (const key of Object.keys(value)) if (!parts.includes(key)) problems.push(`"${key}" is no part of ${name}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

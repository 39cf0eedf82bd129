import { type DeviceMatch, MATCH_PARTS, readMatch, SWITCH_PARTS } from './device-match.ts';
import { isRecord, recordOf, unknownParts } from './read-parts.ts';

/** Where the run-time setting is kept. */
export const DEVICE_ACCESS_SETTING = 'devices.access';

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

const PARTS = ['rules', 'default', 'defaultApproval', 'maximumPerUser', 'protocols'];
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
  const rules = listOf(value.rules, 'rules', problems).map((rule, at) => readRule(rule, `rule ${at + 1}`, problems));
  const verdict = verdictOf(value.default ?? OPEN_DEVICE_ACCESS.default, 'default', problems);
  const approval = approvalOf(value.defaultApproval, verdict, 'defaultApproval', problems);
  const read: DeviceAccessRules = {
    ...{ rules, default: verdict },
    ...(approval === 'user' ? { defaultApproval: approval } : {}),
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
  unknownParts(rule, ['match', 'access', 'approval', 'why'], name, problems);
  const why = rule.why ?? '';
  const isText = typeof why === 'string' && why.length <= 500;
  if (!isText) problems.push(`why of ${name} is no text of at most 500 characters`);
  const match = readMatch(rule.match ?? {}, MATCH_PARTS, name, problems);
  const access = verdictOf(rule.access, `access of ${name}`, problems);
  const approval = approvalOf(rule.approval, access, `approval of ${name}`, problems);
  return {
    ...{ match, access },
    ...(approval === 'user' ? { approval } : {}),
    why: isText ? why : '',
  };
}

function readSwitch(value: unknown, name: string, problems: string[]): ProtocolSwitch {
  const entry = recordOf(value, name, problems);
  unknownParts(entry, ['match', 'on'], name, problems);
  if (typeof entry.on !== 'boolean') problems.push(`on of ${name} is neither true nor false`);
  return { match: readMatch(entry.match ?? {}, SWITCH_PARTS, name, problems), on: entry.on === true };
}

function verdictOf(value: unknown, name: string, problems: string[]): AccessVerdict {
  const verdict = VERDICTS.find((one) => one === value);
  if (verdict === undefined) problems.push(`${name} is none of ${VERDICTS.join(', ')}`);
  return verdict ?? 'block';
}

/** Somebody who writes it beside another verdict expects what will not happen. */
function approvalOf(value: unknown, verdict: AccessVerdict, name: string, problems: string[]): Approval {
  if (value === undefined || value === 'administrator') return 'administrator';
  if (value !== 'user') problems.push(`${name} is none of administrator, user`);
  else if (verdict !== 'quarantine') problems.push(`${name} can be user only beside quarantine`);
  return 'user';
}

function listOf(value: unknown, name: string, problems: string[]): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= MOST_RULES) return value;
  problems.push(`${name} is no list of at most ${MOST_RULES} entries`);
  return [];
}

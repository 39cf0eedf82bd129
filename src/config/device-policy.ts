import { type DeviceTraits, readMatch, TRAIT_PARTS } from './device-match.ts';
import { DEVICE_SETTINGS, type DeviceSettingKind } from './device-settings.ts';
import { isRecord } from './read-parts.ts';

/** Where the run-time setting is kept. */
export const DEVICE_POLICY_SETTING = 'activesync.policy';

/** One setting's value as it is sent: text, or the entries of a list. */
export type DeviceSettingValue = string | readonly string[];

/** What an administrator asks of devices. */
export interface DevicePolicy {
  /** Whether a device that never fetches a policy, or refuses it, is turned away. */
  readonly required: boolean;
  /** Whether a device may go on that can do a part of the policy only. */
  readonly allowPartial: boolean;
  /** Whether a device may go on that another management system has in its hands. */
  readonly allowExternal: boolean;
  /** Kinds of devices that may go on without the policy though it is `required`, since they cannot do it. */
  readonly exempt: readonly DeviceTraits[];
  /** Settings that demand something, by their name in `DEVICE_SETTINGS`; the others are at their default. */
  readonly settings: Readonly<Record<string, DeviceSettingValue>>;
}

/** Without a word from an administrator: nothing is demanded. */
export const OPEN_DEVICE_POLICY: DevicePolicy = {
  required: false,
  allowPartial: true,
  allowExternal: true,
  exempt: [],
  settings: {},
};

/** Somebody wrote a policy that is none. `message` names every mistake in it. */
export class DevicePolicyError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The device policy cannot be used: ${problems.join('; ')}.`);
    this.name = 'DevicePolicyError';
    this.problems = problems;
  }
}

const FLAGS = ['required', 'allowPartial', 'allowExternal'] as const;
const PARTS: readonly string[] = [...FLAGS, 'exempt', 'settings'];
const MOST_EXEMPT = 100;

/**
 * Reads a policy as it is kept or as an administrator writes it: missing parts are as in `OPEN_DEVICE_POLICY`, settings that
 * ask for what is the default anyway fall away.
 * @throws DevicePolicyError
 */
export function readDevicePolicy(value: unknown): DevicePolicy {
  if (value === null || value === undefined) return OPEN_DEVICE_POLICY;
  if (!isRecord(value)) throw new DevicePolicyError(['it is no object']);
  const problems = Object.keys(value)
    .filter((key) => !PARTS.includes(key))
    .map((key) => `"${key}" is no part of a policy`);
  const flag = (name: (typeof FLAGS)[number]): boolean => {
    const given = value[name] ?? OPEN_DEVICE_POLICY[name];
    if (typeof given !== 'boolean') problems.push(`${name} is neither true nor false`);
    return given === true;
  };
  const flags = {
    required: flag('required'),
    allowPartial: flag('allowPartial'),
    allowExternal: flag('allowExternal'),
  };
  const exempt = readExempt(value.exempt ?? [], problems);
  const settings = readSettings(value.settings ?? {}, problems);
  if (problems.length > 0) throw new DevicePolicyError(problems);
  return { ...flags, exempt, settings };
}

function readExempt(value: unknown, problems: string[]): readonly DeviceTraits[] {
  if (!Array.isArray(value) || value.length > MOST_EXEMPT) {
    problems.push(`exempt is no list of at most ${MOST_EXEMPT} entries`);
    return [];
  }
  return value.map((entry: unknown, at) => {
    const name = `entry ${at + 1} of exempt`;
    const before = problems.length;
    const traits = readMatch(entry, TRAIT_PARTS, name, problems);
    // It would stand for every device, and the policy for none.
    if (problems.length === before && Object.keys(traits).length === 0) problems.push(`${name} says no kind of device`);
    return traits;
  });
}

function readSettings(value: unknown, problems: string[]): Record<string, DeviceSettingValue> {
  if (!isRecord(value)) {
    problems.push('settings is no object');
    return {};
  }
  const settings: Record<string, DeviceSettingValue> = {};
  for (const name of Object.keys(value).sort()) {
    const setting = Object.hasOwn(DEVICE_SETTINGS, name) ? DEVICE_SETTINGS[name]! : null;
    const read = setting === null ? null : readValue(setting.kind, value[name]);
    if (setting === null) problems.push(`there is no setting "${name}"`);
    else if (read === null) problems.push(`${name} must be ${wordsOf(setting.kind)}`);
    else if (!isDefault(read, setting.unset)) settings[name] = read;
  }
  return settings;
}

/** The value in the form that is sent; null for one that cannot be. */
function readValue(kind: DeviceSettingKind, value: unknown): DeviceSettingValue | null {
  if (kind.type === 'list') return readList(value);
  if (kind.type === 'boolean' && typeof value === 'boolean') return value ? '1' : '0';
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : null;
  if (text === null) return null;
  if (kind.type === 'boolean') return text === '0' || text === '1' ? text : null;
  if (text === '') return kind.mayBeEmpty === true ? text : null;
  if (!/^(-1|\d{1,10})$/.test(text)) return null;
  const number = Number(text);
  const isAllowed = kind.values === undefined ? kind.min <= number && number <= kind.max : kind.values.includes(number);
  return isAllowed ? String(number) : null;
}

function readList(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > 1_000) return null;
  const texts = value.filter(
    (entry): entry is string => typeof entry === 'string' && /^[^\x00-\x1f]{1,256}$/.test(entry),
  );
  return texts.length === value.length ? texts : null;
}

function wordsOf(kind: DeviceSettingKind): string {
  if (kind.type === 'boolean') return 'true or false';
  if (kind.type === 'list') return 'a list of texts';
  if (kind.values !== undefined) return `one of ${kind.values.join(', ')}`;
  return `a whole number from ${kind.min} to ${kind.max}${kind.mayBeEmpty === true ? ', or empty' : ''}`;
}

function isDefault(value: DeviceSettingValue, unset: string): boolean {
  return typeof value === 'string' ? value === unset : value.length === 0;
}

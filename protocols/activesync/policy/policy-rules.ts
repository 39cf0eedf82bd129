import { createHash } from 'node:crypto';
import {
  DEVICE_POLICY_SETTING,
  type DevicePolicy,
  DevicePolicyError,
  OPEN_DEVICE_POLICY,
  readDevicePolicy,
} from '../../../src/config/device-policy.ts';
import type { EasEnvironment } from '../environment.ts';

/** What an administrator asks of devices. */
export interface PolicyRules extends DevicePolicy {
  /** Names this set of settings: devices with another must fetch it. */
  readonly hash: string;
}

interface Read {
  readonly json: string;
  readonly rules: PolicyRules;
}

/** What was read last of each directory: the setting is looked at in every request and changes once a year. */
const LAST_READ = new WeakMap<object, Read>();

/**
 * The policy in force. A setting that is none (it can only come from outside, all calls refuse one) is logged once, and the
 * last one that was good stays in force: falling back to nothing would unlock devices by mistake.
 */
export async function policyRules({ directory, log }: Pick<EasEnvironment, 'directory' | 'log'>): Promise<PolicyRules> {
  const value = await directory.setting(DEVICE_POLICY_SETTING);
  const json = JSON.stringify(value ?? null);
  const last = LAST_READ.get(directory);
  if (last?.json === json) return last.rules;
  const rules = rulesOf(await readOrEarlier({ directory, log }, value));
  LAST_READ.set(directory, { json, rules });
  return rules;
}

async function readOrEarlier(
  { directory, log }: Pick<EasEnvironment, 'directory' | 'log'>,
  value: unknown,
): Promise<DevicePolicy> {
  const good = tryRead(value);
  if (!(good instanceof DevicePolicyError)) return good;
  log.error({ setting: DEVICE_POLICY_SETTING, problems: good.problems }, 'The device policy cannot be used');
  const history = await directory.settingHistory(DEVICE_POLICY_SETTING);
  for (const earlier of history.toReversed()) {
    const read = tryRead(earlier.value);
    if (!(read instanceof DevicePolicyError)) return read;
  }
  return OPEN_DEVICE_POLICY;
}

function tryRead(value: unknown): DevicePolicy | DevicePolicyError {
  try {
    return readDevicePolicy(value);
  } catch (error) {
    if (error instanceof DevicePolicyError) return error;
    throw error;
  }
}

function rulesOf(policy: DevicePolicy): PolicyRules {
  const settings = Object.entries(policy.settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 16);
  return { ...policy, hash };
}

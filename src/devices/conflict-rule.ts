import { domainOf } from '../domain/address.ts';
import { DEVICE_CONFLICT_RULES, type Device, type DeviceConflictRule } from '../store/device-store.ts';
import type { DirectoryStore } from '../store/directory-store.ts';

/** Where the run-time setting is kept. */
export const CONFLICT_RULES_SETTING = 'devices.conflict-rules';

/** Rules by address and by domain. */
export interface ConflictRules {
  readonly users: Readonly<Record<string, DeviceConflictRule>>;
  readonly domains: Readonly<Record<string, DeviceConflictRule>>;
}

/** What an administrator wants: for the device, else for its user, else for the domain, else nothing, and the client may choose. */
export async function administeredConflictRule(
  directory: Pick<DirectoryStore, 'setting'>,
  device: Pick<Device, 'conflictRule' | 'owner'>,
): Promise<DeviceConflictRule | null> {
  if (device.conflictRule !== undefined) return device.conflictRule;
  const { users, domains } = readConflictRules(await directory.setting(CONFLICT_RULES_SETTING));
  return users[device.owner ?? ''] ?? domains[domainOf(device.owner ?? '')] ?? null;
}

/** What is kept; what is no rule in it is left out. */
export function readConflictRules(value: unknown): ConflictRules {
  const { users, domains } = recordOf(value);
  return { users: rulesIn(users), domains: rulesIn(domains) };
}

export function conflictRuleOf(value: unknown): DeviceConflictRule | null {
  return DEVICE_CONFLICT_RULES.find((rule) => rule === value) ?? null;
}

function rulesIn(value: unknown): Record<string, DeviceConflictRule> {
  const read: Record<string, DeviceConflictRule> = {};
  for (const [name, given] of Object.entries(recordOf(value))) {
    const rule = conflictRuleOf(given);
    if (rule !== null) read[name] = rule;
  }
  return read;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

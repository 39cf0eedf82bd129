import {
  DEVICE_POLICIES_SETTING,
  type PolicyScope,
  readStoredPolicies,
  type StoredPolicies,
} from '../config/device-policies.ts';
import {
  DEVICE_POLICY_SETTING,
  type DevicePolicy,
  DevicePolicyError,
  OPEN_DEVICE_POLICY,
  readDevicePolicy,
} from '../config/device-policy.ts';
import { readUserGroups, USER_GROUPS_SETTING, type UserGroups } from '../config/user-groups.ts';
import { domainOf } from '../domain/address.ts';
import type { Log } from '../observe/log.ts';
import type { Device } from '../store/device-store.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import { fitsTraits } from './decide-access.ts';
import { type GuardedSetting, lastGoodSetting, tellingProblems } from './last-good-setting.ts';

type SettingsReader = Pick<DirectoryStore, 'setting' | 'settingHistory'>;

/** A policy, and for whom it was made. */
export interface PolicyInForce {
  readonly policy: DevicePolicy;
  readonly from: PolicyScope;
}

/** All policies, ready to be asked. */
export interface PoliciesInForce {
  readonly everybody: DevicePolicy;
  readonly stored: StoredPolicies;
  /** By address: the group whose policy its members have. */
  readonly groupOf: ReadonlyMap<string, string>;
}

interface Read extends PoliciesInForce {
  readonly values: readonly unknown[];
}

/** What was read last of each directory: it is looked at in every request and changes once a year. */
const LAST_READ = new WeakMap<object, Read>();

const EVERYBODY: GuardedSetting<DevicePolicy> = {
  setting: DEVICE_POLICY_SETTING,
  read: tellingProblems(readDevicePolicy, DevicePolicyError, OPEN_DEVICE_POLICY),
  complaint: 'The device policy cannot be used',
};

const STORED: GuardedSetting<StoredPolicies> = {
  setting: DEVICE_POLICIES_SETTING,
  read(value) {
    const problems: string[] = [];
    return { usable: readStoredPolicies(value, problems), problems };
  },
  complaint: 'Some device policies cannot be used',
};

const SETTINGS = [DEVICE_POLICY_SETTING, DEVICE_POLICIES_SETTING, USER_GROUPS_SETTING] as const;

/** The policies in force, problems of the settings told once. */
export async function policiesInForce(directory: SettingsReader, log: Log): Promise<PoliciesInForce> {
  const values = [
    await directory.setting(SETTINGS[0]),
    await directory.setting(SETTINGS[1]),
    await directory.setting(SETTINGS[2]),
  ];
  const last = LAST_READ.get(directory);
  // The directory hands out the same object until it is set anew, so looking costs no more with many policies.
  if (last?.values.every((value, at) => value === values[at])) return last;
  const stored = await lastGoodSetting(directory, log, STORED, values[1]);
  const groupOf = groupsByMember(stored, readUserGroups(values[2]));
  const everybody = await lastGoodSetting(directory, log, EVERYBODY, values[0]);
  const read = { values, everybody, stored, groupOf };
  LAST_READ.set(directory, read);
  return read;
}

/** What is in force for a device: the most specific policy there is, as a whole (docs/decisions/0022-policies-by-scope.md). */
export function policyFor(
  { everybody, stored, groupOf }: PoliciesInForce,
  { owner = '', aliases }: Pick<Device, 'owner' | 'aliases'>,
): PolicyInForce {
  const ofDevices = entry(stored.devices, owner) ?? {};
  const device = aliases.find((alias) => Object.hasOwn(ofDevices, alias));
  if (device !== undefined) return { policy: ofDevices[device]!, from: { kind: 'device', address: owner, device } };
  const ofUser = entry(stored.users, owner);
  if (ofUser !== null) return { policy: ofUser, from: { kind: 'user', address: owner } };
  const group = groupOf.get(owner);
  if (group !== undefined) return { policy: stored.groups[group]!, from: { kind: 'group', name: group } };
  const domain = domainOf(owner);
  const ofDomain = entry(stored.domains, domain);
  if (ofDomain !== null) return { policy: ofDomain, from: { kind: 'domain', name: domain } };
  return { policy: everybody, from: { kind: 'everybody' } };
}

/** Whether a device may not go on without this policy. */
export function isPolicyRequired({ required, exempt }: DevicePolicy, device: Device): boolean {
  return required && !exempt.some((traits) => fitsTraits(traits, device));
}

function entry<T>(entries: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(entries, name) ? entries[name]! : null;
}

/** Who is in several groups with a policy has that of the first by name. */
function groupsByMember({ groups: policies }: StoredPolicies, groups: UserGroups): ReadonlyMap<string, string> {
  const groupOf = new Map<string, string>();
  for (const name of Object.keys(policies).sort()) {
    for (const address of entry(groups, name) ?? []) if (!groupOf.has(address)) groupOf.set(address, name);
  }
  return groupOf;
}

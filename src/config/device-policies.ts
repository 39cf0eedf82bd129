import { type DevicePolicy, DevicePolicyError, readDevicePolicy } from './device-policy.ts';
import { isRecord, recordOf, unknownParts } from './read-parts.ts';

/** Where the policies that are not for everybody are kept; that for everybody is in `DEVICE_POLICY_SETTING`. */
export const DEVICE_POLICIES_SETTING = 'devices.policies';

/** For whom a policy is. Addresses, domains and device ids are in lower case. */
export type PolicyScope =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'user'; readonly address: string }
  /** Any spelling of its id, so that a policy can wait for a device that has not come yet. */
  | { readonly kind: 'device'; readonly address: string; readonly device: string };

/** A policy, and for whom it is. */
export interface ScopedPolicy {
  readonly scope: PolicyScope;
  readonly policy: DevicePolicy;
}

/** The policies that are not for everybody, as they are kept; names, addresses and ids in lower case, groups as they are called. */
export interface StoredPolicies {
  readonly domains: Readonly<Record<string, DevicePolicy>>;
  readonly groups: Readonly<Record<string, DevicePolicy>>;
  readonly users: Readonly<Record<string, DevicePolicy>>;
  /** By the owner's address and the device's id. */
  readonly devices: Readonly<Record<string, Readonly<Record<string, DevicePolicy>>>>;
}

/** Only everybody's policy is in force. */
const NO_POLICIES: StoredPolicies = { domains: {}, groups: {}, users: {}, devices: {} };

/** More than these are rather a group's. They are read whole whenever one changes. */
export const MOST_POLICIES = 2_000;

const KINDS = ['domains', 'groups', 'users'] as const;

/**
 * Reads what is kept. One that is no policy, which can only come from outside, is left out and named in `problems`.
 */
export function readStoredPolicies(value: unknown, problems: string[]): StoredPolicies {
  if (value === null || value === undefined) return NO_POLICIES;
  if (!isRecord(value)) {
    problems.push(`${DEVICE_POLICIES_SETTING} is no object`);
    return NO_POLICIES;
  }
  unknownParts(value, [...KINDS, 'devices'], DEVICE_POLICIES_SETTING, problems);
  const read = (kind: (typeof KINDS)[number]) => readNamed(value[kind] ?? {}, kind, problems);
  const devices: Record<string, Readonly<Record<string, DevicePolicy>>> = {};
  for (const [address, ofUser] of Object.entries(recordOf(value.devices ?? {}, 'devices', problems))) {
    devices[address] = readNamed(ofUser, `devices of ${address}`, problems);
  }
  return { domains: read('domains'), groups: read('groups'), users: read('users'), devices };
}

function readNamed(value: unknown, kind: string, problems: string[]): Readonly<Record<string, DevicePolicy>> {
  const read: Record<string, DevicePolicy> = {};
  for (const [name, policy] of Object.entries(recordOf(value, kind, problems))) {
    try {
      read[name] = readDevicePolicy(policy);
    } catch (error) {
      if (!(error instanceof DevicePolicyError)) throw error;
      problems.push(...error.problems.map((problem) => `${name} of ${kind}: ${problem}`));
    }
  }
  return read;
}

/** The policy of a scope that is not everybody's; null where it has none of its own. */
export function storedPolicy(
  stored: StoredPolicies,
  scope: Exclude<PolicyScope, { kind: 'everybody' }>,
): DevicePolicy | null {
  if (scope.kind === 'device') return own(own(stored.devices, scope.address) ?? {}, scope.device);
  return own(...placeOf(stored, scope));
}

/** The same with one policy set, or with null removed. */
export function withStoredPolicy(
  stored: StoredPolicies,
  scope: Exclude<PolicyScope, { kind: 'everybody' }>,
  policy: DevicePolicy | null,
): StoredPolicies {
  switch (scope.kind) {
    case 'domain':
      return { ...stored, domains: withEntry(stored.domains, scope.name, policy) };
    case 'group':
      return { ...stored, groups: withEntry(stored.groups, scope.name, policy) };
    case 'user':
      return { ...stored, users: withEntry(stored.users, scope.address, policy) };
    case 'device': {
      const ofUser = withEntry(own(stored.devices, scope.address) ?? {}, scope.device, policy);
      const entry = Object.keys(ofUser).length === 0 ? null : ofUser;
      return { ...stored, devices: withEntry(stored.devices, scope.address, entry) };
    }
  }
}

/** All of them: domains, groups, users, devices, each by name. */
export function listPolicies(stored: StoredPolicies): readonly ScopedPolicy[] {
  const named = (entries: Readonly<Record<string, DevicePolicy>>, scopeOf: (name: string) => PolicyScope) =>
    Object.keys(entries)
      .sort()
      .map((name): ScopedPolicy => ({ scope: scopeOf(name), policy: entries[name]! }));
  return [
    ...named(stored.domains, (name) => ({ kind: 'domain', name })),
    ...named(stored.groups, (name) => ({ kind: 'group', name })),
    ...named(stored.users, (address) => ({ kind: 'user', address })),
    ...Object.keys(stored.devices)
      .sort()
      .flatMap((address) => named(stored.devices[address]!, (device) => ({ kind: 'device', address, device }))),
  ];
}

function placeOf(
  stored: StoredPolicies,
  scope: Exclude<PolicyScope, { kind: 'everybody' } | { kind: 'device' }>,
): readonly [Readonly<Record<string, DevicePolicy>>, string] {
  if (scope.kind === 'domain') return [stored.domains, scope.name];
  return scope.kind === 'group' ? [stored.groups, scope.name] : [stored.users, scope.address];
}

function own<T>(entries: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(entries, name) ? entries[name]! : null;
}

function withEntry<T>(
  entries: Readonly<Record<string, T>>,
  name: string,
  value: T | null,
): Readonly<Record<string, T>> {
  const { [name]: _, ...others } = entries;
  return value === null ? others : { ...others, [name]: value };
}

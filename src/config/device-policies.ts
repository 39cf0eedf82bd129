import { DEVICE_POLICY_SETTING, type DevicePolicy, DevicePolicyError, readDevicePolicy } from './device-policy.ts';

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

export const POLICY_SCOPE_KINDS = ['everybody', 'domain', 'group', 'user', 'device'] as const;

export interface ScopedPolicy {
  readonly scope: PolicyScope;
  readonly policy: DevicePolicy;
}

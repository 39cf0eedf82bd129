import type { PolicyScope, ScopedPolicy } from '../../config/device-policies.ts';
import type { DevicePolicy } from '../../config/device-policy.ts';

export interface PolicySetResult {
  /** What is in force for the scope itself now; null: it has no policy of its own any more. */
  readonly policy: DevicePolicy | null;
  /** Devices that have to fetch another policy at their next request. */
  readonly changed: number;
}

/** What is asked of devices: of everybody's, or of those of a domain, a group, a user, or of one device. */
export interface PolicyCalls {
  /** Every policy there is, that of everybody first and always; `problems` says why what is stored is no policy. */
  policyList(input: Record<string, never>): Promise<{
    readonly policies: readonly ScopedPolicy[];
    readonly problems: readonly string[];
  }>;
  /** The policy of a scope, everybody's when none is named. Rejects 'item-not-found' when it has none of its own. */
  policyShow(input: {
    readonly scope?: PolicyScope;
  }): Promise<{ readonly policy: DevicePolicy; readonly problems: readonly string[] }>;
  /**
   * Sets the policy of a scope, everybody's when none is named; null removes it (everybody's becomes the open one). Devices for
   * which another one is in force then fetch it at their next request, which is made to come now. Rejects 'object-invalid' naming
   * each mistake.
   */
  policySet(input: { readonly scope?: PolicyScope; readonly policy: unknown }): Promise<PolicySetResult>;
  /** What is in force for a device, and whose policy that is: the most specific one there is, as a whole. */
  policyOf(input: {
    readonly address: string;
    readonly device: string;
  }): Promise<{ readonly policy: DevicePolicy; readonly from: PolicyScope }>;
}

export const POLICY_CALLS = [
  'policyList',
  'policyShow',
  'policySet',
  'policyOf',
] as const satisfies readonly (keyof PolicyCalls)[];

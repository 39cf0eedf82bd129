import type { DevicePolicy } from '../../config/device-policy.ts';

/** What is asked of devices. */
export interface PolicyCalls {
  /** What is asked of devices; `problems` says why what is stored is no policy. */
  policyShow(
    input: Record<string, never>,
  ): Promise<{ readonly policy: DevicePolicy; readonly problems: readonly string[] }>;
  /** Sets it, and gives what is in force. Rejects 'object-invalid' naming each mistake. */
  policySet(input: { readonly policy: unknown }): Promise<DevicePolicy>;
}

export const POLICY_CALLS = ['policyShow', 'policySet'] as const satisfies readonly (keyof PolicyCalls)[];

import type { DeviceAccessRules } from '../../config/device-access.ts';
import type { UserGroups } from '../../config/user-groups.ts';

/** Who may come in with what. */
export interface AccessCalls {
  /** Who may come in with what; `problems` says why what is stored is no set of rules. */
  accessShow(
    input: Record<string, never>,
  ): Promise<{ readonly access: DeviceAccessRules; readonly problems: readonly string[] }>;
  /** Sets the rules and decides anew about every device. Rejects 'object-invalid' naming each mistake. */
  accessSet(input: {
    readonly access: unknown;
  }): Promise<{ readonly access: DeviceAccessRules; readonly changed: number }>;
  groupList(input: Record<string, never>): Promise<UserGroups>;
  /** Sets who is in a group, and decides anew about every device; nobody removes the group. Gives how many devices changed. */
  groupSet(input: { readonly name: string; readonly users: readonly string[] }): Promise<number>;
}

export const ACCESS_CALLS = [
  'accessShow',
  'accessSet',
  'groupList',
  'groupSet',
] as const satisfies readonly (keyof AccessCalls)[];

/** Where the run-time setting is kept: names of groups, each with the addresses of its users. */
export const USER_GROUPS_SETTING = 'groups';

export type UserGroups = Readonly<Record<string, readonly string[]>>;

/** Null for a name that cannot be one. */
export function groupName(name: string): string | null {
  return /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name) ? name : null;
}

/** What is kept; what is no group in it is left out, so that rules with it fit nobody. */
export function readUserGroups(value: unknown): UserGroups {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const groups: Record<string, readonly string[]> = {};
  for (const [name, users] of Object.entries(value)) {
    if (!Array.isArray(users)) continue;
    groups[name] = users.filter((user): user is string => typeof user === 'string');
  }
  return groups;
}

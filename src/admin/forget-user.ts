import { DEVICE_POLICIES_SETTING } from '../config/device-policies.ts';
import { readUserGroups, USER_GROUPS_SETTING } from '../config/user-groups.ts';
import { CONFLICT_RULES_SETTING, readConflictRules } from '../devices/conflict-rule.ts';
import { acting } from '../observe/acting.ts';
import type { DirectoryStore } from '../store/directory-store.ts';

/**
 * Takes somebody who was removed out of the groups, and removes the policies and the conflict rule of this person alone: the
 * next one with the same address is somebody else, who was promised none of it. A group stays, even empty, since rules may be
 * about it. Access rules are administrators' own words, which patterns of theirs fit is not looked at.
 */
export async function forgetUser(directory: DirectoryStore, address: string): Promise<void> {
  const who = acting().user;
  const groups = readUserGroups(await directory.setting(USER_GROUPS_SETTING));
  if (Object.values(groups).some((users) => users.includes(address))) {
    const left = Object.entries(groups).map(([name, users]) => [name, users.filter((user) => user !== address)]);
    await directory.setSetting(USER_GROUPS_SETTING, Object.fromEntries(left), who);
  }
  const rules = readConflictRules(await directory.setting(CONFLICT_RULES_SETTING));
  if (Object.hasOwn(rules.users, address)) {
    const { [address]: _, ...users } = rules.users;
    await directory.setSetting(CONFLICT_RULES_SETTING, { ...rules, users }, who);
  }
  const policies = await directory.setting(DEVICE_POLICIES_SETTING);
  const kept = withoutPoliciesOf(policies, address);
  if (kept !== policies) await directory.setSetting(DEVICE_POLICIES_SETTING, kept, who);
}

/** What is stored, even where a part of it cannot be read; the same where nothing of this person is in it. */
function withoutPoliciesOf(stored: unknown, address: string): unknown {
  if (typeof stored !== 'object' || stored === null) return stored;
  const kept: Record<string, unknown> = { ...stored };
  let isSame = true;
  for (const kind of ['users', 'devices']) {
    const named = kept[kind];
    if (typeof named !== 'object' || named === null || !Object.hasOwn(named, address)) continue;
    kept[kind] = Object.fromEntries(Object.entries(named).filter(([name]) => name !== address));
    isSame = false;
  }
  return isSame ? stored : kept;
}

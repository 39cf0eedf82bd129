import {
  DEVICE_ACCESS_SETTING,
  DeviceAccessError,
  OPEN_DEVICE_ACCESS,
  readDeviceAccess,
} from '../config/device-access.ts';
import type { DeviceMatch } from '../config/device-match.ts';
import { DEVICE_POLICIES_SETTING, readStoredPolicies } from '../config/device-policies.ts';
import { groupName, readUserGroups, USER_GROUPS_SETTING, type UserGroups } from '../config/user-groups.ts';
import { applyAccess } from '../devices/apply-access.ts';
import { tellingProblems } from '../devices/last-good-setting.ts';
import { refreshPolicies } from '../devices/refresh-policies.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import { formatAddress, parseAddress } from './address.ts';
import type { Administration } from './administration.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { refusingProblems } from './refusing-problems.ts';

/** The calls about who may come in with what. */
export function accessCalls(
  parts: AdministrationParts,
): Pick<Administration, 'accessShow' | 'accessSet' | 'groupList' | 'groupSet'> {
  const { log, stores } = parts;
  const { directory } = stores;
  const groups = async (): Promise<UserGroups> => readUserGroups(await directory.setting(USER_GROUPS_SETTING));

  return {
    async accessShow() {
      const { usable: access, problems } = readAccess(await directory.setting(DEVICE_ACCESS_SETTING));
      return { access, problems };
    },

    async accessSet({ access: value }) {
      const access = checked(value, await groups());
      await directory.setSetting(DEVICE_ACCESS_SETTING, access, acting().user);
      configLog(log)({ rules: access.rules.length, default: access.default }, 'access rules set');
      return { access, changed: await applyRules(parts) };
    },

    groupList: () => groups(),

    async groupSet({ name, users }) {
      if (groupName(name) === null) {
        const reason =
          'a name of a group begins with a letter or a digit and has at most 64 of letters, digits, ". _-"';
        throw new GatewayError('name-invalid', { name, reason }, `"${name}" cannot be used: ${reason}.`);
      }
      const addresses = [...new Set(users.map((user) => formatAddress(parseAddress(user))))].sort();
      if (addresses.length === 0) await checkRemovable(directory, await groups(), name);
      const refreshed = await refreshPolicies({ ...stores, log }, null, async () => {
        const { [name]: _, ...others } = await groups();
        const changed = addresses.length === 0 ? others : { ...others, [name]: addresses };
        await directory.setSetting(USER_GROUPS_SETTING, changed, acting().user);
      });
      for (const { mailboxId, device } of refreshed) parts.endRequests?.(mailboxId, device.id);
      configLog(log)({ group: name, users: addresses.length }, 'group of users set');
      return applyRules(parts);
    },
  };
}

/** Decides anew about all devices, and tells of those with whom it is otherwise now. Returns how many. */
async function applyRules(parts: AdministrationParts): Promise<number> {
  const { clock, log, stores } = parts;
  const { changed, off } = await applyAccess({ ...stores, clock, log }, stores.devices);
  for (const { mailboxId, device } of changed) {
    const { owner: user, shownId, access } = device;
    configLog(log)(
      { user, device: shownId, state: access?.state, why: access?.why },
      'device access decided by a rule',
    );
    if (access?.state !== 'allowed') parts.endRequests?.(mailboxId, device.id);
  }
  // What such a device waits for would come to it all the same, until it asks again.
  for (const { mailboxId, device } of off) parts.endRequests?.(mailboxId, device.id);
  return changed.length;
}

/** A rule about a group that is gone fits nobody, without a word: who was kept out by it would be let in. */
async function checkRemovable(directory: DirectoryStore, groups: UserGroups, name: string): Promise<void> {
  if (!Object.hasOwn(groups, name)) {
    const message = `There is no group "${name}" to be removed; "group list" shows which there are.`;
    throw new GatewayError('item-not-found', { item: `group ${name}` }, message);
  }
  const { usable } = readAccess(await directory.setting(DEVICE_ACCESS_SETTING));
  const policies = readStoredPolicies(await directory.setting(DEVICE_POLICIES_SETTING), []);
  const isAbout = ({ match }: { readonly match: DeviceMatch }) => match.group === name;
  const uses = [
    ...usable.rules.flatMap((rule, at) => (isAbout(rule) ? [`access rule ${at + 1}`] : [])),
    ...usable.protocols.flatMap((entry, at) => (isAbout(entry) ? [`line ${at + 1} of the protocols`] : [])),
    ...(Object.hasOwn(policies.groups, name) ? ['a policy'] : []),
  ];
  if (uses.length === 0) return;
  const reason = `${uses.join(', ')} ${uses.length === 1 ? 'is' : 'are'} about it`;
  const message = `The group "${name}" cannot be removed: ${reason}. Change or remove that first.`;
  throw new GatewayError('protected', { what: `group ${name}`, reason }, message);
}

const readAccess = tellingProblems(readDeviceAccess, DeviceAccessError, OPEN_DEVICE_ACCESS);

const checked = refusingProblems((value: unknown, groups: UserGroups) => {
  const access = readDeviceAccess(value);
  const named = [...access.rules, ...access.protocols].flatMap(({ match }) => match.group ?? []);
  const unknown = named.filter((name) => !Object.hasOwn(groups, name));
  if (unknown.length === 0) return access;
  throw new DeviceAccessError([...new Set(unknown)].map((name) => `there is no group "${name}"`));
}, DeviceAccessError);

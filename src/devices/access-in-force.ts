import {
  DEVICE_ACCESS_SETTING,
  DeviceAccessError,
  type DeviceAccessRules,
  OPEN_DEVICE_ACCESS,
  readDeviceAccess,
} from '../config/device-access.ts';
import { readUserGroups, USER_GROUPS_SETTING } from '../config/user-groups.ts';
import type { Log } from '../observe/log.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { AccessInForce } from './decide-access.ts';
import { type GuardedSetting, lastGoodSetting, tellingProblems } from './last-good-setting.ts';

interface Read extends AccessInForce {
  readonly json: string;
}

/** What was read last of each directory: it is looked at in every request and changes once a year. */
const LAST_READ = new WeakMap<object, Read>();

const RULES: GuardedSetting<DeviceAccessRules> = {
  setting: DEVICE_ACCESS_SETTING,
  read: tellingProblems(readDeviceAccess, DeviceAccessError, OPEN_DEVICE_ACCESS),
  complaint: 'The access rules cannot be used',
};

/** The rules in force, problems of the setting told once. */
export async function accessInForce(
  directory: Pick<DirectoryStore, 'setting' | 'settingHistory'>,
  log: Log,
): Promise<AccessInForce> {
  const value = await directory.setting(DEVICE_ACCESS_SETTING);
  const groups = await directory.setting(USER_GROUPS_SETTING);
  const json = JSON.stringify([value ?? null, groups ?? null]);
  const last = LAST_READ.get(directory);
  if (last?.json === json) return last;
  const read = { json, rules: await lastGoodSetting(directory, log, RULES, value), groups: readUserGroups(groups) };
  LAST_READ.set(directory, read);
  return read;
}

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

interface Read extends AccessInForce {
  readonly json: string;
}

/** What was read last of each directory: it is looked at in every request and changes once a year. */
const LAST_READ = new WeakMap<object, Read>();

/**
 * The rules in force. A setting that is none (it can only come from outside, all calls refuse one) is logged once, and the
 * last one that was good stays in force: falling back to nothing would let in who is to stay out.
 */
export async function accessInForce(
  directory: Pick<DirectoryStore, 'setting' | 'settingHistory'>,
  log: Log,
): Promise<AccessInForce> {
  const value = await directory.setting(DEVICE_ACCESS_SETTING);
  const groups = await directory.setting(USER_GROUPS_SETTING);
  const json = JSON.stringify([value ?? null, groups ?? null]);
  const last = LAST_READ.get(directory);
  if (last?.json === json) return last;
  const read = { json, rules: await readOrEarlier(directory, log, value), groups: readUserGroups(groups) };
  LAST_READ.set(directory, read);
  return read;
}

async function readOrEarlier(
  directory: Pick<DirectoryStore, 'settingHistory'>,
  log: Log,
  value: unknown,
): Promise<DeviceAccessRules> {
  const present = tryRead(value);
  if (!(present instanceof DeviceAccessError)) return present;
  log.error({ setting: DEVICE_ACCESS_SETTING, problems: present.problems }, 'The access rules cannot be used');
  const history = await directory.settingHistory(DEVICE_ACCESS_SETTING);
  for (const earlier of history.toReversed()) {
    const read = tryRead(earlier.value);
    if (!(read instanceof DeviceAccessError)) return read;
  }
  return OPEN_DEVICE_ACCESS;
}

function tryRead(value: unknown): DeviceAccessRules | DeviceAccessError {
  try {
    return readDeviceAccess(value);
  } catch (error) {
    if (error instanceof DeviceAccessError) return error;
    throw error;
  }
}

import { acting } from '../observe/acting.ts';
import type { Log } from '../observe/log.ts';
import { inLog } from '../observe/log-names.ts';
import type { DirectoryStore } from '../store/directory-store.ts';

/** Writes lines of the config log, with whoever acts now. */
export function configLog(log: Log): (fields: Readonly<Record<string, unknown>>, message: string) => void {
  const lines = inLog(log, 'config');
  return (fields, message) => {
    const { user, address } = acting();
    lines.info({ who: user, address, ...fields }, message);
  };
}

const MOST_CHANGES = 30;

/** The directory, whose changed settings are told in the config log: by whom, and what is another now. */
export function toldDirectory(directory: DirectoryStore, log: Log): DirectoryStore {
  const tell = configLog(log);
  return {
    users: () => directory.users(),
    user: (localPart, domain) => directory.user(localPart, domain),
    usersByLocalPart: (localPart) => directory.usersByLocalPart(localPart),
    addUser: (user) => directory.addUser(user),
    setPassword: (id, passwordHash) => directory.setPassword(id, passwordHash),
    setRole: (id, role) => directory.setRole(id, role),
    renewHash: (id, passwordHash, version) => directory.renewHash(id, passwordHash, version),
    removeUser: (id) => directory.removeUser(id),
    setting: (key) => directory.setting(key),
    settingHistory: (key) => directory.settingHistory(key),
    async setSetting(key, value, who) {
      const before = await directory.setting(key);
      await directory.setSetting(key, value, who);
      tell({ setting: key, changes: changesOf(before, value) }, 'setting changed');
    },
  };
}

/**
 * What is another now, by its path. Numbers and switches are told; of any other value only that it changed,
 * since some are secrets.
 */
export function changesOf(before: unknown, after: unknown): Readonly<Record<string, unknown>> {
  const [old, fresh] = [leaves(before), leaves(after)];
  const changes: Record<string, unknown> = {};
  for (const path of new Set([...old.keys(), ...fresh.keys()])) {
    const [was, is] = [old.get(path), fresh.get(path)];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    if (Object.keys(changes).length >= MOST_CHANGES) {
      changes['…'] = 'and more';
      break;
    }
    changes[path === '' ? 'value' : path] = `${shown(was)} → ${shown(is)}`;
  }
  return changes;
}

function leaves(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (value !== undefined && value !== null) into.set(path, value);
    return into;
  }
  for (const [name, part] of Object.entries(value)) leaves(part, path === '' ? name : `${path}.${name}`, into);
  return into;
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? `${value.length} entries` : 'text';
}

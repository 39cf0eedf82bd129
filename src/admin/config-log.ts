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
const LONGEST_VALUE = 80;

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
 * What is another now, by its path. Settings hold rules, names and limits and no secrets (those are files, or hashes of users), so
 * values are told; long ones are cut. Of a list of words it is told what came and what went.
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
    changes[path === '' ? 'value' : path] =
      isWords(was) || isWords(is) ? wordsChange(was, is) : `${shown(was)} → ${shown(is)}`;
  }
  return changes;
}

function leaves(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || isWords(value)) {
    const isNothing = value === undefined || value === null || (isWords(value) && value.length === 0);
    if (!isNothing) into.set(path, value);
    return into;
  }
  for (const [name, part] of Object.entries(value)) leaves(part, path === '' ? name : `${path}.${name}`, into);
  return into;
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  const text = String(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE).toWellFormed()}…`;
}

/** A list of words, e.g. the members of a group, is told as one; a list of rules by the parts of each. */
function isWords(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((one) => typeof one !== 'object');
}

function wordsChange(was: unknown, is: unknown): string {
  const [old, fresh] = [isWords(was) ? was : [], isWords(is) ? is : []];
  const came = fresh.filter((one) => !old.includes(one)).map((one) => `+${String(one)}`);
  const went = old.filter((one) => !fresh.includes(one)).map((one) => `−${String(one)}`);
  const all = [...came, ...went];
  const told = all.slice(0, MOST_CHANGES).map(shown);
  // The same words: in another order.
  return all.length === 0
    ? fresh.map(shown).join(' ')
    : [...told, ...(all.length > told.length ? ['…'] : [])].join(' ');
}

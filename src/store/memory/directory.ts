import { addressOf } from '../../domain/address.ts';
import type { Clock } from '../../domain/clock.ts';
import { keepAdministrator, userNotFound } from '../directory-rules.ts';
import type { DirectoryStore, User, UserId } from '../directory-store.ts';
import { keptSetting } from '../kept-setting.ts';
import { nameTaken } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { createMemorySignIns } from './sign-ins.ts';

interface SettingEntry {
  readonly at: number;
  readonly who: string;
  readonly json: string;
  readonly value: unknown;
}

/** The directory in memory. */
export function createMemoryDirectory(clock: Clock): Pick<Stores, 'directory' | 'signIns'> {
  const users = new Map<UserId, User>();
  let nextUser = 1;
  const all = (): readonly User[] => [...users.values()];
  const known = (id: UserId): User => {
    const user = users.get(id);
    if (user === undefined) throw userNotFound(id);
    return user;
  };
  const signIns = createMemorySignIns((id) => users.get(id)?.passwordVersion ?? null);
  const directory: DirectoryStore = {
    users: async () => all(),
    user: async (localPart, domain) =>
      all().find((user) => user.localPart === localPart && user.domain === domain) ?? null,
    usersByLocalPart: async (localPart) => all().filter((user) => user.localPart === localPart),
    async addUser(fresh) {
      for (const { localPart, domain } of all()) {
        if (localPart === fresh.localPart && domain === fresh.domain) throw nameTaken(addressOf(fresh));
      }
      const user: User = { ...fresh, id: nextUser++, passwordVersion: 1, createdAt: clock.now() };
      users.set(user.id, user);
      return user;
    },
    async setPassword(id, passwordHash) {
      const user = known(id);
      users.set(id, { ...user, passwordHash, passwordVersion: user.passwordVersion + 1 });
      signIns.endOf(id);
    },
    async setRole(id, role) {
      keepAdministrator(all(), id, role);
      users.set(id, { ...known(id), role });
      signIns.endOf(id);
    },
    async renewHash(id, passwordHash, passwordVersion) {
      const user = users.get(id);
      if (user?.passwordVersion !== passwordVersion) return false;
      users.set(id, { ...user, passwordHash });
      return true;
    },
    async removeUser(id) {
      keepAdministrator(all(), id, null);
      users.delete(known(id).id);
      signIns.endOf(id);
    },
    ...createSettings(clock),
  };
  return { directory, signIns };
}

/** Values are kept as JSON, so that nobody shares an object with the store. */
function createSettings(clock: Clock): Pick<DirectoryStore, 'setting' | 'setSetting' | 'settingHistory'> {
  const settings = new Map<string, SettingEntry[]>();
  return {
    async setting(key) {
      return settings.get(key)?.at(-1)?.value ?? null;
    },
    async setSetting(key, value, who) {
      const json = JSON.stringify(value ?? null);
      const entry = { at: clock.now(), who, json, value: keptSetting(json) };
      settings.set(key, [...(settings.get(key) ?? []), entry]);
    },
    async settingHistory(key) {
      return (settings.get(key) ?? []).map(({ at, who, json }) => ({ at, who, value: JSON.parse(json) }));
    },
  };
}

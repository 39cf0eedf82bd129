import type { UserId } from '../directory-store.ts';
import type { SignIn, SignInStore } from '../sign-in-store.ts';

/** Sign-ins in memory, with what the directory calls when a user changes. */
export interface MemorySignIns extends SignInStore {
  endOf(userId: UserId): void;
}

/** @param passwordVersion The present one of a user; null when there is no such user. */
export function createMemorySignIns(passwordVersion: (userId: UserId) => number | null): MemorySignIns {
  const signIns = new Map<string, SignIn>();
  const removeWhere = (isOver: (signIn: SignIn) => boolean): number => {
    const over = [...signIns.values()].filter(isOver);
    for (const { id } of over) signIns.delete(id);
    return over.length;
  };
  return {
    async add(signIn, version) {
      if (passwordVersion(signIn.userId) !== version) return false;
      signIns.set(signIn.id, { ...signIn });
      return true;
    },
    async get(id) {
      return signIns.get(id) ?? null;
    },
    async renew(id, from, to, at) {
      const found = signIns.get(id);
      if (found?.tokenHash !== from) return false;
      signIns.set(id, { ...found, tokenHash: to, previousHash: from, usedAt: at });
      return true;
    },
    async remove(id) {
      return signIns.delete(id);
    },
    async expire({ usedBefore, createdBefore }) {
      return removeWhere(({ usedAt, createdAt }) => usedAt < usedBefore || createdAt < createdBefore);
    },
    endOf(userId) {
      removeWhere((signIn) => signIn.userId === userId);
    },
  };
}

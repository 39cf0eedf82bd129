import type { AppPassword, AppPasswordReader, AppPasswordWriter } from '../app-password-store.ts';
import { nameTaken } from '../refusals.ts';
import type { MailboxDraft, MailboxView } from './mailbox-state.ts';

/** Reads app passwords. `peek` is asked at every call and gives null when the mailbox is gone. */
export function createAppPasswordReads(peek: () => MailboxView | null): AppPasswordReader {
  return {
    async appPasswords() {
      return [...(peek()?.appPasswords.values() ?? [])].sort(
        (a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
      );
    },
    appPassword: async (id) => peek()?.appPasswords.get(id) ?? null,
    async appPasswordByDigest(digest) {
      for (const password of peek()?.appPasswords.values() ?? []) if (password.digest === digest) return password;
      return null;
    },
  };
}

/** Writes app passwords of a draft. */
export function createAppPasswordWrites(open: () => MailboxDraft): Omit<AppPasswordWriter, keyof AppPasswordReader> {
  return {
    putAppPassword: async (password) => put(open(), password),
    removeAppPassword: async (id) => open().appPasswords.delete(id),
  };
}

function put({ appPasswords }: MailboxDraft, password: AppPassword): void {
  for (const { id, digest } of appPasswords.values()) {
    if (id !== password.id && digest === password.digest) throw nameTaken('app password');
  }
  appPasswords.set(password.id, structuredClone(password));
}

import type { AdminRole } from '../domain/admin-role.ts';
import type { MailboxId } from '../domain/mailbox.ts';

/** Positive integer, never reused. */
export type UserId = number;

export interface User {
  readonly id: UserId;
  /** Always lower case, NFC. */
  readonly localPart: string;
  readonly domain: string;
  readonly displayName: string | null;
  /** What the user may administer; null: nothing. */
  readonly role: AdminRole | null;
  readonly mailboxId: MailboxId;
  /** argon2id in PHC string format. */
  readonly passwordHash: string;
  /** Rises with every change of the password, so that cached sign-ins die with it. */
  readonly passwordVersion: number;
  readonly createdAt: number;
}

/** Who may sign in, and what an administrator set. Few rows, read on every sign-in, so adapters keep them ready. */
export interface DirectoryStore {
  users(): Promise<readonly User[]>;
  user(localPart: string, domain: string): Promise<User | null>;
  /** All users with this local part, over all domains: for names given without a domain. */
  usersByLocalPart(localPart: string): Promise<readonly User[]>;
  /** Rejects 'name-taken'. */
  addUser(user: Omit<User, 'id' | 'passwordVersion' | 'createdAt'>): Promise<User>;
  setPassword(id: UserId, passwordHash: string): Promise<void>;
  /**
   * Another hash of the same password, whose version stays: nothing that the password opened ends. Nothing is done, and false
   * given, when the password is of another version by now, or the user gone: the old password must not come back.
   */
  renewHash(id: UserId, passwordHash: string, passwordVersion: number): Promise<boolean>;
  /** Rejects 'item-not-found', and 'protected' where nobody else may administer the whole server. */
  setRole(id: UserId, role: AdminRole | null): Promise<void>;
  /**
   * Takes the user out of the directory at once; the mailbox is removed by the caller afterwards.
   * Rejects as `setRole` does.
   */
  removeUser(id: UserId): Promise<void>;
  /** A run-time setting's present value (JSON, frozen), or null; the same object until it is set anew. */
  setting(key: string): Promise<unknown>;
  /** Sets it, keeping who changed what and when. */
  setSetting(key: string, value: unknown, who: string): Promise<void>;
  settingHistory(key: string): Promise<readonly { at: number; who: string; value: unknown }[]>;
}

import type { AdminRole } from '../../domain/admin-role.ts';

export interface UserSummary {
  /** local@domain, lower case. */
  readonly address: string;
  readonly displayName: string | null;
  /** Whether there is a role. */
  readonly isAdmin: boolean;
  /** What the user may administer. */
  readonly role: AdminRole | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** All that is known of a user. */
export interface UserDetails extends UserSummary {
  /** Of the mailbox: bytes and items in all folders, and how many there may be; null: any number. */
  readonly usedBytes: number;
  readonly items: number;
  readonly quotaBytes: number | null;
  readonly quotaItems: number | null;
  readonly folders: number;
  readonly devices: number;
  /** Named sets of users that this one is in, sorted. */
  readonly groups: readonly string[];
}

/** The people of the server. */
export interface UserCalls {
  /** Adds a user with a mailbox that has every default folder; `isAdmin`: with every scope on the whole server. */
  userAdd(input: {
    readonly address: string;
    readonly password: string;
    readonly isAdmin: boolean;
    readonly displayName: string | null;
  }): Promise<UserSummary>;
  userList(): Promise<readonly UserSummary[]>;
  userShow(input: { readonly address: string }): Promise<UserDetails>;
  /**
   * Gives a role, or takes it; whoever is signed in with the old one is signed out. Rejects 'object-invalid' where it is no
   * role, 'protected' where nobody would be left who may administer the whole server.
   */
  userRoleSet(input: { readonly address: string; readonly role: AdminRole | null }): Promise<UserSummary>;
  /** Sets a password; cached sign-ins with the old one end at once. */
  userPasswd(input: { readonly address: string; readonly password: string }): Promise<void>;
  /** Removes the user at once, then the mailbox with all it holds. */
  userRemove(input: { readonly address: string }): Promise<void>;
  /** Ends all sign-in lockouts. */
  unlockAll(): Promise<void>;
}

export const USER_CALLS = [
  'userAdd',
  'userList',
  'userShow',
  'userRoleSet',
  'userPasswd',
  'userRemove',
  'unlockAll',
] as const satisfies readonly (keyof UserCalls)[];

export interface UserSummary {
  /** local@domain, lower case. */
  readonly address: string;
  readonly displayName: string | null;
  readonly isAdmin: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The people of the server. */
export interface UserCalls {
  /** Adds a user with a mailbox that has every default folder. */
  userAdd(input: {
    readonly address: string;
    readonly password: string;
    readonly isAdmin: boolean;
    readonly displayName: string | null;
  }): Promise<UserSummary>;
  userList(): Promise<readonly UserSummary[]>;
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
  'userPasswd',
  'userRemove',
  'unlockAll',
] as const satisfies readonly (keyof UserCalls)[];

import type { UserId } from './directory-store.ts';

/** Somebody who signed in to administer, or to look after their own devices. Times in milliseconds since 1970. */
export interface SignIn {
  /** Random; also in the tokens. */
  readonly id: string;
  readonly userId: UserId;
  /** What stands for the refresh token that is good now. */
  readonly tokenHash: string;
  /** What stood for the one before it; null before the first renewal. */
  readonly previousHash: string | null;
  readonly createdAt: number;
  /** When it was renewed last. */
  readonly usedAt: number;
  /** From where it was made, and by which program. */
  readonly remoteAddress: string;
  readonly userAgent: string;
}

/**
 * Who is signed in. A sign-in ends at once, in the same transaction, when its user gets another password or another role, or
 * is removed.
 */
export interface SignInStore {
  /** Keeps it; false, and nothing is kept, when the user is gone or has another password by now. */
  add(signIn: SignIn, passwordVersion: number): Promise<boolean>;
  get(id: string): Promise<SignIn | null>;
  /** Puts another refresh token in place of `from`, at a time; false when `from` is not the present one any more. */
  renew(id: string, from: string, to: string, at: number): Promise<boolean>;
  /** Ends it; false when there is none. */
  remove(id: string): Promise<boolean>;
  /** Ends all that were renewed last before `usedBefore`, or made before `createdBefore`; how many. */
  expire(times: { readonly usedBefore: number; readonly createdBefore: number }): Promise<number>;
}

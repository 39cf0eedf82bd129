import type { Principal } from '../domain/principal.ts';
import type { User } from '../store/directory-store.ts';

export interface SignInRequest {
  /** The Authorization header as received. */
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly userAgent: string | undefined;
  /** True when the connection is encrypted. */
  readonly tls: boolean;
}

/** Why nobody is signed in; `missing` asks for credentials and is no failure. */
export type RefusalReason =
  | 'missing'
  | 'malformed'
  | 'unsupported-scheme'
  | 'encryption-required'
  | 'wrong-credentials';

/** Where a request comes from. */
export type RequestFacts = Omit<SignInRequest, 'authorization'>;

/** A password as somebody typed it into a form. */
export interface PasswordRequest extends RequestFacts {
  readonly name: string;
  readonly password: string;
}

/** Nobody is signed in. */
export type Refused = Exclude<SignInResult, { readonly kind: 'ok' | 'wipe-only' }>;

/** Like `SignInResult`, with the user whose password it was. */
export type PasswordResult = { readonly kind: 'ok'; readonly user: User } | Refused;

/**
 * What was right once and is no more: good for these devices (their ids) to fetch and acknowledge their wipe, and for nothing
 * else. Whoever does not serve that answers as for wrong credentials.
 */
export interface WipeOnly {
  readonly kind: 'wipe-only';
  readonly principal: Principal;
  readonly devices: ReadonlySet<string>;
}

export type SignInResult =
  | { readonly kind: 'ok'; readonly principal: Principal }
  | WipeOnly
  | { readonly kind: 'unauthenticated'; readonly reason: RefusalReason }
  /** Answered as 429 with Retry-After: too many failures, or more sign-ins at a time than can be checked. */
  | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

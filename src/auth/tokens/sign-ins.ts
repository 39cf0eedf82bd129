import { addressOf } from '../../domain/address.ts';
import type { Authority } from '../../domain/admin-role.ts';
import type { Clock, RandomBytes } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';
import { inLog } from '../../observe/log-names.ts';
import type { DirectoryStore, User } from '../../store/directory-store.ts';
import type { SignIn, SignInStore } from '../../store/sign-in-store.ts';
import type { Authenticator } from '../authenticator.ts';
import type { PasswordRequest, RefusalReason } from '../sign-in-result.ts';
import { ACCESS_SECONDS, makeAccessToken, readAccessToken } from './access-token.ts';
import {
  FRESH_BYTES,
  formatRefreshToken,
  freshRefreshToken,
  hashOf,
  nextRefreshToken,
  type RefreshToken,
  readRefreshToken,
} from './refresh-token.ts';

const HOUR_MS = 3_600_000;
/** A sign-in ends when it was not renewed for so long, */
export const IDLE_MS = 12 * HOUR_MS;
/** and in any case after so long. */
export const LONGEST_MS = 7 * 24 * HOUR_MS;
/** How long after a renewal a browser's token before it gives the same answer again: two windows renew at once, an answer is lost. */
export const REPEAT_MS = 30_000;
const MAX_USER_AGENT = 256;

/** What somebody who signed in holds. */
export interface Tokens {
  readonly kind: 'ok';
  /** A JWT, sent with every request. */
  readonly access: string;
  /** Opaque; good for one renewal. */
  readonly refresh: string;
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly authority: Authority;
}

export type SignInAnswer =
  | Tokens
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

/**
 * Signing in with a user's own password to the Admin API and the pages: docs/decisions/0018-who-may-administer.md.
 * Passwords of single devices are not taken. Users without a role sign in too: their authority has no scopes.
 */
export interface SignIns {
  signIn(request: PasswordRequest): Promise<SignInAnswer>;
  /** Whose token it is and what they may do now; null when it is not good, or its sign-in has ended. */
  verify(access: string): Promise<Authority | null>;
  /**
   * New tokens for a refresh token, which is used up; null when it is not good. A token used before ends the sign-in, but for
   * `mayRepeat`: soon after its renewal it gives the same answer again.
   */
  renew(refresh: string, how?: { readonly mayRepeat: boolean }): Promise<Tokens | null>;
  /** Signs out: ends the sign-in with all its tokens. Junk and what has ended are no error. */
  end(refresh: string): Promise<void>;
}

export interface SignInsParts {
  readonly authenticator: Pick<Authenticator, 'checkPassword'>;
  readonly directory: Pick<DirectoryStore, 'user' | 'users'>;
  readonly store: SignInStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

export function createSignIns(parts: SignInsParts): SignIns {
  return new StoredSignIns(parts);
}

class StoredSignIns implements SignIns {
  readonly #parts: SignInsParts;
  readonly #log: Log;

  constructor(parts: SignInsParts) {
    this.#parts = parts;
    this.#log = inLog(parts.log, 'security');
  }

  async signIn(request: PasswordRequest): Promise<SignInAnswer> {
    const { authenticator, store, clock, random } = this.#parts;
    const checked = await authenticator.checkPassword(request);
    if (checked.kind === 'locked') return checked;
    if (checked.kind === 'unauthenticated') return { kind: 'refused', reason: checked.reason };
    const { user } = checked;
    const now = clock.now();
    // Nobody else needs to sweep: what is over is refused anyway, and only here does the table grow.
    await store.expire({ usedBefore: now - IDLE_MS, createdBefore: now - LONGEST_MS });
    const token = freshRefreshToken(random(FRESH_BYTES));
    const signIn: SignIn = {
      ...{ id: token.signInId, userId: user.id, tokenHash: hashOf(token), previousHash: null },
      ...{ createdAt: now, usedAt: now, remoteAddress: request.remoteAddress },
      userAgent: (request.userAgent ?? '').slice(0, MAX_USER_AGENT),
    };
    if (!(await store.add(signIn, user.passwordVersion))) return { kind: 'refused', reason: 'wrong-credentials' };
    const { remoteAddress: address, userAgent } = signIn;
    this.#log.info({ user: addressOf(user), address, userAgent }, 'signed in to administer');
    return this.#tokens(user, signIn, token);
  }

  async verify(access: string): Promise<Authority | null> {
    const { directory, store, clock, key } = this.#parts;
    const read = await readAccessToken(key, access, clock.now());
    if (read === null) return null;
    const signIn = await store.get(read.signInId);
    if (signIn === null || this.#isOver(signIn)) return null;
    const at = read.address.lastIndexOf('@');
    const user = await directory.user(read.address.slice(0, at), read.address.slice(at + 1));
    return user?.id === signIn.userId ? authorityOf(user) : null;
  }

  async renew(refresh: string, { mayRepeat } = { mayRepeat: false }): Promise<Tokens | null> {
    const { directory, store, clock, key } = this.#parts;
    const token = readRefreshToken(key, refresh);
    const signIn = token === null ? null : await store.get(token.signInId);
    if (token === null || signIn === null || this.#isOver(signIn)) return null;
    const user = (await directory.users()).find(({ id }) => id === signIn.userId);
    if (user === undefined) return null;
    const next = nextRefreshToken(key, token);
    if (await store.renew(signIn.id, hashOf(token), hashOf(next), clock.now())) return this.#tokens(user, signIn, next);
    // It was renewed already, perhaps just now.
    const present = await store.get(signIn.id);
    if (present === null) return null;
    const isRepeat = present.tokenHash === hashOf(next) && present.previousHash === hashOf(token);
    if (mayRepeat && isRepeat && clock.now() - present.usedAt <= REPEAT_MS) return this.#tokens(user, signIn, next);
    await this.#endReused(signIn, user);
    return null;
  }

  async end(refresh: string): Promise<void> {
    const token = readRefreshToken(this.#parts.key, refresh);
    if (token === null) return;
    const signIn = await this.#parts.store.get(token.signInId);
    if (signIn === null || !(await this.#parts.store.remove(signIn.id))) return;
    const user = (await this.#parts.directory.users()).find(({ id }) => id === signIn.userId);
    this.#log.info({ user: user ? addressOf(user) : null, address: signIn.remoteAddress }, 'signed out');
  }

  /** Two hold what one should: which of them is the thief cannot be told, so both are signed out (RFC 9700 §4.14.2). */
  async #endReused(signIn: SignIn, user: User): Promise<void> {
    await this.#parts.store.remove(signIn.id);
    const { remoteAddress: address, userAgent } = signIn;
    this.#log.warn(
      { user: addressOf(user), address, userAgent },
      'a refresh token was used a second time: its sign-in was ended, with all its tokens',
    );
  }

  #isOver({ usedAt, createdAt }: SignIn): boolean {
    const now = this.#parts.clock.now();
    return now - usedAt > IDLE_MS || now - createdAt > LONGEST_MS;
  }

  async #tokens(user: User, signIn: SignIn, token: RefreshToken): Promise<Tokens> {
    const { clock, random, key } = this.#parts;
    const issuedAt = Math.floor(clock.now() / 1000);
    const expiresAt = Math.min(issuedAt + ACCESS_SECONDS, Math.floor((signIn.createdAt + LONGEST_MS) / 1000));
    const access = await makeAccessToken(key, {
      ...{ address: addressOf(user), role: user.role, signInId: signIn.id, issuedAt, expiresAt },
      tokenId: Buffer.from(random(12)).toString('base64url'),
    });
    const refresh = formatRefreshToken(key, token);
    return { kind: 'ok', access, refresh, expiresAt: expiresAt * 1000, authority: authorityOf(user) };
  }
}

function authorityOf(user: User): Authority {
  return { address: addressOf(user), scopes: new Set(user.role?.scopes ?? []), domain: user.role?.domain ?? null };
}

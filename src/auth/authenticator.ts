import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { Principal } from '../domain/principal.ts';
import type { Log } from '../observe/log.ts';
import type { DirectoryStore, User } from '../store/directory-store.ts';
import { type Credentials, readBasicCredentials } from './basic-credentials.ts';
import { createHashQueue, HashQueueFull } from './hash-queue.ts';
import { type Attempt, clientAddress, createLockout, DEFAULT_LOCKOUT, type LockoutSettings } from './lockout.ts';
import {
  DEFAULT_COST,
  type HashCost,
  hashPassword,
  needsRehash,
  unmatchableHash,
  verifyPassword,
} from './password-hash.ts';
import { createResultCache, DEFAULT_RESULT_CACHE, type ResultCacheSettings } from './result-cache.ts';
import { parseSignInName, resolveSignInName } from './sign-in-name.ts';

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

export type SignInResult =
  | { readonly kind: 'ok'; readonly principal: Principal }
  | { readonly kind: 'unauthenticated'; readonly reason: RefusalReason }
  /** Answered as 429 with Retry-After: too many failures, or more sign-ins at a time than can be checked. */
  | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

export interface AuthenticatorSettings {
  /** The domain of bare names that several domains have. */
  readonly primaryDomain: string | null;
  /** Refuse passwords over plain connections, those of this machine itself excepted. */
  readonly requireTls: boolean;
  readonly cost: HashCost;
  readonly maxParallelHashes: number;
  readonly maxWaitingHashes: number;
  readonly lockout: LockoutSettings;
  readonly cache: ResultCacheSettings;
}

export const DEFAULT_AUTHENTICATOR: AuthenticatorSettings = {
  primaryDomain: null,
  requireTls: false,
  cost: DEFAULT_COST,
  maxParallelHashes: 2,
  maxWaitingHashes: 200,
  lockout: DEFAULT_LOCKOUT,
  cache: DEFAULT_RESULT_CACHE,
};

/** What a check of a password against a PHC string is; given by tests that count. */
export type VerifyPassword = (password: string, phc: string) => Promise<boolean>;

export interface AuthenticatorParts {
  readonly directory: DirectoryStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly settings?: Partial<AuthenticatorSettings>;
  readonly verify?: VerifyPassword;
}

export interface Authenticator {
  /** Rejects only when the directory does. */
  authenticate(request: SignInRequest): Promise<SignInResult>;
  /** Ends all lockouts at once. */
  unlockAll(): void;
}

const BUSY_RETRY_SECONDS = 5;

/** Signs people in. The rules and their reasons: docs/decisions/0005-sign-in-and-lockout.md. */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  const { directory, clock, random, log } = parts;
  const settings = { ...DEFAULT_AUTHENTICATOR, ...parts.settings };
  const verify = parts.verify ?? verifyPassword;
  const now = () => clock.now();
  const lockout = createLockout(now, settings.lockout);
  const cache = createResultCache(now, random, settings.cache);
  const hashes = createHashQueue(settings.maxParallelHashes, settings.maxWaitingHashes);
  const inFlight = new Map<string, Promise<boolean>>();
  const nobody = unmatchableHash(random, settings.cost);

  /** One hash however many connections ask the same at once, as phones do when they wake up. */
  function check(digest: string, password: string, user: User | null): Promise<boolean> {
    const known = cache.get(digest);
    if (known !== undefined) return Promise.resolve(known);
    const running = inFlight.get(digest);
    if (running !== undefined) return running;
    const started = hashes
      // Unknown names cost a hash as well, so that the time taken does not tell which names exist.
      .run(async () => (await verify(password, user?.passwordHash ?? nobody)) && user !== null)
      .then((isRight) => {
        cache.set(digest, isRight);
        return isRight;
      })
      .finally(() => inFlight.delete(digest));
    inFlight.set(digest, started);
    return started;
  }

  async function signIn(request: SignInRequest, credentials: Credentials): Promise<SignInResult> {
    const name = parseSignInName(credentials.name);
    const user = name === null ? null : await resolveSignInName(directory, name, settings.primaryDomain);
    const attempt: Attempt = {
      account: user === null ? `name:${cache.digest([credentials.name.toLowerCase()])}` : `user:${user.id}`,
      address: clientAddress(request.remoteAddress),
      userAgent: request.userAgent ?? '',
    };
    const lockedFor = lockout.lockedFor(attempt);
    if (lockedFor > 0) return { kind: 'locked', retryAfterSeconds: Math.ceil(lockedFor / 1000) };
    const version = user === null ? '' : String(user.passwordVersion);
    const isRight = await check(
      cache.digest([attempt.account, version, credentials.password]),
      credentials.password,
      user,
    );
    if (!isRight || user === null) {
      noteFailure(request, attempt, user, cache.digest(['failure', credentials.password]));
      return { kind: 'unauthenticated', reason: 'wrong-credentials' };
    }
    // The hash took time: whoever was removed or got another password meanwhile is not let in.
    const present = await directory.user(user.localPart, user.domain);
    if (present?.id !== user.id || present.passwordVersion !== user.passwordVersion) {
      return { kind: 'unauthenticated', reason: 'wrong-credentials' };
    }
    lockout.succeeded(attempt);
    await strengthen(present, credentials.password);
    return { kind: 'ok', principal: principalOf(present) };
  }

  function noteFailure(request: SignInRequest, attempt: Attempt, user: User | null, password: string): void {
    const { counted, locked } = lockout.failed(attempt, password);
    const fields = {
      // A name nobody has may be a password typed into the wrong field.
      user: user === null ? null : `${user.localPart}@${user.domain}`,
      address: request.remoteAddress,
      userAgent: attempt.userAgent,
    };
    if (counted) log.warn(fields, user === null ? 'sign-in failed: unknown name' : 'sign-in failed: wrong password');
    else log.debug(fields, 'sign-in failed again with the same wrong password');
    const minutes = Math.round(settings.lockout.lockMilliseconds / 60_000);
    if (locked) log.warn({ ...fields, minutes }, 'sign-in locked after too many different failures');
  }

  /** Raises the stored hash to the present cost, now that the password is at hand. */
  async function strengthen(user: User, password: string): Promise<void> {
    if (!needsRehash(user.passwordHash, settings.cost)) return;
    try {
      const phc = await hashes.run(() => hashPassword(password, random, settings.cost));
      const present = await directory.user(user.localPart, user.domain);
      if (present?.id !== user.id || present.passwordVersion !== user.passwordVersion) return;
      await directory.setPassword(user.id, phc);
      log.info({ user: `${user.localPart}@${user.domain}` }, 'password hash raised to the present cost');
    } catch (error) {
      // The sign-in itself was right; the next one tries again.
      log.warn({ user: `${user.localPart}@${user.domain}`, error }, 'password hash could not be raised');
    }
  }

  return {
    async authenticate(request) {
      const read = readBasicCredentials(request.authorization);
      if (read.kind !== 'credentials') return { kind: 'unauthenticated', reason: read.kind };
      if (settings.requireTls && !request.tls && !isLoopback(request.remoteAddress)) {
        return { kind: 'unauthenticated', reason: 'encryption-required' };
      }
      try {
        return await signIn(request, read.credentials);
      } catch (error) {
        if (!(error instanceof HashQueueFull)) throw error;
        log.warn({ address: request.remoteAddress }, 'sign-in put off: too many at a time');
        return { kind: 'locked', retryAfterSeconds: BUSY_RETRY_SECONDS };
      }
    },
    unlockAll() {
      lockout.unlockAll();
      log.info({}, 'all sign-in locks were lifted');
    },
  };
}

function principalOf(user: User): Principal {
  const { id, localPart, domain, displayName, mailboxId } = user;
  return { userId: id, localPart, domain, displayName, mailboxId, isAdmin: user.roles.includes('admin') };
}

function isLoopback(remoteAddress: string): boolean {
  const address = clientAddress(remoteAddress);
  return remoteAddress === '::1' || address.startsWith('127.');
}

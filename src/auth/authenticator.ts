import { addressOf } from '../domain/address.ts';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { appCredential, passwordCredential } from '../domain/principal.ts';
import { acting } from '../observe/acting.ts';
import type { Log } from '../observe/log.ts';
import { inLog } from '../observe/log-names.ts';
import type { AppPassword, AppPasswordReader } from '../store/app-password-store.ts';
import type { DirectoryStore, User } from '../store/directory-store.ts';
import { appPasswordDigest } from './app-password-secret.ts';
import { type Credentials, readBasicCredentials } from './basic-credentials.ts';
import { HashQueueFull } from './hash-queue.ts';
import {
  type Attempt,
  clientAddress,
  createLockout,
  DEFAULT_LOCKOUT,
  type Lockout,
  type LockoutSettings,
} from './lockout.ts';
import { isUnchanged, PasswordChecker, type PasswordCheckerSettings, type VerifyPassword } from './password-checker.ts';
import { DEFAULT_COST, normalisePassword } from './password-hash.ts';
import { principalOf } from './principal-of.ts';
import { DEFAULT_RESULT_CACHE } from './result-cache.ts';
import { parseSignInName, resolveSignInName, type SignInName, unknownName } from './sign-in-name.ts';
import type {
  PasswordRequest,
  PasswordResult,
  Refused,
  RequestFacts,
  SignInRequest,
  SignInResult,
  WipeOnly,
} from './sign-in-result.ts';

export interface AuthenticatorSettings extends PasswordCheckerSettings {
  /** The domain of bare names that several domains have. */
  readonly primaryDomain: string | null;
  /** Refuse passwords over plain connections, those of this machine itself excepted. */
  readonly requireTls: boolean;
  readonly lockout: LockoutSettings;
}

const DEFAULT_AUTHENTICATOR: AuthenticatorSettings = {
  primaryDomain: null,
  requireTls: false,
  cost: DEFAULT_COST,
  maxParallelHashes: 2,
  maxWaitingHashes: 200,
  lockout: DEFAULT_LOCKOUT,
  cache: DEFAULT_RESULT_CACHE,
};

export interface AuthenticatorParts {
  readonly directory: DirectoryStore;
  /** Where passwords for single devices are; only the account's own are taken where it is absent. */
  readonly appPasswords?: AppPasswordsOf;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly settings?: Partial<AuthenticatorSettings>;
  readonly verify?: VerifyPassword;
  /** What devices of this user with a wipe under way were last let in with; absent: nobody may come for a wipe alone. */
  readonly wipeCredentials?: (user: User) => Promise<readonly WipeCredential[]>;
}

/** What a device with a wipe under way was last let in with. */
export interface WipeCredential {
  /** Id of the device. */
  readonly device: string;
  /** As in `Principal.credential`. */
  readonly credential: string | undefined;
  /** The hash behind it, once that is the account's password no more (argon2id, PHC string). */
  readonly passwordHash: string | null;
}

/** The app passwords of a mailbox; of one that there is not, none. */
export interface AppPasswordsOf {
  read(mailboxId: MailboxId): Pick<AppPasswordReader, 'appPasswordByDigest'>;
}

export interface Authenticator {
  /** Rejects only when the directory does. */
  authenticate(request: SignInRequest): Promise<SignInResult>;
  /** The same for a password that came without a header; takes the user's own password only. Rejects as the other. */
  checkPassword(request: PasswordRequest): Promise<PasswordResult>;
  /** Ends all lockouts at once. */
  unlockAll(): void;
}

/** Who is meant by a name. */
interface Named {
  /** Null: nobody, or not exactly one. */
  readonly user: User | null;
  /** Stands for the user, or for the name that nobody has. */
  readonly account: string;
}

const BUSY_RETRY_SECONDS = 5;
/** Longest name and password together, in characters; longer ones would only make hashing dear. */
const MAX_TYPED = 2048;

const NO_DEVICES: ReadonlySet<string> = new Set();

type DevicesBehind = (user: User) => Promise<ReadonlySet<string>>;

/** Where people sign in and no device comes. */
const NONE_TO_WIPE: DevicesBehind = async () => NO_DEVICES;

/** No mailbox has this id: somebody nobody knows is looked up like everybody else. */
const NO_MAILBOX: MailboxId = 0;

/** Signs people in. The rules and their reasons: docs/decisions/0005-sign-in-and-lockout.md. */
export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  return new BasicAuthenticator(parts);
}

class BasicAuthenticator implements Authenticator {
  readonly #directory: DirectoryStore;
  readonly #appPasswords: AppPasswordsOf | null;
  readonly #log: Log;
  readonly #debug: Log;
  readonly #settings: AuthenticatorSettings;
  readonly #lockout: Lockout;
  readonly #passwords: PasswordChecker;
  readonly #wipeCredentials: NonNullable<AuthenticatorParts['wipeCredentials']>;

  constructor(parts: AuthenticatorParts) {
    const { directory, appPasswords, clock, random, log, settings, verify, wipeCredentials } = parts;
    // Locks and cached results last as long as they should, whatever is done to the machine's time.
    const now = () => clock.elapsed();
    this.#directory = directory;
    this.#wipeCredentials = wipeCredentials ?? (async () => []);
    this.#appPasswords = appPasswords ?? null;
    this.#log = inLog(log, 'security');
    this.#debug = log;
    this.#settings = { ...DEFAULT_AUTHENTICATOR, ...settings };
    this.#lockout = createLockout(now, this.#settings.lockout);
    const checker = { directory, now, random, log: this.#log, settings: this.#settings };
    this.#passwords = new PasswordChecker(verify === undefined ? checker : { ...checker, verify });
  }

  async authenticate(request: SignInRequest): Promise<SignInResult> {
    const read = readBasicCredentials(request.authorization);
    if (read.kind !== 'credentials') return { kind: 'unauthenticated', reason: read.kind };
    return this.#guarded(request, () => this.#signIn(request, read.credentials));
  }

  async checkPassword({ name, password, ...request }: PasswordRequest): Promise<PasswordResult> {
    if (name.length + password.length > MAX_TYPED) return { kind: 'unauthenticated', reason: 'malformed' };
    return this.#guarded(request, async (): Promise<PasswordResult> => {
      const named = await this.#named(name.normalize('NFC'));
      const result = await this.#ownPassword(request, named, normalisePassword(password), NONE_TO_WIPE);
      if (result.kind !== 'wipe-only') return result;
      return { kind: 'unauthenticated', reason: 'wrong-credentials' };
    });
  }

  async #guarded<T>(request: RequestFacts, check: () => Promise<T>): Promise<T | Refused> {
    if (this.#settings.requireTls && !request.tls && !isLoopback(request.remoteAddress)) {
      return { kind: 'unauthenticated', reason: 'encryption-required' };
    }
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof HashQueueFull)) throw error;
      this.#log.warn({ address: request.remoteAddress }, 'sign-in put off: too many at a time');
      return { kind: 'locked', retryAfterSeconds: BUSY_RETRY_SECONDS };
    }
  }

  unlockAll(): void {
    this.#lockout.unlockAll();
    this.#log.info({ who: acting().user }, 'all sign-in locks were lifted');
  }

  async #signIn(request: RequestFacts, { name, password }: Credentials): Promise<SignInResult> {
    const named = await this.#named(name);
    const { user } = named;
    const appPassword = await this.#appPassword(user, password);
    // Nobody guesses one, so a right one is taken whatever lock holds; and it makes no device known, since that would free guesses
    // at the account's own password for whoever has one.
    if (user !== null && appPassword !== null) {
      const principal = principalOf(user, appCredential(appPassword.id));
      if (appPassword.revokedAt === null) return { kind: 'ok', principal };
      const devices = await this.#devicesLetInBy(user, appCredential(appPassword.id));
      if (devices.size > 0) return { kind: 'wipe-only', principal, devices };
    }
    const toWipe: DevicesBehind = (one) => this.#devicesBehind(one, password);
    const result = await this.#ownPassword(request, named, password, toWipe);
    if (result.kind !== 'ok') return result;
    return { kind: 'ok', principal: principalOf(result.user, passwordCredential(result.user.passwordVersion)) };
  }

  async #named(name: string): Promise<Named> {
    const parsed = parseSignInName(name);
    const { primaryDomain } = this.#settings;
    const user = parsed === null ? null : await resolveSignInName(this.#directory, parsed, primaryDomain);
    return { user, account: user === null ? await this.#accountOfNobody(name, parsed) : `user:${user.id}` };
  }

  /** @param devicesBehind Those to be wiped that a password, which is the account's no more, is good for. */
  async #ownPassword(
    request: RequestFacts,
    { user, account }: Named,
    password: string,
    devicesBehind: DevicesBehind,
  ): Promise<PasswordResult | WipeOnly> {
    const address = clientAddress(request.remoteAddress);
    const attempt: Attempt = { account, address, userAgent: request.userAgent ?? '' };
    const before = this.#lockOf(attempt);
    if (before !== null) return before;
    const isRight = await this.#passwords.isRight(account, user, password);
    // Guesses sent all at once were all let through above: what the first of them locked holds for the rest.
    const after = this.#lockOf(attempt);
    if (after !== null) return after;
    const devices = isRight || user === null ? NO_DEVICES : await devicesBehind(user);
    if (user !== null && devices.size > 0) {
      return { kind: 'wipe-only', principal: { ...principalOf(user), isAdmin: false }, devices };
    }
    if (!isRight || user === null) {
      this.#noteFailure(request, attempt, user, this.#passwords.digest('failure', password));
      return { kind: 'unauthenticated', reason: 'wrong-credentials' };
    }
    // The hash took time: whoever was removed or got another password meanwhile is not let in.
    if (!(await isUnchanged(this.#directory, user))) return { kind: 'unauthenticated', reason: 'wrong-credentials' };
    this.#lockout.succeeded(attempt);
    await this.#passwords.strengthen(user, password);
    return { kind: 'ok', user };
  }

  async #accountOfNobody(name: string, parsed: SignInName | null): Promise<string> {
    const { primaryDomain } = this.#settings;
    const one = parsed === null ? name : await unknownName(this.#directory, parsed, primaryDomain);
    return `name:${this.#passwords.digest('name', one)}`;
  }

  /** Devices to be wiped that this app password, which was revoked, let in last. */
  async #devicesLetInBy(user: User, credential: string): Promise<ReadonlySet<string>> {
    const kept = await this.#wipeCredentials(user);
    return new Set(kept.filter((one) => one.credential === credential).map(({ device }) => device));
  }

  /** Devices to be wiped that came last with this password, which is the account's no more. */
  async #devicesBehind(user: User, password: string): Promise<ReadonlySet<string>> {
    const kept = await this.#wipeCredentials(user);
    const right = new Set<string>();
    for (const hash of new Set(kept.map(({ passwordHash }) => passwordHash))) {
      if (hash !== null && (await this.#passwords.isBehind(`wipe:${user.id}`, hash, password))) right.add(hash);
    }
    const mine = kept.filter(({ passwordHash }) => passwordHash !== null && right.has(passwordHash));
    return new Set(mine.map(({ device }) => device));
  }

  /** Looked up at each request, like the user: one that was revoked lets nobody in. */
  async #appPassword(user: User | null, password: string): Promise<AppPassword | null> {
    const digest = this.#appPasswords === null ? null : appPasswordDigest(password);
    if (this.#appPasswords === null || digest === null) return null;
    const found = await this.#appPasswords.read(user?.mailboxId ?? NO_MAILBOX).appPasswordByDigest(digest);
    return found;
  }

  #lockOf(attempt: Attempt): Refused | null {
    const milliseconds = this.#lockout.lockedFor(attempt);
    return milliseconds > 0 ? { kind: 'locked', retryAfterSeconds: Math.ceil(milliseconds / 1000) } : null;
  }

  /** @param password A digest of it. */
  #noteFailure(request: RequestFacts, attempt: Attempt, user: User | null, password: string): void {
    const { counted, locked } = this.#lockout.failed(attempt, password);
    const fields = {
      // A name nobody has may be a password typed into the wrong field.
      user: user === null ? null : addressOf(user),
      address: request.remoteAddress,
      userAgent: attempt.userAgent,
    };
    const why = user === null ? 'unknown name' : 'wrong password';
    if (counted) this.#log.warn(fields, `sign-in failed: ${why}`);
    else
      this.#debug.debug({ category: 'authentication', ...fields }, 'sign-in failed again with the same wrong password');
    const minutes = Math.round(this.#settings.lockout.lockMilliseconds / 60_000);
    if (locked)
      this.#log.warn(
        { ...fields, minutes },
        'sign-in locked after too many different failures; "causeway unlock" lifts it',
      );
  }
}

function isLoopback(remoteAddress: string): boolean {
  const address = clientAddress(remoteAddress);
  return remoteAddress === '::1' || address.startsWith('127.');
}

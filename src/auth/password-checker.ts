import { addressOf } from '../domain/address.ts';
import type { RandomBytes } from '../domain/clock.ts';
import type { Log } from '../observe/log.ts';
import type { DirectoryStore, User, UserId } from '../store/directory-store.ts';
import { createHashQueue, type HashQueue } from './hash-queue.ts';
import { type HashCost, hashPassword, needsRehash, unmatchableHash, verifyPassword } from './password-hash.ts';
import { createResultCache, type ResultCache, type ResultCacheSettings } from './result-cache.ts';

/** What a check of a password against a PHC string is; given by tests that count. */
export type VerifyPassword = (password: string, phc: string) => Promise<boolean>;

export interface PasswordCheckerSettings {
  readonly cost: HashCost;
  readonly maxParallelHashes: number;
  readonly maxWaitingHashes: number;
  readonly cache: ResultCacheSettings;
}

export interface PasswordCheckerParts {
  readonly directory: DirectoryStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly log: Log;
  readonly settings: PasswordCheckerSettings;
  readonly verify?: VerifyPassword;
}

/** Tells right from wrong passwords with as few hashes as is safe. Passwords are NFC. */
export class PasswordChecker {
  readonly #parts: PasswordCheckerParts;
  readonly #verify: VerifyPassword;
  readonly #cache: ResultCache;
  readonly #hashes: HashQueue;
  readonly #inFlight = new Map<string, Promise<boolean>>();
  readonly #nobody: string;
  /** Users whose hash is being raised. */
  readonly #raising = new Set<UserId>();

  constructor(parts: PasswordCheckerParts) {
    const { now, random, settings } = parts;
    this.#parts = parts;
    this.#verify = parts.verify ?? verifyPassword;
    this.#cache = createResultCache(now, random, settings.cache);
    this.#hashes = createHashQueue(settings.maxParallelHashes, settings.maxWaitingHashes);
    this.#nobody = unmatchableHash(random, settings.cost);
  }

  /** What stands for these strings in this process and nowhere else. */
  digest(...parts: readonly string[]): string {
    return this.#cache.digest(parts);
  }

  /**
   * Whether the password is the user's; false for nobody, after the same work.
   * @param account Stands for the user or for the name that nobody has.
   * @throws HashQueueFull
   */
  isRight(account: string, user: User | null, password: string): Promise<boolean> {
    const digest = this.digest('result', account, user === null ? '' : String(user.passwordVersion), password);
    // Unknown names cost a hash as well, so that the time taken does not tell which names exist.
    return this.#known(
      digest,
      async () => (await this.#verify(password, user?.passwordHash ?? this.#nobody)) && user !== null,
    );
  }

  /**
   * Whether the password made this hash.
   * @param account Stands for whose it is.
   * @throws HashQueueFull
   */
  isBehind(account: string, phc: string, password: string): Promise<boolean> {
    return this.#known(this.digest('hash', account, phc, password), () => this.#verify(password, phc));
  }

  /** One hash however many connections ask the same at once, as phones do when they wake up. */
  #known(digest: string, verify: () => Promise<boolean>): Promise<boolean> {
    const known = this.#cache.get(digest);
    if (known !== undefined) return Promise.resolve(known);
    const running = this.#inFlight.get(digest);
    if (running !== undefined) return running;
    const started = this.#hashes
      .run(verify)
      .then((isRight) => {
        this.#cache.set(digest, isRight);
        return isRight;
      })
      .finally(() => this.#inFlight.delete(digest));
    this.#inFlight.set(digest, started);
    return started;
  }

  /** Raises the stored hash to the present cost, now that the right password is at hand. */
  async strengthen(user: User, password: string): Promise<void> {
    const { directory, random, settings, log } = this.#parts;
    if (!needsRehash(user.passwordHash, settings.cost) || this.#raising.has(user.id)) return;
    this.#raising.add(user.id);
    const fields = { user: addressOf(user) };
    try {
      const phc = await this.#hashes.run(() => hashPassword(password, random, settings.cost));
      // Only while the password is still this one: it may have been changed while this was hashed.
      if (!(await directory.renewHash(user.id, phc, user.passwordVersion))) return;
      log.info(fields, 'password hash raised to the present cost');
    } catch (error) {
      // The sign-in itself was right; the next one tries again.
      log.warn({ ...fields, error }, 'password hash could not be raised');
    } finally {
      this.#raising.delete(user.id);
    }
  }
}

/** Whether the user is still there with the same password. */
export async function isUnchanged(directory: DirectoryStore, user: User): Promise<boolean> {
  const present = await directory.user(user.localPart, user.domain);
  return present?.id === user.id && present.passwordVersion === user.passwordVersion;
}

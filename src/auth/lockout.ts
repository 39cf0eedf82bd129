import { BoundedMap } from './bounded-map.ts';

/** Numbers behind the rules of docs/decisions/0005-sign-in-and-lockout.md. */
export interface LockoutSettings {
  /** Different wrong sign-ins from one address until it is locked; also those of a known device until that is. */
  readonly addressFailures: number;
  /** Different wrong passwords for one account, from wherever, until unknown devices are locked out of it. */
  readonly accountFailures: number;
  /** How long failures count, and how long a lock holds. */
  readonly lockMilliseconds: number;
  /** How long after its last success a device stays known. */
  readonly knownDeviceMilliseconds: number;
  /** Entries of each table. */
  readonly maxEntries: number;
}

export const DEFAULT_LOCKOUT: LockoutSettings = {
  addressFailures: 5,
  accountFailures: 10,
  lockMilliseconds: 20 * 60_000,
  knownDeviceMilliseconds: 14 * 24 * 60 * 60_000,
  maxEntries: 10_000,
};

/** Devices that stay known for one account. */
const DEVICES_PER_ACCOUNT = 64;

/** One sign-in as the lockout sees it. None of the strings holds a secret. */
export interface Attempt {
  /** Stands for the account, or for the name where no account has it. */
  readonly account: string;
  readonly address: string;
  readonly userAgent: string;
}

export interface Lockout {
  /** Milliseconds until this attempt may be tried; 0 = now. */
  lockedFor(attempt: Attempt): number;
  /**
   * Counts a failure. `password` is a keyed digest: the same wrong password counts once.
   * `counted` is false for a repetition; `locked` is true when this one began a lock.
   */
  failed(attempt: Attempt, password: string): { counted: boolean; locked: boolean };
  /** Makes the device known and forgets, for its account and address, what it failed: somebody had mistyped. */
  succeeded(attempt: Attempt): void;
  /** Ends every lock and forgets every failure; known devices stay known. */
  unlockAll(): void;
}

interface Failure {
  readonly at: number;
  readonly device: string;
}

interface Tally {
  /** By what makes failures different; never more entries than the limit, because the limit clears it. */
  readonly failures: Map<string, Failure>;
  lockedUntil: number;
}

/** `now` gives milliseconds since some moment, never set back (`Clock.elapsed`). */
export function createLockout(now: () => number, settings: LockoutSettings = DEFAULT_LOCKOUT): Lockout {
  return new TalliedLockout(now, settings);
}

class TalliedLockout implements Lockout {
  readonly #now: () => number;
  readonly #settings: LockoutSettings;
  readonly #addresses: BoundedMap<Tally>;
  readonly #accounts: BoundedMap<Tally>;
  readonly #devices: BoundedMap<Tally>;
  /** A table per account, so that nobody can push out other people's devices by inventing user agents. */
  readonly #known: BoundedMap<BoundedMap<number>>;

  constructor(now: () => number, settings: LockoutSettings) {
    this.#now = now;
    this.#settings = settings;
    this.#addresses = new BoundedMap(settings.maxEntries);
    this.#accounts = new BoundedMap(settings.maxEntries);
    this.#devices = new BoundedMap(settings.maxEntries);
    this.#known = new BoundedMap(settings.maxEntries);
  }

  lockedFor(attempt: Attempt): number {
    // A device that proved itself answers only for its own failures, whatever others did.
    if (this.#isKnown(attempt)) return this.#remaining(this.#devices.get(deviceOf(attempt)));
    const { address, account } = attempt;
    return Math.max(this.#remaining(this.#addresses.get(address)), this.#remaining(this.#accounts.get(account)));
  }

  failed(attempt: Attempt, password: string): { counted: boolean; locked: boolean } {
    const { addressFailures, accountFailures } = this.#settings;
    const failure = { at: this.#now(), device: deviceOf(attempt) };
    const pair = JSON.stringify([attempt.account, password]);
    const results = [
      this.#count(this.#addresses, attempt.address, addressFailures, pair, failure),
      // By password alone: a phone keeps its old password while its network gives it one address after another.
      this.#count(this.#accounts, attempt.account, accountFailures, password, failure),
    ];
    if (this.#isKnown(attempt)) {
      results.push(this.#count(this.#devices, failure.device, addressFailures, password, failure));
    }
    return { counted: results[0]!.counted, locked: results.some((result) => result.locked) };
  }

  succeeded(attempt: Attempt): void {
    const device = deviceOf(attempt);
    const itsDevices = this.#known.get(attempt.account) ?? new BoundedMap<number>(DEVICES_PER_ACCOUNT);
    itsDevices.set(device, this.#now());
    this.#known.set(attempt.account, itsDevices);
    // Its own count stays: a phone that signs in every minute must not make guesses beside it free.
    this.#forget(this.#addresses, attempt.address, device);
    this.#forget(this.#accounts, attempt.account, device);
  }

  unlockAll(): void {
    this.#addresses.clear();
    this.#accounts.clear();
    this.#devices.clear();
  }

  #isKnown(attempt: Attempt): boolean {
    const last = this.#known.get(attempt.account)?.get(deviceOf(attempt));
    return last !== undefined && this.#now() - last < this.#settings.knownDeviceMilliseconds;
  }

  #remaining(tally: Tally | undefined): number {
    return Math.max(0, (tally?.lockedUntil ?? 0) - this.#now());
  }

  #count(table: BoundedMap<Tally>, key: string, limit: number, what: string, failure: Failure) {
    const { lockMilliseconds } = this.#settings;
    const tally = table.get(key) ?? { failures: new Map<string, Failure>(), lockedUntil: 0 };
    for (const [old, { at }] of tally.failures) {
      if (failure.at - at >= lockMilliseconds) tally.failures.delete(old);
    }
    const counted = !tally.failures.has(what);
    tally.failures.set(what, failure);
    const locked = tally.failures.size >= limit;
    if (locked) {
      tally.failures.clear();
      tally.lockedUntil = failure.at + lockMilliseconds;
    }
    table.set(key, tally);
    return { counted, locked };
  }

  #forget(table: BoundedMap<Tally>, key: string, device: string): void {
    const tally = table.get(key);
    if (tally === undefined) return;
    for (const [what, failure] of tally.failures) {
      if (failure.device === device) tally.failures.delete(what);
    }
    if (tally.failures.size === 0 && this.#remaining(tally) === 0) table.delete(key);
  }
}

function deviceOf({ account, address, userAgent }: Attempt): string {
  return JSON.stringify([account, address, userAgent.slice(0, 256)]);
}

/**
 * What one client is called: an IPv4 address, or the /64 network of an IPv6 address, since a single host has all the
 * addresses of such a network (RFC 6177 §2).
 */
export function clientAddress(remoteAddress: string): string {
  const plain = remoteAddress.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  if (mapped !== null) return mapped[1]!;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

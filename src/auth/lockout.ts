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

/** `now` gives milliseconds since 1970. */
export function createLockout(now: () => number, settings: LockoutSettings = DEFAULT_LOCKOUT): Lockout {
  const addresses = new BoundedMap<Tally>(settings.maxEntries);
  const accounts = new BoundedMap<Tally>(settings.maxEntries);
  const devices = new BoundedMap<Tally>(settings.maxEntries);
  // A table per account, so that nobody can push out other people's devices by inventing user agents.
  const known = new BoundedMap<BoundedMap<number>>(settings.maxEntries);

  const deviceOf = (attempt: Attempt): string =>
    JSON.stringify([attempt.account, attempt.address, attempt.userAgent.slice(0, 256)]);

  const isKnown = (attempt: Attempt): boolean => {
    const last = known.get(attempt.account)?.get(deviceOf(attempt));
    return last !== undefined && now() - last < settings.knownDeviceMilliseconds;
  };

  const remaining = (tally: Tally | undefined): number => Math.max(0, (tally?.lockedUntil ?? 0) - now());

  function count(table: BoundedMap<Tally>, key: string, limit: number, what: string, failure: Failure) {
    const tally = table.get(key) ?? { failures: new Map<string, Failure>(), lockedUntil: 0 };
    for (const [old, { at }] of tally.failures) {
      if (failure.at - at >= settings.lockMilliseconds) tally.failures.delete(old);
    }
    const counted = !tally.failures.has(what);
    tally.failures.set(what, failure);
    const locked = tally.failures.size >= limit;
    if (locked) {
      tally.failures.clear();
      tally.lockedUntil = failure.at + settings.lockMilliseconds;
    }
    table.set(key, tally);
    return { counted, locked };
  }

  function forget(table: BoundedMap<Tally>, key: string, device: string): void {
    const tally = table.get(key);
    if (tally === undefined) return;
    for (const [what, failure] of tally.failures) {
      if (failure.device === device) tally.failures.delete(what);
    }
    if (tally.failures.size === 0 && remaining(tally) === 0) table.delete(key);
  }

  return {
    lockedFor(attempt) {
      // A device that proved itself answers only for its own failures, whatever others did.
      if (isKnown(attempt)) return remaining(devices.get(deviceOf(attempt)));
      return Math.max(remaining(addresses.get(attempt.address)), remaining(accounts.get(attempt.account)));
    },

    failed(attempt, password) {
      const failure = { at: now(), device: deviceOf(attempt) };
      const pair = JSON.stringify([attempt.account, password]);
      const results = [
        count(addresses, attempt.address, settings.addressFailures, pair, failure),
        // By password alone: a phone keeps its old password while its network gives it one address after another.
        count(accounts, attempt.account, settings.accountFailures, password, failure),
      ];
      if (isKnown(attempt)) {
        results.push(count(devices, deviceOf(attempt), settings.addressFailures, password, failure));
      }
      return { counted: results[0]!.counted, locked: results.some((result) => result.locked) };
    },

    succeeded(attempt) {
      const itsDevices = known.get(attempt.account) ?? new BoundedMap<number>(DEVICES_PER_ACCOUNT);
      itsDevices.set(deviceOf(attempt), now());
      known.set(attempt.account, itsDevices);
      // Its own count stays: a phone that signs in every minute must not make guesses beside it free.
      forget(addresses, attempt.address, deviceOf(attempt));
      forget(accounts, attempt.account, deviceOf(attempt));
    },

    unlockAll() {
      addresses.clear();
      accounts.clear();
      devices.clear();
    },
  };
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

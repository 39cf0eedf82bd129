import { createHmac, createSecretKey } from 'node:crypto';
import type { RandomBytes } from '../domain/clock.ts';
import { BoundedMap } from './bounded-map.ts';

export interface ResultCacheSettings {
  /** How long a right password is believed without hashing. */
  readonly rightMilliseconds: number;
  /** How long a wrong one is refused without hashing. */
  readonly wrongMilliseconds: number;
  readonly maxEntries: number;
}

export const DEFAULT_RESULT_CACHE: ResultCacheSettings = {
  rightMilliseconds: 5 * 60_000,
  wrongMilliseconds: 60_000,
  maxEntries: 10_000,
};

/** What was found out about passwords, kept without keeping passwords. */
export interface ResultCache {
  /** What stands for these strings; of use in this process only. */
  digest(parts: readonly string[]): string;
  get(digest: string): boolean | undefined;
  set(digest: string, isRight: boolean): void;
}

/**
 * The digest is an HMAC under a key that only this process has, over the user's id and password version too: a changed
 * password or another user asks for another entry, so nothing must be invalidated and nothing can be forgotten to be.
 */
export function createResultCache(
  now: () => number,
  random: RandomBytes,
  settings: ResultCacheSettings = DEFAULT_RESULT_CACHE,
): ResultCache {
  // Made once: turning bytes into a key costs as much as the digest itself.
  const key = createSecretKey(random(32));
  // Two tables: a flood of wrong passwords must not push out the right ones.
  const right = new BoundedMap<number>(settings.maxEntries);
  const wrong = new BoundedMap<number>(settings.maxEntries);

  function fresh(table: BoundedMap<number>, digest: string): boolean {
    const until = table.get(digest);
    if (until === undefined) return false;
    if (now() < until) return true;
    table.delete(digest);
    return false;
  }

  return {
    digest: (parts) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64'),
    get(digest) {
      if (fresh(right, digest)) return true;
      return fresh(wrong, digest) ? false : undefined;
    },
    set(digest, isRight) {
      if (isRight) right.set(digest, now() + settings.rightMilliseconds);
      else wrong.set(digest, now() + settings.wrongMilliseconds);
    },
  };
}

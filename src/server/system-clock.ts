import { randomBytes } from 'node:crypto';
import type { Clock, RandomBytes } from '../domain/clock.ts';

/** The machine's own time. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** The machine's own randomness. */
export const SYSTEM_RANDOM: RandomBytes = (length) => randomBytes(length);

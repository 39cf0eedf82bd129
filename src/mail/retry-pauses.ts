const MINUTE_MS = 60_000;
const LONGEST_MS = 4 * 60 * MINUTE_MS;

/** RFC 5321 §4.5.4.1: a sender gives up after four to five days. */
export const GIVE_UP_MS = 5 * 24 * 60 * MINUTE_MS;

/** How long to wait after this many attempts: one minute, then twice as long each time, at most four hours. */
export function pauseAfter(tries: number): number {
  return Math.min(LONGEST_MS, MINUTE_MS * 2 ** Math.max(0, Math.min(tries, 20) - 1));
}

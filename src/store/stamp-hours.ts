const HOUR_MS = 3_600_000;

/**
 * The hour under which a write's last stamp is noted, so that a moment can be turned into a stamp with one row per
 * active hour. Never before the hour noted last: when the clock is set back, no stamp may look older than it is.
 */
export function hourOf(now: number, lastHour: number | null): number {
  const hour = Math.floor(now / HOUR_MS);
  return lastHour === null ? hour : Math.max(hour, lastHour);
}

/** Stamps of hours below this one were surely given out before the moment. */
export function hoursBefore(before: number): number {
  return Math.floor(before / HOUR_MS);
}

import type { Clock } from '../../domain/clock.ts';

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/**
 * Who was told something lately, so that the store need not be asked at each look. It decides nothing: what was told and when is
 * in the mailboxes.
 */
export class Quiet<K> {
  readonly #until = new Map<K, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(key: K): boolean {
    return (this.#until.get(key) ?? Number.NEGATIVE_INFINITY) > this.#clock.elapsed();
  }

  /** For a day; what was told in an earlier run of the server is asked again in an hour. */
  keep(key: K, outcome: 'delivered' | 'too-soon'): void {
    this.#until.set(key, this.#clock.elapsed() + (outcome === 'delivered' ? DAY_MS : HOUR_MS));
  }

  forgetOld(): void {
    const now = this.#clock.elapsed();
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key);
  }
}

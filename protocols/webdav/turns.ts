import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/domain/clock.ts';
import { ClientGone } from './xml/multistatus.ts';

/** How long one request may compute before others have a turn; a turn itself costs some ten microseconds. */
const TURN_MS = 10;

/** One process answers everybody: a request that goes over many members asks between them whether its turn is over. */
export class Turns {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #isClientGone: () => boolean;
  #since: number;

  constructor(clock: Pick<Clock, 'now'>, isClientGone: () => boolean) {
    this.#clock = clock;
    this.#isClientGone = isClientGone;
    this.#since = clock.now();
  }

  /** True: now `await give()`. */
  get isOver(): boolean {
    // A clock that was set back must not make one turn of an hour.
    return Math.abs(this.#clock.now() - this.#since) >= TURN_MS;
  }

  /** @throws ClientGone: nobody waits for the rest */
  async give(): Promise<void> {
    await nextTurn();
    this.#since = this.#clock.now();
    if (this.#isClientGone()) throw new ClientGone();
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/domain/clock.ts';
import { ClockTurns } from '../../src/domain/turns.ts';
import { ClientGone } from './xml/multistatus.ts';

/** The turns of one request, which end with its client. */
export class Turns extends ClockTurns {
  readonly #isClientGone: () => boolean;

  constructor(clock: Pick<Clock, 'elapsed'>, isClientGone: () => boolean) {
    super(clock, nextTurn);
    this.#isClientGone = isClientGone;
  }

  /** @throws ClientGone: nobody waits for the rest */
  override async give(): Promise<void> {
    await super.give();
    if (this.#isClientGone()) throw new ClientGone();
  }
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** How long one piece of work may compute before others have a turn; a turn itself costs some ten microseconds. */
const TURN_MS = 10;

/** One process answers everybody: work that goes over many items, or over a large one, asks between its steps. */
export class Turn {
  readonly #clock: Pick<Clock, 'elapsed'>;
  #since: number;

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
    this.#since = clock.elapsed();
  }

  /** Lets others go first when this one has computed for long enough; else nothing. */
  async pass(): Promise<void> {
    if (this.#clock.elapsed() - this.#since < TURN_MS) return;
    await nextTurn();
    this.#since = this.#clock.elapsed();
  }

  /** The same chunks, with a chance for others behind each. */
  async *between<T>(chunks: AsyncIterable<T>): AsyncGenerator<T, void, void> {
    for await (const chunk of chunks) {
      yield chunk;
      await this.pass();
    }
  }
}

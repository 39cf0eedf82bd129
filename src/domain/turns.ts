import type { Clock } from './clock.ts';

/** How long one request may compute before others have a turn; a turn itself costs some ten microseconds. */
const TURN_MS = 10;

/** One process answers everybody: work over many items asks between them whether its turn is over. */
export interface Turns {
  /** True: now `await give()`. */
  readonly isOver: boolean;
  /** Lets others go on, and begins the next turn. */
  give(): Promise<void>;
}

/** Turns by the clock; `next` resolves when everybody else had theirs. */
export class ClockTurns implements Turns {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #next: () => Promise<unknown>;
  #since: number;

  constructor(clock: Pick<Clock, 'elapsed'>, next: () => Promise<unknown>) {
    this.#clock = clock;
    this.#next = next;
    this.#since = clock.elapsed();
  }

  get isOver(): boolean {
    return this.#clock.elapsed() - this.#since >= TURN_MS;
  }

  async give(): Promise<void> {
    await this.#next();
    this.#since = this.#clock.elapsed();
  }
}

/** For work that nobody has to wait for. */
export const ENDLESS_TURN: Turns = { isOver: false, give: () => Promise.resolve() };

/** The same chunks, with a turn for others between them when it is time. */
export async function* inTurns<T>(chunks: AsyncIterable<T>, turns: Turns): AsyncGenerator<T, void, void> {
  for await (const chunk of chunks) {
    yield chunk;
    if (turns.isOver) await turns.give();
  }
}

import { type Random, seededRandom } from '../../../support/random.ts';

/** Choices for generated items, repeatable by their seed. */
export class Dice {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)]!;
  }

  chance(percent: number): boolean {
    return this.#random.below(100) < percent;
  }

  /** Each of the list with that chance. */
  some<T>(list: readonly T[], percent: number): T[] {
    return list.filter(() => this.chance(percent));
  }
}

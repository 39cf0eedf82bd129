const MINUTE_MS = 60_000;
/** Minutes that are told, the present one with them. */
const MINUTES = 60;

/** How often something happened in each of the last 60 minutes: one number a minute, whatever happens. */
export class MinuteRates {
  readonly #counts = new Array<number>(MINUTES).fill(0);
  readonly #elapsed: () => number;
  #minute: number;

  /** @param elapsed Milliseconds since some moment, never set back. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
    this.#minute = minuteOf(elapsed());
  }

  add(): void {
    this.#turn();
    const place = this.#minute % MINUTES;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  /** By minute, the present one last. */
  get values(): readonly number[] {
    this.#turn();
    const first = (this.#minute + 1) % MINUTES;
    return [...this.#counts.slice(first), ...this.#counts.slice(0, first)];
  }

  /** Whole milliseconds of the present minute that are over; the clock that only goes forward tells parts of them. */
  get sinceMinuteMs(): number {
    const elapsed = this.#elapsed();
    return Math.floor(elapsed - minuteOf(elapsed) * MINUTE_MS);
  }

  /** Empties the places of the minutes that passed. */
  #turn(): void {
    const minute = minuteOf(this.#elapsed());
    const passed = Math.min(MINUTES, minute - this.#minute);
    for (let ahead = 0; ahead < passed; ahead += 1) this.#counts[(minute - ahead) % MINUTES] = 0;
    this.#minute = minute;
  }
}

function minuteOf(elapsed: number): number {
  return Math.floor(elapsed / MINUTE_MS);
}

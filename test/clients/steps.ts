import { performance } from 'node:perf_hooks';

/** A change is on the other side within a second: so must most be, whatever else the machine does at the moment of one. */
const WITHIN_MS = 1_000;
/** None may take as long as something that is asked for now and then. */
const AT_MOST_MS = 10_000;

/** The steps of a script, printed as other clients’ driving scripts print theirs; the last line counts them. */
export class Steps {
  readonly #count = { ok: 0, FAIL: 0 };
  readonly #times: number[] = [];

  /** Counts as passed only when all that it asserts holds. */
  async step(title: string, work: () => Promise<unknown>): Promise<void> {
    await this.#run(title, async () => {
      await work();
      return '';
    });
  }

  /** A step whose change must arrive by itself; `work` gives the milliseconds that it took. */
  async arrives(title: string, work: () => Promise<number>): Promise<void> {
    await this.#run(title, async () => {
      const milliseconds = await work();
      this.#times.push(milliseconds);
      if (milliseconds >= AT_MOST_MS) throw new Error(`took ${milliseconds.toFixed(0)} ms`);
      return `${milliseconds.toFixed(0)} ms`;
    });
  }

  /** Prints the times and the counts, and ends with the exit code that says whether all passed. */
  finish(): void {
    const times = this.#times.sort((a, b) => a - b);
    const at = (part: number) => times[Math.floor((times.length - 1) * part)]!.toFixed(0);
    if (times.length > 0) {
      const isInTime = Number(at(0.75)) < WITHIN_MS;
      const what = `three arrivals of four took less than ${WITHIN_MS} ms`;
      this.#print(isInTime ? 'ok' : 'FAIL', what, `median ${at(0.5)} ms, 75 % ${at(0.75)} ms, longest ${at(1)} ms`);
    }
    console.log(`${this.#count.ok} passed, ${this.#count.FAIL} failed, 0 skipped`);
    process.exitCode = this.#count.FAIL === 0 ? 0 : 1;
  }

  async #run(title: string, work: () => Promise<string>): Promise<void> {
    try {
      this.#print('ok', title, await work());
    } catch (error) {
      this.#print('FAIL', title, error instanceof Error ? error.message.slice(0, 1_000) : String(error));
    }
  }

  #print(tag: 'ok' | 'FAIL', title: string, why: string): void {
    this.#count[tag] += 1;
    console.log(`${tag.padEnd(5)} ${title.padEnd(76)} ${why}`.trimEnd());
  }
}

/** Milliseconds that the work takes. */
export async function duration(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A variable that `run.ts` sets. @throws Error when the script is run by itself */
export function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this script is run by npm run test:clients`);
  return value;
}

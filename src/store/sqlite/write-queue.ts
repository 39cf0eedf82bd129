import { unavailable } from '../refusals.ts';
import type { Connection } from './connection.ts';
import { lostWith } from './errors.ts';
import type { OnStep } from './steps.ts';

/** Writes that share one commit; bounds how long the first of them waits for its answer. */
const GROUP_SIZE = 64;

interface Job {
  readonly work: () => Promise<void>;
  /** Called after the commit. */
  readonly settle: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The one writer. Jobs that wait when it becomes free run one after another inside one transaction, each in its own
 * savepoint, and share one COMMIT: one fsync for all of them. Nobody hears of success before the commit.
 */
export class WriteQueue {
  readonly #connection: Connection;
  readonly #step: OnStep;
  #waiting: Job[] = [];
  #draining: Promise<void> | null = null;
  #isClosed = false;
  #commits = 0;

  constructor(connection: Connection, step: OnStep) {
    this.#connection = connection;
    this.#step = step;
  }

  /** `afterCommit` must not throw. */
  run<T>(work: () => Promise<T> | T, afterCommit?: (value: T) => void): Promise<T> {
    if (this.#isClosed) return Promise.reject(unavailable('The store is closed.'));
    return new Promise<T>((resolve, reject) => {
      let finished: { value: T } | null = null;
      this.#waiting.push({
        work: async () => {
          finished = { value: await work() };
        },
        settle: () => {
          if (finished === null) throw new TypeError('A job was settled before it had run.');
          resolve(finished.value);
          afterCommit?.(finished.value);
        },
        reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Writes that wait for their turn now, and commits made so far. */
  get stats(): { readonly waiting: number; readonly commits: number } {
    return { waiting: this.#waiting.length, commits: this.#commits };
  }

  /** Refuses new jobs and waits for those taken. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // One turn of the microtask queue, so that writes begun together share the first commit too.
    await null;
    while (this.#waiting.length > 0) await this.#runGroup(this.#waiting.splice(0, GROUP_SIZE));
    this.#draining = null;
  }

  async #runGroup(group: readonly Job[]): Promise<void> {
    const done: Job[] = [];
    let next = 0;
    try {
      next = group.length;
      this.#connection.exec('BEGIN IMMEDIATE');
      this.#step('begin');
      for (const [at, job] of group.entries()) {
        next = at + 1;
        const failure = await this.#runJob(job);
        if (failure === null) done.push(job);
        // A full disk makes SQLite roll the whole transaction back by itself.
        if (!this.#connection.isInTransaction) throw failure?.error ?? unavailable('The transaction was lost.');
      }
      this.#step('before-commit');
      this.#connection.exec('COMMIT');
    } catch (error) {
      this.#rollback();
      // Those that already heard of their own failure are not changed by this; those not yet run get a new transaction.
      for (const job of group.slice(0, next)) job.reject(lostWith(error));
      this.#waiting = [...group.slice(next), ...this.#waiting];
      return;
    }
    this.#commits += 1;
    this.#step('after-commit');
    this.#step('before-publish');
    for (const job of done) job.settle();
  }

  #rollback(): void {
    try {
      if (this.#connection.isInTransaction) this.#connection.exec('ROLLBACK');
    } catch {
      // Then the next BEGIN fails as well, and says so to everyone who waits.
    }
  }

  /** Gives what the job failed with, which it was told, or null. */
  async #runJob(job: Job): Promise<{ readonly error: unknown } | null> {
    try {
      this.#connection.exec('SAVEPOINT job');
      await job.work();
      this.#connection.exec('RELEASE job');
      return null;
    } catch (error) {
      job.reject(error);
      if (this.#connection.isInTransaction) this.#connection.exec('ROLLBACK TO job; RELEASE job');
      return { error };
    }
  }
}

/** Thrown when more hashes are waiting than the queue holds. */
export class HashQueueFull extends Error {
  constructor(waiting: number) {
    super(`${waiting} password checks are waiting already`);
    this.name = 'HashQueueFull';
  }
}

export interface HashQueue {
  /** Runs `work` when a place is free. Rejects with `HashQueueFull` when `maxWaiting` are waiting. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Lets at most `maxParallel` hashes run at a time: each takes 19 MiB and a thread of the pool that file reads share, so
 * a flood of sign-ins must cost waiting, not memory.
 */
export function createHashQueue(maxParallel: number, maxWaiting: number): HashQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  function leave(): void {
    const next = waiting.shift();
    // The place passes on to the next one, so `running` stays.
    if (next === undefined) running -= 1;
    else next();
  }

  async function enter(): Promise<void> {
    if (running < maxParallel) {
      running += 1;
      return;
    }
    if (waiting.length >= maxWaiting) throw new HashQueueFull(waiting.length);
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}

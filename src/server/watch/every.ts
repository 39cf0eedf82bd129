import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';

/** Something done again and again. */
export interface Repeated {
  /** Does it now as well, after what is under way; resolves when it is done. Never rejects. */
  now(): Promise<void>;
  /** Ends it, and waits for what is under way. */
  stop(): Promise<void>;
}

/** Runs `work` every `ms`, never twice at a time; what fails is logged, and tried again the next time. */
export function every(
  ms: number,
  name: string,
  work: () => Promise<void>,
  parts: { clock: Clock; log: Log },
): Repeated {
  const { clock, log } = parts;
  let isStopping = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = clock.after(ms, tick);

  function tick(): void {
    cancel = clock.after(ms, tick);
    void now();
  }

  function now(): Promise<void> {
    running = running.then(async () => {
      if (isStopping) return;
      try {
        await work();
      } catch (error) {
        log.error({ task: name, error }, 'a watch failed; it is tried again');
      }
    });
    return running;
  }

  return {
    now,
    async stop() {
      isStopping = true;
      cancel();
      await running;
    },
  };
}

import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';

const FIRST_MS = 60_000;
const EVERY_MS = 86_400_000;

/** A piece of work done one minute after start and then every day. */
export interface DailyTask {
  readonly name: string;
  /** `isStopping` turns true when the server is closing: long work ends early. */
  run(isStopping: () => boolean): Promise<void>;
}

/** Runs the tasks one after the other; a failing one is logged and the others go on. */
export function startDaily(tasks: readonly DailyTask[], clock: Clock, log: Log): { stop(): Promise<void> } {
  let isStopping = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = clock.after(FIRST_MS, round);

  function round(): void {
    cancel = clock.after(EVERY_MS, round);
    running = running.then(runAll);
  }

  async function runAll(): Promise<void> {
    for (const task of tasks) {
      if (isStopping) return;
      try {
        await task.run(() => isStopping);
      } catch (error) {
        log.error({ task: task.name, error }, 'daily task failed; it is tried again tomorrow');
      }
    }
  }

  return {
    async stop() {
      isStopping = true;
      cancel();
      await running;
    },
  };
}

import type { DailyTask } from './daily.ts';

/** Marks wipes that no device answers (docs/wipe.md); each is told in the security log. */
export function silentWipesTask(markSilentWipes: () => Promise<number>): DailyTask {
  return {
    name: 'silent-wipes',
    async run() {
      await markSilentWipes();
    },
  };
}

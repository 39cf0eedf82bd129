import type { Log } from '../../observe/log.ts';
import type { DailyTask } from './daily.ts';

/** Removes recordings that ended long ago (docs/recorder.md). */
export function expireRecordingsTask(recorder: { expire(): Promise<number> }, log: Log): DailyTask {
  return {
    name: 'expire-recordings',
    async run() {
      const recordings = await recorder.expire();
      if (recordings > 0) log.info({ recordings }, 'removed old recordings');
    },
  };
}

import type { Counts } from './device.ts';
import { historyOf, mergingHistoryOf } from './operations.ts';
import { runHistory } from './run-history.ts';

/** Every so many histories run over SQLite, whose commits wait for the disk; at most so many in all. */
const SQLITE_EVERY = 50;
const SQLITE_MOST = 100;
/** Every so many seeds are played a second time, with devices that read several folders as one. */
const MERGING_EVERY = 3;

/** Plays the histories of these seeds. @throws Error that names the seed of the first that does not end as it must */
export async function playHistories(firstSeed: number, count: number): Promise<Counts> {
  const total: Counts = {
    ...{ syncs: 0, lost: 0, unknownDeletes: 0, redundantChanges: 0, vainPings: 0, commands: 0, parts: 0 },
  };
  let onDisk = 0;
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const adapter = seed % SQLITE_EVERY === 0 && onDisk < SQLITE_MOST ? 'sqlite' : 'memory';
    onDisk += Number(adapter === 'sqlite');
    const histories = seed % MERGING_EVERY === 0 ? [historyOf(seed), mergingHistoryOf(seed)] : [historyOf(seed)];
    for (const history of histories) {
      try {
        const counts = await runHistory(history, adapter);
        for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
      } catch (error) {
        const why = error instanceof Error ? error.stack : String(error);
        const name = `${history.merging > 0 ? 'merging ' : ''}history with seed ${seed} over ${adapter}`;
        throw new Error(`${name}: ${why}`, { cause: error });
      }
    }
  }
  const share = total.unknownDeletes / total.syncs;
  if (share >= 0.02) throw new Error(`${(100 * share).toFixed(1)} Deletes of unknown items per 100 Syncs`);
  if (total.commands <= 10 * count) throw new Error('the histories hardly synchronise anything');
  if (count >= 100 && 5 * total.parts <= count) throw new Error('the histories hardly tell of flags alone');
  return total;
}

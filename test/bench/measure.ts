import { readdirSync, readFileSync } from 'node:fs';

export interface Measured {
  /** Milliseconds, medians over the runs; CPU is the mean, because the clock of the system is coarse. */
  readonly wall: number;
  readonly cpu: number;
  readonly bytes: number;
}

/** Milliseconds of CPU that all threads of a process have spent (Linux). */
export function cpuMillis(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

/** Runs it a few times unmeasured, then `runs` times. @param once Resolves with the bytes of the answer. */
export async function measure(pid: number, runs: number, once: () => Promise<number>): Promise<Measured> {
  for (let warm = 0; warm < Math.min(3, runs); warm++) await once();
  const walls: number[] = [];
  let bytes = 0;
  const before = cpuMillis(pid);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    bytes = await once();
    walls.push(performance.now() - start);
  }
  const cpu = (cpuMillis(pid) - before) / runs;
  walls.sort((a, b) => a - b);
  return { wall: walls[Math.floor(runs / 2)]!, cpu, bytes };
}

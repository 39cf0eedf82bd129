import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

export interface Measured {
  /** Milliseconds: the median over the runs. */
  readonly wall: number;
  /** Milliseconds: the mean over the runs, so that garbage collection between them is counted. */
  readonly cpu: number;
}

/** Milliseconds of CPU that all threads of a process have spent (Linux). */
export function cpuMillis(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

/** The most memory the process has held at any time so far, in MiB (Linux, VmHWM). */
export function peakMebibytes(pid: number): number {
  return statusMebibytes(pid, 'VmHWM');
}

/** What the process holds now, in MiB (Linux, VmRSS). */
export function residentMebibytes(pid: number): number {
  return statusMebibytes(pid, 'VmRSS');
}

/** The most memory the process holds while `work` runs, in MiB (Linux). */
export async function peakDuring(pid: number, work: () => Promise<void>): Promise<number> {
  // proc(5): 5 resets the peak.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  await work();
  return peakMebibytes(pid);
}

function statusMebibytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`, 'u').exec(status)?.[1]) / 1024;
}

/** Runs it a few times unmeasured, where `check` may refuse the answer, then `runs` times. */
export async function measure(
  pid: number,
  runs: number,
  once: () => Promise<Buffer>,
  check: (answer: Buffer) => void = () => undefined,
): Promise<Measured> {
  for (let warm = 0; warm < Math.min(3, runs); warm++) check(await once());
  const walls: number[] = [];
  const before = cpuMillis(pid);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await once();
    walls.push(performance.now() - start);
  }
  const cpu = (cpuMillis(pid) - before) / runs;
  return { wall: quantile(walls, 0.5), cpu };
}

/** @param part From 0 (least) to 1 (greatest); 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

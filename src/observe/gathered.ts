/** How long a line may wait for others: a system call for each costs an idle request a fifth of its time. */
const GATHER_MS = 100;
const MOST_GATHERED = 16 * 1024;

/** Calls back once after so many milliseconds. */
export type After = (ms: number, callback: () => void) => unknown;

/**
 * Joins lines that come within a moment into one call of `write`. An urgent one goes out at once with all before it, the rest
 * when the process ends at the latest. Without `after` nothing waits.
 */
export function gathered(
  write: (lines: string) => void,
  after: After | undefined,
): (line: string, isUrgent: boolean) => void {
  if (after === undefined) return write;
  let lines = '';
  const flush = () => {
    const all = lines;
    lines = '';
    if (all !== '') write(all);
  };
  process.on('exit', flush);
  return (line, isUrgent) => {
    if (lines === '' && !isUrgent) after(GATHER_MS, flush);
    lines += line;
    if (isUrgent || lines.length > MOST_GATHERED) flush();
  };
}

import type { Clock } from '../../domain/clock.ts';
import type { Progress } from '../calls/check.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MILLISECONDS = 100;
const BAR_CELLS = 24;

export interface ProgressBar {
  readonly update: Progress;
  /** Wipes the bar, so that other lines can be written. */
  clear(): void;
}

/** A bar on one line of the terminal; nothing at all where there is no terminal. */
export function createProgressBar(terminal: Terminal, clock: Clock, label: string): ProgressBar {
  const { columns } = terminal;
  if (columns === null) return { update() {}, clear() {} };
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, total) {
      if (clock.now() - drawnAt < REDRAW_MILLISECONDS) return;
      drawnAt = clock.now();
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * BAR_CELLS);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
      terminal.err(`\r${`${label} ${bar} ${Math.floor(share * 100)} %`.slice(0, columns - 1)}\x1b[K`);
    },
    clear() {
      if (drawnAt > 0) terminal.err('\r\x1b[K');
      drawnAt = Number.NEGATIVE_INFINITY;
    },
  };
}

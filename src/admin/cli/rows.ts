import type { Terminal } from './terminal.ts';

/** So many lines are looked at for how wide a column is: of 100,000 devices the first ones are shown without waiting for the last. */
const AT_ONCE = 500;
const GAP = '  ';

/** Lines whose columns stand below each other; the last column is as long as it is. */
export interface Rows {
  add(cells: readonly string[]): void;
  /** Writes what was added last. */
  end(): void;
}

export function rowsOn(terminal: Pick<Terminal, 'out'>): Rows {
  const widths: number[] = [];
  let waiting: (readonly string[])[] = [];
  const flush = () => {
    for (const cells of waiting) {
      for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at] ?? 0, lengthOf(cell));
    }
    for (const cells of waiting)
      terminal.out(
        `${cells
          .map((cell, at) => padded(cell, widths[at]!))
          .join(GAP)
          .trimEnd()}\n`,
      );
    waiting = [];
  };
  return {
    add(cells) {
      waiting.push(cells);
      if (waiting.length === AT_ONCE) flush();
    },
    end: flush,
  };
}

/** All of a list that is at hand. */
export function writeRows(terminal: Pick<Terminal, 'out'>, lines: readonly (readonly string[])[]): void {
  const rows = rowsOn(terminal);
  for (const cells of lines) rows.add(cells);
  rows.end();
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - lengthOf(cell)));
}

/** Characters, not units of UTF-16. */
function lengthOf(cell: string): number {
  return [...cell].length;
}

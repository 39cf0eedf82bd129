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

/**
 * @param head What the columns are called. Only a person is told, and that there are none: scripts read lines of what there is.
 */
export function rowsOn(terminal: Pick<Terminal, 'out' | 'err' | 'isOutputTerminal'>, head: readonly string[]): Rows {
  const widths: number[] = [];
  let waiting: (readonly string[])[] = terminal.isOutputTerminal ? [head.map((name) => name.toUpperCase())] : [];
  let count = 0;
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
      count += 1;
      waiting.push(cells);
      if (waiting.length === AT_ONCE) flush();
    },
    end() {
      if (count > 0) flush();
      else if (terminal.isOutputTerminal) terminal.err('none\n');
    },
  };
}

/** All of a list that is at hand. */
export function writeRows(
  terminal: Parameters<typeof rowsOn>[0],
  head: readonly string[],
  lines: readonly (readonly string[])[],
): void {
  const rows = rowsOn(terminal, head);
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

import type { Measured } from './measure.ts';

/** Gathers one cell per operation and size, and prints the table they make. */
export class Table {
  readonly #columns: string[] = [];
  readonly #rows = new Map<string, Map<string, string>>();

  /** Cells from here on are of this size. */
  begin(column: string): void {
    this.#columns.push(column);
  }

  /** Shown on the way as well, since a whole run takes minutes. */
  cell(row: string, text: string): void {
    const column = this.#columns.at(-1) ?? '';
    const cells = this.#rows.get(row) ?? new Map<string, string>();
    cells.set(column, text);
    this.#rows.set(row, cells);
    console.error(`${column}: ${row}: ${text}`);
  }

  /** @param per Events over which the CPU is shared out; null where that says nothing. */
  measured(row: string, { wall, cpu }: Measured, per: number | null): void {
    const each = per === null ? '' : ` (${((cpu * 1000) / per).toFixed(1)} µs)`;
    this.cell(row, `${digits(wall)} / ${digits(cpu)}${each}`);
  }

  print(): void {
    const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
    line(['wall ms / server CPU ms (CPU per event)', ...this.#columns]);
    line(['---', ...this.#columns.map(() => '---:')]);
    for (const [row, cells] of this.#rows) line([row, ...this.#columns.map((column) => cells.get(column) ?? '')]);
  }
}

export function digits(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0);
}

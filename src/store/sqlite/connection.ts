import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { unavailable } from '../refusals.ts';
import { translateError } from './errors.ts';

/** A result row, column by column. Arrays are decoded a third faster than objects. */
export type Row = SQLOutputValue[];

export interface StoreStats {
  /** Rows stepped from item, presence and item_content, by any statement: what a request costs. */
  rowsRead: number;
}

interface Prepared {
  readonly statement: StatementSync;
  readonly isCounted: boolean;
}

const COUNTED = /\b(?:item|presence|item_content)\b/;

/** One SQLite connection whose statements are prepared once and reused. */
export class Connection {
  readonly #db: DatabaseSync;
  readonly #stats: StoreStats;
  readonly #prepared = new Map<string, Prepared>();

  constructor(db: DatabaseSync, stats: StoreStats = { rowsRead: 0 }) {
    this.#db = db;
    this.#stats = stats;
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    const { statement, isCounted } = this.#prepare(sql);
    try {
      // setReturnArrays makes rows arrays, which the declared type of all() does not know.
      const rows = statement.all(...values) as unknown as Row[];
      if (isCounted) this.#stats.rowsRead += rows.length;
      return rows;
    } catch (error) {
      throw translateError(error);
    }
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.all(sql, ...values)[0];
  }

  /** Returns the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    const { statement } = this.#prepare(sql);
    try {
      return Number(statement.run(...values).changes);
    } catch (error) {
      throw translateError(error);
    }
  }

  exec(sql: string): void {
    try {
      this.#open().exec(sql);
    } catch (error) {
      throw translateError(error);
    }
  }

  get isInTransaction(): boolean {
    return this.#db.isOpen && this.#db.isTransaction;
  }

  /** Every statement prepared so far, for tests that look at query plans. */
  statements(): readonly string[] {
    return [...this.#prepared.keys()];
  }

  close(): void {
    this.#prepared.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #open(): DatabaseSync {
    if (!this.#db.isOpen) throw unavailable('The store is closed.');
    return this.#db;
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const db = this.#open();
    try {
      const prepared = { statement: db.prepare(sql), isCounted: COUNTED.test(sql) };
      prepared.statement.setReturnArrays(true);
      this.#prepared.set(sql, prepared);
      return prepared;
    } catch (error) {
      throw translateError(error);
    }
  }
}

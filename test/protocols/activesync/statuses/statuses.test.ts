import { ALL_ROWS } from './rows/all.ts';
import { testRows } from './table.ts';

for (const table of ALL_ROWS) testRows(table);

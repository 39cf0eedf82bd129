import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EAS_COMMANDS } from '../../../../protocols/activesync/commands/registry.ts';
import { COMMON_HTTP } from '../../../../protocols/activesync/common-status.ts';
import { ALL_ROWS } from './rows/all.ts';
import { isReached, type Row, type StatusTable } from './table.ts';

const SHARED = new URL('../../../../../shared/eas/status-codes.json', import.meta.url);
const needsShared = existsSync(SHARED) ? {} : { skip: '../shared/eas/status-codes.json is missing' };
const DOCUMENT = new URL('../../../../docs/protocols/activesync.md', import.meta.url);
/** Of version 16.0 and later from here on. */
const LAST_COMMON = 177;
/** In the list, and not served: 137, which is a row of its own. */
const NOT_SERVED = ['Find', 'ValidateCert'];
/** No command of this protocol’s requests. */
const ELSEWHERE = ['Autodiscover'];

interface Listed {
  readonly common: readonly {
    readonly code: number;
    readonly httpBefore14?: number;
    readonly httpBefore14Suggested?: number;
  }[];
  readonly commands: Readonly<Record<string, readonly Value[] | Readonly<Record<string, unknown>>>>;
}
interface Value {
  readonly value: number;
}

const listed = (): Listed => JSON.parse(readFileSync(SHARED, 'utf8')) as Listed;
const tableOf = (name: string): StatusTable | undefined => ALL_ROWS.find((table) => table.name === name);
const valuesIn = (name: string): number[] => [...new Set(tableOf(name)?.rows.map(({ value }) => value))].sort(byNumber);
const byNumber = (a: number, b: number): number => a - b;
const isNever = (row: Row): row is Extract<Row, { never: string }> => 'never' in row;

/** Names of our tables with the values that the list has for them. */
function expected({ common, commands }: Listed): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [command, statuses] of Object.entries(commands)) {
    if (NOT_SERVED.includes(command) || ELSEWHERE.includes(command)) continue;
    if (Array.isArray(statuses)) {
      found.set(
        command,
        (statuses as readonly Value[]).map(({ value }) => value),
      );
      continue;
    }
    for (const [part, values] of Object.entries(statuses as Readonly<Record<string, unknown>>)) {
      if (!Array.isArray(values)) continue;
      // The mail commands list common ones.
      const isTypical = part === 'typical';
      const numbers = isTypical ? (values as number[]) : (values as Value[]).map(({ value }) => value);
      found.set(
        isTypical ? command : `${command}/${part}`,
        numbers.filter((value) => !isTypical || value <= LAST_COMMON),
      );
    }
  }
  found.set(
    'common',
    common.map(({ code }) => code).filter((code) => code <= LAST_COMMON),
  );
  return found;
}

test('every status of the list has a row here, and every row is of a status of the list', needsShared, () => {
  const wanted = expected(listed());
  assert.deepEqual([...wanted.keys()].sort(), ALL_ROWS.map(({ name }) => name).sort());
  for (const [name, values] of wanted) assert.deepEqual(valuesIn(name), [...new Set(values)].sort(byNumber), name);
});

test('what is not in the tables is not served', () => {
  for (const name of NOT_SERVED) assert.ok(![...EAS_COMMANDS.keys()].some((command) => command === name), name);
});

test('every common status has the HTTP status of the list in 12.1', needsShared, () => {
  const reached = ALL_ROWS.flatMap(({ rows }) => rows.filter(isReached)).filter((row) => row.value > 100);
  for (const { code, httpBefore14, httpBefore14Suggested } of listed().common) {
    const http = httpBefore14 ?? httpBefore14Suggested;
    const own = Object.entries(COMMON_HTTP).find(([status]) => Number(status) === code)?.[1];
    if (http !== undefined && own !== undefined) assert.equal(own, http, `${code}`);
    for (const row of reached.filter(({ value }) => value === code)) {
      const said = row.http ?? row.httpIn12;
      if (http !== undefined && said !== undefined) assert.equal(said, http, `${code} ${row.at}`);
    }
  }
});

test('a common status that is shown elsewhere is there', () => {
  for (const row of tableOf('common')!.rows) {
    if ('seeIn' in row) assert.ok(valuesIn(row.seeIn).includes(row.value), `${row.value} in ${row.seeIn}`);
  }
});

test('no status is both reached and impossible', () => {
  for (const { name, rows } of ALL_ROWS) {
    const impossible = rows.filter(isNever).map(({ value }) => value);
    for (const { value } of rows.filter(isReached)) assert.ok(!impossible.includes(value), `${name} ${value}`);
  }
});

test('docs/protocols/activesync.md has the reason of every status that does not occur, and no other', () => {
  const section = readFileSync(DOCUMENT, 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith('Statuses that do not occur'));
  assert.ok(section !== undefined, 'the section is missing');
  const documented = [...section.matchAll(/^\| ([^|]+) \| ([\d, ]+) \| ([^|]+) \|$/gm)].flatMap(
    ([, name, values, why]) => values!.split(', ').map((value) => `${name} ${value}: ${why}`),
  );
  const reasons = ALL_ROWS.flatMap(({ name, rows }) =>
    rows.filter(isNever).map(({ value, never }) => `${name} ${value}: ${never}`),
  );
  assert.deepEqual(documented.sort(), reasons.sort());
});

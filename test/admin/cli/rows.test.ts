import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOn, writeRows } from '../../../src/admin/cli/rows.ts';

test('columns of a list stand below each other, by characters, without blanks at the end of a line', () => {
  const out: string[] = [];
  writeRows({ out: (text) => out.push(text) }, [
    ['ann@example.org', 'phone', 'in use'],
    ['b@example.org', '😀', ''],
  ]);
  assert.deepEqual(out, ['ann@example.org  phone  in use\n', 'b@example.org    😀\n']);
});

test('a long list is shown while it is read, and a column never becomes narrower', () => {
  const out: string[] = [];
  const rows = rowsOn({ out: (text) => out.push(text) });
  for (let number = 0; number < 500; number += 1) rows.add([number === 7 ? 'wide' : 'x', 'y']);
  assert.equal(out.length, 500);
  rows.add(['x', 'y']);
  assert.equal(out.length, 500);
  rows.end();
  assert.deepEqual([out[0], out.at(-1), out.length], ['x     y\n', 'x     y\n', 501]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOn, writeRows } from '../../../src/admin/cli/rows.ts';

const HEAD = ['user', 'device', 'state'];

function terminal(isOutputTerminal: boolean) {
  const [out, err]: [string[], string[]] = [[], []];
  const write = { out: (text: string) => out.push(text), err: (text: string) => err.push(text) };
  return { out, err, on: { ...write, isOutputTerminal } };
}

test('columns of a list stand below each other, by characters, without blanks at the end of a line', () => {
  const { out, on } = terminal(false);
  writeRows(on, HEAD, [
    ['ann@example.org', 'phone', 'in use'],
    ['b@example.org', '😀', ''],
  ]);
  assert.deepEqual(out, ['ann@example.org  phone  in use\n', 'b@example.org    😀\n']);
});

test('a long list is shown while it is read, and a column never becomes narrower', () => {
  const { out, on } = terminal(false);
  const rows = rowsOn(on, ['a', 'b']);
  for (let number = 0; number < 500; number += 1) rows.add([number === 7 ? 'wide' : 'x', 'y']);
  assert.equal(out.length, 500);
  rows.add(['x', 'y']);
  assert.equal(out.length, 500);
  rows.end();
  assert.deepEqual([out[0], out.at(-1), out.length], ['x     y\n', 'x     y\n', 501]);
});

test('a person is told what the columns are called, and that there are none; a script reads lines of what there is', () => {
  const cells = ['ann@example.org', 'phone', 'in use'];
  const person = terminal(true);
  writeRows(person.on, HEAD, [cells]);
  assert.deepEqual(person.out, ['USER             DEVICE  STATE\n', 'ann@example.org  phone   in use\n']);
  const empty = terminal(true);
  writeRows(empty.on, HEAD, []);
  assert.deepEqual([empty.out, empty.err], [[], ['none\n']]);
  const script = terminal(false);
  writeRows(script.on, HEAD, []);
  assert.deepEqual([script.out, script.err], [[], []]);
});

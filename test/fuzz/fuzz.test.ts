import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FuzzFailure, type FuzzTarget, fuzz } from './fuzz.ts';
import { FUZZ_TARGETS } from './targets.ts';

const count = Number(process.env.TEST_FUZZ ?? 2000);
const seed = Number(process.env.TEST_FUZZ_SEED ?? 20260101);

/** The long suite runs one target a process. */
const only = process.env.TEST_FUZZ_TARGET;

for (const target of FUZZ_TARGETS.filter(({ name }) => only === undefined || name === only)) {
  test(`${target.name} keeps its promises over ${count} mutated inputs (seed ${seed})`, () => {
    fuzz(target, { seed, count });
  });
}

test('the fuzzer tells seed and input of a failure, and finds it again', () => {
  const target: FuzzTarget = {
    name: 'broken',
    seeds: () => [Buffer.from('harmless')],
    run(input) {
      if (input.includes(0x21)) throw new RangeError('an exclamation mark');
    },
  };
  const failure = (): string => {
    try {
      fuzz(target, { seed: 5, count: 50_000 });
    } catch (error) {
      assert.ok(error instanceof FuzzFailure);
      assert.ok(error.cause instanceof RangeError);
      return error.message;
    }
    assert.fail('found nothing');
  };
  const message = failure();
  assert.match(message, /^broken: RangeError: an exclamation mark \(seed 5, input \d+, \d+ bytes\)\n(?:..)*21/);
  assert.equal(failure(), message);
});

test('the same seed gives the same inputs, of 64 KiB at most', () => {
  const inputs = (): string[] => {
    const seen: string[] = [];
    const run = (input: Uint8Array): void => {
      assert.ok(input.length <= 65_536);
      seen.push(Buffer.from(input).toString('base64'));
    };
    fuzz({ name: 'recorder', seeds: () => [Buffer.from('BEGIN:A\r\nEND:A\r\n')], run }, { seed: 3, count: 200 });
    return seen;
  };
  assert.deepEqual(inputs(), inputs());
});

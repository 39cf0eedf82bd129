import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MinuteRates } from '../../src/observe/metrics/minute-rates.ts';

const MINUTE_MS = 60_000;

test('what happened is counted in its minute, the present one last, for an hour', () => {
  let now = 12_345;
  const rates = new MinuteRates(() => now);
  rates.add();
  rates.add();
  assert.deepEqual(rates.values.slice(-2), [0, 2]);
  assert.equal(rates.values.length, 60);
  now = 3 * MINUTE_MS;
  rates.add();
  assert.deepEqual(rates.values.slice(-4), [2, 0, 0, 1]);
  assert.equal(rates.sinceMinuteMs, 0);
  now = 59 * MINUTE_MS + 1;
  assert.equal(rates.values[0], 2);
  assert.equal(rates.sinceMinuteMs, 1);
  now += 0.75;
  assert.equal(rates.sinceMinuteMs, 1, 'a whole number, as openapi/admin.yaml says of times');
  now = 60 * MINUTE_MS;
  assert.equal(rates.values[0], 0);
  assert.equal(rates.values[2], 1);
  now = 5_000 * MINUTE_MS;
  assert.deepEqual(new Set(rates.values), new Set([0]));
});

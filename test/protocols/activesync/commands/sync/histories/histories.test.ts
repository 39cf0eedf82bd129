import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHistory } from './run-history.ts';

const COUNT = Number(process.env.TEST_EAS_HISTORIES ?? 200);
const FIRST_SEED = Number(process.env.TEST_SEED ?? 1);

test(`${COUNT} random histories of phones over the wire: each phone ends with its view of the store`, async (t) => {
  t.diagnostic(`seeds ${FIRST_SEED} to ${FIRST_SEED + COUNT - 1} (TEST_SEED, TEST_EAS_HISTORIES)`);
  for (let seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed += 1) {
    try {
      await runHistory(seed);
    } catch (error) {
      assert.fail(`history with seed ${seed}: ${error instanceof Error ? error.stack : error}`);
    }
  }
});

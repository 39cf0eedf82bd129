import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disagreement } from './disagreement.ts';
import { MUTATIONS } from './mutations.ts';
import { historyOf, mergingHistoryOf } from './operations.ts';
import { playHistories } from './play.ts';
import { runHistory } from './run-history.ts';

const COUNT = Number(process.env.TEST_SYNC_HISTORIES ?? 300);
const FIRST_SEED = Number(process.env.TEST_SEED ?? 1);
test(`${COUNT} random histories of phones: each ends equal to its view of the store`, async (t) => {
  t.diagnostic(`seeds ${FIRST_SEED} to ${FIRST_SEED + COUNT - 1} (TEST_SEED, TEST_SYNC_HISTORIES)`);
  t.diagnostic(JSON.stringify(await playHistories(FIRST_SEED, COUNT)));
});

for (const { name, rules, within, isOfMerging } of MUTATIONS) {
  const history = isOfMerging === true ? mergingHistoryOf : historyOf;
  test(`the histories notice when ${name}`, async (t) => {
    for (let seed = 1; seed <= within; seed += 1) {
      try {
        await runHistory(history(seed), 'memory', rules);
      } catch (error) {
        assert.ok(error instanceof Disagreement, `it failed for another reason: ${error}`);
        t.diagnostic(`history ${seed}: ${error.message}`);
        return;
      }
    }
    assert.fail(`${within} histories did not notice`);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedOf } from '../support/random.ts';
import { type Mutation, openHistoryGateway } from './gateway.ts';
import { runHistory } from './history.ts';
import { silentAboutPruning, stampedOutsideTransaction, withoutTombstones } from './mutations.ts';

const COUNT = Number(process.env.TEST_HISTORIES ?? 120);
const FIRST_SEED = seedOf(1);

test(`${COUNT} random histories of two DAV clients: both end equal to the store`, async (t) => {
  t.diagnostic(`seeds ${FIRST_SEED} to ${FIRST_SEED + COUNT - 1} (TEST_SEED, TEST_HISTORIES)`);
  let steps = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
    const adapter = seed % 2 === 0 ? 'memory' : 'sqlite';
    try {
      steps += await runHistory(seed, () => openHistoryGateway(adapter));
    } catch (error) {
      assert.fail(`history with seed ${seed} over ${adapter}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  t.diagnostic(`${steps} steps`);
});

const MUTATIONS: readonly (readonly [name: string, mutation: Mutation])[] = [
  ['a store without tombstones', withoutTombstones],
  ['a store that stamps outside its transaction', stampedOutsideTransaction],
  ['a store that is silent about pruning', silentAboutPruning],
];

for (const [name, mutation] of MUTATIONS) {
  test(`the histories find ${name}`, async (t) => {
    for (let seed = 1; seed <= 50; seed++) {
      try {
        await runHistory(seed, () => openHistoryGateway('memory', mutation));
      } catch (error) {
        assert.ok(error instanceof assert.AssertionError, `it failed for another reason: ${error}`);
        t.diagnostic(`found with seed ${seed}: ${error.message.split('\n')[0]}`);
        return;
      }
    }
    assert.fail('50 histories did not notice');
  });
}

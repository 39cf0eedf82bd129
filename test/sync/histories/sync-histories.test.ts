import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counts } from './device.ts';
import { Disagreement } from './disagreement.ts';
import { MUTATIONS } from './mutations.ts';
import { historyOf } from './operations.ts';
import { runHistory } from './run-history.ts';

const COUNT = Number(process.env.TEST_SYNC_HISTORIES ?? 300);
const FIRST_SEED = Number(process.env.TEST_SEED ?? 1);
/** Every so many histories run over SQLite, whose commits wait for the disk; at most so many in all. */
const SQLITE_EVERY = 50;
const SQLITE_MOST = 100;

test(`${COUNT} random histories of phones: each ends equal to its view of the store`, async (t) => {
  t.diagnostic(`seeds ${FIRST_SEED} to ${FIRST_SEED + COUNT - 1} (TEST_SEED, TEST_SYNC_HISTORIES)`);
  const total: Counts = {
    ...{ syncs: 0, lost: 0, unknownDeletes: 0, redundantChanges: 0, vainPings: 0, commands: 0 },
  };
  let onDisk = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed += 1) {
    const adapter = seed % SQLITE_EVERY === 0 && onDisk < SQLITE_MOST ? 'sqlite' : 'memory';
    onDisk += Number(adapter === 'sqlite');
    try {
      const counts = await runHistory(historyOf(seed), adapter);
      for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
    } catch (error) {
      assert.fail(`history with seed ${seed} over ${adapter}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  t.diagnostic(JSON.stringify(total));
  const share = total.unknownDeletes / total.syncs;
  assert.ok(share < 0.02, `${(100 * share).toFixed(1)} Deletes of unknown items per 100 Syncs`);
  assert.ok(total.commands > 10 * COUNT, 'the histories hardly synchronise anything');
});

for (const { name, rules, within } of MUTATIONS) {
  test(`the histories notice when ${name}`, async (t) => {
    for (let seed = 1; seed <= within; seed += 1) {
      try {
        await runHistory(historyOf(seed), 'memory', rules);
      } catch (error) {
        assert.ok(error instanceof Disagreement, `it failed for another reason: ${error}`);
        t.diagnostic(`history ${seed}: ${error.message}`);
        return;
      }
    }
    assert.fail(`${within} histories did not notice`);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_WATCH } from '../../../src/config/watch-settings.ts';
import { NO_QUOTA } from '../../../src/domain/quota.ts';
import { DebugSwitches, debugLines } from '../../../src/observe/debug-switches.ts';
import { createQuotaWatch } from '../../../src/server/watch/quota-watch.ts';
import { ANN, adminBench } from '../../admin/bench.ts';
import { keepingLog } from '../support/start.ts';

const HOUR_MS = 3_600_000;

/** Ann with 10 folders of no items and a quota that says how full that is. */
async function bench() {
  const { administration, stores, clock } = adminBench();
  await administration.userAdd(ANN);
  const { mailboxId } = (await stores.directory.user('ann', 'example.org'))!;
  const logged = keepingLog();
  const switches = new DebugSwitches();
  switches.set(['quota']);
  const told: string[] = [];
  const answer = { outcome: 'delivered' as 'delivered' | 'too-soon', fails: false };
  const watch = createQuotaWatch({
    ...{ clock, log: logged.log, debug: debugLines(logged.log, switches), usage: stores.usage },
    directory: stores.directory,
    settings: async () => DEFAULT_WATCH,
    async tell(user, { share }) {
      if (answer.fails) throw new Error('no');
      told.push(`${user.localPart} ${share}`);
      return answer.outcome;
    },
  });
  const fill = (bytes: number | null) => stores.usage.setOwn(mailboxId, { bytes, items: null }, NO_QUOTA);
  return { watch, fill, told, logged, clock, answer };
}

test('only mailboxes at 90 % or more have their owners told', async () => {
  const { watch, fill, told, logged } = await bench();
  await watch.look();
  await fill(10);
  await watch.look();
  assert.deepEqual(told, []);
  await fill(0);
  await watch.look();
  assert.deepEqual(told, ['ann 1000']);
  const [line] = logged.find('the owner is to be warned');
  assert.deepEqual([line?.category, line?.share, line?.outcome], ['quota', 1, 'delivered']);
});

test('whoever was told is asked about again after a day, and after an hour when that was before a restart', async () => {
  const { watch, fill, told, clock, answer } = await bench();
  await fill(0);
  await watch.look();
  clock.advance(24 * HOUR_MS - 1);
  await watch.look();
  assert.equal(told.length, 1);
  answer.outcome = 'too-soon';
  clock.advance(1);
  await watch.look();
  clock.advance(HOUR_MS);
  await watch.look();
  assert.equal(told.length, 3);
});

test('one that cannot be told is told of in the log, and tried again', async () => {
  const { watch, fill, told, logged, answer } = await bench();
  await fill(0);
  answer.fails = true;
  await watch.look();
  assert.equal(logged.lines.filter(({ level }) => level === 'error').length, 1);
  answer.fails = false;
  await watch.look();
  assert.deepEqual(told, ['ann 1000']);
});

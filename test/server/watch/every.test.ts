import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '../../../src/server/watch/every.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { keepingLog } from '../support/start.ts';

test('it is done again and again, never twice at a time, and what fails is logged', async () => {
  const clock = fakeClock();
  const logged = keepingLog();
  let runs = 0;
  let go = () => {};
  const gate = () =>
    new Promise<void>((resolve) => {
      go = resolve;
    });
  const task = every(
    10,
    'test',
    async () => {
      runs += 1;
      if (runs === 1) await gate();
      if (runs === 2) throw new Error('broken');
    },
    { clock, log: logged.log },
  );
  clock.advance(10);
  clock.advance(10);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(runs, 1);
  go();
  await task.now();
  assert.equal(runs, 3);
  assert.deepEqual(
    logged.find('a watch failed; it is tried again').map((line) => line.task),
    ['test'],
  );
  await task.stop();
  clock.advance(100);
  await task.now();
  assert.equal(runs, 3);
});

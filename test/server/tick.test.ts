import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDaily } from '../../src/server/tick/daily.ts';
import { pruneLogTask } from '../../src/server/tick/prune-log.ts';
import type { User } from '../../src/store/directory-store.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { keepingLog } from './support/start.ts';

const DAY = 86_400_000;
const settle = () => new Promise((resolve) => setImmediate(resolve));

function user(id: number): User {
  const empty = { displayName: null, role: null, passwordHash: '', passwordVersion: 1, createdAt: 0 };
  return { id, localPart: `u${id}`, domain: 'd', mailboxId: id, ...empty };
}

function pruning(setting: unknown, broken: number | null = null) {
  const clock = fakeClock();
  const logged = keepingLog();
  const asked: [number, number][] = [];
  const pruned: [number, number][] = [];
  const task = pruneLogTask({
    clock,
    log: logged.log,
    directory: { users: async () => [user(1), user(2), user(3)], setting: async () => setting },
    store: {
      async stampAt(mailboxId, before) {
        asked.push([mailboxId, clock.now() - before]);
        if (mailboxId === broken) throw new Error('locked');
        return mailboxId === 2 ? 0 : mailboxId * 100;
      },
      prune: async (mailboxId, upTo) => pruned.push([mailboxId, upTo]),
    },
  });
  return { task, logged, asked, pruned };
}

test('removals older than 60 days are forgotten, in every mailbox that has some', async () => {
  const { task, asked, pruned, logged } = pruning(null);
  await task.run(() => false);
  assert.deepEqual(asked, [
    [1, 60 * DAY],
    [2, 60 * DAY],
    [3, 60 * DAY],
  ]);
  assert.deepEqual(pruned, [
    [1, 100],
    [3, 300],
  ]);
  assert.equal(logged.find('pruned the change log').length, 1);
});

test('retention.days sets the age; what is no number of days is told and 60 is used', async () => {
  const week = pruning(7);
  await week.task.run(() => false);
  assert.equal(week.asked[0]?.[1], 7 * DAY);
  for (const wrong of [0, -1, 1.5, '7', {}]) {
    const { task, asked, logged } = pruning(wrong);
    await task.run(() => false);
    assert.equal(asked[0]?.[1], 60 * DAY);
    assert.equal(logged.lines[0]?.level, 'warn');
  }
});

test('one mailbox that cannot be pruned does not keep the others from it', async () => {
  const { task, pruned, logged } = pruning(null, 1);
  await task.run(() => false);
  assert.deepEqual(pruned, [[3, 300]]);
  assert.equal(logged.lines.filter(({ level, mailboxId }) => level === 'error' && mailboxId === 1).length, 1);
});

test('pruning ends early when the server stops', async () => {
  const { task, asked } = pruning(null);
  let asks = 0;
  await task.run(() => ++asks > 1);
  assert.equal(asked.length, 1);
});

test('a daily task that fails is logged, the next one runs, and both are tried again the next day', async () => {
  const clock = fakeClock();
  const logged = keepingLog();
  let runs = 0;
  const tasks = [
    { name: 'bad', run: async () => Promise.reject(new Error('broke')) },
    { name: 'good', run: async () => void runs++ },
  ];
  const daily = startDaily(tasks, clock, logged.log);
  clock.advance(60_000);
  await settle();
  clock.advance(DAY);
  await settle();
  assert.equal(runs, 2);
  assert.deepEqual(
    logged.lines.map(({ task }) => task),
    ['bad', 'bad'],
  );
  await daily.stop();
  assert.equal(clock.pending, 0);
});

test('stopping waits for a running task', async () => {
  const clock = fakeClock();
  let finish: () => void = () => {};
  const daily = startDaily(
    [
      {
        name: 'long',
        run: () =>
          new Promise<void>((resolve) => {
            finish = resolve;
          }),
      },
    ],
    clock,
    keepingLog().log,
  );
  clock.advance(60_000);
  await settle();
  let isStopped = false;
  const stopping = daily.stop().then(() => {
    isStopped = true;
  });
  await settle();
  assert.equal(isStopped, false);
  finish();
  await stopping;
});

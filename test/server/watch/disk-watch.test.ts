import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_WATCH, type WatchSettings } from '../../../src/config/watch-settings.ts';
import { createDiskWatch, type DiskTrouble } from '../../../src/server/watch/disk-watch.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { keepingLog } from '../support/start.ts';

/** A disk of 1,000 bytes: soft limit 20 %, hard limit 100 bytes. */
function bench() {
  const clock = fakeClock();
  const logged = keepingLog();
  const told: DiskTrouble[] = [];
  const disk = { soft: { unit: 'percent', free: 20 }, hard: { unit: 'bytes', free: 100 } } as const;
  const state = { freeBytes: 500, settings: { ...DEFAULT_WATCH, disk } as WatchSettings };
  const watch = createDiskWatch({
    ...{ clock, log: logged.log },
    space: async () => ({ freeBytes: state.freeBytes, totalBytes: 1_000 }),
    settings: async () => state.settings,
    tell: async (trouble) => void told.push(trouble),
  });
  const look = async (freeBytes: number, isAnew = false) => {
    state.freeBytes = freeBytes;
    clock.advance(10_000);
    await watch.look(isAnew);
    return watch.status!.state;
  };
  return { watch, look, told, logged, state, clock };
}

test('before the first look nothing is known and everything taken', () => {
  const { watch } = bench();
  assert.deepEqual([watch.status, watch.refusesGrowth], [null, false]);
});

test('a limit is reached below it, and left a tenth above it', async () => {
  const { watch, look } = bench();
  assert.equal(await look(200), 'ok');
  assert.equal(await look(199), 'low');
  assert.equal(await look(219), 'low');
  assert.equal(await look(220), 'ok');
  assert.equal(await look(100), 'low');
  assert.equal(await look(99), 'full');
  assert.equal(watch.refusesGrowth, true);
  assert.equal(await look(109), 'full');
  assert.equal(await look(110), 'low');
  assert.equal(watch.refusesGrowth, false);
  assert.equal(await look(210), 'low');
});

test('each change is one line; each look that finds too little is told, with the limit that is reached', async () => {
  const { look, told, logged } = bench();
  for (const free of [150, 140, 50, 50, 500]) await look(free);
  assert.deepEqual(
    logged.lines.map(({ level, limitBytes }) => [level, limitBytes]),
    [
      ['warn', 200],
      ['error', 100],
      ['info', undefined],
    ],
  );
  assert.deepEqual(
    told.map(({ state, limitBytes }) => `${state} ${limitBytes}`),
    ['low 200', 'low 200', 'full 100', 'full 100'],
  );
});

test('a limit that is changed holds at once, whatever the state before', async () => {
  const { look, state } = bench();
  assert.equal(await look(99), 'full');
  state.settings = { ...state.settings, disk: { soft: null, hard: { unit: 'bytes', free: 98 } } };
  assert.equal(await look(99), 'full');
  assert.equal(await look(99, true), 'ok');
  state.settings = { ...state.settings, disk: { soft: null, hard: null } };
  assert.equal(await look(0), 'ok');
});

test('the status tells since when, and when it was looked at', async () => {
  const { watch, look, clock } = bench();
  await look(150);
  const since = clock.now();
  await look(140);
  assert.deepEqual([watch.status?.since, watch.status?.seenAt], [since, since + 10_000]);
});

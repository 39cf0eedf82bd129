import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DeviceActivity } from '../../src/devices/device-activity.ts';
import { NO_ACTIVITY } from '../../src/store/activity-rules.ts';
import type { DeviceActivityStore, DeviceNews } from '../../src/store/device-activity-store.ts';
import { unavailable } from '../../src/store/refusals.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { activityOver, activityScene, register } from './activity-scene.ts';

const FLUSH_MS = 5_000;

/** The same store, which counts what it is asked, waits where it is told to, and refuses while it is told to. */
function watched(store: DeviceActivityStore) {
  const state = { isRefusing: false, before: async () => {}, batches: [] as number[], reads: 0 };
  const told: DeviceActivityStore = {
    of(mailboxId, deviceId) {
      state.reads += 1;
      return store.of(mailboxId, deviceId);
    },
    async add(news: readonly DeviceNews[]) {
      await state.before();
      if (state.isRefusing) throw unavailable('The disk is full.');
      state.batches.push(news.length);
      await store.add(news);
    },
  };
  return { state, store: told };
}

async function watchedScene(mostDevices?: { gathered: number; refused: number }) {
  const lines: string[] = [];
  const say = (_fields: unknown, message: string) => void lines.push(message);
  const scene = await activityScene();
  const { state, store } = watched(scene.stores.deviceActivity);
  const more = { log: { info: say, warn: say }, ...(mostDevices && { mostDevices }) };
  const over = activityOver({ deviceActivity: store }, more);
  const history = (id = 'phone') => over.activity.historyOf(scene.mailboxId, { id, aliases: [id] });
  const texts = async (id?: string) => (await history(id)).errors.map(({ what }) => what);
  return { ...scene, ...over, state, lines, history, texts };
}

function wake(activity: DeviceActivity, mailboxId: number, alias: string): void {
  activity.noteWait(mailboxId, alias, 540)({ kind: 'changed', folders: [1] });
}

async function sqliteWithPhones(t: TestContext, count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-activity-'));
  const random = (length: number) => new Uint8Array(length);
  const stores = openSqliteStores({ path: join(folder, 'store.db'), clock: fakeClock(), random, publish() {} });
  t.after(async () => {
    await stores.close();
    rmSync(folder, { recursive: true });
  });
  const made = Array.from({ length: count }, async (_, at) => {
    const mailboxId = await stores.mailboxes.createMailbox();
    await register(stores, mailboxId, `phone${at}`);
    return mailboxId;
  });
  const boxes = await Promise.all(made);
  return { stores, boxes };
}

test('1,000 wake-ups of as many mailboxes are 5 transactions, and none before their time', async (t) => {
  const { stores, boxes } = await sqliteWithPhones(t, 1_000);
  const { activity, clock } = activityOver(stores);
  const before = stores.writes().commits;
  for (const [at, mailboxId] of boxes.entries()) wake(activity, mailboxId, `phone${at}`);
  clock.advance(FLUSH_MS - 1);
  assert.deepEqual([stores.writes().commits, stores.writes().waiting], [before, 0]);
  clock.advance(1);
  await activity.flush();
  assert.equal(stores.writes().commits - before, 5);
  for (const at of [0, 499, 999]) {
    const { waiting } = await activity.historyOf(boxes[at]!, { id: `phone${at}`, aliases: [`phone${at}`] });
    assert.deepEqual([waiting.state, waiting.wakeUps.length], ['away', 1]);
  }
});

test('a device that woke a thousand times is one row of one transaction', async (t) => {
  const { stores, boxes } = await sqliteWithPhones(t, 1);
  const { activity } = activityOver(stores);
  const before = stores.writes().commits;
  for (let count = 0; count < 1_000; count += 1) wake(activity, boxes[0]!, 'phone0');
  await activity.flush();
  assert.equal(stores.writes().commits - before, 1);
});

test('what a timer wrote down is asked of the store, and nothing is left in memory nor any timer', async () => {
  const { activity, clock, mailboxId, state, texts } = await watchedScene();
  activity.noteError(mailboxId, 'phone', 'wrong');
  assert.equal(clock.pending, 1);
  clock.advance(FLUSH_MS);
  await activity.flush();
  assert.deepEqual([state.batches, clock.pending, state.reads], [[1], 0, 0]);
  assert.deepEqual(await texts(), ['wrong']);
  clock.advance(10 * FLUSH_MS);
  assert.deepEqual([state.batches, clock.pending], [[1], 0]);
});

test('ordinary requests are no news: one success of each device is looked at, then none before its next error', async () => {
  const { activity, mailboxId, state } = await watchedScene();
  const succeed = async () => {
    for (let count = 0; count < 50; count += 1) activity.noteSuccess(mailboxId, 'phone');
    await activity.flush();
  };
  await succeed();
  await succeed();
  assert.deepEqual(state.batches, [1]);
  activity.noteError(mailboxId, 'phone', 'wrong');
  await succeed();
  await succeed();
  assert.deepEqual(state.batches, [1, 1]);
});

test('whoever looks while it is written down sees all of it once, and what came meanwhile', async () => {
  const { activity, mailboxId, state, texts } = await watchedScene();
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  state.before = () => held;
  activity.noteError(mailboxId, 'phone', 'first');
  const flushed = activity.flush();
  activity.noteError(mailboxId, 'phone', 'second');
  const seen = texts();
  goOn();
  assert.deepEqual(await seen, ['second', 'first']);
  await flushed;
  assert.deepEqual(await texts(), ['second', 'first']);
});

test('what comes while the last is written down is written down in its turn', async () => {
  const { activity, clock, mailboxId, state, texts } = await watchedScene();
  state.before = async () => {
    if (state.batches.length === 0) activity.noteError(mailboxId, 'phone', 'second');
  };
  activity.noteError(mailboxId, 'phone', 'first');
  await activity.flush();
  assert.equal(clock.pending, 1);
  clock.advance(FLUSH_MS);
  await activity.flush();
  assert.deepEqual(
    [state.batches, await texts()],
    [
      [1, 1],
      ['second', 'first'],
    ],
  );
});

test('a store that refuses stops nothing and loses nothing: it is said once, tried again, and what came later is kept', async () => {
  const { activity, clock, mailboxId, state, lines, history, texts } = await watchedScene();
  state.isRefusing = true;
  activity.noteError(mailboxId, 'phone', 'before');
  for (let times = 0; times < 3; times += 1) {
    clock.advance(FLUSH_MS);
    await activity.flush();
  }
  activity.noteError(mailboxId, 'phone', 'during');
  wake(activity, mailboxId, 'phone');
  assert.deepEqual(lines, ['errors and wake-ups of devices were not written down; tried again']);
  assert.deepEqual(await texts(), ['during', 'before']);
  state.isRefusing = false;
  clock.advance(FLUSH_MS);
  await activity.flush();
  assert.equal(lines.at(-1), 'errors and wake-ups of devices are written down again');
  activity.noteError(mailboxId, 'phone', 'after');
  clock.advance(FLUSH_MS);
  await activity.flush();
  assert.deepEqual(
    [await texts(), state.batches],
    [
      ['after', 'during', 'before'],
      [1, 1],
    ],
  );
  assert.equal((await history()).waiting.wakeUps.length, 1);
  assert.equal(lines.length, 2);
});

test('while the store refuses, memory is bounded: the news of devices that were quiet longest are lost first', async () => {
  const { activity, mailboxId, stores, state, texts } = await watchedScene({ gathered: 100, refused: 3 });
  for (const id of ['a', 'b', 'c', 'd']) await register(stores, mailboxId, id);
  state.isRefusing = true;
  for (const id of ['a', 'b', 'c']) activity.noteError(mailboxId, id, id);
  await activity.flush();
  activity.noteError(mailboxId, 'a', 'again');
  activity.noteError(mailboxId, 'd', 'd');
  state.isRefusing = false;
  await activity.flush();
  const kept = await Promise.all(['a', 'b', 'c', 'd'].map((id) => texts(id)));
  assert.deepEqual(kept, [['again', 'a'], [], ['c'], ['d']]);
});

test('a success that was lost with them is noted again by the next', async () => {
  const { activity, mailboxId, stores, state, history } = await watchedScene({ gathered: 100, refused: 1 });
  const other = await stores.mailboxes.createMailbox();
  activity.noteError(mailboxId, 'phone', 'wrong');
  await activity.flush();
  state.isRefusing = true;
  activity.noteSuccess(mailboxId, 'phone');
  activity.noteError(other, 'x', 'x');
  state.isRefusing = false;
  assert.equal((await history()).isFailing, true);
  activity.noteSuccess(mailboxId, 'phone');
  assert.equal((await history()).isFailing, false);
});

test('so many devices as may be gathered are not waited with', async () => {
  const { activity, clock, mailboxId, state } = await watchedScene({ gathered: 3, refused: 6 });
  for (const id of ['a', 'b', 'c']) activity.noteError(mailboxId, id, id);
  await activity.flush();
  assert.deepEqual([state.batches, clock.pending], [[3], 0]);
});

test('at the end all of it is written down, also what comes meanwhile; what cannot be is told to be lost', async () => {
  const { activity, clock, mailboxId, state, texts } = await watchedScene();
  activity.noteError(mailboxId, 'phone', 'first');
  const flushed = activity.flush();
  wake(activity, mailboxId, 'phone');
  activity.noteError(mailboxId, 'phone', 'second');
  await activity.close();
  await flushed;
  assert.deepEqual([await texts(), state.batches, clock.pending], [['second', 'first'], [1, 1], 0]);

  const other = await watchedScene();
  other.state.isRefusing = true;
  other.activity.noteError(mailboxId, 'phone', 'lost');
  await other.activity.close();
  assert.equal(other.lines.at(-1), 'the last errors and wake-ups of devices are lost');
  assert.equal(other.clock.pending, 0);
});

test('after a start, that 1,000 devices which never failed go well again writes nothing', async (t) => {
  const { stores, boxes } = await sqliteWithPhones(t, 1_000);
  const { activity } = activityOver(stores);
  for (const [at, mailboxId] of boxes.entries()) activity.noteSuccess(mailboxId, `phone${at}`);
  await activity.flush();
  for (const at of [0, 999]) assert.deepEqual(await stores.deviceActivity.of(boxes[at]!, `phone${at}`), NO_ACTIVITY);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChangeBus } from '../../src/push/change-bus.ts';
import { MERGE_MS, park } from '../../src/push/waiters.ts';
import type { CommittedChange } from '../../src/store/mailbox-store.ts';
import { fakeClock } from '../support/fake-clock.ts';

function change(folderId: number, by: number | null = null, mailboxId = 1): CommittedChange {
  return { mailboxId, folderId, stamp: 1, origin: { kind: 'client', by } };
}

function setUp(options: { folders?: ReadonlySet<number> | null; tellsOthers?: boolean } = {}) {
  const clock = fakeClock();
  const errors: unknown[] = [];
  const bus = createChangeBus((error) => errors.push(error));
  const woken: number[][] = [];
  let timeouts = 0;
  const end = park(bus, clock, {
    mailboxId: 1,
    folders: options.folders ?? null,
    tellsOthers: options.tellsOthers ?? false,
    timeoutMs: 60_000,
    onWake: (folders) => woken.push([...folders]),
    onTimeout: () => timeouts++,
  });
  return { clock, bus, woken, end, errors, timeouts: () => timeouts };
}

test('the first change wakes at once', () => {
  const { bus, woken } = setUp();
  bus.publish(change(7));
  assert.deepEqual(woken, [[7]]);
});

test('repeats within the merge time are one wake-up that names every folder', () => {
  const { bus, clock, woken } = setUp();
  bus.publish(change(7));
  bus.publish(change(8));
  bus.publish(change(9));
  bus.publish(change(8));
  assert.deepEqual(woken, [[7]]);
  clock.advance(MERGE_MS);
  assert.deepEqual(woken, [[7], [8, 9]]);
});

test('a clock that is set back does not keep a waiting client from its news', () => {
  const { bus, clock, woken } = setUp();
  bus.publish(change(7));
  clock.turnBack(3_600_000);
  bus.publish(change(8));
  clock.advance(MERGE_MS);
  assert.deepEqual(woken, [[7], [8]]);
});

test('after a quiet time the next change wakes at once again', () => {
  const { bus, clock, woken } = setUp();
  bus.publish(change(7));
  clock.advance(MERGE_MS + 1);
  bus.publish(change(7));
  assert.deepEqual(woken, [[7], [7]]);
});

test('other folders and other mailboxes do not wake', () => {
  const { bus, woken, clock } = setUp({ folders: new Set([7]) });
  bus.publish(change(8));
  bus.publish(change(7, null, 2));
  clock.advance(MERGE_MS);
  assert.deepEqual(woken, []);
  bus.publish(change(7, 6));
  assert.deepEqual(woken, [[7]]);
});

test('where other folders matter a little they are told with the next wake-up, after the merge time at the latest', () => {
  const { bus, woken, clock } = setUp({ folders: new Set([7]), tellsOthers: true });
  bus.publish(change(8));
  bus.publish(change(9));
  assert.deepEqual(woken, []);
  clock.advance(MERGE_MS);
  assert.deepEqual(woken, [[8, 9]]);
  bus.publish(change(8));
  bus.publish(change(7));
  assert.deepEqual(woken, [
    [8, 9],
    [8, 7],
  ]);
  clock.advance(MERGE_MS);
  assert.equal(woken.length, 2, 'nothing is left to tell');
});

test('a change of interest does not wait for what was told of others', () => {
  const { bus, woken, clock } = setUp({ folders: new Set([7]), tellsOthers: true });
  bus.publish(change(8));
  clock.advance(MERGE_MS);
  bus.publish(change(7));
  assert.deepEqual(woken, [[8], [7]]);
  bus.publish(change(7));
  bus.publish(change(8));
  clock.advance(MERGE_MS);
  assert.deepEqual(woken, [[8], [7], [7, 8]]);
});

test('what is still to be told when the time is up is told before', () => {
  const { bus, woken, clock, timeouts } = setUp();
  clock.advance(60_000 - MERGE_MS / 2);
  bus.publish(change(7));
  bus.publish(change(8));
  clock.advance(MERGE_MS);
  assert.deepEqual(woken, [[7], [8]]);
  assert.equal(timeouts(), 1);
  assert.equal(clock.pending, 0);
});

test('a wait that times out is over and leaves no listener or timer', () => {
  const { bus, clock, timeouts } = setUp();
  clock.advance(60_000);
  assert.equal(timeouts(), 1);
  assert.equal(bus.listenerCount, 0);
  assert.equal(clock.pending, 0);
});

test('an ended wait is never called again, even with a merged wake-up outstanding', () => {
  const { bus, clock, woken, end, timeouts } = setUp();
  bus.publish(change(7));
  bus.publish(change(8));
  end();
  clock.advance(120_000);
  assert.deepEqual(woken, [[7]]);
  assert.equal(timeouts(), 0);
  assert.equal(bus.listenerCount, 0);
  assert.equal(clock.pending, 0);
});

test('a listener that throws does not keep the change from the others', () => {
  const { bus, woken, errors } = setUp();
  bus.subscribe(1, () => {
    throw new Error('broken listener');
  });
  bus.publish(change(7));
  assert.equal(woken.length, 1);
  assert.equal(errors.length, 1);
});

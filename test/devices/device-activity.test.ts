import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptHistory } from '../../src/devices/device-activity.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { activityOver, activityScene, register } from './activity-scene.ts';

const HEX = '70686f6e65';

test('the last twenty errors of a device are kept, newest first, under any spelling of its id, written down or not', async () => {
  const { activity, clock, stores, mailboxId, history } = await activityScene();
  const other = await stores.mailboxes.createMailbox();
  const others = await register(stores, other, 'phone');
  for (let number = 0; number < 25; number += 1) {
    activity.noteError(mailboxId, number % 20 < 10 ? 'phone' : HEX, `error ${number}`);
    clock.advance(1);
    if (number % 10 === 9) await activity.flush();
  }
  activity.noteError(other, 'phone', 'not hers');
  const { errors } = await history();
  assert.deepEqual(
    errors.map(({ what }) => what),
    Array.from({ length: 20 }, (_, number) => `error ${24 - number}`),
  );
  assert.equal(errors[0]!.at, 1_024);
  assert.deepEqual((await activity.historyOf(other, others)).errors.length, 1);
  await activity.flush();
  assert.deepEqual((await keptHistory(stores.deviceActivity, mailboxId, { id: 'phone' })).errors, errors);
});

test('a device fails until a request of it goes well, however it spells its id; what went wrong stays readable', async () => {
  for (const isWritten of [false, true]) {
    const { activity, clock, mailboxId, history } = await activityScene();
    const step = async () => {
      if (isWritten) await activity.flush();
      clock.advance(1);
      return (await history()).isFailing;
    };
    activity.noteSuccess(mailboxId, 'phone');
    assert.equal(await step(), false);
    activity.noteError(mailboxId, 'phone', 'first');
    assert.equal(await step(), true);
    activity.noteSuccess(mailboxId, 'phone');
    assert.deepEqual([await step(), (await history()).errors.length], [false, 1]);
    activity.noteSuccess(mailboxId, HEX);
    activity.noteError(mailboxId, 'phone', 'second');
    assert.equal(await step(), true);
    activity.noteError(mailboxId, HEX, 'third');
    assert.equal(await step(), true);
    activity.noteSuccess(mailboxId, HEX);
    assert.equal(await step(), false);
    activity.noteError(mailboxId, 'phone', 'fourth');
    assert.equal(await step(), true);
    activity.noteSuccess(mailboxId, HEX);
    assert.equal(await step(), false, 'known to be good before under this spelling');
    assert.deepEqual(
      (await history()).errors.map(({ what }) => what),
      ['fourth', 'third', 'second', 'first'],
    );
  }
});

test('an error or a success of the same millisecond is judged by its order', async () => {
  const { activity, mailboxId, history } = await activityScene();
  activity.noteSuccess(mailboxId, 'phone');
  await activity.flush();
  activity.noteError(mailboxId, 'phone', 'first');
  assert.equal((await history()).isFailing, true);
  await activity.flush();
  activity.noteSuccess(mailboxId, 'phone');
  assert.equal((await history()).isFailing, false);
  activity.noteError(mailboxId, 'phone', 'second');
  assert.equal((await history()).isFailing, true);
});

test('a clock that was set back hides no error', async () => {
  const { activity, clock, mailboxId, history } = await activityScene();
  for (let number = 0; number < 20; number += 1) activity.noteError(mailboxId, 'phone', `early ${number}`);
  await activity.flush();
  clock.turnBack(500);
  activity.noteError(mailboxId, 'phone', 'late');
  await activity.flush();
  assert.ok((await history()).errors.some(({ what }) => what === 'late'));
  activity.noteSuccess(mailboxId, 'phone');
  assert.equal((await history()).isFailing, false);
});

test('words of clients are cut', async () => {
  const { activity, mailboxId, history } = await activityScene();
  activity.noteError(mailboxId, 'phone', 'x'.repeat(9_999));
  assert.equal((await history()).errors[0]!.what.length, 201);
});

test('a device waits as long as one of its requests does, and why each ended is kept', async () => {
  for (const isWritten of [false, true]) {
    const { activity, clock, mailboxId, history } = await activityScene();
    const waiting = async () => {
      if (isWritten) await activity.flush();
      return (await history()).waiting;
    };
    assert.deepEqual(await waiting(), { state: 'never', since: null, heartbeatSeconds: null, wakeUps: [] });
    const first = activity.noteWait(mailboxId, 'phone', 480);
    clock.advance(5);
    const second = activity.noteWait(mailboxId, 'phone', 600);
    clock.advance(5);
    first({ kind: 'newer' });
    const wakeUps = [{ at: 1_010, why: { kind: 'newer' } }];
    assert.deepEqual(await waiting(), { state: 'waiting', since: 1_005, heartbeatSeconds: 600, wakeUps });
    clock.advance(5);
    second({ kind: 'changed', folders: [7] });
    const after = [{ at: 1_015, why: { kind: 'changed', folders: [7] } }, ...wakeUps];
    assert.deepEqual(await waiting(), { state: 'away', since: 1_015, heartbeatSeconds: 600, wakeUps: after });
    for (let number = 0; number < 30; number += 1) activity.noteWait(mailboxId, HEX, 60)({ kind: 'left' });
    const { heartbeatSeconds, wakeUps: last } = await waiting();
    assert.deepEqual([heartbeatSeconds, last.length], [60, 20]);
  }
});

test('another process over the same store tells errors, wake-ups and whether the device fails', async () => {
  const { activity, stores, mailboxId, device, history } = await activityScene();
  activity.noteError(mailboxId, 'phone', 'wrong');
  activity.noteWait(mailboxId, 'phone', 480)({ kind: 'stopping' });
  const before = await history();
  await activity.close();
  const later = activityOver(stores);
  assert.deepEqual(await later.activity.historyOf(mailboxId, device), before);
  later.activity.noteSuccess(mailboxId, 'phone');
  assert.deepEqual(await later.activity.historyOf(mailboxId, device), { ...before, isFailing: false });
});

test('of a device that was removed nothing is told, also when it comes again', async () => {
  const { activity, stores, mailboxId, device, history } = await activityScene();
  activity.noteError(mailboxId, 'phone', 'kept');
  await activity.flush();
  activity.noteError(mailboxId, HEX, 'not written down yet');
  await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.removeDevice('phone'));
  activity.forget(mailboxId, device.aliases);
  await register(stores, mailboxId, 'phone', HEX);
  assert.deepEqual((await history()).errors, []);
});

test('when a device last looked at a folder is known, also when nothing was there', async () => {
  const { activity, clock } = await activityScene();
  assert.equal(activity.syncedAt(1, 'phone', 7), null);
  activity.noteSync(1, 'phone', 7);
  clock.advance(5);
  activity.noteSync(1, 'phone', 7);
  activity.noteSync(2, 'phone', 8);
  assert.deepEqual([activity.syncedAt(1, 'phone', 7), activity.syncedAt(1, 'phone', 8)], [1_005, null]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeviceActivity, errorOf, wentWell } from '../../src/devices/device-activity.ts';
import { fakeClock } from '../support/fake-clock.ts';

const ANN = 'ann@example.org';

test('the last twenty errors of a device are kept, newest first, under any spelling of its id', () => {
  const clock = fakeClock(1_000);
  const activity = createDeviceActivity(clock);
  for (let number = 0; number < 25; number += 1) {
    activity.noteError(ANN, number % 2 === 0 ? 'phone' : '70686f6e65', `error ${number}`);
    clock.advance(1);
  }
  activity.noteError('bob@example.org', 'phone', 'not hers');
  const errors = activity.errorsOf(ANN, ['phone', '70686f6e65']);
  assert.deepEqual([errors.length, errors[0], errors[19]!.what], [20, { at: 1_024, what: 'error 24' }, 'error 5']);
  activity.forget(ANN, ['phone', '70686f6e65']);
  assert.deepEqual(activity.errorsOf(ANN, ['phone', '70686f6e65']), []);
});

test('a device fails until a request of it goes well, however it spells its id; what went wrong stays readable', () => {
  const clock = fakeClock(1_000);
  const activity = createDeviceActivity(clock);
  const both = ['phone', '70686f6e65'];
  const isFailing = () => activity.isFailing(ANN, both);
  activity.noteSuccess(ANN, 'phone');
  assert.equal(isFailing(), false);
  activity.noteError(ANN, 'phone', 'first');
  assert.deepEqual([isFailing(), activity.isFailing('bob@example.org', both)], [true, false]);
  activity.noteSuccess(ANN, 'phone');
  assert.deepEqual([isFailing(), activity.errorsOf(ANN, both).length], [false, 1]);
  clock.advance(1);
  activity.noteError(ANN, 'phone', 'second');
  activity.noteError(ANN, '70686f6e65', 'third');
  clock.advance(1);
  activity.noteSuccess(ANN, '70686f6e65');
  assert.equal(isFailing(), false);
  clock.advance(1);
  activity.noteError(ANN, 'phone', 'fourth');
  assert.equal(isFailing(), true);
  assert.deepEqual(
    activity.errorsOf(ANN, both).map(({ what }) => what),
    ['fourth', 'second', 'third', 'first'],
  );
});

test('words of clients are cut, and of many devices those that were quiet longest are forgotten', () => {
  const activity = createDeviceActivity(fakeClock(), { errors: 2, wakeUps: 2 });
  activity.noteError(ANN, 'a', 'x'.repeat(9_999));
  assert.equal(activity.errorsOf(ANN, ['a'])[0]!.what.length, 201);
  activity.noteError(ANN, 'b', 'x');
  activity.noteError(ANN, 'a', 'x');
  activity.noteError(ANN, 'c', 'x');
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => activity.errorsOf(ANN, [id]).length),
    [2, 0, 1],
  );
});

test('a device waits as long as one of its requests does, and why each ended is kept', () => {
  const clock = fakeClock(1_000);
  const activity = createDeviceActivity(clock);
  const nothing = { state: 'never', since: null, heartbeatSeconds: null, wakeUps: [] };
  assert.deepEqual(activity.waitingOf(ANN, ['phone']), nothing);
  const first = activity.noteWait(ANN, 'phone', 480);
  clock.advance(5);
  const second = activity.noteWait(ANN, 'phone', 600);
  clock.advance(5);
  first({ kind: 'newer' });
  const wakeUps = [{ at: 1_010, why: { kind: 'newer' } }];
  const waiting = { state: 'waiting', since: 1_005, heartbeatSeconds: 600, wakeUps };
  assert.deepEqual(activity.waitingOf(ANN, ['70', 'phone']), waiting);
  clock.advance(5);
  second({ kind: 'changed', folders: [7] });
  const after = [{ at: 1_015, why: { kind: 'changed', folders: [7] } }, ...wakeUps];
  assert.deepEqual(activity.waitingOf(ANN, ['phone']), {
    ...{ state: 'away', since: 1_015, heartbeatSeconds: 600, wakeUps: after },
  });
  for (let number = 0; number < 30; number += 1) activity.noteWait(ANN, 'phone', 60)({ kind: 'left' });
  assert.equal(activity.waitingOf(ANN, ['phone']).wakeUps.length, 20);
});

test('an error is what was refused, or answered so; asking on the way whether something is there is none', () => {
  const request = (status: number | null, fields: Record<string, unknown> = {}) =>
    errorOf({ method: 'PUT', status, fields });
  assert.equal(request(200), null);
  assert.equal(request(null), null);
  for (const status of [401, 404, 412]) assert.equal(request(status), null);
  assert.equal(request(507), 'PUT, HTTP 507');
  assert.equal(request(403, { refused: 'blocked' }), 'PUT, HTTP 403: blocked');
  assert.equal(
    request(200, { command: 'Sync', commonStatus: 143, refused: 'out of date' }),
    'Sync, status 143: out of date',
  );
  assert.equal(request(200, { command: 'Sync', statuses: [3, 8] }), 'Sync, status 3, 8');
});

test('a request went well that was answered as it was asked: not one without an answer, or whose answer says no', () => {
  const isGood = (status: number | null, fields = {}) => wentWell({ method: 'POST', status, fields });
  assert.deepEqual([isGood(200), isGood(304)], [true, true]);
  for (const status of [null, 401, 404, 507]) assert.equal(isGood(status), false, String(status));
  assert.equal(isGood(200, { refused: 'blocked' }), false);
});

test('when a device last looked at a folder is known, also when nothing was there', () => {
  const clock = fakeClock(1_000);
  const activity = createDeviceActivity(clock);
  assert.equal(activity.syncedAt(1, 'phone', 7), null);
  activity.noteSync(1, 'phone', 7);
  clock.advance(5);
  activity.noteSync(1, 'phone', 7);
  activity.noteSync(2, 'phone', 8);
  assert.deepEqual([activity.syncedAt(1, 'phone', 7), activity.syncedAt(1, 'phone', 8)], [1_005, null]);
});

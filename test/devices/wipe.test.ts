import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  beginWipe,
  cancelWipe,
  checkForgettable,
  clearWipe,
  consentToWipe,
  isWiped,
  silentAfter,
  toldOfWipe,
  wipeAnswered,
  wipeSent,
  wipeUnderWay,
} from '../../src/devices/wipe.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { type Device, NO_POLICY, type WipeState } from '../../src/store/device-store.ts';

const DAY = 86_400_000;
const ADMIN = { who: 'admin', why: 'lost', at: 1_000 };
const HOW = { kind: 'full', method: 'full', needsConsent: false } as const;

function device(more: Partial<Device> = {}): Device {
  const facts = { id: 'abc', aliases: ['abc'], shownId: 'ABC', protocol: 'activesync', type: 'T', agent: 'A' };
  const seen = { version: '14.1', information: {}, firstSeenAt: 0, lastSeenAt: 0, remoteAddress: '192.0.2.1' };
  return { ...facts, ...seen, policy: { ...NO_POLICY, key: 7 }, ...more };
}

const refused = (words: RegExp) => (error: unknown) =>
  error instanceof GatewayError && error.code === 'wipe-refused' && words.test(error.message);
const state = ({ wipe }: Device): WipeState | undefined => wipe?.state;
const answer = (isDone: boolean) => ({ isDone, at: 5_000, remoteAddress: '192.0.2.9' });

const begun = beginWipe(device(), ADMIN, HOW);
const sent = wipeSent(begun, 2_000, 'full');
const done = wipeAnswered(sent, answer(true));
const failed = wipeAnswered(sent, answer(false));
const silent = silentAfter(sent, 2_000 + 7 * DAY, 7);
const waiting = beginWipe(device(), ADMIN, { ...HOW, needsConsent: true });

test('a wipe goes from pending over sent to acknowledged, with who, why, when and from where', () => {
  assert.deepEqual([begun, sent, done].map(state), ['pending', 'sent', 'acknowledged']);
  assert.deepEqual(done.wipe, {
    ...{ state: 'acknowledged', kind: 'full', method: 'full', by: 'admin', why: 'lost', at: 1_000, consentBy: null },
    ...{ toldAt: 2_000, sentAt: 2_000, endedAt: 5_000, endedBy: null, endedWhy: null, remoteAddress: '192.0.2.9' },
  });
  assert.ok(isWiped(done));
  assert.equal(wipeUnderWay(done), null);
});

test('what a device says of a wipe that it was never sent counts for nothing', () => {
  assert.equal(wipeAnswered(begun, answer(true)), begun);
  assert.equal(wipeAnswered(done, answer(false)), done);
  assert.equal(wipeAnswered(device(), answer(true)).wipe, undefined);
});

test('a wipe that failed is under way still, and is sent and acknowledged once more', () => {
  assert.equal(state(failed), 'failed');
  assert.notEqual(wipeUnderWay(failed), null);
  const again = wipeSent(failed, 6_000, 'full');
  assert.deepEqual([state(again), again.wipe?.sentAt], ['sent', 2_000]);
  assert.equal(state(wipeAnswered(again, answer(true))), 'acknowledged');
});

test('a wipe on which nothing moves for the days that are set is silent, and is carried out all the same', () => {
  assert.equal(silentAfter(begun, 1_000 + 7 * DAY - 1, 7), begun);
  assert.equal(state(silentAfter(begun, 1_000 + 7 * DAY, 7)), 'silent');
  assert.equal(state(silent), 'silent');
  assert.equal(silentAfter(silent, 100 * DAY, 7), silent);
  for (const other of [waiting, failed, done]) assert.equal(silentAfter(other, 100 * DAY, 7), other);
  assert.notEqual(wipeUnderWay(silent), null);
  assert.equal(state(wipeAnswered(wipeSent(silent, 9 * DAY, 'full'), answer(true))), 'acknowledged');
});

test('a wipe can be cancelled until it was sent, by whom and why is kept', () => {
  const word = { who: 'help', why: 'found', at: 3_000 };
  for (const open of [begun, waiting, silentAfter(begun, 9 * DAY, 7), toldOfWipe(begun, 1_500)]) {
    const { wipe } = cancelWipe(open, word);
    assert.deepEqual(
      [wipe?.state, wipe?.endedBy, wipe?.endedWhy, wipe?.endedAt],
      ['cancelled', 'help', 'found', 3_000],
    );
  }
  for (const over of [sent, failed, silent]) assert.throws(() => cancelWipe(over, word), refused(/was sent/));
  for (const none of [device(), done])
    assert.throws(() => cancelWipe(none, word), refused(/no wipe of it is under way/));
  assert.throws(() => cancelWipe(begun, { ...word, why: ' ' }), refused(/reason is missing/));
});

test('one wipe at a time; one that was cancelled goes into the history when the next begins', () => {
  for (const one of [begun, waiting, sent, failed, silent]) {
    assert.throws(() => beginWipe(one, ADMIN, HOW), refused(/has a wipe already/));
  }
  assert.throws(() => beginWipe(done, ADMIN, HOW), refused(/clear that first/));
  assert.throws(() => beginWipe(device(), { ...ADMIN, why: '' }, HOW), refused(/reason is missing/));
  const again = beginWipe(cancelWipe(begun, ADMIN), { ...ADMIN, why: 'again' }, HOW);
  assert.equal(state(again), 'pending');
  assert.deepEqual(
    again.wipeHistory?.map(({ state: was }) => was),
    ['cancelled'],
  );
});

test('the second person is another one, and until then the device goes on', () => {
  assert.equal(state(waiting), 'waiting-for-consent');
  assert.equal(wipeUnderWay(waiting), null);
  assert.throws(() => consentToWipe(waiting, { who: 'admin' }), refused(/admin asked for it, so somebody else/));
  const consented = consentToWipe(waiting, { who: 'other' });
  assert.deepEqual([state(consented), consented.wipe?.by, consented.wipe?.consentBy], ['pending', 'admin', 'other']);
  assert.throws(() => consentToWipe(consented, { who: 'third' }), refused(/no wipe of it waits/));
});

test('a device is let in again after it was wiped, failed, or never answered what it was sent, and not before', () => {
  for (const over of [done, failed, silent]) {
    const cleared = clearWipe(over, { who: 'help', why: 'set up again', at: 9_000 });
    assert.equal(cleared.wipe, undefined);
    assert.equal(cleared.wipeHistory?.at(-1)?.endedBy, 'help');
  }
  assert.throws(() => clearWipe(sent, ADMIN), refused(/may still answer/));
  assert.throws(() => clearWipe(begun, ADMIN), refused(/cancel it instead/));
  assert.throws(() => clearWipe(device(), ADMIN), refused(/no wipe of it to clear/));
});

test('only a device that never asked for a policy is emptied instead, ten minutes after it was told', () => {
  const minute = 60_000;
  const deaf = beginWipe(device({ policy: NO_POLICY }), ADMIN, HOW);
  const told = toldOfWipe(deaf, 2_000);
  assert.equal(told.wipe?.toldAt, 2_000);
  assert.equal(toldOfWipe(told, 2_000 + 10 * minute - 1), told);
  assert.equal(toldOfWipe(told, 2_000 + 10 * minute).wipe?.method, 'drain');
  const knows = toldOfWipe(begun, 2_000);
  assert.equal(toldOfWipe(knows, 2_000 + 100 * minute), knows);
  const account = toldOfWipe(
    beginWipe(device({ policy: NO_POLICY }), ADMIN, { ...HOW, kind: 'account', method: 'account' }),
    0,
  );
  assert.equal(toldOfWipe(account, 100 * minute), account);
});

test('a device is not forgotten while that would forget its wipe', () => {
  for (const one of [waiting, begun, sent, failed, silent, done]) {
    assert.throws(() => checkForgettable(one), refused(/ABC/));
  }
  for (const one of [device(), cancelWipe(begun, ADMIN)]) checkForgettable(one);
});

test('the history holds the last twenty', () => {
  let one = device();
  for (let n = 0; n < 25; n += 1) one = cancelWipe(beginWipe(one, { ...ADMIN, at: n }, HOW), ADMIN);
  assert.deepEqual([one.wipeHistory?.length, one.wipeHistory?.at(-1)?.at], [20, 23]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '../../../protocols/webdav/turns.ts';
import { ClientGone } from '../../../protocols/webdav/xml/multistatus.ts';

test('a turn is over after 10 ms of computing, also by a clock that was set back', async () => {
  let now = 1_000_000;
  const turns = new Turns({ now: () => now }, () => false);
  now += 9;
  assert.equal(turns.isOver, false);
  now += 1;
  assert.equal(turns.isOver, true);
  await turns.give();
  assert.equal(turns.isOver, false);
  now -= 3_600_000;
  assert.equal(turns.isOver, true);
});

test('giving a turn lets what waits go first', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('other'));
  await new Turns({ now: () => 0 }, () => false).give();
  order.push('own');
  assert.deepEqual(order, ['other', 'own']);
});

test('nothing is computed on for a client that went away', async () => {
  await assert.rejects(new Turns({ now: () => 0 }, () => true).give(), ClientGone);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOWEST_KEY } from '../../src/domain/edge.ts';
import { LOSER_DAYS } from '../../src/sync/caps.ts';
import { estimateChanges } from '../../src/sync/estimate-changes.ts';
import { expireLosers } from '../../src/sync/expire-losers.ts';
import { clearQuarantine, listQuarantine, retryQuarantine } from '../../src/sync/quarantine.ts';
import { changeOf, openEngine, said } from './engine-fixture.ts';

test('an administrator sees what is in quarantine, and has it tried again', async (t) => {
  const { sync, create, prime, world, folderId, ping } = await openEngine(t);
  const key = await prime();
  const [first, second] = [await create('one'), await create('two')];
  for (const id of [first, second]) world.translator.unrenderable.add(id);
  assert.equal(await ping(), false);
  const target = { mailboxId: world.mailboxId, folderId, device: 'phone' };
  const listed = () => listQuarantine(world.read, world.mailboxId);
  assert.deepEqual(await listed(), [
    { ...target, itemId: first, isHeld: false, reason: 'refused' },
    { ...target, itemId: second, isHeld: false, reason: 'refused' },
  ]);
  world.translator.unrenderable.delete(first);
  assert.equal(await retryQuarantine(world.services.store, target), 2);
  assert.equal(await ping(), true);
  assert.deepEqual(said(await sync(key)), [`+${first} one`]);
  assert.deepEqual(await listed(), [{ ...target, itemId: second, isHeld: false, reason: 'refused' }]);
  assert.equal(await retryQuarantine(world.services.store, target, first), 0);
  assert.deepEqual(await listQuarantine(world.read, world.mailboxId, 'tablet'), []);
});

test('an item that was cleared stays away, whatever the retry stamp, until it changes', async (t) => {
  const { sync, create, edit, prime, world, folderId, ping } = await openEngine(t);
  const key = await prime();
  const id = await create('poison');
  world.translator.unrenderable.add(id);
  assert.equal(await ping(), false);
  const target = { mailboxId: world.mailboxId, folderId, device: 'phone' };
  assert.equal(await clearQuarantine(world.services.store, target, id), 1);
  assert.deepEqual(await listQuarantine(world.read, world.mailboxId), []);
  world.translator.unrenderable.delete(id);
  assert.deepEqual(said(await sync(key, { retryStamp: 5 })), []);
  await edit(id, 'mended');
  assert.deepEqual(said(await sync(key)), [`+${id} mended`]);
});

test('an estimate counts what waits behind a key and moves nothing', async (t) => {
  const { create, prime, edit, sync, world, folderId } = await openEngine(t);
  const old = await create('old');
  const key = await prime();
  await edit(old, 'new');
  for (let n = 0; n < 9; n += 1) await create(`s${n}`);
  const query = { mailboxId: world.mailboxId, folderId, device: 'phone', retryStamp: 0, wantedKeyOf: () => LOWEST_KEY };
  const estimate = (from: string, most = 512) =>
    estimateChanges(world.services, { ...query, key: from }, () => true, most);
  assert.deepEqual([await estimate(key), await estimate(key, 4), await estimate('x')], [10, 4, null]);
  const answer = await sync(key, { windowSize: 3 });
  assert.deepEqual([said(answer).length, await estimate(answer.key), await estimate(key)], [3, 7, 10]);
});

test('losing versions go after their days', async (t) => {
  const { create, prime, edit, sync, world, folderId } = await openEngine(t);
  const id = await create('old');
  const key = await prime();
  await edit(id, 'theirs');
  await sync(key, { commands: [changeOf(folderId, id, 'd0.1', 'old')] });
  world.clock.advance((LOSER_DAYS - 1) * 86_400_000);
  assert.equal(await expireLosers(world.services, world.mailboxId), 0);
  world.clock.advance(2 * 86_400_000);
  assert.equal(await expireLosers(world.services, world.mailboxId), 1);
  assert.deepEqual(await world.read.conflictLosers(), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resync } from '../../src/sync/resync.ts';
import { addOf, openEngine, said } from './engine-fixture.ts';

test('a device that is to read anew is told so by a Ping, begins at key 0 and gets everything once', async (t) => {
  const { create, folderId, ping, prime, send, sync, world } = await openEngine(t);
  const id = await create('one');
  const key = await prime();
  assert.equal(await ping(), false);
  const { random, store } = world.services;
  assert.equal(await resync(store, random, world.mailboxId, ({ device }) => device === 'phone'), 1);
  assert.equal(await ping(), true);
  assert.equal((await send(key)).kind, 'lost');
  const begun = await sync('0');
  assert.deepEqual(said(await sync(begun.key)), [`+${id} one`]);
  const last = await sync(begun.key);
  assert.ok((await sync(last.key)).isEmpty);
  assert.equal(await ping(), false);
  assert.equal((await world.read.partnerships()).filter((one) => one.folderId === folderId).length, 1);
});

test('what a device did without hearing the answer is not done twice after it was to read anew', async (t) => {
  const { create, folderId, prime, sync, world } = await openEngine(t);
  await create('one');
  const key = await prime();
  const commands = [addOf(folderId, 'c', 'd0.1')];
  const [done] = (await sync(key, { commands })).outcomes;
  await resync(world.services.store, world.services.random, world.mailboxId, () => true);
  const begun = await prime();
  const [again] = (await sync(begun, { commands })).outcomes;
  assert.equal(again?.itemId, done?.itemId);
  assert.equal((await world.items(folderId)).length, 2);
});

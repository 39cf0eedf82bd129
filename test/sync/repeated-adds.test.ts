import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { addOf, openEngine, said } from './engine-fixture.ts';
import { shownOf } from './histories/text-translator.ts';
import { textOf } from './histories/world.ts';

/** A device whose Add was done and whose answer was lost. */
async function lost(t: TestContext) {
  const engine = await openEngine(t);
  const { world, folderId, prime, sync } = engine;
  const key = await prime();
  const { itemId } = (await sync(key, { commands: [addOf(folderId, 'c', 'd0.1')] })).outcomes[0]!;
  const stored = async () => {
    const items = await world.items(folderId);
    return Promise.all(items.map(async (item) => shownOf(item, await textOf(world.read, item.id))));
  };
  return { ...engine, key, id: itemId!, stored };
}

test('an Add that comes again with something else leaves nothing of what it said before', async (t) => {
  const { key, id, sync, folderId, stored } = await lost(t);
  const answer = await sync(key, { commands: [addOf(folderId, 'c', 'd0.2', { isMark: true })] });
  assert.deepEqual([answer.outcomes[0]?.itemId, said(answer)], [id, []]);
  assert.deepEqual(await stored(), [{ text: '', mark: 'd0.2', isRead: false }]);
  assert.ok((await sync(answer.key)).isEmpty);
});

test('what another wrote of the item meanwhile is a conflict, not replaced', async (t) => {
  const { key, id, sync, edit, folderId, world } = await lost(t);
  await edit(id, 'theirs');
  const answer = await sync(key, { commands: [addOf(folderId, 'c', 'd0.2')] });
  assert.deepEqual([answer.outcomes[0]?.itemId, said(answer)], [id, []]);
  assert.deepEqual(said(await sync(answer.key)), [`=${id} theirs`]);
  assert.equal((await world.read.conflictLosers()).length, 1);
});

test('an Add that comes again and is refused then is told what its first form made', async (t) => {
  const { key, id, sync, folderId, stored } = await lost(t);
  const answer = await sync(key, { commands: [addOf(folderId, 'c', 'd0.2', { isInvalid: true })] });
  const { status, itemId } = answer.outcomes[0]!;
  assert.deepEqual([status, itemId, said(answer)], ['refused', null, [`+${id} d0.1`]]);
  assert.ok((await sync(answer.key)).isEmpty);
  assert.deepEqual(await stored(), [{ text: 'd0.1', mark: '', isRead: false }]);
});

test('an Add carried over a new start that is refused then leaves the device with the item it was told', async (t) => {
  const { id, prime, sync, edit, folderId } = await lost(t);
  const again = await prime();
  const answer = await sync(again, { commands: [addOf(folderId, 'c', 'd0.2', { isInvalid: true })] });
  assert.deepEqual([answer.outcomes[0]?.status, said(answer), answer.hasMore], ['refused', [], false]);
  await edit(id, 'theirs');
  assert.deepEqual(said(await sync(answer.key)), [`=${id} theirs`]);
});

test('an Add carried over a new start, refused before the device was told of its item, comes as new', async (t) => {
  const { id, sync, folderId } = await lost(t);
  const { key } = await sync('0');
  const answer = await sync(key, { commands: [addOf(folderId, 'c', 'd0.2', { isInvalid: true })] });
  assert.deepEqual([answer.outcomes[0]?.status, said(answer), answer.hasMore], ['refused', [`+${id} d0.1`], false]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConflictRule } from '../../src/sync/request.ts';
import { changeOf, deleteOf, openEngine, said } from './engine-fixture.ts';
import { textOf } from './histories/world.ts';

/** An item that the server edits behind the device's back; then the device's command about it. */
async function conflict(t: Parameters<typeof openEngine>[0], rule: ConflictRule, deviceText: string | null) {
  const engine = await openEngine(t);
  const { create, edit, prime, sync, world, folderId } = engine;
  const id = await create('old');
  const key = await prime();
  await edit(id, 'theirs');
  const command = deviceText === null ? deleteOf(folderId, id) : changeOf(folderId, id, deviceText, 'old');
  const answer = await sync(key, { commands: [command], conflictRule: rule });
  const losers = (await world.read.conflictLosers()).map(({ side, content }) => `${side}: ${Buffer.from(content)}`);
  return { ...engine, id, key, command, answer, losers, status: answer.outcomes[0]?.status };
}

test('server wins: the device gets the server’s version, its own is kept', async (t) => {
  const { status, answer, losers } = await conflict(t, 'server-wins', 'd0.1');
  assert.deepEqual([status, said(answer), losers], ['conflict', ['=1 theirs'], ['client: d0.1']]);
});

test('client wins: the outcome comes back to the device, the server’s version is kept', async (t) => {
  const { status, answer, losers } = await conflict(t, 'client-wins', 'd0.1');
  assert.deepEqual([status, said(answer), losers], ['done', ['=1 d0.1*'], ['server: theirs']]);
});

test('keep both: the device’s version becomes a second item', async (t) => {
  const { status, answer, losers } = await conflict(t, 'keep-both', 'd0.1');
  assert.deepEqual([status, said(answer), losers], ['conflict', ['=1 theirs', '+2 d0.1 (copy)'], ['client: d0.1']]);
});

test('merge: both edits where they touch different things, else the server wins', async (t) => {
  const merged = await conflict(t, 'merge', 'd0.11');
  assert.deepEqual([merged.status, said(merged.answer)], ['done', ['=1 d0.11*']]);
  const clash = await conflict(t, 'merge', 'd0.1');
  assert.deepEqual([clash.status, said(clash.answer), clash.losers], ['conflict', ['=1 theirs'], ['client: d0.1']]);
});

test('a conflict is settled once, however often the request comes', async (t) => {
  for (const rule of ['server-wins', 'client-wins', 'keep-both', 'merge'] as const) {
    const { sync, key, command, answer, world, folderId } = await conflict(t, rule, 'd0.1');
    const repeat = await sync(key, { commands: [command], conflictRule: rule });
    assert.deepEqual([repeat.outcomes, said(repeat)], [answer.outcomes, said(answer)], rule);
    assert.equal((await world.items(folderId)).length, rule === 'keep-both' ? 2 : 1, rule);
    assert.equal((await world.read.conflictLosers()).length, 1, rule);
  }
});

test('an edit outlives a Delete by a device that had not seen it: the device gets the item back', async (t) => {
  const { status, answer, id, sync, key, command } = await conflict(t, 'server-wins', null);
  assert.deepEqual([status, said(answer)], ['conflict', [`+${id} theirs`]]);
  const repeat = await sync(key, { commands: [command] });
  assert.deepEqual([repeat.outcomes[0]?.status, said(repeat)], ['conflict', [`+${id} theirs`]]);
  const dropped = await sync(key, { windowSize: 5 });
  assert.deepEqual([said(dropped), dropped.hasMore], [[`-${id}`], true]);
  assert.deepEqual(said(await sync(dropped.key)), [`+${id} theirs`]);
});

test('a Delete after a merged edit in one request is no second conflict', async (t) => {
  const { create, edit, prime, sync, world, folderId } = await openEngine(t);
  const id = await create('old');
  const key = await prime();
  await edit(id, 'theirs');
  const commands = [changeOf(folderId, id, 'd0.11', 'old'), deleteOf(folderId, id)];
  const answer = await sync(key, { commands, conflictRule: 'merge' });
  assert.deepEqual([answer.outcomes.map(({ status }) => status), said(answer)], [['done', 'done'], []]);
  assert.equal(await world.read.item(id), null);
});

test('where the client wins its Delete stands, and the server’s version is kept', async (t) => {
  const { status, answer, losers, world, id } = await conflict(t, 'client-wins', null);
  assert.deepEqual([status, said(answer), losers], ['done', [], ['server: theirs']]);
  assert.equal(await world.read.item(id), null);
});

test('an edit of the revision that the device holds is no conflict, and is not echoed', async (t) => {
  const { create, prime, sync, world, folderId } = await openEngine(t);
  const id = await create('old');
  const key = await prime();
  const first = await sync(key, { commands: [changeOf(folderId, id, 'd0.1', 'old')] });
  const second = await sync(first.key, { commands: [changeOf(folderId, id, 'd0.2', 'd0.1')] });
  assert.deepEqual([first.outcomes[0]?.status, second.outcomes[0]?.status], ['done', 'done']);
  assert.deepEqual([said(first), said(second)], [[], []]);
  assert.equal((await sync(second.key)).isEmpty, true);
  assert.equal(await textOf(world.read, id), 'd0.2');
  assert.deepEqual(await world.read.conflictLosers(), []);
});

test('a device that adds after a new start what it added before is told the item, with what became of it', async (t) => {
  const { sync, prime, edit, world, folderId } = await openEngine(t);
  const key = await prime();
  const add = { kind: 'add', clientId: 'c', hash: 'd0.1', data: changeData(folderId, 'd0.1') } as const;
  const id = (await sync(key, { commands: [add] })).outcomes[0]!.itemId!;
  await edit(id, 'theirs');
  const again = await prime();
  const answer = await sync(again, { commands: [add] });
  assert.deepEqual([answer.outcomes[0]?.itemId, said(answer), answer.hasMore], [id, [], true]);
  assert.deepEqual(said(await sync(answer.key)), [`=${id} theirs`]);
  assert.equal((await world.items(folderId)).length, 1);
});

test('an item that one request deletes and names as the outcome of a carried Add is deleted on the device too', async (t) => {
  const { sync, prime, world, folderId } = await openEngine(t);
  const add = { kind: 'add', clientId: 'c', hash: 'd0.1', data: changeData(folderId, 'd0.1') } as const;
  const id = (await sync(await prime(), { commands: [add] })).outcomes[0]!.itemId!;
  const again = await prime();
  const answer = await sync(again, { commands: [add, deleteOf(folderId, id)] });
  assert.deepEqual([answer.outcomes.map(({ itemId }) => itemId), said(answer), answer.hasMore], [[id, id], [], true]);
  const next = await sync(answer.key);
  assert.deepEqual([said(next), next.hasMore], [[`-${id}`], false]);
  assert.equal(await world.read.item(id), null);
});

test('an item that a request names as the outcome of a carried Add is held, though its Delete of it does not stand', async (t) => {
  const { sync, prime, edit, folderId } = await openEngine(t);
  const add = { kind: 'add', clientId: 'c', hash: 'd0.1', data: changeData(folderId, 'd0.1') } as const;
  const id = (await sync(await prime(), { commands: [add] })).outcomes[0]!.itemId!;
  await edit(id, 'theirs');
  const answer = await sync(await prime(), { commands: [add, deleteOf(folderId, id)] });
  assert.deepEqual([answer.outcomes.map(({ status }) => status), said(answer)], [['done', 'conflict'], []]);
  assert.deepEqual(said(await sync(answer.key)), [`=${id} theirs`]);
});

function changeData(folderId: number, text: string) {
  return { folderId, device: 0, text, date: 0, base: null };
}

for (const conflictRule of ['server-wins', 'client-wins'] as const) {
  test(`an item that a request names as the outcome of a carried Add, and deletes, is told as deleted later, ${conflictRule}`, async (t) => {
    const { create, edit, sync, prime, folderId } = await openEngine(t);
    const others = [await create('a'), await create('b')];
    const add = { kind: 'add', clientId: 'c', hash: 'd0.1', data: changeData(folderId, 'd0.1') } as const;
    const id = (await sync(await prime(), { commands: [add] })).outcomes[0]!.itemId!;
    const key = await prime();
    if (conflictRule === 'client-wins') await edit(id, 'theirs');
    for (const other of others) await edit(other, 'edited');
    // The window is full before the row of the removal comes, which the next answer reads.
    const answer = await sync(key, { commands: [add, deleteOf(folderId, id)], conflictRule, windowSize: 1 });
    assert.deepEqual(
      answer.outcomes.map(({ status }) => status),
      ['done', 'done'],
    );
    const told = [...said(answer)];
    for (let next = await sync(answer.key); said(next).length > 0; next = await sync(next.key))
      told.push(...said(next));
    assert.ok(told.includes(`-${id}`), told.join(', '));
  });
}

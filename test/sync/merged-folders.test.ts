import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LOWEST_KEY } from '../../src/domain/edge.ts';
import type { FolderId } from '../../src/domain/folder.ts';
import type { ItemId } from '../../src/domain/item.ts';
import { AnswerCache } from '../../src/sync/answer-cache.ts';
import { hasChanges } from '../../src/sync/has-changes.ts';
import { synchronise } from '../../src/sync/synchronise.ts';
import { mailboxWithFolder, newFolder, newItem } from '../contract/store-under-test.ts';
import { openTemp } from '../store/sqlite/sqlite-fixture.ts';
import { addOf, changeOf, deleteOf, openEngine, said } from './engine-fixture.ts';
import { TextTranslator } from './histories/text-translator.ts';
import { contentOf, type Rendered } from './histories/world.ts';

/** A device that reads both folders of the engine's world as one. */
async function openMerged(t: TestContext) {
  const engine = await openEngine(t);
  const { world, create } = engine;
  const [main, other] = world.folders as [FolderId, FolderId];
  const merged = () => ({ merged: world.folders.slice(1) });
  const inOther = (text: string, date = 0) => create(text, date, other);
  const move = (id: ItemId, to: FolderId) => world.write((tx) => tx.moveItem(id, to, world.nextName()));
  const prime = async (): Promise<string> => {
    let answer = await engine.sync('0', merged());
    while (answer.hasMore) answer = await engine.sync(answer.key, merged());
    return answer.key;
  };
  const sync = (key: string, more: Parameters<typeof engine.sync>[1] = {}) =>
    engine.sync(key, { ...merged(), ...more });
  const ping = () => {
    const target = { mailboxId: world.mailboxId, folderId: main, ...merged(), device: 'phone' };
    const query = { ...target, retryStamp: world.retryStamp, wantedKeyOf: () => LOWEST_KEY };
    return hasChanges(world.services, query, world.translator);
  };
  return { ...engine, main, other, merged, inOther, move, prime, sync, ping };
}

test('the first synchronisation goes through all folders together, the newest first', async (t) => {
  const { create, inOther, sync } = await openMerged(t);
  await create('b', 2);
  await inOther('a', 1);
  await inOther('c', 3);
  let answer = await sync('0');
  const order: string[] = [];
  while (answer.hasMore) {
    answer = await sync(answer.key, { windowSize: 1 });
    order.push(...said(answer).map((word) => word.split(' ')[1]!));
  }
  assert.deepEqual(order, ['c', 'b', 'a']);
});

test('a move between folders that are one is a Change, by way of a third one a Delete and then an Add', async (t) => {
  const { world, create, move, main, other, prime, sync } = await openMerged(t);
  const id = await create('a');
  const key = await prime();
  await move(id, other);
  const moved = await sync(key);
  assert.deepEqual(said(moved), [`=${id} a`]);
  const back = [await sync(moved.key)];
  assert.ok(back[0]!.isEmpty);
  const { id: third } = await world.write((tx) => tx.createFolder(newFolder('elsewhere')));
  await move(id, third);
  await move(id, main);
  const left = await sync(moved.key);
  const entered = await sync(left.key);
  assert.deepEqual([said(left), said(entered)], [[`-${id}`], [`+${id} a`]]);
});

test('moves there and back, edits and a removal in between are one command', async (t) => {
  const { create, edit, move, main, other, prime, sync, ping, world } = await openMerged(t);
  const [id, gone] = [await create('a'), await create('x')];
  const key = await prime();
  await move(id, other);
  await edit(id, 'b');
  await move(id, main);
  await move(gone, other);
  await world.write((tx) => tx.deleteItem(gone));
  assert.ok(await ping());
  const answer = await sync(key);
  assert.deepEqual(said(answer), [`=${id} b`, `-${gone}`]);
  assert.equal(await ping(), false);
});

test('a move within the window of a first synchronisation neither loses nor doubles', async (t) => {
  const { create, inOther, move, main, other, sync } = await openMerged(t);
  const [a, b] = [await create('a', 5), await inOther('b', 4)];
  const start = await sync('0');
  const first = await sync(start.key, { windowSize: 1 });
  assert.deepEqual(said(first), [`+${a} a`]);
  await move(a, other);
  await move(b, main);
  const second = await sync(first.key);
  assert.deepEqual(said(second), [`=${a} a`, `+${b} b`]);
});

test('commands of the device reach the folder where the item lies; new items lie in the first', async (t) => {
  const { world, inOther, main, other, prime, sync } = await openMerged(t);
  const [edited, removed] = [await inOther('a'), await inOther('b')];
  const key = await prime();
  const commands = [changeOf(main, edited, 'd0.1', 'a'), deleteOf(main, removed), addOf(main, 'c', 'd0.2')];
  const { outcomes } = await sync(key, { commands });
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['done', 'done', 'done'],
  );
  assert.deepEqual(
    (await world.items(other)).map(({ id }) => id),
    [edited],
  );
  assert.deepEqual(
    (await world.items(main)).map(({ id }) => id),
    [outcomes[2]!.itemId],
  );
});

test('an edit of an item that somebody moved within the folders meanwhile is a conflict, and keeps what lost', async (t) => {
  const { world, create, edit, move, main, other, prime, sync } = await openMerged(t);
  const id = await create('a');
  const key = await prime();
  await move(id, other);
  await edit(id, 'theirs');
  const answer = await sync(key, { commands: [changeOf(main, id, 'd0.1', 'a')] });
  assert.deepEqual([answer.outcomes[0]!.status, said(answer)], ['conflict', [`=${id} theirs`]]);
  const [loser] = await world.read.conflictLosers();
  assert.deepEqual([loser!.folderId, loser!.itemId], [other, id]);
});

test('what cannot be shown waits in quarantine wherever it lies, and moves with it', async (t) => {
  const { world, inOther, move, main, prime, sync } = await openMerged(t);
  const id = await inOther('a');
  world.translator.unrenderable.add(id);
  const key = await prime();
  await move(id, main);
  const answer = await sync(key);
  assert.deepEqual([said(answer), answer.quarantined], [[], 1]);
  world.translator.unrenderable.clear();
  const retried = await sync(answer.key, { retryStamp: 1 });
  assert.deepEqual(said(retried), [`+${id} a`]);
});

test('a folder that was empty when the device was last answered joins without a new start', async (t) => {
  const { world, create, move, prime, sync, ping } = await openMerged(t);
  const id = await create('a');
  const key = await prime();
  await world.addFolder();
  const added = world.folders.at(-1)!;
  const fresh = await create('new', 0, added);
  await move(id, added);
  assert.ok(await ping());
  assert.deepEqual(said(await sync(key)), [`+${fresh} new`, `=${id} a`]);
});

test('the device begins again when a folder with items joins, or one of them goes', async (t) => {
  const { world, create, main, prime, send, merged, ping } = await openMerged(t);
  const key = await prime();
  await world.addFolder();
  const added = world.folders.at(-1)!;
  await create('new', 0, added);
  // Answered once without it, as by a request that came when the folder was just being made.
  const before = await send(key, { merged: merged().merged.filter((id) => id !== added) });
  assert.ok(before.kind === 'answer');
  await create('more');
  const next = await send(key, { merged: merged().merged.filter((id) => id !== added) });
  assert.ok(next.kind === 'answer');
  assert.ok(await ping());
  assert.equal((await send(next.key, merged())).kind, 'lost');
  const again = await prime();
  await world.removeFolder(added);
  assert.ok(await ping());
  assert.equal((await send(again, merged())).kind, 'lost');
  assert.deepEqual((await world.items(main)).length, 1);
});

test('over three folders an idle check reads no item or log row, and a change costs by the change', async (t) => {
  for (const size of [300, 3_000]) {
    const store = openTemp(t);
    const { mailboxId, folder, write } = await mailboxWithFolder(store);
    const merged = await write(async (tx) => {
      const further = [await tx.createFolder(newFolder('two')), await tx.createFolder(newFolder('three'))];
      for (const { id } of [folder, ...further]) {
        for (let n = 0; n < size; n += 1) await tx.createItem(newItem(id, `n${n}`, 'x', { filterKey: n }));
      }
      return further.map(({ id }) => id);
    });
    const services = {
      ...{ store: store.syncState, clock: store.clock, random: (length: number) => new Uint8Array(length) },
      ...{ answers: new AnswerCache<Rendered>(), onRenderFailure: () => assert.fail('an item could not be rendered') },
    };
    const translator = new TextTranslator(() => 'new');
    const target = { mailboxId, folderId: folder.id, merged, device: 'phone' };
    const asked = { commands: [], options: '', wantedKey: LOWEST_KEY, windowSize: 512, wantsChanges: true } as const;
    const more = { conflictRule: 'server-wins', retryStamp: 0, fingerprint: null } as const;
    const sync = async (key: string) => {
      const outcome = await synchronise(services, { ...target, ...asked, ...more, key }, translator);
      assert.ok(outcome.kind === 'answer');
      return outcome;
    };
    const ping = () => hasChanges(services, { ...target, retryStamp: 0, wantedKeyOf: () => LOWEST_KEY }, translator);
    let answer = await sync('0');
    while (answer.hasMore) answer = await sync(answer.key);
    const rows = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
      const before = store.stores.stats.rowsRead;
      return [await work(), store.stores.stats.rowsRead - before];
    };
    assert.deepEqual(await rows(ping), [false, 0]);
    const [idle, idleRows] = await rows(() => sync(answer.key));
    assert.deepEqual([idle.isEmpty, idleRows], [true, 0]);
    await write((tx) => tx.replaceContent(1, contentOf('y', 1)));
    await write((tx) => tx.moveItem(2, merged[1]!, 'moved'));
    const [changed, changedRows] = await rows(() => sync(answer.key));
    assert.equal(changed.commands.length, 2);
    assert.ok(changedRows <= 22, `${changedRows} rows for an edit and a move`);
  }
});

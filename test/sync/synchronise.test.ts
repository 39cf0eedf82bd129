import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_CARRIED, MAX_JOURNAL, QUARANTINE_ALARM } from '../../src/sync/caps.ts';
import { addOf, changeOf, deleteOf, openEngine, said } from './engine-fixture.ts';

test('a key is at most 64 characters, fresh for every answer, and stays when there is nothing to say', async (t) => {
  const { sync, create } = await openEngine(t);
  const keys = new Set<string>();
  let answer = await sync('0');
  for (let n = 0; n < 20; n += 1) {
    await create(`s${n}`);
    assert.ok(answer.key.length <= 64 && answer.key !== '0' && !keys.has(answer.key));
    keys.add(answer.key);
    answer = await sync(answer.key);
  }
  const idle = await sync(answer.key);
  assert.deepEqual([idle.isEmpty, idle.key, idle.commands], [true, answer.key, []]);
});

test('an unknown key, one before the previous, and one below the pruned log are lost', async (t) => {
  const { send, sync, create, world, prime } = await openEngine(t);
  assert.deepEqual(await send('nothing'), { kind: 'lost' });
  const first = await prime();
  await create('a');
  const second = (await sync(first)).key;
  await create('b');
  const third = (await sync(second)).key;
  assert.deepEqual(await send(first), { kind: 'lost' });
  const gone = await create('c');
  await world.write((tx) => tx.deleteItem(gone));
  await world.mailboxes.prune(world.mailboxId, (await world.read.mailbox()).head);
  assert.deepEqual(await send(third), { kind: 'lost' });
  assert.equal((await sync('0')).hasMore, true);
});

test('a folder that is gone is refused, and its state is gone with it', async (t) => {
  const { send, prime, world, folderId } = await openEngine(t);
  const key = await prime();
  await world.write((tx) => tx.deleteFolder(folderId));
  await assert.rejects(send(key), { code: 'folder-not-found' });
  assert.deepEqual(await world.read.partnerships(), []);
});

test('the newest come first, a window at a time', async (t) => {
  const { sync, create } = await openEngine(t);
  for (const date of [3, 1, 2]) await create(`s${date}`, date);
  const { key } = await sync('0');
  const first = await sync(key, { windowSize: 2 });
  assert.deepEqual([said(first), first.hasMore], [['+1 s3', '+3 s2'], true]);
  const second = await sync(first.key, { windowSize: 2 });
  assert.deepEqual([said(second), second.hasMore], [['+2 s1'], false]);
});

test('a second device that adds twenty items back to back is seen exactly once by the first', async (t) => {
  const { sync, prime, folderId } = await openEngine(t);
  let [first, second] = [await prime('one'), await prime('two')];
  const seen: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    const sent = await sync(second, { commands: [addOf(folderId, `c${n}`, `d0.${n}`)] }, 'two');
    assert.deepEqual([sent.outcomes[0]?.status, said(sent)], ['done', []]);
    second = sent.key;
    const got = await sync(first, {}, 'one');
    seen.push(...said(got));
    first = got.key;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 20 }, (_, n) => `+${n + 1} d0.${n}`),
  );
  assert.equal((await sync(second, {}, 'two')).isEmpty, true);
});

test('what was sent ahead of its row is not sent again', async (t) => {
  const { sync, create, edit, prime } = await openEngine(t);
  const key = await prime();
  const ids = [await create('a'), await create('b'), await create('c')];
  for (const id of ids) await edit(id, `s${id}`);
  let answer = await sync(key, { windowSize: 1 });
  const all = [...said(answer)];
  while (answer.hasMore) {
    answer = await sync(answer.key, { windowSize: 1 });
    all.push(...said(answer));
  }
  assert.deepEqual(all, ['+1 s1', '+2 s2', '+3 s3']);
});

test('what was sent ahead is not sent again for a name or a date that it was given before', async (t) => {
  const { sync, create, edit, prime, world, folderId } = await openEngine(t);
  const key = await prime();
  const [dated, renamed] = [await create('a', 1), await create('b', 1)];
  await edit(dated, 'dated', 2);
  await world.write((tx) => tx.moveItem(renamed, folderId, 'other'));
  await world.write((tx) => tx.setFlags(renamed, { read: true }));
  const first = await sync(key, { windowSize: 2 });
  assert.deepEqual([said(first), first.hasMore], [[`+${dated} dated`, `+${renamed} b`], false]);
  const one = await sync(key, { windowSize: 1 });
  assert.deepEqual(said(one), [`+${dated} dated`]);
  const two = await sync(one.key, { windowSize: 1 });
  assert.deepEqual([said(two), two.hasMore], [[`+${renamed} b`], false]);
  assert.ok((await sync(two.key)).isEmpty);
});

test('an Add whose item left and came back is not put right, but told by the feed', async (t) => {
  const { sync, prime, world, folderId } = await openEngine(t);
  const key = await prime();
  const id = (await sync(key, { commands: [addOf(folderId, 'c', 'd0.1')] })).outcomes[0]!.itemId!;
  await world.write((tx) => tx.moveItem(id, world.folders[1]!, 'x'));
  await world.write((tx) => tx.moveItem(id, folderId, 'x'));
  const repeat = await sync(key, { windowSize: 1 });
  assert.deepEqual([said(repeat), repeat.hasMore], [[`-${id}`], true]);
  assert.deepEqual(said(await sync(repeat.key)), [`+${id} d0.1`]);
});

test('bytes bound an answer like the window, and one item always passes', async (t) => {
  const { sync, create, prime } = await openEngine(t);
  const key = await prime();
  for (const text of ['aaaa', 'bbbb', 'c'.repeat(100), 'd']) await create(text);
  const first = await sync(key, { maxBytes: 9 });
  assert.deepEqual([said(first), first.hasMore], [['+1 aaaa', '+2 bbbb'], true]);
  const second = await sync(first.key, { maxBytes: 9 });
  assert.deepEqual([said(second).length, second.hasMore], [1, true]);
  const third = await sync(second.key, { maxBytes: 9 });
  assert.deepEqual([said(third), third.hasMore], [['+4 d'], false]);
});

test('GetChanges 0 does the commands and leaves the rest for later', async (t) => {
  const { sync, create, prime, folderId } = await openEngine(t);
  const key = await prime();
  await create('s');
  const first = await sync(key, { wantsChanges: false, commands: [addOf(folderId, 'c', 'd0.1')] });
  assert.deepEqual([said(first), first.hasMore, first.outcomes.length], [[], false, 1]);
  assert.deepEqual(said(await sync(first.key)), ['+1 s']);
});

test('a repeat of the same bytes is answered from memory, with the same key', async (t) => {
  const { sync, create, prime } = await openEngine(t);
  const key = await prime();
  await create('a');
  const first = await sync(key, { fingerprint: 'f' });
  assert.equal(await sync(key, { fingerprint: 'f' }), first);
  const other = await sync(key, { fingerprint: 'g' });
  assert.notEqual(other.key, first.key);
  assert.deepEqual(said(other), said(first));
});

test('an item that makes a device repeat itself is found by asking for less, and quarantined alone', async (t) => {
  const { sync, create, prime, edit, ping } = await openEngine(t);
  const key = await prime();
  for (const text of ['a', 'b', 'poison', 'd']) await create(text);
  let from = key;
  let answer = await sync(from);
  let sent = 1;
  const held: string[] = [];
  // The device fails on every answer with the poison in it.
  while (sent < 40) {
    if (!said(answer).includes('+3 poison')) {
      held.push(...said(answer));
      from = answer.key;
      if (!answer.hasMore) break;
    }
    answer = await sync(from);
    sent += 1;
  }
  assert.deepEqual(held.sort(), ['+1 a', '+2 b', '+4 d']);
  assert.equal(answer.quarantined, 1);
  assert.equal(await ping(), false);
  await create('e');
  answer = await sync(from);
  assert.deepEqual([said(answer), answer.hasMore], [['+5 e'], false], 'the folder goes on at full width');
  await edit(3, 'cured');
  assert.deepEqual(said(await sync(answer.key)), ['+3 cured']);
});

test('what cannot be rendered waits in quarantine for a new revision or a new retry stamp', async (t) => {
  const { sync, create, prime, world, ping } = await openEngine(t);
  const key = await prime();
  const id = await create('bad');
  world.translator.unrenderable.add(id);
  assert.equal(await ping(), false);
  await create('good');
  const answer = await sync(key);
  assert.deepEqual([said(answer), answer.quarantined, answer.isQuarantineAlarm], [['+2 good'], 1, false]);
  world.translator.unrenderable.clear();
  assert.equal((await sync(answer.key)).isEmpty, true);
  const retried = await sync(answer.key, { retryStamp: 1 });
  assert.deepEqual([said(retried), retried.quarantined], [['+1 bad'], 0]);
});

test('an item that makes the translator throw is reported and quarantined, and its folder goes on', async (t) => {
  const { sync, create, prime, world } = await openEngine(t);
  const key = await prime();
  await create('bug');
  await create('good');
  const render = world.translator.render.bind(world.translator);
  world.translator.render = async (reader, item, since) => {
    if (item.id === 1) throw new RangeError('a bug');
    return render(reader, item, since);
  };
  const answer = await sync(key);
  assert.deepEqual([said(answer), answer.quarantined, world.failures], [['+2 good'], 1, [1]]);
});

test('too much in quarantine rings the alarm', async (t) => {
  const { sync, create, world } = await openEngine(t);
  for (let n = 0; n <= QUARANTINE_ALARM; n += 1) world.translator.unrenderable.add(await create(`s${n}`));
  const answer = await sync((await sync('0')).key);
  assert.deepEqual([answer.quarantined, answer.isQuarantineAlarm], [QUARANTINE_ALARM + 1, true]);
});

test('more commands under one key than the journal takes are lost, with nothing done', async (t) => {
  const { send, sync, prime, world, folderId } = await openEngine(t);
  const key = await prime();
  const batch = (n: number) => Array.from({ length: 400 }, (_, at) => addOf(folderId, `c${n}.${at}`, `d0.${n}.${at}`));
  await sync(key, { commands: batch(1) });
  await sync(key, { commands: batch(2) });
  assert.ok(800 + 400 > MAX_JOURNAL);
  assert.deepEqual(await send(key, { commands: batch(3) }), { kind: 'lost' });
  assert.equal((await world.items(folderId)).length, 500, 'the first page of 800 items');
  assert.equal((await world.read.mailbox()).itemCount, 800);
});

test('Adds of lost answers are carried over new starts, the youngest of them', async (t) => {
  const { sync, world, folderId } = await openEngine(t);
  for (let n = 0; n < 2; n += 1) {
    const { key } = await sync('0');
    const commands = Array.from({ length: 700 }, (_, at) => addOf(folderId, `c${n}.${at}`, `d0.${n}.${at}`));
    await sync(key, { commands });
  }
  const { key } = await sync('0');
  const carried = await world.read.commands(folderId, 'phone', 'carried');
  assert.deepEqual([carried.length, carried.at(-1)?.name], [MAX_CARRIED, 'add c1.699']);
  const again = await sync(key, { commands: [addOf(folderId, 'c1.5', 'd0.1.5')], windowSize: 1 });
  assert.equal((await world.read.mailbox()).itemCount, 1400);
  assert.equal(again.outcomes[0]?.status, 'done');
});

test('a refused change gives the device back what is there, and nobody else hears of it', async (t) => {
  const { sync, create, prime, folderId, world } = await openEngine(t);
  const id = await create('s');
  const key = await prime();
  const other = await prime('tablet');
  const before = await world.read.item(id);
  const refused = await sync(key, { commands: [changeOf(folderId, id, 'd0.1', 's', { isInvalid: true })] });
  assert.deepEqual([refused.outcomes[0]?.status, refused.outcomes[0]?.error?.code], ['refused', 'content-invalid']);
  assert.deepEqual(said(refused), [`=${id} s`]);
  assert.deepEqual(await world.read.item(id), before);
  assert.ok((await sync(other, {}, 'tablet')).isEmpty);
  assert.ok((await sync(refused.key)).isEmpty);
});

test('an edit that was refused, put right before the item came back, is no conflict', async (t) => {
  const { sync, create, prime, folderId } = await openEngine(t);
  const id = await create('s');
  const key = await prime();
  const marked = await sync(key, { commands: [changeOf(folderId, id, 'd0.1', 's', { isMark: true })] });
  const refused = { commands: [changeOf(folderId, id, 'd0.2', 's', { isInvalid: true })], wantsChanges: false };
  const { key: next } = await sync(marked.key, refused);
  const mended = await sync(next, { commands: [changeOf(folderId, id, 'd0.3', 's')] });
  assert.deepEqual([mended.outcomes[0]?.status, said(mended)], ['done', [`=${id} d0.3`]]);
});

test('commands about what is not in the folder are not found', async (t) => {
  const { sync, create, prime, folderId, world } = await openEngine(t);
  const key = await prime();
  const elsewhere = await create('s', 0, world.folders[1]);
  const commands = [changeOf(folderId, elsewhere, 'd0.1', 's'), deleteOf(folderId, 99)];
  const answer = await sync(key, { commands });
  assert.deepEqual(
    answer.outcomes.map(({ status }) => status),
    ['not-found', 'not-found'],
  );
  assert.equal((await world.read.item(elsewhere))?.by, null);
});

test('items outside the device’s view of the folder never reach it', async (t) => {
  const { sync, create, edit, ping, world } = await openEngine(t);
  await create('task');
  await create('event');
  world.translator.outsideView.add(1);
  const { key } = await sync('0');
  const answer = await sync(key);
  assert.deepEqual(said(answer), ['+2 event']);
  await edit(1, 'task again');
  assert.equal(await ping(), false);
  assert.equal((await sync(answer.key)).isEmpty, true);
});

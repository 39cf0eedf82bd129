import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { noteHeld } from '../../src/sync/note-held.ts';
import type { SyncAnswer } from '../../src/sync/request.ts';
import { changeOf, openEngine } from './engine-fixture.ts';
import { contentOf, type Rendered } from './histories/world.ts';

/** What Changes held of each item, without its size. */
function told({ commands }: SyncAnswer<Rendered>): unknown[] {
  return commands.map((command) => {
    if (!('rendered' in command)) return `${command.kind} ${command.itemId}`;
    const { size: _, ...shown } = command.rendered;
    return [command.kind, command.itemId, shown];
  });
}

async function marking(...args: Parameters<typeof openEngine>) {
  const engine = await openEngine(...args);
  const mark = (id: number, word: string) => engine.world.write((tx) => tx.setFlags(id, { categories: [word] }));
  return { ...engine, mark };
}

test('a Change after a mark holds the mark alone, again when its answer was lost, and the text once that changed', async (t) => {
  const { create, edit, mark, prime, sync } = await marking(t);
  const id = await create('one');
  const key = await prime();
  await mark(id, 'red');
  assert.deepEqual(told(await sync(key)), [['change', id, { mark: 'red' }]]);
  assert.deepEqual(told(await sync(key)), [['change', id, { mark: 'red' }]]);
  await edit(id, 'two');
  await mark(id, 'blue');
  const whole = { text: 'two', mark: 'blue', isRead: false };
  const last = await sync(key);
  assert.deepEqual(told(last), [['change', id, whole]]);
  assert.deepEqual(told(await sync(last.key)), []);
});

test('a text that changed in a backlog comes with the mark, though its own stamp is passed already', async (t) => {
  const { create, edit, mark, prime, sync } = await marking(t);
  const [a, b] = [await create('a'), await create('b')];
  const key = await prime();
  await edit(a, 'a2');
  await edit(b, 'b2');
  await edit(b, 'b3');
  await create('c');
  await mark(a, 'red');
  const first = await sync(key, { windowSize: 1 });
  assert.deepEqual(told(first), [['change', b, { text: 'b3', mark: '', isRead: false }]]);
  const second = await sync(first.key, { windowSize: 1 });
  const third = await sync(second.key, { windowSize: 1 });
  assert.deepEqual(told(third), [['change', a, { text: 'a2', mark: 'red', isRead: false }]]);
});

/** A device whose change of an item lost against a mark, told without the server's changes. */
async function losing(t: TestContext) {
  const { create, mark, prime, sync, folderId } = await marking(t);
  const id = await create('one');
  const key = await prime();
  await mark(id, 'red');
  const commands = [changeOf(folderId, id, 'd0.1', 'one')];
  const refused = await sync(key, { commands, wantsChanges: false });
  return { id, key, commands, refused, mark, sync };
}

test('a device whose change lost, and which repeats it, gets the whole item, and the mark alone from then on', async (t) => {
  const { id, key, commands, refused, mark, sync } = await losing(t);
  assert.deepEqual([refused.outcomes[0]?.status, told(refused)], ['conflict', []]);
  const whole = ['change', id, { text: 'one', mark: 'red', isRead: false }];
  // As if that answer had been lost: the same command again, this time with the server's changes.
  const repeated = await sync(key, { commands });
  assert.deepEqual(told(repeated), [whole]);
  await mark(id, 'blue');
  assert.deepEqual(told(await sync(repeated.key)), [['change', id, { mark: 'blue' }]]);
});

test('a device whose change lost gets the whole item in a later answer too', async (t) => {
  const { id, refused, sync } = await losing(t);
  assert.deepEqual(told(await sync(refused.key)), [['change', id, { text: 'one', mark: 'red', isRead: false }]]);
});

test('a refused change brings the whole item back', async (t) => {
  const { create, prime, sync, folderId, mark } = await marking(t);
  const id = await create('one');
  const key = await prime();
  const commands = [changeOf(folderId, id, 'd0.1', 'one', { isInvalid: true })];
  const refused = await sync(key, { commands, wantsChanges: false });
  await mark(id, 'red');
  assert.deepEqual(told(await sync(refused.key)), [['change', id, { text: 'one', mark: 'red', isRead: false }]]);
});

test('an item that could not be rendered when its text changed comes whole after a mark', async (t) => {
  const { world, create, edit, mark, prime, sync } = await marking(t);
  const id = await create('one');
  const key = await prime();
  world.translator.unrenderable.add(id);
  await edit(id, 'two');
  const kept = await sync(key);
  assert.deepEqual([told(kept), kept.quarantined], [[], 1]);
  world.translator.unrenderable.delete(id);
  await mark(id, 'red');
  assert.deepEqual(told(await sync(kept.key)), [['change', id, { text: 'two', mark: 'red', isRead: false }]]);
});

test('an item that the device moved here itself, and so holds in some state, comes whole', async (t) => {
  const { world, folderId, create, prime, sync, mark } = await marking(t);
  const id = await create('one', 0, world.folders[1]!);
  const key = await prime();
  await world.services.store.write(world.mailboxId, { kind: 'client', by: null }, async (tx) => {
    await tx.moveItem(id, folderId, 'moved');
    await noteHeld(tx, folderId, 'phone', [id]);
  });
  await mark(id, 'red');
  assert.deepEqual(told(await sync(key)), [['change', id, { text: 'one', mark: 'red', isRead: false }]]);
});

test('a repeat that says something else of an item gets back what the lost request wrote of it', async (t) => {
  const { create, prime, sync, folderId } = await marking(t);
  const id = await create('one');
  const key = await prime();
  await sync(key, { commands: [changeOf(folderId, id, 'd0.1', 'one', { isMark: true })] });
  const answer = await sync(key, { commands: [changeOf(folderId, id, 'd0.2', 'one')] });
  assert.deepEqual(told(answer), [['change', id, { text: 'd0.2', mark: 'd0.1', isRead: false }]]);
});

test('a mark that is rendered ahead does not stand for the text that is written in between', async (t) => {
  const { world, create, mark, prime, sync } = await marking(t);
  const id = await create('one');
  const key = await prime();
  await mark(id, 'red');
  const work = async () => {
    await world.write((tx) => tx.replaceContent(id, contentOf('two', 0)));
  };
  world.disturbance = { place: 0, work };
  assert.deepEqual(told(await sync(key)), [['change', id, { text: 'two', mark: 'red', isRead: false }]]);
});

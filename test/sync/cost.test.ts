import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LOWEST_KEY } from '../../src/domain/edge.ts';
import { AnswerCache } from '../../src/sync/answer-cache.ts';
import { hasChanges } from '../../src/sync/has-changes.ts';
import type { SyncAnswer } from '../../src/sync/request.ts';
import { synchronise } from '../../src/sync/synchronise.ts';
import { mailboxWithFolder, newItem } from '../contract/store-under-test.ts';
import { openTemp } from '../store/sqlite/sqlite-fixture.ts';
import { TextTranslator } from './histories/text-translator.ts';
import { contentOf, type Rendered } from './histories/world.ts';

/** Rows a changed item may cost: its log row and last write, before the lock and under it; its content's facts and chunk. */
const ROWS_PER_CHANGE = 7;

async function primed(t: TestContext, size: number) {
  const store = openTemp(t);
  const { mailboxId, folder, write } = await mailboxWithFolder(store);
  await write(async (tx) => {
    for (let n = 0; n < size; n += 1) await tx.createItem(newItem(folder.id, `n${n}`, 'x', { filterKey: n }));
  });
  const { clock } = store;
  const random = (length: number) => new Uint8Array(length);
  const onRenderFailure = () => assert.fail('an item could not be rendered');
  const services = {
    store: store.syncState,
    clock,
    random,
    answers: new AnswerCache<Rendered>(),
    onRenderFailure,
  };
  const translator = new TextTranslator(() => 'new');
  const target = { mailboxId, folderId: folder.id, device: 'phone' };
  const asked = { commands: [], options: '', wantedKey: LOWEST_KEY, windowSize: 512, wantsChanges: true } as const;
  const more = { conflictRule: 'server-wins', retryStamp: 0, fingerprint: null } as const;
  const sync = async (key: string): Promise<SyncAnswer<Rendered>> => {
    const outcome = await synchronise(services, { ...target, ...asked, ...more, key }, translator);
    assert.ok(outcome.kind === 'answer');
    return outcome;
  };
  let answer = await sync('0');
  while (answer.hasMore) answer = await sync(answer.key);
  const ping = () => hasChanges(services, { ...target, retryStamp: 0, wantedKeyOf: () => LOWEST_KEY }, translator);
  const rows = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const before = store.stores.stats.rowsRead;
    return [await work(), store.stores.stats.rowsRead - before];
  };
  return { write, sync, ping, rows, key: answer.key };
}

for (const size of [1_000, 20_000]) {
  test(`with ${size} items an idle check reads no row, and a Sync reads by the change`, async (t) => {
    const { write, sync, ping, rows, key } = await primed(t, size);
    assert.deepEqual(await rows(ping), [false, 0]);
    const [idle, idleRows] = await rows(() => sync(key));
    assert.deepEqual([idle.isEmpty, idleRows], [true, 0]);
    let present = key;
    for (const changes of [1, 10]) {
      await write(async (tx) => {
        for (let id = 1; id <= changes; id += 1) await tx.replaceContent(id, contentOf(`y${changes}`, id));
      });
      const [isChanged, pingRows] = await rows(ping);
      assert.ok(isChanged);
      const [answer, syncRows] = await rows(() => sync(present));
      present = answer.key;
      assert.equal(answer.commands.length, changes);
      for (const read of [pingRows, syncRows]) {
        assert.ok(read <= ROWS_PER_CHANGE * changes, `${read} rows for ${changes} changes`);
      }
    }
  });
}

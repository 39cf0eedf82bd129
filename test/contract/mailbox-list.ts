import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BEGINNINGLESS, ENDLESS } from '../../src/domain/item.ts';
import type { ListQuery, MailboxReader } from '../../src/store/mailbox-store.ts';
import { seededRandom, seedOf } from '../support/random.ts';
import { mailboxWithFolder, newFolder, newItem, type OpenStore, text } from './store-under-test.ts';

export function listContract(open: OpenStore): void {
  test('a list is in order of id, page after page, and covers the folder exactly', async () => {
    const { folder, write, read, add } = await mailboxWithFolder(await open());
    const other = await write((tx) => tx.createFolder(newFolder('other')));
    const ids: number[] = [];
    for (const name of ['c', 'a', 'e', 'b', 'd']) ids.push((await add(name)).id);
    await write((tx) => tx.createItem(newItem(other.id, 'elsewhere')));
    for (const limit of [1, 2, 4, 5, 6]) {
      assert.deepEqual(await everyId(read, folder.id, { limit, withContent: false }), ids, `limit ${limit}`);
    }
  });

  test('the last page says that it is the last, also when it is full', async () => {
    const { folder, read, add } = await mailboxWithFolder(await open());
    assert.deepEqual(await read.list(folder.id, { limit: 5, withContent: false }), { items: [], next: null });
    await add('a');
    const b = await add('b');
    assert.equal((await read.list(folder.id, { limit: 2, withContent: false })).next, null);
    assert.equal((await read.list(folder.id, { limit: 1, withContent: false, after: b.id })).next, null);
  });

  test('a page holds at most 500 items however many are asked for', async () => {
    const { folder, write, read } = await mailboxWithFolder(await open());
    await write(async (tx) => {
      for (let n = 0; n < 501; n += 1) await tx.createItem(newItem(folder.id, `n${n}`));
    });
    const page = await read.list(folder.id, { limit: 10_000, withContent: false });
    assert.equal(page.items.length, 500);
    assert.equal(page.next, page.items.at(-1)?.item.id);
    assert.equal((await everyId(read, folder.id, { limit: 10_000, withContent: false })).length, 501);
  });

  test('content comes only when asked for', async () => {
    const { folder, read, add } = await mailboxWithFolder(await open());
    await add('a', 'body');
    const without = await read.list(folder.id, { limit: 5, withContent: false });
    assert.equal('content' in without.items[0]!, false);
    const complete = await read.list(folder.id, { limit: 5, withContent: true });
    assert.equal(text(complete.items[0]?.content), 'body');
    assert.equal('content' in (await read.itemsByNames(folder.id, ['a'], false))[0]!, false);
  });

  test('a missing folder and a limit below 1 are refused', async () => {
    const { folder, read } = await mailboxWithFolder(await open());
    await assert.rejects(read.list(99, { limit: 1, withContent: false }), { code: 'folder-not-found' });
    await assert.rejects(read.list(folder.id, { limit: 0, withContent: false }), TypeError);
  });

  test('names are looked up at once; unknown and repeated ones add nothing', async () => {
    const { folder, read, add } = await mailboxWithFolder(await open());
    for (const name of ['a', 'b', 'c']) await add(name);
    const found = await read.itemsByNames(folder.id, ['c', 'nope', 'a', 'a'], true);
    assert.deepEqual(found.map(({ item, content }) => [item.name, text(content)]).sort(), [
      ['a', 'a'],
      ['c', 'c'],
    ]);
    assert.deepEqual(await read.itemsByNames(folder.id, [], false), []);
    await assert.rejects(read.itemsByNames(folder.id, Array(501).fill('x'), false), TypeError);
  });

  test('a list by component gives that component only', async () => {
    const { folder, read, add } = await mailboxWithFolder(await open());
    await add('e');
    const todo = await add('t', 't', { kind: 'VTODO' });
    assert.deepEqual(await everyId(read, folder.id, { limit: 1, withContent: false, kind: 'VTODO' }), [todo.id]);
  });

  test('a range touches at its very edges', async () => {
    const { folder, read, add } = await mailboxWithFolder(await open());
    const { id } = await add('a', 'a', { rangeStart: 100, rangeEnd: 200 });
    const hit = async (range: { start?: number; end?: number }) =>
      (await everyId(read, folder.id, { limit: 5, withContent: false, range })).includes(id);
    assert.ok(await hit({ start: 200, end: 300 }));
    assert.ok(await hit({ start: 0, end: 100 }));
    assert.ok(await hit({ start: 150 }));
    assert.ok(await hit({ end: 150 }));
    assert.ok(!(await hit({ start: 201, end: 300 })));
    assert.ok(!(await hit({ start: 0, end: 99 })));
  });

  test('a list by time range equals the brute force over short, long, endless and timeless items', async () => {
    const seed = seedOf(4711);
    const random = seededRandom(seed);
    const { folder, write, read } = await mailboxWithFolder(await open());
    const day = 86_400;
    const all: { id: number; start: number; end: number; kind: string }[] = [];
    await write(async (tx) => {
      for (let n = 0; n < 600; n += 1) {
        const start = random.chance(0.05) ? BEGINNINGLESS : random.below(400) * day;
        const span = random.pick([0, 3600, 32 * day, 32 * day + 1, 200 * day]);
        const end = random.chance(0.1) ? ENDLESS : start + span;
        const kind = random.chance(0.3) ? 'VTODO' : 'VEVENT';
        const index = { rangeStart: start, rangeEnd: end, kind } as const;
        const item = await tx.createItem(newItem(folder.id, `n${n}`, 'x', index));
        all.push({ id: item.id, start, end, kind });
      }
    });
    for (let round = 0; round < 80; round += 1) {
      const from = (random.below(450) - 20) * day;
      const to = from + random.below(40) * day;
      const range = { ...(random.chance(0.85) && { start: from }), ...(random.chance(0.85) && { end: to }) };
      const kind = random.chance(0.5) ? ('VEVENT' as const) : undefined;
      const expected = all
        .filter(
          (i) =>
            (range.start === undefined || i.end >= range.start) && (range.end === undefined || i.start <= range.end),
        )
        .filter((i) => kind === undefined || i.kind === kind)
        .map(({ id }) => id);
      const limit = 1 + random.below(60);
      const query = { limit, withContent: false, range, ...(kind && { kind }) };
      assert.deepEqual(await everyId(read, folder.id, query), expected, `seed ${seed}, round ${round}`);
    }
  });
}

async function everyId(read: MailboxReader, folderId: number, query: ListQuery): Promise<number[]> {
  const ids: number[] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page: Awaited<ReturnType<MailboxReader['list']>> = await read.list(folderId, { ...query, after });
    ids.push(...page.items.map(({ item }) => item.id));
    after = page.next;
  }
  return ids;
}

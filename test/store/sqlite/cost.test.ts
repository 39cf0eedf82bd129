import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { ENDLESS } from '../../../src/domain/item.ts';
import type { ItemPage } from '../../../src/store/mailbox-store.ts';
import { mailboxWithFolder, newFolder, newItem } from '../../contract/store-under-test.ts';
import { openTemp } from './sqlite-fixture.ts';

async function filled(t: TestContext, items: number) {
  const store = openTemp(t);
  const fixture = await mailboxWithFolder(store);
  await fixture.write(async (tx) => {
    for (let n = 0; n < items; n += 1) {
      const rangeStart = n * 3600;
      const index = { rangeStart, rangeEnd: rangeStart + 1800, uid: `u${n}` };
      await tx.createItem(newItem(fixture.folder.id, `n${n}`, 'x', index));
    }
  });
  const { stats } = store.stores;
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    const before = stats.rowsRead;
    await work();
    return stats.rowsRead - before;
  };
  return { ...store, ...fixture, cost };
}

test('a feed with nothing new reads no item or log row, and one with one change a handful, however big the folder', async (t) => {
  const costs: number[][] = [];
  for (const size of [1_000, 20_000]) {
    const { folder, read, write, last, cost } = await filled(t, size);
    const since = await last();
    const idle = await cost(() => read.changes(folder.id, since, 500, true));
    const item = (await read.itemByName(folder.id, 'n500'))!;
    await write((tx) => tx.setFlags(item.id, { read: true }));
    const oneChange = await cost(() => read.changes(folder.id, since, 500, true));
    const middle = await last();
    await write((tx) => tx.deleteItem(item.id));
    const oneRemoval = await cost(() => read.changes(folder.id, middle, 500, true));
    costs.push([idle, oneChange, oneRemoval]);
  }
  assert.deepEqual(costs, [
    [0, 1, 1],
    [0, 1, 1],
  ]);
});

test('a change of the folder alone costs no item row', async (t) => {
  const { folder, read, write, last, cost } = await filled(t, 50);
  const since = await last();
  await write((tx) => tx.updateFolder(folder.id, { displayName: 'x' }));
  assert.equal(await cost(() => read.changes(folder.id, since, 500, true)), 0);
});

test('a query for a week reads what lies in the week, however big the folder', async (t) => {
  const { folder, read, cost } = await filled(t, 20_000);
  const week = { start: 5_000 * 3600, end: 5_000 * 3600 + 7 * 86_400 };
  const rows = await cost(async () => {
    const page = await read.list(folder.id, { limit: 500, withContent: true, range: week });
    assert.equal(page.items.length, 169);
  });
  assert.equal(rows, 2 * 169);
});

test('every statement on items, content and the log is answered by an index', async (t) => {
  const { folder, read, write, mailboxId, mailboxes, stores, path } = await filled(t, 20);
  const other = await write((tx) => tx.createFolder(newFolder('other')));
  const [first] = (await read.list(folder.id, { limit: 1, withContent: true })).items;
  await read.list(folder.id, { limit: 1, withContent: false, range: { start: 1, end: 2 } });
  await read.itemsByNames(folder.id, ['n1'], true);
  await read.itemsByUid('u1', folder.id);
  await read.changes(folder.id, 1, 5, true);
  await read.folderChanges(1, 5);
  await read.folderByName('calendars', null, 'other');
  await write((tx) => tx.moveItem(first!.item.id, other.id, 'x'));
  await write((tx) => tx.deleteItem(first!.item.id));
  await write((tx) => tx.deleteFolder(folder.id));
  await mailboxes.prune(mailboxId, 3);
  const statements = stores.statements().filter((sql) => /\b(?:item|presence|item_content|folder)\b/.test(sql));
  assert.ok(statements.length > 20);
  const db = new DatabaseSync(path, { readOnly: true });
  t.after(() => db.close());
  for (const sql of statements) {
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));
    const scans = plan.filter(
      (line) => /^SCAN/.test(line) && !/^SCAN (?:j VIRTUAL TABLE|\(subquery|CONSTANT)/.test(line),
    );
    assert.deepEqual(scans, [], sql);
  }
});

test('a range that most of a big folder touches is given whole, in order and by component, without a match list', async (t) => {
  const { folder, read, write } = await filled(t, 4_200);
  await write(async (tx) => {
    for (let n = 0; n < 10; n += 1) {
      await tx.createItem(newItem(folder.id, `t${n}`, 'x', { kind: 'VTODO', rangeStart: -n, rangeEnd: ENDLESS }));
    }
  });
  for (const kind of ['VEVENT', 'VTODO', undefined] as const) {
    const ids: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const query = { limit: 300, withContent: false, after, range: { start: 10 * 3600 }, ...(kind && { kind }) };
      const page: ItemPage = await read.list(folder.id, query);
      ids.push(...page.items.map(({ item }) => item.id));
      after = page.next;
    }
    const events = Array.from({ length: 4_190 }, (_, n) => n + 11);
    const tasks = Array.from({ length: 10 }, (_, n) => n + 4_201);
    const expected = { VEVENT: events, VTODO: tasks, both: [...events, ...tasks] };
    assert.deepEqual(ids, expected[kind ?? 'both']);
  }
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import type { StepPoint } from '../../../src/store/sqlite/steps.ts';
import { WriteQueue } from '../../../src/store/sqlite/write-queue.ts';
import { tempFolder } from './sqlite-fixture.ts';

function queueOn(t: TestContext) {
  const path = join(tempFolder(t), 'queue.db');
  const db = new DatabaseSync(path, { timeout: 0 });
  t.after(() => db.isOpen && db.close());
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE row (n INTEGER PRIMARY KEY, filler BLOB)');
  const steps: StepPoint[] = [];
  const connection = new Connection(db);
  const queue = new WriteQueue(connection, (point) => steps.push(point));
  const insert = (n: number, filler = 0) =>
    connection.run('INSERT INTO row (n, filler) VALUES (?, ?)', n, new Uint8Array(filler));
  const rows = () => connection.all('SELECT n FROM row ORDER BY n').map(([n]) => n);
  return { path, db, queue, connection, steps, insert, rows };
}

test('jobs that wait share one commit', async (t) => {
  const { queue, steps, insert, rows } = queueOn(t);
  const results = await Promise.all([1, 2, 3, 4, 5].map((n) => queue.run(() => insert(n))));
  assert.deepEqual(results, [1, 1, 1, 1, 1]);
  assert.deepEqual(rows(), [1, 2, 3, 4, 5]);
  assert.deepEqual(steps, ['begin', 'before-commit', 'after-commit', 'before-publish']);
});

test('nobody hears of success before the commit', async (t) => {
  const { queue, steps, insert } = queueOn(t);
  const heard: string[] = [];
  const first = queue.run(
    () => insert(1),
    () => heard.push(`published after ${steps.at(-1)}`),
  );
  const second = queue.run(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(heard, []);
    insert(2);
  });
  await Promise.all([first.then(() => heard.push(`answered after ${steps.at(-1)}`)), second]);
  assert.deepEqual(heard, ['published after before-publish', 'answered after before-publish']);
});

test('a failing job rolls back alone and rejects alone', async (t) => {
  const { queue, insert, rows } = queueOn(t);
  const published: number[] = [];
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map((n) =>
      queue.run(
        () => {
          insert(n);
          insert(n + 10);
          if (n === 2) throw new RangeError('on purpose');
        },
        () => published.push(n),
      ),
    ),
  );
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(rows(), [1, 3, 11, 13]);
  assert.deepEqual(published, [1, 3]);
});

test('a commit that cannot be made rejects all who shared it, and the next goes through', async (t) => {
  const { queue, db, connection, insert, rows } = queueOn(t);
  db.exec('PRAGMA foreign_keys = ON; CREATE TABLE child (n REFERENCES row (n) DEFERRABLE INITIALLY DEFERRED)');
  const broken = [queue.run(() => insert(1)), queue.run(() => connection.run('INSERT INTO child VALUES (99)'))];
  for (const { status } of await Promise.allSettled(broken)) assert.equal(status, 'rejected');
  await assert.rejects(broken[0]!, { code: 'store-unavailable' });
  await queue.run(() => insert(2));
  assert.deepEqual(rows(), [2]);
});

test('a full disk refuses as such, loses nothing acknowledged, and ends when there is space', async (t) => {
  const { queue, db, insert, rows } = queueOn(t);
  await queue.run(() => insert(1));
  const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number };
  db.exec(`PRAGMA max_page_count = ${pages + 3}`);
  const outcomes = await Promise.allSettled([2, 3, 4].map((n) => queue.run(() => insert(n, n === 3 ? 100_000 : 10))));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'storage-full');
  }
  assert.equal(outcomes[1]?.status, 'rejected');
  const kept = [1, ...[2, 3, 4].filter((_, at) => outcomes[at]?.status === 'fulfilled')];
  assert.deepEqual(rows(), kept);
  db.exec('PRAGMA max_page_count = 100000');
  await queue.run(() => insert(5, 100_000));
  assert.deepEqual(rows(), [...kept, 5]);
});

test('a transaction that SQLite gave up takes down those in it, and those not yet run get a new one', async (t) => {
  const { queue, db, insert, rows } = queueOn(t);
  const outcomes = await Promise.allSettled([
    queue.run(() => insert(1)),
    queue.run(() => {
      db.exec('ROLLBACK');
      throw new RangeError('on purpose');
    }),
    queue.run(() => insert(3)),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(rows(), [3]);
});

test('a database that another program holds refuses as unavailable, and serves again afterwards', async (t) => {
  const { queue, path, insert, rows } = queueOn(t);
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const waiting = [queue.run(() => insert(1)), queue.run(() => insert(2))];
  for (const job of waiting) await assert.rejects(job, { code: 'store-unavailable' });
  other.exec('ROLLBACK');
  await queue.run(() => insert(3));
  assert.deepEqual(rows(), [3]);
});

test('closing waits for what was taken and refuses what comes later', async (t) => {
  const { queue, insert, rows } = queueOn(t);
  const taken = queue.run(() => insert(1));
  await queue.close();
  assert.deepEqual(rows(), [1]);
  await taken;
  await assert.rejects(
    queue.run(() => insert(2)),
    { code: 'store-unavailable' },
  );
});

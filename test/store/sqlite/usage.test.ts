import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openTemp } from './sqlite-fixture.ts';

test('mailboxes by the share they use are found by an index, with no sorting', async (t) => {
  const { path, stores, usage, mailboxes } = openTemp(t);
  const mailboxId = await mailboxes.createMailbox();
  const before = new Set(stores.statements());
  await usage.list({ after: null, limit: 10 });
  await usage.list({ after: '900.1', limit: 10, leastShare: 900 });
  await usage.count(900);
  const byIndex = stores.statements().filter((sql) => !before.has(sql));
  await usage.list({ after: null, limit: 10, among: [mailboxId] });
  const db = new DatabaseSync(path, { readOnly: true });
  t.after(() => db.close());
  assert.equal(byIndex.length, 2);
  for (const sql of byIndex) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const lines = plan.map(({ detail }) => String(detail));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0]!, /^SEARCH mailbox USING (COVERING )?INDEX mailbox_share \(share[<>]/);
  }
  const among = db.prepare(`EXPLAIN QUERY PLAN ${stores.statements().at(-1)}`).all();
  assert.equal(
    among.some(({ detail }) => String(detail).startsWith('SCAN mailbox')),
    false,
  );
});

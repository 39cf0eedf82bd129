import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openTemp } from './sqlite-fixture.ts';

test('an app password is found by its digest in an index, at sign-in as at the gate', async (t) => {
  const { stores, path } = openTemp(t);
  const reader = stores.syncState.read(await stores.mailboxes.createMailbox());
  await reader.appPasswordByDigest('x');
  await reader.appPassword('x');
  await reader.appPasswords();
  const statements = stores.statements().filter((sql) => /FROM app_password/.test(sql));
  assert.equal(statements.length, 3);
  const db = new DatabaseSync(path, { readOnly: true });
  t.after(() => db.close());
  const plans = statements.map((sql) => String(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()[0]?.detail));
  assert.match(plans[0]!, /USING INDEX app_password_digest \(mailbox_id=\? AND digest=\?\)/);
  assert.match(plans[1]!, /USING PRIMARY KEY \(mailbox_id=\? AND password_id=\?\)/);
  assert.match(plans[2]!, /^SEARCH app_password USING PRIMARY KEY \(mailbox_id=\?\)/);
});

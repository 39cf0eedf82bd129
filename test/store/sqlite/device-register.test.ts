import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { DeviceFilter } from '../../../src/store/device-register.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { MIGRATIONS, migrate } from '../../../src/store/sqlite/migrate.ts';
import { put, registered } from '../../contract/device-register.ts';
import { openAt, openTemp, tempFolder } from './sqlite-fixture.ts';

test('every question to the register is answered by an index, whatever is asked together', async (t) => {
  const { path, stores, ...store } = openTemp(t);
  const mailboxId = await store.mailboxes.createMailbox();
  await put(store, mailboxId, registered('abc', 'ann@example.org', 1), registered('abd', 'ann@example.org', 2));
  const parts: DeviceFilter[] = [
    { mailboxId },
    { domain: 'example.org' },
    { protocol: 'activesync' },
    { access: 'allowed' },
    { access: 'blocked' },
    { wipe: null },
    { wipe: 'pending' },
    { text: 'example ab' },
    { text: 'ab' },
  ];
  const before = new Set(stores.statements());
  for (const order of ['contact', 'owner'] as const) {
    for (const one of [{}, ...parts]) {
      for (const other of [{}, ...parts]) {
        await store.devices.list({ order, after: null, limit: 2, ...one, ...other });
        await store.devices.count({ ...one, ...other });
      }
    }
  }
  const statements = stores.statements().filter((sql) => !before.has(sql));
  await store.devices.counts();
  const counting = stores.statements().at(-1)!;
  assert.ok(statements.length > 50, String(statements.length));
  const db = new DatabaseSync(path, { readOnly: true });
  t.after(() => db.close());
  for (const sql of statements) {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const scans = plan.map(({ detail }) => String(detail)).filter((line) => /^SCAN (?!device_text VIRTUAL)/.test(line));
    assert.deepEqual(scans, [], sql);
  }
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${counting}`).all();
  // All are counted, but of one index alone, in its own order.
  assert.deepEqual(
    plan.map(({ detail }) => detail),
    ['SCAN device_register USING COVERING INDEX device_register_protocol'],
  );
});

test('devices of an older store are in the register at once, with their owner', async (t) => {
  const path = join(tempFolder(t), 'store.db');
  const db = new DatabaseSync(path);
  const old = new Connection(db);
  migrate(old, 1, MIGRATIONS.slice(0, 5));
  const { lastSeenAt, owner: _, ...facts } = registered('abc', '', 5, { information: { Model: 'Nine' } });
  db.exec(`INSERT INTO user VALUES (1, 'ann', 'example.org', NULL, '[]', 4, '', 1, 1)`);
  const add = db.prepare('INSERT INTO device (mailbox_id, device_id, last_seen_at, facts) VALUES (?, ?, ?, ?)');
  for (const mailboxId of [4, 9]) add.run(mailboxId, 'abc', lastSeenAt, JSON.stringify(facts));
  old.close();
  const { devices } = openAt(t, path);
  const page = await devices.list({ order: 'contact', after: null, limit: 5, text: 'nine', domain: 'example.org' });
  assert.deepEqual(page.devices, [{ mailboxId: 4, device: { ...facts, lastSeenAt, owner: 'ann@example.org' } }]);
  assert.equal(await devices.count({ text: 'nine' }), 2);
});

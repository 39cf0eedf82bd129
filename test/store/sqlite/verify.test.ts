import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { type Device, NO_POLICY } from '../../../src/store/device-store.ts';
import { mailboxWithFolder, newFolder } from '../../contract/store-under-test.ts';
import { openAt, openTemp } from './sqlite-fixture.ts';

const DEVICE: Device = {
  ...{ id: 'abc', protocol: 'activesync', aliases: ['abc'], shownId: 'ABC', type: '', agent: '', version: null },
  ...{ information: {}, firstSeenAt: 1, lastSeenAt: 1, remoteAddress: '', policy: NO_POLICY },
};

/** Damage to plant, and a word of the finding it must lead to. */
const DAMAGE: readonly (readonly [name: string, sql: string, finding: RegExp])[] = [
  ['wrong used bytes', 'UPDATE mailbox SET used_bytes = used_bytes + 1', /counts/],
  ['wrong item count', 'UPDATE mailbox SET item_count = 0', /counts/],
  ['a lost chunk', 'DELETE FROM item_content WHERE seq = 1', /bytes of content/],
  ['lost content', 'DELETE FROM item_content WHERE item_id = 2', /bytes of content/],
  ['truncated content', "UPDATE item_content SET bytes = x'00' WHERE item_id = 2", /bytes of content/],
  ['content of no item', "INSERT INTO item_content VALUES (1, 77, 0, x'00')", /content is kept/],
  ['an item of no folder', 'UPDATE item SET folder_id = 99 WHERE item_id = 2', /does not exist/],
  ['a stamp above its folder', 'UPDATE folder SET last = rev WHERE folder_id = 1', /above its folder/],
  ['a stamp of flags above the item', `UPDATE item SET flag_revs = '{"read":999}' WHERE item_id = 2`, /of its flags/],
  ['a folder above the counter', 'UPDATE folder SET last = 999 WHERE folder_id = 1', /impossible stamps/],
  ['an item id to be given again', 'UPDATE mailbox SET next_item = 2', /has not given out/],
  ['a folder id to be given again', 'UPDATE mailbox SET next_folder = 1', /or id/],
  ['a parent that is not there', 'UPDATE folder SET parent_id = 50 WHERE folder_id = 2', /below folder 50/],
  ['a log row beyond the counter', 'UPDATE presence SET stamp = 500 WHERE item_id = 1', /beyond the counter/],
  ['a lost log row', 'DELETE FROM presence WHERE item_id = 1', /without a log row/],
  ['a log row that was pruned', 'UPDATE folder SET pruned = last WHERE folder_id = 1', /should have been pruned/],
  ['an hour beyond the counter', 'UPDATE stamp_hour SET stamp = 500', /the hour/],
  ['a removed folder that is there', "INSERT INTO folder_log VALUES (1, 2, 1, 'work')", /was removed/],
  ['state of a folder that is gone', "INSERT INTO partnership VALUES (1, 77, 'p', 1, 1, '{}')", /partnership of p/],
  ['an alias of no device', "INSERT INTO device_alias VALUES (1, 'y', 'nobody')", /alias y is kept/],
  ['an alias its device does not have', "INSERT INTO device_alias VALUES (1, 'y', 'abc')", /alias y is kept/],
  ['wake-ups of no device', "INSERT INTO device_activity VALUES (1, 'y', '{}')", /kept of device y/],
  ['a device without its alias', 'DELETE FROM device_alias', /cannot be found by its alias abc/],
  ['a user of no mailbox', 'UPDATE user SET mailbox_id = 9', /has mailbox 9/],
  ['two items of one name', "DROP INDEX item_name; UPDATE item SET name = 'a'", /two items/],
];

for (const [name, sql, finding] of DAMAGE) {
  test(`verify finds ${name}`, async (t) => {
    const store = openTemp(t);
    const { add, write, mailboxId } = await mailboxWithFolder(store);
    await add('a', 'x'.repeat(200_000));
    await add('b', 'body');
    await write((tx) => tx.createFolder(newFolder('other')));
    await store.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(DEVICE));
    const person = { localPart: 'ada', domain: 'example.org', displayName: null, role: null, passwordHash: 'x' };
    await store.directory.addUser({ ...person, mailboxId });
    assert.deepEqual(await store.mailboxes.verify(), []);
    await store.stores.close();
    const db = new DatabaseSync(store.path);
    db.exec(sql);
    db.close();
    const findings = await openAt(t, store.path).mailboxes.verify();
    assert.ok(
      findings.some((sentence) => finding.test(sentence)),
      `found: ${findings.join(' ')}`,
    );
  });
}

test('verify finds an index that disagrees with its table', async (t) => {
  const store = openTemp(t);
  const { add } = await mailboxWithFolder(store);
  await add('a');
  await store.stores.close();
  const db = new DatabaseSync(store.path);
  db.enableDefensive(false);
  db.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'rev)', 'entered)')
    WHERE name = 'item_rev'; PRAGMA writable_schema = OFF`);
  db.close();
  const again = new DatabaseSync(store.path);
  again.enableDefensive(false);
  again.exec('UPDATE item SET entered = 1');
  again.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'entered)', 'rev)')
    WHERE name = 'item_rev'; PRAGMA writable_schema = OFF`);
  again.close();
  const findings = await openAt(t, store.path).mailboxes.verify();
  assert.ok(
    findings.some((sentence) => /file is damaged/.test(sentence)),
    findings.join(' '),
  );
});

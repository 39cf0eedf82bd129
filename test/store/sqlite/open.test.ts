import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { WHOLE_SERVER } from '../../../src/domain/admin-role.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { MIGRATIONS, migrate } from '../../../src/store/sqlite/migrate.ts';
import { collect, mailboxWithFolder, newFolder, newItem, text } from '../../contract/store-under-test.ts';
import { openAt, openTemp, tempFolder } from './sqlite-fixture.ts';

test('what was written is there after a reopen, and no id is given again', async (t) => {
  const store = openTemp(t);
  const { mailboxId, add, write, folder } = await mailboxWithFolder(store);
  const kept = await add('kept', 'body');
  const gone = await add('gone');
  await write((tx) => tx.deleteItem(gone.id));
  const goneFolder = await write((tx) => tx.createFolder(newFolder('gone')));
  await write((tx) => tx.deleteFolder(goneFolder.id));
  const goneMailbox = await store.mailboxes.createMailbox();
  await store.mailboxes.removeMailbox(goneMailbox);
  const person = { localPart: 'ada', domain: 'example.org', displayName: null, role: null, passwordHash: 'x' };
  const goneUser = await store.directory.addUser({ ...person, mailboxId });
  await store.directory.removeUser(goneUser.id);
  await store.directory.setSetting('a', { b: 1 }, 'ada');
  await store.stores.close();

  const { mailboxes, directory, stores } = openAt(t, store.path);
  assert.deepEqual(await mailboxes.read(mailboxId).item(kept.id), kept);
  assert.equal(text(await collect(mailboxes.read(mailboxId).content(kept.id))), 'body');
  assert.deepEqual(await directory.setting('a'), { b: 1 });
  assert.equal(stores.storeId, store.stores.storeId);
  const again = await mailboxes.write(mailboxId, { kind: 'client', by: null }, async (tx) => ({
    folder: await tx.createFolder(newFolder('new')),
    item: await tx.moveItem(kept.id, folder.id, 'moved'),
  }));
  assert.ok(again.folder.id > goneFolder.id);
  assert.ok((await mailboxes.createMailbox()) > goneMailbox);
  assert.ok((await directory.addUser({ ...person, mailboxId })).id > goneUser.id);
  assert.deepEqual(await mailboxes.verify(), []);
});

test('the id of the last item deleted is not given again after a reopen', async (t) => {
  const store = openTemp(t);
  const { mailboxId, add, write, folder } = await mailboxWithFolder(store);
  const last = await add('last');
  await write((tx) => tx.deleteItem(last.id));
  await store.stores.close();
  const { mailboxes } = openAt(t, store.path);
  const fresh = { folderId: folder.id, name: 'x', content: new Uint8Array(1), contentType: 'text/calendar' };
  const index = { kind: 'VEVENT', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
  const item = await mailboxes.write(mailboxId, { kind: 'client', by: null }, (tx) =>
    tx.createItem({ ...fresh, index }),
  );
  assert.ok(item.id > last.id);
});

test('data files are for their owner only', async (t) => {
  const store = openTemp(t);
  await mailboxWithFolder(store);
  for (const suffix of ['', '-wal', '-shm']) assert.equal(statSync(store.path + suffix).mode & 0o777, 0o600, suffix);
  const copy = `${store.path}.copy`;
  await store.stores.backup(copy);
  assert.equal(statSync(copy).mode & 0o777, 0o600);
});

test('a backup is a whole store of its own', async (t) => {
  const store = openTemp(t);
  const { mailboxId, add } = await mailboxWithFolder(store);
  const item = await add('a', 'x'.repeat(100_000));
  const copy = `${store.path}.copy`;
  await store.stores.backup(copy);
  await add('later');
  const { mailboxes } = openAt(t, copy);
  assert.deepEqual(await mailboxes.read(mailboxId).item(item.id), item);
  assert.equal((await mailboxes.read(mailboxId).mailbox()).itemCount, 1);
  assert.deepEqual(await mailboxes.verify(), []);
  await assert.rejects(store.stores.backup(copy), { code: 'EEXIST' });
});

test('every earlier schema version is brought to the present one', async (t) => {
  for (let version = 0; version <= MIGRATIONS.length; version += 1) {
    const path = join(tempFolder(t), 'old.db');
    const db = new DatabaseSync(path);
    migrate(new Connection(db), 1, MIGRATIONS.slice(0, version));
    db.close();
    const store = openAt(t, path);
    const { add } = await mailboxWithFolder(store);
    await add('a');
    assert.deepEqual(await store.directory.users(), []);
    assert.deepEqual(await store.mailboxes.verify(), []);
  }
});

test('whoever was an administrator may do everything on the whole server, and nobody else anything', async (t) => {
  const path = join(tempFolder(t), 'old.db');
  const db = new DatabaseSync(path);
  migrate(new Connection(db), 1, MIGRATIONS.slice(0, 2));
  const add = db.prepare(`INSERT INTO user VALUES (?, ?, 'example.org', NULL, ?, ?, '', 1, 1)`);
  add.run(1, 'ada', '["admin"]', 4);
  add.run(2, 'bob', '[]', 5);
  db.close();
  const users = await openAt(t, path).directory.users();
  assert.deepEqual(
    users.map(({ localPart, role }) => [localPart, role]),
    [
      ['ada', WHOLE_SERVER],
      ['bob', null],
    ],
  );
});

test('flags written before they had stamps count as changed by the last write of all that is told of them', async (t) => {
  const path = join(tempFolder(t), 'old.db');
  const db = new DatabaseSync(path);
  migrate(new Connection(db), 1, MIGRATIONS.slice(0, 6));
  const columns = `mailbox_id, item_id, folder_id, name, size, content_type, kind, range_start, range_end, filter_key,
    entered, rev, content_rev, created_at, modified_at, flags`;
  for (const [id, rev] of [
    [1, 7],
    [2, 3],
  ] as const) {
    db.exec(`INSERT INTO item (${columns}) VALUES (1, ${id}, 1, 'n${id}', 0, 'message/rfc822', 'MESSAGE', 0, 0, 0,
      3, ${rev}, 3, 0, 0, '{"read":true}')`);
  }
  db.close();
  const { mailboxes } = openAt(t, path);
  const revs = async (id: number) => (await mailboxes.read(1).item(id))?.flagRevs;
  assert.deepEqual(await revs(1), { read: 7, categories: 7, followUp: 7, lastVerb: 7 });
  assert.deepEqual(await revs(2), {});
});

test('a schema from a newer program is refused, with what to do', async (t) => {
  const store = openTemp(t);
  await store.stores.close();
  const db = new DatabaseSync(store.path);
  db.exec('INSERT INTO schema_version VALUES (99, 0)');
  db.close();
  assert.throws(
    () => openAt(t, store.path),
    (error) => isGatewayError(error, 'store-unavailable') && /newer.*99.*backup/s.test(error.message),
  );
});

test('a migration that fails leaves the version before it', (t) => {
  const db = new DatabaseSync(join(tempFolder(t), 'x.db'));
  t.after(() => db.close());
  const connection = new Connection(db);
  const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); CREATE TABLE a (x)'];
  assert.throws(() => migrate(connection, 1, steps), /already exists/);
  assert.deepEqual(connection.all('SELECT version FROM schema_version'), [[1]]);
  assert.deepEqual(connection.all("SELECT name FROM sqlite_schema WHERE name = 'b'"), []);
});

test('a file that is no database, or cannot be made, is refused as unavailable', (t) => {
  const dir = tempFolder(t);
  writeFileSync(join(dir, 'x.db'), 'this is certainly not a database file\n'.repeat(50));
  assert.throws(
    () => openAt(t, join(dir, 'x.db')),
    (error) =>
      isGatewayError(error, 'store-unavailable') && /damaged or no database at all; restore/.test(error.message),
  );
});

test('a removal that was cut short is finished at the next opening', async (t) => {
  const store = openTemp(t);
  const { mailboxId, add } = await mailboxWithFolder(store);
  await add('a');
  await store.stores.close();
  const db = new DatabaseSync(store.path);
  db.exec('UPDATE mailbox SET removing = 1');
  db.close();
  const again = openAt(t, store.path);
  await assert.rejects(again.mailboxes.read(mailboxId).mailbox(), { code: 'folder-not-found' });
  // Ids are given by the same queue, in turn: when this has been answered often enough, the removal is through.
  for (let n = 0; n < 20; n += 1) await again.mailboxes.createMailbox();
  await again.stores.close();
  const after = new DatabaseSync(store.path);
  t.after(() => after.close());
  const left =
    'SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM presence) + (SELECT count(*) FROM folder) AS n';
  assert.deepEqual({ ...after.prepare(left).get() }, { n: 0 });
});

test('content that changes while it is streamed is never mixed', async (t) => {
  const { read, write, add } = await mailboxWithFolder(openTemp(t));
  const item = await add('a', 'x'.repeat(3_000_000));
  const chunks = read.content(item.id)[Symbol.asyncIterator]();
  assert.equal((await chunks.next()).value?.length, 65_536);
  const { kind, uid, rangeStart, rangeEnd, filterKey } = item;
  const index = { kind, uid, rangeStart, rangeEnd, filterKey };
  const content = new Uint8Array(3_000_000);
  await write((tx) => tx.replaceContent(item.id, { content, contentType: 'text/calendar', index }));
  const rest = async () => {
    while (!(await chunks.next()).done);
  };
  await assert.rejects(rest(), { code: 'revision-mismatch' });
});

test('a listener that throws does not undo or fail the write', async (t) => {
  const logged: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (_: unknown, message: string) => logged.push(message) };
  const publish = () => {
    throw new RangeError('on purpose');
  };
  const { add, read } = await mailboxWithFolder(openTemp(t, { publish, log }));
  const item = await add('a');
  assert.deepEqual(await read.item(item.id), item);
  assert.ok(logged.includes('a listener failed'));
});

test('a write that broke half way is lost whole, even when the work catches the error', async (t) => {
  const store = openTemp(t);
  const { write, read, folder, add } = await mailboxWithFolder(store);
  await add('before');
  const swallowing = write(async (tx) => {
    await tx.createItem(newItem(folder.id, 'first'));
    // A column that takes whole seconds only refuses this after the counter and the folder were written.
    await tx.createItem(newItem(folder.id, 'broken', 'x', { rangeStart: 0.5 })).catch(() => null);
    return 'fine';
  });
  await assert.rejects(swallowing, /range_start/);
  assert.equal((await read.mailbox()).itemCount, 1);
  assert.equal(await read.itemByName(folder.id, 'first'), null);
  assert.deepEqual(await store.mailboxes.verify(), []);
});

test('a write whose work did not wait for a long deletion is lost whole', async (t) => {
  const store = openTemp(t);
  const { write, read, folder } = await mailboxWithFolder(store);
  await write(async (tx) => {
    for (let n = 0; n < 4_500; n += 1) await tx.createItem(newItem(folder.id, `n${n}`, ''));
  });
  let forgotten: Promise<void> | undefined;
  const careless = write(async (tx) => {
    forgotten = tx.deleteFolder(folder.id);
    forgotten.catch(() => null);
  });
  await assert.rejects(careless, TypeError);
  await assert.rejects(forgotten!, TypeError);
  assert.notEqual(await read.folder(folder.id), null);
  assert.equal((await read.mailbox()).itemCount, 4_500);
  assert.deepEqual(await store.mailboxes.verify(), []);
});

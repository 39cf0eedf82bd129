import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { createMailboxWithDefaults } from '../../../src/items/default-folders.ts';
import { createOperationsLog } from '../../../src/items/operations/operations-log.ts';
import { watchedWrite } from '../../../src/items/operations/watched-writes.ts';
import { actingFor } from '../../../src/observe/acting.ts';
import { NO_DEBUG } from '../../../src/observe/debug-switches.ts';
import type { Log } from '../../../src/observe/log.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import { adminBench } from '../../admin/bench.ts';

const MAIL = Buffer.from(
  'From: =?utf-8?q?B=C3=B6b?= <bob@example.net>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nA secret.\r\n',
);
const ANN = { protocol: 'activesync', user: 'ann@example.org', address: '192.0.2.7' };

async function bench(withSubjects = true) {
  const { stores, services } = adminBench();
  const mailboxId = await createMailboxWithDefaults(services);
  const user = { localPart: 'ann', domain: 'example.org', displayName: null, role: null, mailboxId, passwordHash: '' };
  await stores.directory.addUser(user);
  const lines: Record<string, unknown>[] = [];
  const info: Log['info'] = (fields, message) => void lines.push({ ...fields, message });
  const log: Log = { debug() {}, info, warn: info, error: info };
  const operations = createOperationsLog({ directory: stores.directory, log });
  const writes: boolean[] = [];
  const onWrite = (_ms: number, isCommitted: boolean) => void writes.push(isCommitted);
  const watch = { operations, debug: NO_DEBUG, withSubjects, elapsed: () => 0, onWrite, refusesGrowth: () => false };
  const watched = watchedWrite<SyncWriter>(stores.syncState, watch);
  const write = <T>(work: (tx: SyncWriter) => Promise<T>) =>
    actingFor(ANN, () => watched(mailboxId, CLIENT_ORIGIN, work));
  const folders = await stores.mailboxes.read(mailboxId).folders();
  const folderOf = (role: string) => folders.find((folder) => folder.role === role)!.id;
  const mail = (folderId: number, name: string) =>
    write((tx) =>
      tx.createItem({
        ...{ folderId, name, content: MAIL, contentType: 'message/rfc822' },
        index: { kind: 'MESSAGE', uid: null, rangeStart: 0, rangeEnd: 0, filterKey: 1_700_000_000 },
      }),
    );
  /** The line is written a moment after the commit. */
  const told = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return lines.splice(0);
  };
  return { write, folderOf, mail, told, writes };
}

test('a message that is deleted is told with protocol, user, address, folder, From, Subject, time and size', async () => {
  const { write, folderOf, mail, told } = await bench();
  const { id } = await mail(folderOf('deleted'), 'a.eml');
  await write((tx) => tx.deleteItem(id));
  const [{ folder, ...line } = {}, ...more] = await told();
  assert.match(String(folder), /^~ann@example\.org\/\w/);
  assert.deepEqual(line, {
    ...{ log: 'operations', message: '{DELETE}', ...ANN, from: 'Böb <bob@example.net>', subject: 'Grüße' },
    ...{ delivered: '2023-11-14T22:13:20.000Z', size: MAIL.length, id },
  });
  assert.deepEqual(more, []);
});

test('without log.subjects no subject is told', async () => {
  const { write, folderOf, mail, told } = await bench(false);
  const { id } = await mail(folderOf('inbox'), 'a.eml');
  await write((tx) => tx.moveItem(id, folderOf('deleted'), 'a.eml'));
  const [line] = await told();
  assert.deepEqual([line?.message, line?.subject], ['{MOVE}', null]);
  assert.notEqual(line?.to, line?.folder);
});

test('what a partnership signs is told too, by the same writer', async () => {
  const { write, folderOf, mail, told } = await bench();
  const { id } = await mail(folderOf('inbox'), 'a.eml');
  await write((tx) => tx.signed(7).deleteItem(id));
  assert.equal((await told()).length, 1);
});

test('a transaction that fails tells nothing', async () => {
  const { write, folderOf, mail, told, writes } = await bench();
  const { id } = await mail(folderOf('inbox'), 'a.eml');
  const failing = write(async (tx) => {
    await tx.deleteItem(id);
    throw new Error('no');
  });
  await assert.rejects(failing, /^Error: no$/);
  assert.deepEqual([await told(), writes], [[], [true, false]]);
});

test('a message that leaves the Outbox is no operation, and a name given anew in its folder is none', async () => {
  const { write, folderOf, mail, told } = await bench();
  const sent = await mail(folderOf('outbox'), 'a.eml');
  const kept = await mail(folderOf('inbox'), 'b.eml');
  await write((tx) => tx.deleteItem(sent.id));
  await write((tx) => tx.moveItem(kept.id, folderOf('inbox'), 'c.eml'));
  assert.deepEqual(await told(), []);
});

test('folders that are moved and deleted are told with what lay in them', async () => {
  const { write, folderOf, mail, told } = await bench();
  const inbox = folderOf('inbox');
  const make = (name: string, parentId: number | null) =>
    write((tx) =>
      tx.createFolder({
        ...{ parentId, itemClass: 'mail', role: null, name, displayName: null, components: [], properties: {} },
      }),
    );
  const { id } = await make('Old', null);
  await mail(id, 'a.eml');
  await write((tx) => tx.updateFolder(id, { parentId: inbox, name: 'New' }));
  await write((tx) => tx.updateFolder(id, { properties: { '{x}colour': 'red' } }));
  await write((tx) => tx.deleteFolder(id));
  const [moved, deleted, ...more] = await told();
  assert.deepEqual([moved?.message, moved?.oldLocation, moved?.items], ['{MOVE_FOLDER}', '~ann@example.org/Old', 1]);
  assert.match(String(moved?.newLocation), /^~ann@example\.org\/[^/]+\/New$/);
  assert.deepEqual([deleted?.message, deleted?.folder, deleted?.items], ['{DELETE_FOLDER}', moved?.newLocation, 1]);
  assert.deepEqual(more, []);
});

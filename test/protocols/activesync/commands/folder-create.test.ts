import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hierarchyChanged } from '../../../../protocols/activesync/hierarchy/hierarchy-changed.ts';
import { createFolder, deleteFolder } from '../../../../src/items/folders.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { FolderTree, folderCreate, folderSync } from '../../../support/eas/folder-tree.ts';
import { type EasServer, withTree } from '../support.ts';

const refused = (code: number) => `<FolderCreate xmlns="FolderHierarchy:"><Status>${code}</Status></FolderCreate>`;
const done = (id: string) =>
  `<FolderCreate xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>{key}</SyncKey><ServerId>${id}</ServerId></FolderCreate>`;

const foldersOf = (server: EasServer) => server.environment.items.store.read(server.anna.mailboxId).folders();
/** All that a refused command must leave as it is. */
const everything = async (server: EasServer) => {
  const reader = server.environment.sync.store.read(server.anna.mailboxId);
  return JSON.stringify([await reader.folders(), await reader.documents('phone1/'), (await reader.mailbox()).head]);
};

test('MS-ASCMD §2.2.1.3 a folder is created and known to its device at once, by libwbxml', needsCrossCheck, () =>
  withTree(async (server, tree) => {
    const request = `
      <FolderCreate xmlns="FolderHierarchy:">
        <SyncKey>${tree.key}</SyncKey>
        <ParentId>${tree.idOf(2)}</ParentId>
        <DisplayName>Größe &amp; Maß/1</DisplayName>
        <Type>12</Type>
      </FolderCreate>`;
    const { key } = await crossCheck(tree.phone, 'FolderCreate', request, done('11'));
    assert.notEqual(key, tree.key);
    const folder = (await foldersOf(server)).at(-1)!;
    const { id, parentId, itemClass, name, displayName } = folder;
    assert.deepEqual([id, parentId, itemClass, name, displayName], [11, 1, 'mail', 'Größe & Maß-1', 'Größe & Maß/1']);
    assert.equal(await hierarchyChanged(server.environment, server.anna, { id: 'phone1' }, { version: '14.1' }), false);
    tree.key = key!;
    tree.folders.set('11', { parentId: '1', name: 'Größe & Maß/1', type: '12' });
    const before = new Map(tree.folders);
    assert.equal(await tree.sync(), '1');
    assert.deepEqual(tree.folders, before);
  }),
);

test('MS-ASCMD §2.2.3.186.2 every type that users have is created; a recipient information cache is status 3, the others are 10', () =>
  withTree(async (server, tree) => {
    const created = { 1: 'mail', 12: 'mail', 13: 'calendar', 14: 'contacts', 15: 'tasks', 17: 'notes' };
    for (const [type, itemClass] of Object.entries(created)) {
      assert.equal(await tree.create(Number(type), `Type ${type}`), '1');
      assert.equal((await foldersOf(server)).at(-1)!.itemClass, itemClass);
    }
    const before = await everything(server);
    for (const type of ['0', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '16', '18', '256', '-1', '', 'x']) {
      expectXml(await tree.phone.post('FolderCreate', folderCreate(tree.key, type, 'New')), refused(10));
    }
    expectXml(await tree.phone.post('FolderCreate', folderCreate(tree.key, 19, 'New')), refused(3));
    assert.equal(await everything(server), before);
    const old = server.phone({ version: '12.1' });
    expectXml(await old.post('FolderCreate', folderCreate(tree.key, 17, 'No notes before 14.0')), refused(10));
  }));

test('a generic folder is shown as one of mail from the next FolderSync on', () =>
  withTree(async (_server, tree) => {
    assert.equal(await tree.create(1, 'Generic'), '1');
    assert.equal(await tree.sync(), '1');
    assert.equal(tree.folders.get('11')?.type, '12');
  }));

test('calendars and their like lie at the top wherever they are asked for, and the device is told', () =>
  withTree(async (server, tree) => {
    for (const [type, parent] of [
      [13, tree.idOf(8)],
      [14, tree.idOf(9)],
      [15, tree.idOf(2)],
      [12, tree.idOf(8)],
    ] as const) {
      assert.equal(await tree.create(type, 'Misplaced', parent), '1');
      const { id, parentId } = (await foldersOf(server)).at(-1)!;
      assert.equal(parentId, null);
      assert.equal(tree.folders.get(`${id}`)?.parentId, parent);
      assert.equal(await tree.sync(), '1');
      assert.equal(tree.folders.get(`${id}`)?.parentId, '0');
    }
  }));

test('MS-ASCMD §2.2.3.177.3 a name that is taken there is status 2: a default folder’s too, and in other accents', () =>
  withTree(async (server, tree) => {
    await tree.create(12, 'Caf\u00e9');
    const before = await everything(server);
    for (const name of ['Inbox', 'Caf\u00e9', 'Cafe\u0301', ' Inbox ']) {
      expectXml(await tree.phone.post('FolderCreate', folderCreate(tree.key, 12, name)), refused(2));
    }
    assert.equal(await everything(server), before);
    assert.equal(await tree.create(12, 'Inbox', tree.idOf(2)), '1', 'elsewhere it is free');
    assert.equal(await tree.create(15, 'Caf\u00e9'), '1', 'and in another class');
  }));

test('names that only look different in a path get names of their own', () =>
  withTree(async (server, tree) => {
    for (const name of ['a/b', 'a-b', '..', '../..', `${'ü'.repeat(256)}`]) {
      assert.equal(await tree.create(13, name), '1');
    }
    const names = (await foldersOf(server)).slice(-5).map(({ name }) => name);
    assert.deepEqual(names, ['a-b', 'a-b 2', 'Folder', '..-..', 'ü'.repeat(100)]);
  }));

test('a name that is empty, too long or holds controls is status 10; a parent that is not there status 5', () =>
  withTree(async (server, tree) => {
    const before = await everything(server);
    for (const name of ['', '  ', 'x'.repeat(257), 'a&#10;b', 'tab&#9;'.repeat(2)]) {
      const xml = folderCreate(tree.key, 12, 'NAME').replace('NAME', name);
      expectXml(await tree.phone.post('FolderCreate', xml), refused(10));
    }
    for (const parent of ['99', '11', '1n', '', 'x', '-1', '1'.repeat(65)]) {
      expectXml(await tree.phone.post('FolderCreate', folderCreate(tree.key, 12, 'New', parent)), refused(5));
    }
    assert.equal(await everything(server), before);
  }));

test('an unknown key is status 9, also 0, another user’s, and a probe’s', () =>
  withTree(async (server, tree) => {
    const bert = new FolderTree(server.phone({ user: 'bert' }));
    await bert.sync();
    const before = await everything(server);
    for (const key of ['0', '', 'x', bert.key, 'k'.repeat(65)]) {
      expectXml(await tree.phone.post('FolderCreate', folderCreate(key, 12, 'New')), refused(9));
    }
    const probe = server.phone({ deviceId: 'validate' });
    expectXml(await probe.post('FolderCreate', folderCreate(tree.key, 12, 'New')), refused(9));
    const fresh = server.phone({ deviceId: 'NEVERSYNCED' });
    expectXml(await fresh.post('FolderCreate', folderCreate(tree.key, 12, 'New')), refused(9));
    assert.equal(await everything(server), before);
  }));

test('a request without one of its elements is status 10 in every version', () =>
  withTree(async (server, tree) => {
    const before = await everything(server);
    const whole = folderCreate(tree.key, 12, 'New');
    for (const version of ['12.1', '14.1'] as const) {
      for (const element of ['SyncKey', 'ParentId', 'DisplayName', 'Type']) {
        const xml = whole.replace(new RegExp(`<${element}>.*</${element}>`), '');
        expectXml(await server.phone({ version, deviceId: 'PHONE1' }).post('FolderCreate', xml), refused(10));
      }
    }
    assert.equal(await everything(server), before);
  }));

test('more folders than can be shown are status 151, by HTTP in 12.1', () =>
  withTree(
    async (server, tree) => {
      assert.equal(await tree.create(12, 'The last'), '1');
      const before = await foldersOf(server);
      expectXml(await tree.phone.post('FolderCreate', folderCreate(tree.key, 12, 'New')), refused(151));
      assert.deepEqual(await foldersOf(server), before);
      await createFolder(server.environment.items, {
        ...{ principal: server.anna, itemClass: 'mail', name: 'x', displayName: null, components: [], properties: {} },
      });
      const old = server.phone({ version: '12.1' });
      assert.equal((await old.post('FolderCreate', folderCreate(tree.key, 12, 'New'))).status, 500);
    },
    { limits: { maxFolders: 12 } },
  ));

test('a FolderCreate whose answer was lost makes no second folder: same ServerId, same key', () =>
  withTree(async (server, tree) => {
    const request = folderCreate(tree.key, 12, 'Once');
    const first = await tree.phone.post('FolderCreate', request);
    const second = await tree.phone.post('FolderCreate', request);
    assert.equal(second.xml, first.xml);
    assert.equal((await foldersOf(server)).length, 11);
    const other = await tree.phone.post('FolderCreate', folderCreate(tree.key, 12, 'Instead'));
    expectXml(other, done('12'));
    const { key } = expectXml(await tree.phone.post('FolderCreate', request), done('11'));
    assert.equal((await foldersOf(server)).length, 12);
    tree.takeCreated((await tree.phone.post('FolderCreate', request)).root!, 12, 'Once', '0');
    assert.equal(tree.key, key);
    assert.equal(await tree.sync(), '1');
    assert.deepEqual([tree.folders.get('11')?.name, tree.folders.get('12')?.name], ['Once', 'Instead']);
  }));

test('a repeated FolderCreate does not bring back what was removed since; the device is told', () =>
  withTree(async (server, tree) => {
    const request = folderCreate(tree.key, 12, 'Gone');
    await tree.phone.post('FolderCreate', request);
    const folder = (await foldersOf(server)).at(-1)!;
    await deleteFolder(server.environment.items, { principal: server.anna, folder });
    tree.takeCreated((await tree.phone.post('FolderCreate', request)).root!, 12, 'Gone', '0');
    assert.ok(tree.folders.has('11'));
    assert.equal(await tree.sync(), '1');
    assert.ok(!tree.folders.has('11'));
  }));

test('two copies of one FolderCreate at once make one folder', () =>
  withTree(async (server, tree) => {
    const request = folderCreate(tree.key, 12, 'Once');
    const [first, second] = await Promise.all([1, 2].map(() => tree.phone.post('FolderCreate', request)));
    assert.equal(first!.xml, second!.xml);
    assert.equal((await foldersOf(server)).length, 11);
    tree.takeCreated(first!.root!, 12, 'Once', '0');
    assert.equal(await tree.sync(), '1');
  }));

test('a misplaced calendar can be renamed before its device was told where it lies', () =>
  withTree(async (server, tree) => {
    await tree.create(13, 'Plans', tree.idOf(8));
    assert.equal(await tree.update('11', 'Holidays', tree.idOf(8)), '1');
    assert.equal((await foldersOf(server)).at(-1)!.displayName, 'Holidays');
    assert.equal(await tree.sync(), '1');
    assert.deepEqual(tree.folders.get('11'), { parentId: '0', name: 'Holidays', type: '13' });
  }));

test('a FolderSync in between, whose answer is lost too, does not make a repeated FolderCreate fail', () =>
  withTree(async (server, tree) => {
    const request = folderCreate(tree.key, 12, 'Once');
    await tree.phone.post('FolderCreate', request);
    await tree.phone.post('FolderSync', folderSync(tree.key));
    assert.equal(tree.takeCreated((await tree.phone.post('FolderCreate', request)).root!, 12, 'Once', '0'), '1');
    assert.equal((await foldersOf(server)).length, 11);
    assert.equal(await tree.sync(), '1');
  }));

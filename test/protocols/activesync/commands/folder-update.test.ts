import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hierarchyChanged } from '../../../../protocols/activesync/hierarchy/hierarchy-changed.ts';
import { createFolder, updateFolder } from '../../../../src/items/folders.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { FolderTree, folderUpdate } from '../../../support/eas/folder-tree.ts';
import { type EasServer, startEas } from '../support.ts';

const answer = (code: number) => `<FolderUpdate xmlns="FolderHierarchy:"><Status>${code}</Status></FolderUpdate>`;
const DONE = '<FolderUpdate xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>{key}</SyncKey></FolderUpdate>';

/** A phone that holds mail folders A (11) with B (12) and in it C (13), and a calendar Plans (14). */
async function withTree(work: (server: EasServer, tree: FolderTree) => Promise<void>): Promise<void> {
  const server = await startEas();
  try {
    const tree = new FolderTree(server.phone());
    await tree.sync();
    await tree.create(12, 'A');
    await tree.create(12, 'B', '11');
    await tree.create(12, 'C', '12');
    await tree.create(13, 'Plans');
    assert.equal(await tree.sync(), '1');
    await work(server, tree);
  } finally {
    await server.close();
  }
}

const readerOf = (server: EasServer) => server.environment.sync.store.read(server.anna.mailboxId);
const folderOf = async (server: EasServer, id: number) => (await readerOf(server).folder(id))!;
const everything = async (server: EasServer) => {
  const reader = readerOf(server);
  return JSON.stringify([await reader.folders(), await reader.documents(''), (await reader.mailbox()).head]);
};

test('MS-ASCMD §2.2.1.6 a folder is renamed and moved, by libwbxml', needsCrossCheck, () =>
  withTree(async (server, tree) => {
    const xml = `
      <FolderUpdate xmlns="FolderHierarchy:">
        <SyncKey>${tree.key}</SyncKey>
        <ServerId>12</ServerId>
        <ParentId>1</ParentId>
        <DisplayName>Größe/2</DisplayName>
      </FolderUpdate>`;
    await crossCheck(tree.phone, 'FolderUpdate', xml, DONE);
    const { parentId, name, displayName } = await folderOf(server, 12);
    assert.deepEqual([parentId, name, displayName], [1, 'Größe-2', 'Größe/2']);
    assert.equal(await hierarchyChanged(server.environment, server.anna, { id: 'phone1' }, { version: '14.1' }), false);
    assert.equal(await tree.update('12', 'Größe/2', '1'), '1', 'a repeat under the previous key');
    const before = new Map(tree.folders);
    assert.equal(await tree.sync(), '1');
    assert.deepEqual(tree.folders, before);
  }),
);

test('a calendar is renamed for people, and keeps its address', () =>
  withTree(async (server, tree) => {
    assert.equal(await tree.update('14', 'Holidays', '0'), '1');
    const { name, displayName } = await folderOf(server, 14);
    assert.deepEqual([name, displayName], ['Plans', 'Holidays']);
  }));

test('MS-ASCMD §2.2.3.177.6 default folders, further views, and taken names are status 2', () =>
  withTree(async (server, tree) => {
    const { environment, anna: principal } = server;
    await updateFolder(environment.items, {
      ...{ principal, folder: await folderOf(server, 14), patch: { components: ['VEVENT', 'VTODO'] } },
    });
    await tree.sync();
    await tree.create(13, 'Caf\u00e9');
    const before = await everything(server);
    for (const id of [...Array(10).keys()].map((index) => `${index + 1}`).concat('7t', '14t')) {
      expectXml(await tree.phone.post('FolderUpdate', folderUpdate(tree.key, id, 'New')), answer(2));
    }
    for (const [id, name, parent] of [
      ['11', 'Inbox', '0'],
      ['12', 'A', '0'],
      ['14', 'Cafe\u0301', '0'],
    ] as const) {
      expectXml(await tree.phone.post('FolderUpdate', folderUpdate(tree.key, id, name, parent)), answer(2));
    }
    assert.equal(await everything(server), before);
  }));

test('an unknown folder is status 4; an unknown parent 5, and so is one that cannot hold it: itself, one below it, another home', () =>
  withTree(async (server, tree) => {
    await createFolder(server.environment.items, {
      ...{ principal: server.bert, itemClass: 'mail', name: 'x', displayName: null, components: [], properties: {} },
    });
    const before = await everything(server);
    for (const id of ['15', '99', '0', '', 'x', '11n', '1'.repeat(65)]) {
      expectXml(await tree.phone.post('FolderUpdate', folderUpdate(tree.key, id, 'New')), answer(4));
    }
    for (const [id, parent] of [
      ['11', '99'],
      ['11', ''],
      ['11', '1'.repeat(65)],
      ['11', '11'],
      ['11', '12'],
      ['11', '13'],
      ['11', '7'],
      ['11', '14'],
      ['14', '7'],
      ['14', '1'],
    ] as const) {
      expectXml(await tree.phone.post('FolderUpdate', folderUpdate(tree.key, id, 'New', parent)), answer(5));
    }
    assert.equal(await everything(server), before);
  }));

test('an unknown key is status 9; a name that is none, or a missing element, status 10 in every version', () =>
  withTree(async (server, tree) => {
    const before = await everything(server);
    for (const key of ['0', '', 'x', 'k'.repeat(65)]) {
      expectXml(await tree.phone.post('FolderUpdate', folderUpdate(key, '11', 'New')), answer(9));
    }
    for (const name of ['', 'x'.repeat(257), 'a&#10;b']) {
      const xml = folderUpdate(tree.key, '11', 'NAME').replace('NAME', name);
      expectXml(await tree.phone.post('FolderUpdate', xml), answer(10));
    }
    for (const version of ['12.1', '14.1'] as const) {
      for (const element of ['SyncKey', 'ServerId', 'ParentId', 'DisplayName']) {
        const xml = folderUpdate(tree.key, '11', 'New').replace(new RegExp(`<${element}>.*</${element}>`), '');
        expectXml(await server.phone({ version }).post('FolderUpdate', xml), answer(10));
      }
    }
    assert.equal(await everything(server), before);
  }));

test('a rename by one device and a move by another both stay', () =>
  withTree(async (server, first) => {
    const second = new FolderTree(server.phone({ deviceId: 'PHONE2' }));
    await second.sync();
    assert.equal(await first.update('12', 'Renamed', '11'), '1');
    assert.equal(await second.update('12', 'B', '0'), '1');
    for (const tree of [first, second]) {
      assert.equal(await tree.sync(), '1');
      assert.deepEqual(tree.folders.get('12'), { parentId: '0', name: 'Renamed', type: '12' });
    }
  }));

test('a repeat after a lost answer does not undo what another client did since; the device is told', () =>
  withTree(async (server, tree) => {
    const request = folderUpdate(tree.key, '12', 'Mine', '11');
    const lost = await tree.phone.post('FolderUpdate', request);
    const { environment, anna: principal } = server;
    const folder = await folderOf(server, 12);
    await updateFolder(environment.items, { principal, folder, patch: { displayName: 'Theirs' } });
    const again = await tree.phone.post('FolderUpdate', request);
    assert.equal(again.xml, lost.xml);
    tree.takeUpdated(again.root!, { id: '12', name: 'Mine', parentId: '11' });
    assert.equal((await folderOf(server, 12)).displayName, 'Theirs');
    assert.equal(await tree.sync(), '1');
    assert.equal(tree.folders.get('12')?.name, 'Theirs');
  }));

test('a move to where a hidden name is taken keeps the name that people see', () =>
  withTree(async (server, tree) => {
    const { environment, anna: principal } = server;
    await updateFolder(environment.items, {
      ...{ principal, folder: await folderOf(server, 11), patch: { name: 'B', displayName: 'Other' } },
    });
    await updateFolder(environment.items, {
      ...{ principal, folder: await folderOf(server, 12), patch: { displayName: null } },
    });
    await tree.sync();
    assert.equal(await tree.update('12', 'B', '0'), '1');
    const { name, displayName } = await folderOf(server, 12);
    assert.deepEqual([name, displayName], ['B 2', 'B']);
    assert.equal(await tree.sync(), '1');
    assert.equal(tree.folders.get('12')?.name, 'B');
  }));

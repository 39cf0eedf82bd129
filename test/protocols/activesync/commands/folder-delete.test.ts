import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hierarchyChanged } from '../../../../protocols/activesync/hierarchy/hierarchy-changed.ts';
import { createFolder, deleteFolder, updateFolder } from '../../../../src/items/folders.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { FolderTree, folderDelete } from '../../../support/eas/folder-tree.ts';
import { type EasServer, withTree } from '../support.ts';

const answer = (code: number) => `<FolderDelete xmlns="FolderHierarchy:"><Status>${code}</Status></FolderDelete>`;
const DONE = '<FolderDelete xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>{key}</SyncKey></FolderDelete>';

const readerOf = (server: EasServer) => server.environment.sync.store.read(server.anna.mailboxId);
const everything = async (server: EasServer) => {
  const reader = readerOf(server);
  return JSON.stringify([await reader.folders(), await reader.documents(''), (await reader.mailbox()).head]);
};

test('MS-ASCMD §2.2.1.4 a folder goes with what is in it and below it, by libwbxml', needsCrossCheck, () =>
  withTree(async (server, tree) => {
    await tree.create(12, 'Outer');
    await tree.create(12, 'Inner', '11');
    const { environment, anna } = server;
    const message = { content: Buffer.from('Subject: x\r\n\r\nx'), contentType: 'message/rfc822' };
    const index = { kind: 'MESSAGE', uid: 'm', rangeStart: 0, rangeEnd: 0, filterKey: 0 } as const;
    await environment.items.store.write(anna.mailboxId, { kind: 'client', by: null }, (tx) =>
      tx.createItem({ folderId: 12, name: 'm.eml', index, ...message }),
    );
    const xml = `
      <FolderDelete xmlns="FolderHierarchy:">
        <SyncKey>${tree.key}</SyncKey>
        <ServerId>11</ServerId>
      </FolderDelete>`;
    const { key } = await crossCheck(tree.phone, 'FolderDelete', xml, DONE);
    assert.equal((await readerOf(server).folders()).length, 10);
    assert.equal((await readerOf(server).mailbox()).itemCount, 0);
    tree.key = key!;
    tree.folders.delete('11');
    tree.folders.delete('12');
    assert.equal(await tree.sync(), '1');
    assert.equal(tree.folders.size, 11);
    assert.equal(await hierarchyChanged(environment, anna, { id: 'phone1' }, { version: '14.1' }), false);
  }),
);

test('MS-ASCMD §2.2.3.177.4 default folders, and one that holds one, are status 3; further views of a folder too', () =>
  withTree(async (server, tree) => {
    await tree.create(12, 'Holds junk');
    const { environment, anna: principal } = server;
    await updateFolder(environment.items, { principal, folder: await server.folder('junk'), patch: { parentId: 11 } });
    const before = await everything(server);
    for (const id of [...Array(10).keys()].map((index) => `${index + 1}`).concat('7t', '11')) {
      expectXml(await tree.phone.post('FolderDelete', folderDelete(tree.key, id)), answer(3));
    }
    assert.equal(await everything(server), before);
  }));

test('a folder that is not there is status 4: unknown, malformed, of files, not of this version, another user’s', () =>
  withTree(async (server, tree) => {
    const bert = new FolderTree(server.phone({ user: 'bert' }));
    await bert.sync();
    await bert.create(12, 'Of bert');
    await createFolder(server.environment.items, {
      ...{ principal: server.anna, itemClass: 'files', name: 'f', displayName: null, components: [], properties: {} },
    });
    await createFolder(server.environment.items, {
      ...{ principal: server.bert, itemClass: 'mail', name: 'g', displayName: null, components: [], properties: {} },
    });
    const before = await everything(server);
    for (const id of ['11', '12', '99', '0', '', 'x', '1n', '9e', '1:1', '-1', '1'.repeat(65)]) {
      expectXml(await tree.phone.post('FolderDelete', folderDelete(tree.key, id)), answer(4));
    }
    const old = server.phone({ version: '12.1' });
    expectXml(await old.post('FolderDelete', folderDelete(tree.key, '10')), answer(4));
    assert.equal(await everything(server), before);
    assert.equal((await server.environment.items.store.read(server.bert.mailboxId).folders()).length, 12);
  }));

test('an unknown key is status 9, a request without its elements status 10 in every version', () =>
  withTree(async (server, tree) => {
    await tree.create(12, 'Stays');
    const before = await everything(server);
    for (const key of ['0', '', 'x', 'k'.repeat(65)]) {
      expectXml(await tree.phone.post('FolderDelete', folderDelete(key, '11')), answer(9));
    }
    for (const version of ['12.1', '14.1'] as const) {
      for (const element of ['SyncKey', 'ServerId']) {
        const xml = folderDelete(tree.key, '11').replace(new RegExp(`<${element}>.*</${element}>`), '');
        expectXml(await server.phone({ version }).post('FolderDelete', xml), answer(10));
      }
    }
    assert.equal(await everything(server), before);
  }));

test('a FolderDelete whose answer was lost succeeds again; under a new key the folder is unknown', () =>
  withTree(async (_server, tree) => {
    await tree.create(12, 'Goes');
    const request = folderDelete(tree.key, '11');
    const first = await tree.phone.post('FolderDelete', request);
    const second = await tree.phone.post('FolderDelete', request);
    assert.equal(second.xml, first.xml);
    assert.equal(tree.takeDeleted(second.root!, '11'), '1');
    assert.equal(await tree.delete('11'), '4');
    assert.equal(await tree.sync(), '1');
  }));

test('a lost answer does not matter to the next FolderSync: the device is told of its own Delete', () =>
  withTree(async (_server, tree) => {
    await tree.create(13, 'Goes');
    await tree.phone.post('FolderDelete', folderDelete(tree.key, '11'));
    assert.equal(await tree.sync(), '1');
    assert.ok(!tree.folders.has('11'));
  }));

test('a folder that another client removed is status 4, and the next FolderSync removes it', () =>
  withTree(async (server, tree) => {
    await tree.create(12, 'Outer');
    await tree.create(12, 'Inner', '11');
    const { environment, anna: principal } = server;
    const folder = (await readerOf(server).folder(11))!;
    await deleteFolder(environment.items, { principal, folder });
    assert.equal(await tree.delete('12'), '4');
    assert.equal(await tree.sync(), '1');
    assert.equal(tree.folders.size, 11);
  }));

test('what another client moved out of a folder in time survives it, whether the device dropped it or not', () =>
  withTree(async (server, first) => {
    await first.create(12, 'Outer');
    await first.create(12, 'Inner', '11');
    const second = new FolderTree(server.phone({ deviceId: 'PHONE2' }), true);
    await second.sync();
    const { environment, anna: principal } = server;
    const folder = (await readerOf(server).folder(12))!;
    await updateFolder(environment.items, { principal, folder, patch: { parentId: null } });
    await second.delete('11');
    assert.ok(!second.folders.has('12'));
    for (const tree of [first, second]) {
      assert.equal(await tree.sync(), '1');
      assert.deepEqual(tree.folders.get('12'), { parentId: '0', name: 'Inner', type: '12' });
    }
  }));

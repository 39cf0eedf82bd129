import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hierarchyChanged } from '../../../../protocols/activesync/hierarchy/hierarchy-changed.ts';
import { createFolder, deleteFolder, updateFolder } from '../../../../src/items/folders.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import type { Phone } from '../../../support/eas/phone.ts';
import { type EasServer, withServer } from '../support.ts';

const request = (key: string) => `<FolderSync xmlns="FolderHierarchy:"><SyncKey>${key}</SyncKey></FolderSync>`;
const add = (id: string, name: string, type: number, parent = '0') =>
  `<Add><ServerId>${id}</ServerId><ParentId>${parent}</ParentId><DisplayName>${name}</DisplayName><Type>${type}</Type></Add>`;
const update = (id: string, name: string, type: number, parent = '0') =>
  add(id, name, type, parent).replaceAll('Add>', 'Update>');
const remove = (id: string) => `<Delete><ServerId>${id}</ServerId></Delete>`;
const answer = (key: string, ...changes: string[]) =>
  `<FolderSync xmlns="FolderHierarchy:"><Status>1</Status><SyncKey>${key}</SyncKey><Changes><Count>${changes.length}</Count>${changes.join('')}</Changes></FolderSync>`;
const status = (code: number) => `<FolderSync xmlns="FolderHierarchy:"><Status>${code}</Status></FolderSync>`;

const CAPTURES = new URL('../../../../../shared/captures/firefox-os-mail/', import.meta.url);
const needsCaptures = existsSync(CAPTURES) ? {} : { skip: '../shared/captures/firefox-os-mail is not there' };

const MAIL = [
  add('1', 'Inbox', 2),
  add('2', 'Drafts', 3),
  add('3', 'Sent Items', 5),
  add('4', 'Deleted Items', 4),
  add('5', 'Outbox', 6),
  add('6', 'Junk E-mail', 12),
];
const DEFAULTS = [
  ...MAIL,
  add('7', 'Calendar', 8),
  add('7t', 'Calendar (Tasks)', 15),
  add('8', 'Contacts', 9),
  add('9', 'Tasks', 7),
  add('10', 'Notes', 10),
];

/** Sends a key, expects these changes, returns the new key. */
async function sync(phone: Phone, key: string, ...changes: string[]): Promise<string> {
  return expectXml(await phone.post('FolderSync', request(key)), answer('{key}', ...changes)).key!;
}

const mailFolder = (server: EasServer, name: string, parentId: number | null = null) =>
  createFolder(server.environment.items, {
    principal: server.anna,
    ...{ parentId, itemClass: 'mail', name, displayName: null, components: [], properties: {} },
  });
const stateOf = (server: EasServer) =>
  server.environment.sync.store.read(server.anna.mailboxId).document('phone1/folders');
const isChanged = (server: EasServer, version: '12.1' | '14.1' = '14.1') =>
  hierarchyChanged(server.environment, server.anna, { id: 'phone1' }, { version });

test('MS-ASCMD §2.2.1.5 key 0 gives every folder with its type, by libwbxml', needsCrossCheck, () =>
  withServer(async (server) => {
    const { key } = await crossCheck(server.phone(), 'FolderSync', request('0'), answer('{key}', ...DEFAULTS));
    assert.ok(key!.length <= 64 && key !== '0');
    const again = await crossCheck(server.phone(), 'FolderSync', request(key!), answer('{key}'));
    assert.equal(again.key, key, 'nothing to say: the key stays');
  }),
);

test('before 14.0 notes are not shown; a device that is upgraded is told of them, one that is set back loses them', () =>
  withServer(async (server) => {
    const old = server.phone({ version: '12.1' });
    const key = await sync(old, '0', ...DEFAULTS.slice(0, -1));
    assert.equal(await isChanged(server, '12.1'), false);
    assert.equal(await isChanged(server, '14.1'), true);
    const newer = await sync(server.phone(), key, DEFAULTS.at(-1)!);
    await sync(server.phone(), newer);
    await sync(old, newer, remove('10'));
  }));

test('a folder that was created, renamed, moved or removed comes as Add, Update, Delete; parents first, then children last', () =>
  withServer(async (server) => {
    const { environment, anna: principal } = server;
    const phone = server.phone();
    let key = await sync(phone, '0', ...DEFAULTS);
    const outer = await mailFolder(server, 'Outer');
    const inner = await mailFolder(server, 'In & <out>', outer.id);
    key = await sync(phone, key, add('11', 'Outer', 12), add('12', 'In &amp; &lt;out&gt;', 12, '11'));
    await updateFolder(environment.items, { principal, folder: inner, patch: { parentId: null, displayName: 'Top' } });
    await updateFolder(environment.items, { principal, folder: outer, patch: { parentId: inner.id } });
    key = await sync(phone, key, update('12', 'Top', 12), update('11', 'Outer', 12, '12'));
    await deleteFolder(environment.items, { principal, folder: inner });
    key = await sync(phone, key, remove('11'), remove('12'));
    await sync(phone, key);
  }));

test('MS-ASCMD §2.2.3.177.5 a repeat of the previous key gives the same changes under a fresh key; an older key is status 9', () =>
  withServer(async (server) => {
    const phone = server.phone();
    const first = await sync(phone, '0', ...DEFAULTS);
    await mailFolder(server, 'Lost');
    const second = await sync(phone, first, add('11', 'Lost', 12));
    await mailFolder(server, 'Later');
    const third = await sync(phone, first, add('11', 'Lost', 12), add('12', 'Later', 12));
    assert.notEqual(third, second);
    assert.equal(expectXml(await phone.post('FolderSync', request(second)), status(9)).key, undefined);
    await sync(phone, third);
    for (const key of [first, second, 'x', '', '1', `${third}x`, 'k'.repeat(1000)]) {
      const before = await stateOf(server);
      expectXml(await phone.post('FolderSync', request(key)), status(9));
      assert.deepEqual(await stateOf(server), before, 'nothing changed');
    }
    await sync(phone, third);
  }));

test(
  'what a Firefox OS phone sent is answered: it begins with key 0, and again before each operation',
  needsCaptures,
  () =>
    withServer(async (server) => {
      const phone = server.phone();
      for (const number of ['002', '018', '023']) {
        const sent = readFileSync(new URL(`${number}-FolderSync.req.wbxml`, CAPTURES));
        expectXml(await phone.post('FolderSync', sent), answer('{key}', ...DEFAULTS));
      }
      const unknownKey = new URL('003-FolderSync.req.wbxml', CAPTURES);
      expectXml(await phone.post('FolderSync', readFileSync(unknownKey)), status(9));
    }),
);

test('a late copy of a first request does not cut off a device that went on', () =>
  withServer(async (server) => {
    const phone = server.phone();
    const key = await sync(phone, '0', ...DEFAULTS);
    await sync(phone, '0', ...DEFAULTS);
    await sync(phone, key);
  }));

test('key 0 leaves the keys of collections alone', () =>
  withServer(async (server) => {
    const phone = server.phone();
    await sync(phone, '0', ...DEFAULTS);
    const { store } = server.environment.sync;
    const { id: folderId } = await server.folder('inbox');
    const partnership = {
      ...{ folderId, device: 'phone1', number: 1, answers: 1, previous: null, repeats: 0, alone: null, suspects: [] },
      current: {
        ...{ key: 'kept', processed: 1, base: 1, ceiling: 1, exceptions: [], options: '' },
        edge: { key: 0, id: 0 },
      },
    };
    await store.write(server.anna.mailboxId, { kind: 'client', by: null }, (tx) => tx.putPartnership(partnership));
    await sync(phone, '0', ...DEFAULTS);
    assert.equal((await store.read(server.anna.mailboxId).partnership(folderId, 'phone1'))?.current.key, 'kept');
  }));

test('what is no request of this command is status 10 in every version, and changes nothing', () =>
  withServer(async (server) => {
    for (const version of ['12.1', '14.1'] as const) {
      const phone = server.phone({ version });
      for (const xml of [
        '<FolderSync xmlns="FolderHierarchy:"/>',
        '<FolderSync xmlns="FolderHierarchy:"><SyncKey><Status>1</Status></SyncKey></FolderSync>',
        '<FolderCreate xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderCreate>',
      ]) {
        expectXml(await phone.post('FolderSync', xml), status(10));
      }
    }
    assert.equal(await stateOf(server), null);
  }));

test('more folders than a device is told of are status 151, by HTTP in 12.1', () =>
  withServer(
    async (server) => {
      const key = await sync(server.phone(), '0', ...DEFAULTS);
      await mailFolder(server, 'One too many');
      const before = await stateOf(server);
      expectXml(await server.phone().post('FolderSync', request(key)), status(151));
      assert.deepEqual(await stateOf(server), before);
      await mailFolder(server, 'And one more');
      assert.equal((await server.phone({ version: '12.1' }).post('FolderSync', request(key))).status, 500);
    },
    { limits: { maxFolders: DEFAULTS.length } },
  ));

test('a probe sees the folders and leaves nothing behind', () =>
  withServer(async (server) => {
    const probe = server.phone({ deviceId: 'validate' });
    const key = await sync(probe, '0', ...DEFAULTS);
    expectXml(await probe.post('FolderSync', request(key)), status(9));
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    assert.deepEqual([await reader.devices(), await reader.documents('')], [[], []]);
  }));

test('people see their own folders only, under keys of their own', () =>
  withServer(async (server) => {
    await mailFolder(server, 'Of anna');
    const bert = server.phone({ user: 'bert' });
    const key = await sync(bert, '0', ...DEFAULTS);
    expectXml(await server.phone().post('FolderSync', request(key)), status(9));
    await sync(server.phone(), '0', ...DEFAULTS.slice(0, 11), add('11', 'Of anna', 12));
  }));

test('names that phones cannot show are made showable: empty, too long, with line ends', () =>
  withServer(async (server) => {
    const { environment, anna: principal } = server;
    const key = await sync(server.phone(), '0', ...DEFAULTS);
    for (const [name, displayName] of [
      ['a', ''],
      ['b', 'two\r\nlines'],
      ['c', `${'x'.repeat(255)}🎂`],
    ] as const) {
      const folder = await mailFolder(server, name);
      await updateFolder(environment.items, { principal, folder, patch: { displayName } });
    }
    await sync(server.phone(), key, add('11', 'a', 12), add('12', 'two lines', 12), add('13', 'x'.repeat(255), 12));
  }));

test('folders of files are not shown; a calendar of tasks and notes is shown as each', () =>
  withServer(async (server) => {
    const { environment, anna: principal } = server;
    const rest = { name: 'x', displayName: 'Plans', properties: {} };
    const key = await sync(server.phone(), '0', ...DEFAULTS);
    await createFolder(environment.items, { principal, itemClass: 'files', components: [], ...rest });
    assert.equal(await isChanged(server), false, 'files alone are no change');
    const components = ['VTODO', 'VJOURNAL', 'VEVENT'] as const;
    await createFolder(environment.items, { principal, itemClass: 'calendar', components, ...rest });
    const adds = [add('12', 'Plans', 13), add('12t', 'Plans (Tasks)', 15), add('12n', 'Plans (Notes)', 17)];
    await sync(server.phone(), key, ...adds);
  }));

test('the locale of a base64 query names the default folders', () =>
  withServer(async (server) => {
    const query = Buffer.from([
      ...[141, 9, 0x07, 0x0c, 6, ...Buffer.from('PHONE1'), 0],
      ...[9, ...Buffer.from('TestPhone')],
    ]).toString('base64');
    const german = await server.phone().post('FolderSync', request('0'), { rawQuery: query });
    assert.match(german.xml, /<DisplayName>Posteingang<.*<DisplayName>Kalender \(Aufgaben\)</);
    const [key] = /(?<=<SyncKey>)[^<]+/.exec(german.xml)!;
    await sync(server.phone(), key);
  }));

test('the hierarchy has changed for a device that never asked, and for one that holds less than there is', () =>
  withServer(async (server) => {
    assert.equal(await isChanged(server), true);
    let key = await sync(server.phone(), '0', ...DEFAULTS);
    assert.equal(await isChanged(server), false);
    await server.put('inbox', '1.eml', 'Subject: x\r\n\r\nx');
    assert.equal(await isChanged(server), false, 'items are no folders');
    const folder = await mailFolder(server, 'New');
    assert.equal(await isChanged(server), true);
    key = await sync(server.phone(), key, add('11', 'New', 12));
    assert.equal(await isChanged(server), false);
    const { environment, anna: principal } = server;
    await updateFolder(environment.items, { principal, folder, patch: { properties: { '{x}colour': 'red' } } });
    assert.equal(await isChanged(server), false, 'a colour is not seen by phones');
    await deleteFolder(environment.items, { principal, folder });
    assert.equal(await isChanged(server), true);
    await sync(server.phone(), key, remove('11'));
    assert.equal(await isChanged(server), false);
  }));

test('an idle FolderSync, and the question whether anything changed, write nothing and read no folders', () =>
  withServer(
    async (server) => {
      const key = await sync(server.phone(), '0', ...DEFAULTS);
      await sync(server.phone(), key);
      calls.length = 0;
      await sync(server.phone(), key);
      assert.equal(await isChanged(server), false);
      assert.deepEqual(calls.sort(), ['document', 'document', 'folderChanges', 'folderChanges']);
    },
    { change: (environment) => ({ ...environment, sync: { ...environment.sync, store: watched(environment) } }) },
  ));

const calls: string[] = [];

/** Notes what is asked of the store, without the register of devices. */
function watched({ sync: { store } }: EasServer['environment']): EasServer['environment']['sync']['store'] {
  return {
    read(mailboxId) {
      return new Proxy(store.read(mailboxId), {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          if (name !== 'deviceByAlias') calls.push(String(name));
          return value.bind(target);
        },
      });
    },
    write(...call) {
      calls.push('write');
      return store.write(...call);
    },
  };
}

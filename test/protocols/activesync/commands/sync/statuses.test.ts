import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../../src/domain/errors.ts';
import { createFolder, deleteFolder } from '../../../../../src/items/folders.ts';
import { expectXml } from '../../../../support/eas/cross-check.ts';
import { syncXml } from '../../../../support/eas/sync-phone.ts';
import { card, event, mail, partsOf, stateOf, syncPhone, withServer } from './support.ts';

const whole = (status: number) => `<Sync xmlns="AirSync:"><Status>${status}</Status></Sync>`;
const contact = (name: string) => `<ApplicationData><c:FirstName>${name}</c:FirstName></ApplicationData>`;

test('status 4 for one collection: a Class that is not its own, key 0 with commands', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const good = `${(await server.folder('tasks')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const before = partnershipsOf(await stateOf(server));
    const statuses = async (xml: string, key = phone.key(id)): Promise<unknown> => {
      const told = await phone.send(phone.document([{ id, key, xml }]));
      return told.collections.map(({ status, key }) => [status, key]);
    };
    const key = phone.key(id);
    assert.deepEqual(await statuses('<Class>Contacts</Class>'), [[4, key]]);
    const add = `<Commands><Add><ClientId>c</ClientId>${contact('A')}</Add></Commands>`;
    assert.deepEqual(await statuses(add, '0'), [[4, '0']]);
    assert.deepEqual(partnershipsOf(await stateOf(server)), before);
    const both = await phone.send(phone.document([{ id, xml: '<Class>Notes</Class>' }, { id: good }]));
    assert.deepEqual(
      both.collections.map(({ status }) => status),
      [4, 1],
    );
  }));

test('status 3 for a key that nobody gave or that is older than the one before; the device starts again', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    const never = await phone.send(phone.document([{ id, key: '17' }]));
    assert.deepEqual(
      never.collections.map(({ status, key }) => [status, key]),
      [[3, '0']],
    );
    await phone.begin(id);
    const old = phone.key(id);
    for (let n = 0; n < 2; n += 1) {
      await server.put('contacts', `${n}`, card(`u${n}`, 'Ada'));
      await phone.sync([{ id }]);
    }
    const before = await stateOf(server);
    const told = await phone.send(phone.document([{ id, key: old }]));
    assert.deepEqual(
      told.collections.map(({ status }) => status),
      [3],
    );
    assert.equal(JSON.stringify(partnershipsOf(await stateOf(server))), JSON.stringify(partnershipsOf(before)));
  }));

const partnershipsOf = (state: unknown): unknown => (state as { partnerships: unknown }).partnerships;

test('status 5 for a collection that fails by a mistake of ours; the others are answered and the mistake is logged', () =>
  withServer(
    async (server) => {
      const ids = [`${(await server.folder('contacts')).id}`, `${(await server.folder('tasks')).id}`];
      const phone = syncPhone(server);
      const told = await phone.sync(ids.map((id) => ({ id })));
      assert.deepEqual(
        told.collections.map(({ id, status }) => [id, status]),
        [
          [ids[0], 5],
          [ids[1], 1],
        ],
      );
      assert.ok(server.lines.some(({ level, message }) => level === 'error' && message.includes('bug')));
    },
    { change: (environment) => failing(environment, new Error('a mistake')) },
  ));

test('status 16 for a collection whose store cannot answer now', () =>
  withServer(
    async (server) => {
      const ids = [`${(await server.folder('contacts')).id}`, `${(await server.folder('tasks')).id}`];
      const phone = syncPhone(server);
      const told = await phone.sync(ids.map((id) => ({ id })));
      assert.deepEqual(
        told.collections.map(({ status }) => status),
        [16, 1],
      );
    },
    { change: (environment) => failing(environment, new GatewayError('store-unavailable', { reason: 'busy' })) },
  ));

type Environment = Parameters<NonNullable<NonNullable<Parameters<typeof withServer>[1]>['change']>>[0];

/** The first partnership that is looked for cannot be read. */
function failing(environment: Environment, error: Error): Environment {
  let isFirst = true;
  const { store } = environment.sync;
  const read: typeof store.read = (mailboxId) => {
    const reader = store.read(mailboxId);
    return new Proxy(reader, {
      get(target, name) {
        if (name === 'partnership' && isFirst) {
          isFirst = false;
          return async () => {
            throw error;
          };
        }
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return { ...environment, sync: { ...environment.sync, store: { read, write: store.write.bind(store) } } };
}

test('status 6 for an item that cannot be taken, which is not kept; one of another class among them', () =>
  withServer(async (server) => {
    const calendar = `${(await server.folder('calendar')).id}`;
    const inbox = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await phone.begin(calendar);
    await phone.begin(inbox);
    const before = partsOf(await stateOf(server));
    const broken =
      '<Commands><Add><ClientId>c1</ClientId><ApplicationData><cal:StartTime>never</cal:StartTime></ApplicationData></Add></Commands>';
    const others =
      '<Commands><Add><Class>Calendar</Class><ClientId>c2</ClientId><ApplicationData><e:To>1</e:To></ApplicationData></Add>' +
      '<Add><ClientId>c3</ClientId><ApplicationData><e:Subject>x</e:Subject></ApplicationData></Add></Commands>';
    const told = await phone.sync([
      { id: calendar, xml: broken },
      { id: inbox, xml: others },
    ]);
    assert.deepEqual(
      told.collections.map(({ responses }) =>
        responses.map(({ clientId, status, serverId }) => [clientId, status, serverId]),
      ),
      [
        [['c1', 6, '']],
        [
          ['c2', 6, ''],
          ['c3', 6, ''],
        ],
      ],
    );
    assert.deepEqual(partsOf(await stateOf(server)), before);
  }));

test('status 6 for a Change that cannot be taken: the item comes back in the same answer', () =>
  withServer(async (server) => {
    const item = await server.put('calendar', 'e', event('u', 'Meeting'));
    const id = `${(await server.folder('calendar')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const data =
      '<ApplicationData><cal:Subject>Other</cal:Subject><cal:StartTime>never</cal:StartTime></ApplicationData>';
    const change = `<Commands><Change><ServerId>${id}:${item}</ServerId>${data}</Change></Commands>`;
    const [told] = (await phone.sync([{ id, xml: change }])).collections;
    assert.deepEqual(
      [...told!.responses, ...told!.commands].map(({ kind, serverId, status }) => [kind, serverId, status]),
      [
        ['Change', `${id}:${item}`, 6],
        ['Change', `${id}:${item}`, null],
      ],
    );
    assert.match(phone.items(id).get(`${id}:${item}`)!, /Meeting/);
  }));

test('status 7 for a conflict that the server wins, with its item in the same answer; the loser is kept', () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a', card('u', 'Ada'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    await server.put('contacts', 'a', card('u', 'Bea'));
    const change = `<Commands><Change><ServerId>${id}:${item}</ServerId>${contact('Cleo')}</Change></Commands>`;
    const [told] = (await phone.sync([{ id, xml: change }])).collections;
    assert.deepEqual(
      told!.responses.map(({ kind, status }) => [kind, status]),
      [['Change', 7]],
    );
    assert.match(phone.items(id).get(`${id}:${item}`)!, /Bea/);
    const [loser] = await server.environment.sync.store.read(server.anna.mailboxId).conflictLosers();
    assert.match(Buffer.from(loser!.content).toString(), /Cleo/);
  }));

test('status 7 for a Delete of what somebody changed: the item comes back', () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a', card('u', 'Ada'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    await server.put('contacts', 'a', card('u', 'Bea'));
    const remove = `<Commands><Delete><ServerId>${id}:${item}</ServerId></Delete></Commands>`;
    const [told] = (await phone.sync([{ id, xml: remove }])).collections;
    assert.deepEqual(
      [...told!.responses, ...told!.commands].map(({ kind, serverId, status }) => [kind, serverId, status]),
      [
        ['Delete', `${id}:${item}`, 7],
        ['Add', `${id}:${item}`, null],
      ],
    );
  }));

test('status 8 for items that are not there, are elsewhere, are somebody else’s or have no id of ours', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const mailId = await server.put('inbox', 'm', mail('Mine'));
    await server.put('inbox', 'm', mail('Theirs'), server.bert);
    const theirs = await server.put('contacts', 'b', card('u', 'Ada'), server.bert);
    const phone = syncPhone(server);
    await phone.begin(id);
    const before = partsOf(await stateOf(server));
    const bert = partsOf(await stateOf(server, server.bert));
    const commands = [`${id}:${mailId}`, `${id}:${theirs}`, `${id}:77`, '999:1', 'nonsense', ''].map(
      (serverId) =>
        `<Change><ServerId>${serverId}</ServerId>${contact('X')}</Change><Delete><ServerId>${serverId}</ServerId></Delete>`,
    );
    const [told] = (await phone.sync([{ id, xml: `<Commands>${commands.join('')}</Commands>` }])).collections;
    assert.deepEqual(
      told!.responses.map(({ status }) => status),
      Array(12).fill(8),
    );
    assert.deepEqual(partsOf(await stateOf(server)), before);
    assert.deepEqual(partsOf(await stateOf(server, server.bert)), bert);
  }));

test('status 9 for an Add that the mailbox has no room for', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    await server.environment.items.store.setQuota(server.anna.mailboxId, { bytes: null, items: 0 });
    const add = `<Commands><Add><ClientId>c</ClientId>${contact('A')}</Add></Commands>`;
    const [told] = (await phone.sync([{ id, xml: add }])).collections;
    assert.deepEqual(
      told!.responses.map(({ status }) => status),
      [9],
    );
  }));

test('a collection that is gone: 12 while the device does not know, 8 afterwards, nothing for Outlook', () =>
  withServer(async (server) => {
    const { anna } = server;
    const facts = { itemClass: 'mail', displayName: null, components: [], properties: {} } as const;
    const folder = await createFolder(server.environment.items, {
      principal: anna,
      parentId: null,
      name: 'Old',
      ...facts,
    });
    const phone = syncPhone(server);
    await phone.phone.post('FolderSync', '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>');
    const id = `${folder.id}`;
    await phone.begin(id);
    await deleteFolder(server.environment.items, { principal: anna, folder });
    const good = `${(await server.folder('tasks')).id}`;
    const asked = [{ id }, { id: good }];
    const statuses = async () => (await phone.send(phone.document(asked))).collections.map(({ status }) => status);
    assert.deepEqual(await statuses(), [12, 1]);
    await phone.phone.post('FolderSync', '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>');
    assert.deepEqual(await statuses(), [8, 1]);
    const outlook = syncPhone(server, { deviceType: 'WindowsOutlook15', deviceId: 'OL1' });
    const told = await outlook.sync(asked);
    assert.deepEqual(
      told.collections.map((one) => one.id),
      [good],
    );
  }));

test('other people’s collections and ids that are none are not found', () =>
  withServer(async (server) => {
    const phone = syncPhone(server);
    await phone.phone.post('FolderSync', '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>');
    for (const id of ['nonsense', '99999', '8x', '0', '-1', '7n']) {
      const told = await phone.send(phone.document([{ id }]));
      assert.deepEqual(
        told.collections.map(({ status }) => status),
        [8],
        id,
      );
    }
  }));

test('status 13 for an empty or partial request that stands for nothing', () =>
  withServer(async (server) => {
    const phone = server.phone();
    expectXml(await phone.post('Sync', null), whole(13));
    expectXml(await phone.post('Sync', syncXml('<Partial/><WindowSize>5</WindowSize>')), whole(13));
  }));

test('status 14 for a wait out of range, with the nearest that is allowed in its own unit', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const before = await stateOf(server);
    for (const [xml, limit] of [
      ['<Wait>60</Wait>', 59],
      ['<Wait>0</Wait>', 1],
      ['<Wait>-5</Wait>', 1],
      ['<HeartbeatInterval>59</HeartbeatInterval>', 60],
      ['<HeartbeatInterval>3541</HeartbeatInterval>', 3540],
    ] as const) {
      const told = await phone.send(phone.document([{ id }], xml));
      assert.deepEqual([told.status, told.limit, told.collections.length], [14, limit, 0], xml);
    }
    assert.deepEqual(await stateOf(server), before);
  }));

test('status 15 for more collections than are served at once, with how many are', () =>
  withServer(
    async (server) => {
      const phone = syncPhone(server);
      const told = await phone.send(phone.document([{ id: '1' }, { id: '2' }, { id: '3' }]));
      assert.deepEqual([told.status, told.limit], [15, 2]);
      assert.deepEqual(await server.environment.sync.store.read(server.anna.mailboxId).partnerships(), []);
    },
    { limits: { maxSyncCollections: 2 } },
  ));

test('MS-ASCMD §2.2.2 a BodyPartPreference of another type than HTML: 164, by HTTP 400 in 12.1', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const xml =
      '<Options><b:BodyPartPreference><b:Type>1</b:Type><b:TruncationSize>10</b:TruncationSize></b:BodyPartPreference></Options>';
    const phone = syncPhone(server);
    assert.equal((await phone.send(phone.document([{ id, key: '0', xml }]))).status, 164);
    const old = syncPhone(server, { version: '12.1' });
    assert.equal((await old.send(old.document([{ id, key: '0', xml }]))).http, 400);
  }));

test('a probe leaves nothing behind', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server, { deviceId: 'validate' });
    assert.equal((await phone.send(phone.document([{ id }]))).status, 108);
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    assert.deepEqual([await reader.partnerships(), await reader.devices(), await reader.documents('')], [[], [], []]);
  }));

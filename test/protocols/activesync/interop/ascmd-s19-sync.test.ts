import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syncXml } from '../../../support/eas/sync-phone.ts';
import { card, event, mail, syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

const VERSIONS = ['12.1', '14.0', '14.1'] as const;
const options = (xml: string): string => `<Options>${xml}</Options>`;

async function idOf(server: EasServer, role: Parameters<EasServer['folder']>[0]): Promise<string> {
  return `${(await server.folder(role)).id}`;
}

/** A collection whose rules are broken ends the whole Sync with 4, though another could begin. */
async function endsWhole(
  server: EasServer,
  role: 'inbox' | 'calendar' | 'contacts' | 'tasks',
  xml: string,
  key?: string,
) {
  const [id, notes] = [await idOf(server, role), await idOf(server, 'notes')];
  const partnerships = () => server.environment.sync.store.read(server.anna.mailboxId).partnerships();
  for (const version of ['14.0', '14.1'] as const) {
    const phone = syncPhone(server, { version, deviceId: `D${version}` });
    await phone.sync([{ id }]);
    const before = await partnerships();
    const asked = { id, xml, ...(key === undefined ? {} : { key }) };
    const told = await phone.send(phone.document([{ id: notes, key: '0' }, asked]));
    assert.deepEqual([told.status, told.collections, told.http], [4, [], 200], `${role} ${xml} ${version}`);
    assert.deepEqual(await partnerships(), before, 'nothing is begun');
  }
  const old = syncPhone(server, { version: '12.1' });
  await old.sync([{ id }]);
  const told = await old.send(old.document([{ id, xml, ...(key === undefined ? {} : { key }) }]));
  assert.deepEqual([told.status, told.collections, told.http], [4, [], 200], `${role} ${xml} 12.1`);
}

test('MS-ASCMD_R3041 to R3061 a FilterType that the class does not know ends the whole Sync with 4; others are 1', () =>
  withServer(async (server) => {
    const known = { inbox: [0, 1, 2, 3, 4, 5], calendar: [0, 4, 5, 6, 7], tasks: [0, 8] } as const;
    for (const role of ['inbox', 'calendar', 'tasks'] as const) {
      const id = await idOf(server, role);
      for (let type = 0; type <= 8; type += 1) {
        const xml = options(`<FilterType>${type}</FilterType>`);
        if (!(known[role] as readonly number[]).includes(type)) await endsWhole(server, role, xml, '0');
        else assert.equal((await syncPhone(server).sync([{ id, xml }])).collections[0]?.status, 1, `${role} ${type}`);
      }
    }
  }));

test('MS-ASCMD_R3080 status 4 is a child of Sync for FilterType 8 of mail, in a later Sync too', () =>
  withServer((server) => endsWhole(server, 'inbox', options('<FilterType>8</FilterType>'))));

test('MS-ASCMD_R2117 ConversationMode for what is not mail ends the whole Sync with 4', () =>
  withServer(async (server) => {
    await endsWhole(server, 'contacts', '<ConversationMode>1</ConversationMode>');
    await endsWhole(server, 'calendar', '<ConversationMode>0</ConversationMode>');
  }));

test('MS-ASCMD_R2107 ConversationMode for mail changes nothing', () =>
  withServer(async (server) => {
    await server.put('inbox', 'm', mail('One'));
    const id = await idOf(server, 'inbox');
    const phone = syncPhone(server);
    await phone.sync([{ id }]);
    const xml = `<GetChanges/><ConversationMode>1</ConversationMode>${options('<FilterType>1</FilterType>')}`;
    assert.equal((await phone.sync([{ id, xml }])).collections[0]?.commands.length, 1);
  }));

test('MS-ASCMD_R930, R935 Options of one class twice, or of classes that do not go together, end the whole Sync with 4', () =>
  withServer(async (server) => {
    const twice = options('<Class>Calendar</Class>').repeat(2);
    await endsWhole(server, 'calendar', twice);
    await endsWhole(server, 'calendar', options('<FilterType>4</FilterType>').repeat(2));
    await endsWhole(server, 'calendar', options('<Class>Calendar</Class>') + options('<Class>Tasks</Class>'));
    await endsWhole(server, 'contacts', options('<Class>Contacts</Class>') + options('<Class>SMS</Class>'));
  }));

test('MS-ASCMD_R934 mail and SMS may be asked for together', () =>
  withServer(async (server) => {
    await server.put('inbox', 'm', mail('One'));
    const id = await idOf(server, 'inbox');
    const phone = syncPhone(server);
    await phone.sync([{ id }]);
    const xml = options('<Class>Email</Class><FilterType>5</FilterType>') + options('<Class>SMS</Class>');
    assert.equal((await phone.sync([{ id, xml }])).collections[0]?.commands.length, 1);
  }));

test('MS-ASCMD_R3075, R938, R3404, R3432, R2075 an option twice in one Options is no error', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'inbox');
    const doubled = [
      '<FilterType>0</FilterType><FilterType>1</FilterType>',
      '<Class>Email</Class><Class>Email</Class>',
      '<MIMESupport>0</MIMESupport><MIMESupport>1</MIMESupport>',
      '<MIMETruncation>2</MIMETruncation><MIMETruncation>3</MIMETruncation>',
      '<Conflict>1</Conflict><Conflict>1</Conflict>',
      '<MaxItems>2</MaxItems><MaxItems>3</MaxItems>',
    ];
    for (const xml of doubled) {
      assert.equal((await syncPhone(server).sync([{ id, xml: options(xml) }])).collections[0]?.status, 1, xml);
    }
  }));

test('MS-ASCMD_R5838, R3128 GetChanges at key 0, said or empty, ends the whole Sync with 4', () =>
  withServer(async (server) => {
    await endsWhole(server, 'contacts', '<GetChanges>1</GetChanges>', '0');
    await endsWhole(server, 'contacts', '<GetChanges/>', '0');
  }));

test('MS-ASCMD_R5839, R3129 no GetChanges, or 0, at key 0 is no error', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'contacts');
    for (const xml of ['', '<GetChanges>0</GetChanges>']) {
      assert.equal((await syncPhone(server).sync([{ id, xml }])).collections[0]?.status, 1);
    }
  }));

test('MS-ASCMD_R3125 the key before, come again without wanting changes, is answered empty and stays good', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'inbox');
    await server.put('inbox', 'm', mail('One'));
    const phone = syncPhone(server);
    await phone.sync([{ id }]);
    const key = phone.key(id);
    const first = await phone.send(phone.document([{ id, key }]));
    const quiet = await phone.send(phone.document([{ id, key, xml: '<GetChanges>0</GetChanges>' }]));
    assert.ok(quiet.isEmpty);
    const again = await phone.send(phone.document([{ id, key }]));
    for (const told of [first, again]) assert.equal(told.collections[0]?.commands[0]?.kind, 'Add');
  }));

test('MS-ASCMD_R941 an Add of another class than the collection’s is answered with its Class, one of its own without', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'notes');
    const phone = syncPhone(server);
    await phone.sync([{ id }]);
    const add = (clientId: string, easClass: string) =>
      `<Add><Class>${easClass}</Class><ClientId>${clientId}</ClientId><ApplicationData><n:Subject>S</n:Subject></ApplicationData></Add>`;
    const xml = `<Commands>${add('a', 'Calendar')}${add('b', 'Notes')}</Commands>`;
    const told = await phone.sync([{ id, xml }]);
    assert.match(told.xml, /<Add><Class>Calendar<\/Class><ClientId>a<\/ClientId><Status>6<\/Status><\/Add>/);
    assert.match(told.xml, /<Add><ClientId>b<\/ClientId><ServerId>[^<]+<\/ServerId><Status>1<\/Status><\/Add>/);
  }));

test('MS-ASCMD_R4545 a collection without CollectionId, and R4430 no collection at all, are 4 of the whole', () =>
  withServer(async (server) => {
    const nameless =
      '<Collections><Collection><SyncKey>0</SyncKey><Supported><c:JobTitle/></Supported></Collection></Collections>';
    for (const version of VERSIONS) {
      const phone = syncPhone(server, { version });
      for (const xml of ['', nameless]) assert.equal((await phone.send(syncXml(xml))).status, 4);
    }
  }));

test('MS-ASCMD_R3418 MIMETruncation 0 leaves the Body without Data; R3419 to R3425 the others cut at their sizes', () =>
  withServer(async (server) => {
    await server.put('inbox', 'm', mail('Long', 'X'.repeat(102_500)));
    const id = await idOf(server, 'inbox');
    const sizes = [null, 4_096, 5_120, 7_168, 10_240, 20_480, 51_200, 102_400, 102_642];
    for (const [code, size] of sizes.entries()) {
      const phone = syncPhone(server);
      const body = '<b:BodyPreference><b:Type>4</b:Type></b:BodyPreference>';
      const xml = options(`<MIMETruncation>${code}</MIMETruncation>${body}<MIMESupport>2</MIMESupport>`);
      await phone.begin(id, '', xml);
      const [shown = ''] = phone.items(id).values();
      const data = /<Data>([\s\S]*)<\/Data>|<Data\/>/.exec(shown);
      const text = data?.[1]?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#13;', '\r');
      assert.equal(text?.length ?? null, size === 102_642 ? text?.length : size, `${code}`);
      assert.equal(shown.includes('<Truncated>1</Truncated>'), code < 8);
      if (code === 0) assert.equal(data, null);
    }
  }));

test('MS-ASCMD_R877, R876 exceptions that a Change leaves out, or sends empty, stay; so do times that it leaves out', () =>
  withServer(async (server) => {
    const rule = ['RRULE:FREQ=DAILY', 'EXDATE:20260107T100000Z'].join('\r\n');
    await server.put('calendar', 'e', event('e', 'Daily').replace('SUMMARY', `${rule}\r\nSUMMARY`));
    const id = await idOf(server, 'calendar');
    const phone = syncPhone(server, { version: '14.1' });
    await phone.begin(id);
    const [[serverId = ''] = []] = phone.items(id);
    const recurrence = '<cal:Recurrence><cal:Type>0</cal:Type></cal:Recurrence>';
    for (const more of ['', '<cal:Exceptions/>']) {
      const data = `<cal:Subject>New</cal:Subject>${recurrence}${more}`;
      const xml = `<Commands><Change><ServerId>${serverId}</ServerId><ApplicationData>${data}</ApplicationData></Change></Commands>`;
      assert.equal((await phone.sync([{ id, xml }])).collections[0]?.status, 1);
      await phone.begin(id);
      const shown = phone.items(id).get(serverId) ?? '';
      assert.match(shown, /<Exception_StartTime>20260107T100000Z</);
      assert.match(shown, /<StartTime[^>]*>20260105T100000Z</);
      assert.match(shown, /<Subject[^>]*>New</);
    }
  }));

test('MS-ASCMD_R752, R4440 a new event with an empty EndTime is 6, and nothing is made', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'calendar');
    for (const version of VERSIONS) {
      const phone = syncPhone(server, { version, deviceId: `D${version}` });
      await phone.begin(id);
      for (const start of ['', '<cal:StartTime>20260110T100000Z</cal:StartTime>']) {
        const data = `<cal:Subject>S</cal:Subject>${start}<cal:EndTime/>`;
        const xml = `<Commands><Add><ClientId>c${start.length}</ClientId><ApplicationData>${data}</ApplicationData></Add></Commands>`;
        assert.equal((await phone.sync([{ id, xml }])).collections[0]?.responses[0]?.status, 6);
      }
      await phone.begin(id);
      assert.equal(phone.items(id).size, 0);
    }
  }));

test('MS-ASCMD_R957, R3456 an Add right after key 0 to an empty folder is kept, without more and without an echo', () =>
  withServer(async (server) => {
    for (const role of ['contacts', 'tasks', 'calendar', 'notes'] as const) {
      const id = await idOf(server, role);
      const phone = syncPhone(server);
      await phone.sync([{ id, xml: role === 'calendar' ? options('<FilterType>4</FilterType>') : '' }]);
      const data = {
        contacts: '<c:FileAs>A</c:FileAs>',
        tasks: '<t:Subject>A</t:Subject>',
        notes: '<n:Subject>A</n:Subject>',
        calendar: '<cal:StartTime>20260110T100000Z</cal:StartTime><cal:EndTime>20260110T110000Z</cal:EndTime>',
      }[role];
      const add = (clientId: string) => ({
        id,
        xml: `<Commands><Add><ClientId>${clientId}</ClientId><ApplicationData>${data}</ApplicationData></Add></Commands>`,
      });
      const lost = await phone.send(phone.document([add('a')]));
      assert.equal(lost.collections[0]?.hasMore, false, role);
      const again = await phone.sync([add('a')]);
      assert.deepEqual(again.collections[0]?.commands, []);
      assert.equal(again.collections[0]?.responses[0]?.serverId, lost.collections[0]?.responses[0]?.serverId);
      assert.deepEqual((await phone.sync([add('b')])).collections[0]?.commands, []);
      assert.ok((await phone.sync([{ id }])).isEmpty, role);
    }
  }));

test('an empty folder that is begun twice at once gives one key', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'contacts');
    const phone = syncPhone(server);
    const keys = [];
    for (let times = 0; times < 2; times += 1) {
      keys.push((await phone.send(phone.document([{ id, key: '0' }]))).collections[0]?.key);
    }
    assert.equal(keys[0], keys[1]);
    await server.put('contacts', 'a', card('u', 'Ada'));
    assert.equal((await phone.send(phone.document([{ id, key: '0' }]))).collections[0]?.key, keys[0]);
    const told = await phone.send(phone.document([{ id, key: keys[0]! }]));
    assert.deepEqual(
      told.collections[0]?.commands.map(({ kind }) => kind),
      ['Add'],
    );
  }));

test('MS-ASCMD_R2066, R2069, R2067 a Change that lost is 7, loses again when it comes again, and wins once the client says so', () =>
  withServer(async (server) => {
    const id = await idOf(server, 'contacts');
    await server.put('contacts', 'a', card('u', 'Ada Love'));
    const phone = syncPhone(server);
    await phone.begin(id);
    const [[serverId = ''] = []] = phone.items(id);
    const key = phone.key(id);
    await server.put('contacts', 'a', card('u', 'Bea Love'));
    const change = (conflict: string) => {
      const data = '<ApplicationData><c:FirstName>Cleo</c:FirstName></ApplicationData>';
      const xml = `${conflict}<Commands><Change><ServerId>${serverId}</ServerId>${data}</Change></Commands>`;
      return phone.send(phone.document([{ id, key, xml }]));
    };
    for (const conflict of ['', options('<Conflict>1</Conflict>')]) {
      const [lost] = (await change(conflict)).collections;
      assert.equal(lost?.responses[0]?.status, 7);
      assert.deepEqual(
        lost?.commands.map(({ kind }) => kind),
        ['Change'],
      );
    }
    const won = await change(options('<Conflict>0</Conflict>'));
    assert.deepEqual(won.collections[0]?.responses, []);
    assert.match(won.xml, /<FirstName[^>]*>Cleo</);
    const again = await change(options('<Conflict>0</Conflict>'));
    assert.deepEqual(again.collections[0]?.responses, [], 'done once');
    phone.adopt(again);
    assert.ok((await phone.sync([{ id }])).isEmpty);
    await phone.begin(id);
    assert.match([...phone.items(id).values()].join(), /Cleo/);
  }));

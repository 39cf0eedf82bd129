import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossCheck, expectXml, needsCrossCheck } from '../../../../support/eas/cross-check.ts';
import { card, mail, syncPhone, withServer } from './support.ts';

const request = (id: string, key: string, rest = '', before = '') =>
  `<Sync xmlns="AirSync:"><Collections><Collection>${before}<SyncKey>${key}</SyncKey><CollectionId>${id}</CollectionId>${rest}</Collection></Collections></Sync>`;
const answer = (id: string, rest: string, before = '') =>
  `<Sync xmlns="AirSync:"><Collections><Collection>${before}<SyncKey>{key}</SyncKey><CollectionId>${id}</CollectionId><Status>1</Status>${rest}</Collection></Collections></Sync>`;
const CARD =
  '<LastName xmlns="Contacts:">Lovelace</LastName><FirstName xmlns="Contacts:">Ada</FirstName><FileAs xmlns="Contacts:">Ada Lovelace</FileAs>' +
  '<Body xmlns="AirSyncBase:"><Type>1</Type><EstimatedDataSize>0</EstimatedDataSize></Body><NativeBodyType xmlns="AirSyncBase:">1</NativeBodyType>';
const ADD =
  '<Add><ClientId>c1</ClientId><ApplicationData><FirstName xmlns="Contacts:">Ada</FirstName></ApplicationData></Add>';

test('MS-ASCMD §2.2.1.21 a first Sync gives a key, the key gives the items, by libwbxml', needsCrossCheck, () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a.vcf', card('u1', 'Ada Lovelace'));
    const id = `${(await server.folder('contacts')).id}`;
    const phone = server.phone();
    const { key } = await crossCheck(phone, 'Sync', request(id, '0'), answer(id, ''));
    const add = `<Add><ServerId>${id}:${item}</ServerId><ApplicationData>${CARD}</ApplicationData></Add>`;
    const expected = answer(id, `<Commands>${add}</Commands>`);
    await crossCheck(phone, 'Sync', request(id, key!, '<GetChanges/><WindowSize>10</WindowSize>'), expected);
  }),
);

test(
  'MS-ASCMD §2.2.3.154 an Add is answered, Change and Delete only when they fail, by libwbxml',
  needsCrossCheck,
  () =>
    withServer(async (server) => {
      const id = `${(await server.folder('contacts')).id}`;
      const phone = server.phone();
      const first = await crossCheck(phone, 'Sync', request(id, '0'), answer(id, ''));
      const added = await crossCheck(
        phone,
        'Sync',
        request(id, first.key!, `<GetChanges>0</GetChanges><Commands>${ADD}</Commands>`),
        answer(
          id,
          '<Responses><Add><ClientId>c1</ClientId><ServerId>{item}</ServerId><Status>1</Status></Add></Responses>',
        ),
      );
      const change = `<Change><ServerId>${added.item}</ServerId><ApplicationData><FirstName xmlns="Contacts:">Bea</FirstName></ApplicationData></Change>`;
      const changed = await crossCheck(
        phone,
        'Sync',
        request(id, added.key!, `<GetChanges>0</GetChanges><Commands>${change}</Commands>`),
        answer(id, ''),
      );
      const gone = `<Delete><ServerId>${added.item}</ServerId></Delete><Delete><ServerId>${id}:999</ServerId></Delete>`;
      await crossCheck(
        phone,
        'Sync',
        request(id, changed.key!, `<GetChanges>0</GetChanges><Commands>${gone}</Commands>`),
        answer(id, `<Responses><Delete><ServerId>${id}:999</ServerId><Status>8</Status></Delete></Responses>`),
      );
    }),
);

test('12.1 has Class before SyncKey, with and without it in the request', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = server.phone({ version: '12.1' });
    const contacts = '<Class>Contacts</Class>';
    expectXml(await phone.post('Sync', request(id, '0', '', contacts)), answer(id, '', contacts));
    expectXml(await phone.post('Sync', request(id, '0')), answer(id, '', contacts));
  }));

test('MoreAvailable comes directly after Status, Responses before Commands', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server, { version: '14.0' });
    await phone.begin(id);
    for (let n = 0; n < 3; n += 1) await server.put('contacts', `${n}.vcf`, card(`u${n}`, 'Ada Lovelace'));
    const told = await phone.sync([{ id, xml: `<WindowSize>1</WindowSize><Commands>${ADD}</Commands>` }]);
    const order = [...told.xml.matchAll(/<(SyncKey|CollectionId|Status|MoreAvailable|Responses|Commands)[/>]/g)];
    assert.deepEqual(
      order.map(([, name]) => name),
      ['SyncKey', 'CollectionId', 'Status', 'MoreAvailable', 'Responses', 'Status', 'Commands'],
    );
  }));

test('a device is not told again of what it did itself', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const told = await phone.sync([{ id, xml: `<Commands>${ADD}</Commands>` }]);
    assert.deepEqual(told.collections[0]!.commands, []);
    assert.ok((await phone.sync([{ id }])).isEmpty);
    const { serverId } = told.collections[0]!.responses[0]!;
    const change = `<Change><ServerId>${serverId}</ServerId><ApplicationData><c:FirstName>B</c:FirstName></ApplicationData></Change>`;
    assert.deepEqual((await phone.sync([{ id, xml: `<Commands>${change}</Commands>` }])).collections[0]!.commands, []);
    assert.ok((await phone.sync([{ id }])).isEmpty);
    const remove = `<Commands><Delete><ServerId>${serverId}</ServerId></Delete></Commands>`;
    assert.deepEqual((await phone.sync([{ id, xml: remove }])).collections[0]!.commands, []);
    assert.ok((await phone.sync([{ id }])).isEmpty);
  }));

test('MS-ASCMD §2.2.3.29.2 collections are answered in their order, those without news are left out', () =>
  withServer(async (server) => {
    const ids = [];
    for (const role of ['tasks', 'contacts', 'inbox'] as const) ids.push(`${(await server.folder(role)).id}`);
    const phone = syncPhone(server);
    const start = await phone.sync(ids.map((id) => ({ id })));
    assert.deepEqual(
      start.collections.map(({ id }) => id),
      ids,
    );
    assert.ok((await phone.sync(ids.map((id) => ({ id })))).isEmpty);
    await server.put('inbox', 'm', mail('One'));
    await server.put('contacts', 'c', card('u', 'Ada'));
    const told = await phone.sync(ids.map((id) => ({ id })));
    assert.deepEqual(
      told.collections.map(({ id }) => id),
      ids.slice(1),
    );
  }));

test('MS-ASCMD §2.2.3.84 GetChanges 0 leaves the server’s changes for later', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    await server.put('contacts', 'a', card('u', 'Ada'));
    assert.ok((await phone.sync([{ id, xml: '<GetChanges>0</GetChanges>' }])).isEmpty);
    assert.equal((await phone.sync([{ id }])).collections[0]!.commands.length, 1);
  }));

test('MS-ASCMD §2.2.3.67.2 Fetch gives the whole of an item, 8 for one that is not there', () =>
  withServer(async (server) => {
    const other = await server.put('contacts', 'a', card('u', 'Ada'));
    const item = await server.put('inbox', 'm', mail('Long', 'x'.repeat(500)));
    for (const name of ['1', '2', '3']) await server.put('inbox', name, mail(`Theirs ${name}`), server.bert);
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    const short =
      '<Options><b:BodyPreference><b:Type>1</b:Type><b:TruncationSize>10</b:TruncationSize></b:BodyPreference></Options>';
    await phone.begin(id, '', short);
    assert.match(phone.items(id).get(`${id}:${item}`)!, /<Truncated>1<\/Truncated><Data>x{10}<\/Data>/);
    const fetch = [item, other, 3].map((one) => `<Fetch><ServerId>${id}:${one}</ServerId></Fetch>`).join('');
    const [told] = (await phone.sync([{ id, xml: `<Commands>${fetch}</Commands>` }])).collections;
    assert.deepEqual(
      told!.responses.map(({ kind, status, data }) => [kind, status, data !== null]),
      [
        ['Fetch', 1, true],
        ['Fetch', 8, false],
        ['Fetch', 8, false],
      ],
    );
    const xml = (await phone.send(phone.document([{ id, xml: `<Commands>${fetch}</Commands>` }]))).xml;
    assert.match(xml, /<Data>x{500}/);
    assert.doesNotMatch(xml, /Truncated|Theirs/);
  }));

test('MS-ASCMD §2.2.3.131, §2.2.3.97 what is refused as a whole, by libwbxml', needsCrossCheck, () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const whole = (content: string) => `<Sync xmlns="AirSync:">${content}</Sync>`;
    const wait = request(id, '0').replace('</Sync>', '<Wait>60</Wait></Sync>');
    const phone = server.phone();
    await crossCheck(phone, 'Sync', wait, whole('<Status>14</Status><Limit>59</Limit>'));
    const partial = whole('<Partial/><WindowSize>5</WindowSize>');
    await crossCheck(phone, 'Sync', partial, whole('<Status>13</Status>'));
    await crossCheck(phone, 'Sync', whole('<WindowSize>5</WindowSize>'), whole('<Status>4</Status>'));
  }),
);

test('MS-ASEMAIL a mail with its flag, read by libwbxml, and marked as read', needsCrossCheck, () =>
  withServer(async (server) => {
    const item = await server.put('inbox', 'm', mail('Greetings'));
    const id = `${(await server.folder('inbox')).id}`;
    const phone = server.phone({ version: '14.0' });
    const { key } = await crossCheck(phone, 'Sync', request(id, '0'), answer(id, ''));
    const options =
      '<Options><FilterType>0</FilterType><BodyPreference xmlns="AirSyncBase:"><Type>1</Type><TruncationSize>3</TruncationSize></BodyPreference></Options>';
    const data =
      '<To xmlns="Email:">{to}</To><From xmlns="Email:">{from}</From><Subject xmlns="Email:">Greetings</Subject>' +
      '<DateReceived xmlns="Email:">2026-01-01T00:00:00.000Z</DateReceived><DisplayTo xmlns="Email:">{display}</DisplayTo>' +
      '<ThreadTopic xmlns="Email:">Greetings</ThreadTopic><Importance xmlns="Email:">1</Importance><Read xmlns="Email:">0</Read>' +
      '<MessageClass xmlns="Email:">IPM.Note</MessageClass><InternetCPID xmlns="Email:">65001</InternetCPID><Flag xmlns="Email:"/>' +
      '<ContentClass xmlns="Email:">urn:content-classes:message</ContentClass><Categories xmlns="Email:"/>' +
      '<Body xmlns="AirSyncBase:"><Type>1</Type><EstimatedDataSize>7</EstimatedDataSize><Truncated>1</Truncated><Data>Hel</Data></Body>' +
      '<NativeBodyType xmlns="AirSyncBase:">1</NativeBodyType>' +
      '<ConversationId xmlns="Email2:">{conversation}</ConversationId><ConversationIndex xmlns="Email2:">{index}</ConversationIndex>';
    const add = `<Add><ServerId>${id}:${item}</ServerId><ApplicationData>${data}</ApplicationData></Add>`;
    const told = await crossCheck(phone, 'Sync', request(id, key!, options), answer(id, `<Commands>${add}</Commands>`));
    const change = `<Change><ServerId>${id}:${item}</ServerId><ApplicationData><Read xmlns="Email:">1</Read></ApplicationData></Change>`;
    await crossCheck(phone, 'Sync', request(id, told.key!, `<Commands>${change}</Commands>`), answer(id, ''));
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    assert.equal((await reader.item(item))!.flags.read, true);
  }),
);

test('what is supported is kept once, however often the device names it', () =>
  withServer(async (server) => {
    const folder = await server.folder('contacts');
    const phone = syncPhone(server);
    await phone.begin(`${folder.id}`, `<Supported>${'<c:JobTitle/>'.repeat(5_000)}</Supported>`);
    const [partnership] = await server.environment.sync.store.read(server.anna.mailboxId).partnerships();
    assert.ok(partnership!.current.options.length < 1_000);
  }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossCheck, needsCrossCheck } from '../../../../support/eas/cross-check.ts';
import { card, syncPhone, withServer } from './support.ts';

const request = (id: string, key: string, rest = '', before = '') =>
  `<Sync xmlns="AirSync:"><Collections><Collection>${before}<SyncKey>${key}</SyncKey><CollectionId>${id}</CollectionId>${rest}</Collection></Collections></Sync>`;
const answer = (id: string, rest = '', before = '') =>
  `<Sync xmlns="AirSync:"><Collections><Collection>${before}<SyncKey>{key}</SyncKey><CollectionId>${id}</CollectionId>${rest}</Collection></Collections></Sync>`;

test('MS-ASCMD §4.5.1 key 0 gives a key and no items, the key gives the items, by libwbxml', needsCrossCheck, () =>
  withServer(async (server) => {
    const item = await server.put('contacts', 'a.vcf', card('u1', 'Ada Lovelace'));
    const { id } = await server.folder('contacts');
    const phone = server.phone();
    const { key } = await crossCheck(phone, 'Sync', request(`${id}`, '0'), answer(`${id}`, '<Status>1</Status>'));
    await crossCheck(
      phone,
      'Sync',
      request(`${id}`, key!, '<GetChanges/><WindowSize>10</WindowSize>'),
      answer(
        `${id}`,
        `<Status>1</Status><Commands><Add><ServerId>${id}:${item}</ServerId><ApplicationData>{data}</ApplicationData></Add></Commands>`,
      ).replace('{data}', CARD),
    );
  }),
);

const CARD =
  '<LastName xmlns="Contacts:">Lovelace</LastName><FirstName xmlns="Contacts:">Ada</FirstName><FileAs xmlns="Contacts:">Ada Lovelace</FileAs>' +
  '<Body xmlns="AirSyncBase:"><Type>1</Type><EstimatedDataSize>0</EstimatedDataSize></Body><NativeBodyType xmlns="AirSyncBase:">1</NativeBodyType>';

test('a device adds, changes and deletes, and is not told of it again', () =>
  withServer(async (server) => {
    const { id } = await server.folder('contacts');
    const phone = syncPhone(server);
    await phone.begin(`${id}`);
    const added = await phone.sync([
      {
        id: `${id}`,
        xml: '<Commands><Add><ClientId>c1</ClientId><ApplicationData><c:FirstName>Ada</c:FirstName></ApplicationData></Add></Commands>',
      },
    ]);
    console.log(added.xml);
    const serverId = added.collections[0]!.responses[0]!.serverId;
    assert.deepEqual(
      added.collections[0]!.responses.map(({ kind, clientId, status }) => [kind, clientId, status]),
      [['Add', 'c1', 1]],
    );
    const quiet = await phone.sync([{ id: `${id}` }]);
    assert.ok(quiet.isEmpty, quiet.xml);
    const changed = await phone.sync([
      {
        id: `${id}`,
        xml: `<Commands><Change><ServerId>${serverId}</ServerId><ApplicationData><c:FirstName>Bea</c:FirstName></ApplicationData></Change></Commands>`,
      },
    ]);
    console.log(changed.xml);
    const deleted = await phone.sync([
      { id: `${id}`, xml: `<Commands><Delete><ServerId>${serverId}</ServerId></Delete></Commands>` },
    ]);
    console.log(deleted.xml);
    console.log((await phone.sync([{ id: `${id}` }], '<Wait>70</Wait>')).xml);
    console.log(server.lines);
  }));

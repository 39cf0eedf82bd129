import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFolder } from '../../../../../src/items/folders.ts';
import { MERGE_MS } from '../../../../../src/push/waiters.ts';
import { card, folderSync, mail, parked, syncPhone, withServer } from './support.ts';

const MINUTE = 60_000;

test('MS-ASCMD §2.2.3.198 a Sync with Wait is answered when something changes', () =>
  withServer(async (server) => {
    const ids = [`${(await server.folder('inbox')).id}`, `${(await server.folder('contacts')).id}`];
    const phone = syncPhone(server);
    await folderSync(phone);
    for (const id of ids) await phone.begin(id);
    const waiting = phone.send(
      phone.document(
        ids.map((id) => ({ id })),
        '<Wait>10</Wait>',
      ),
    );
    await parked(server);
    await server.put('contacts', 'a', card('u', 'Ada'));
    const told = await waiting;
    assert.deepEqual(
      told.collections.map(({ id, commands }) => [id, commands.length]),
      [[ids[1], 1]],
    );
    assert.equal(server.environment.parking.size, 0);
  }));

for (const [xml, time] of [
  ['<Wait>10</Wait>', 10 * MINUTE],
  ['<HeartbeatInterval>90</HeartbeatInterval>', 90_000],
] as const) {
  test(`nothing for the whole of ${xml}: an empty body, not before; an empty Sync waits again`, () =>
    withServer(async (server) => {
      const id = `${(await server.folder('inbox')).id}`;
      const phone = syncPhone(server);
      await folderSync(phone);
      await phone.begin(id);
      for (const body of [phone.document([{ id }], xml), null]) {
        const waiting = phone.send(body);
        await parked(server);
        server.clock.advance(time - 1);
        assert.equal(server.environment.parking.size, 1);
        server.clock.advance(1);
        assert.ok((await waiting).isEmpty);
      }
    }));
}

test('what the device does itself, and what is there already, is answered at once', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(id);
    const add =
      '<Commands><Add><ClientId>c</ClientId><ApplicationData><c:FirstName>A</c:FirstName></ApplicationData></Add></Commands>';
    assert.equal((await phone.sync([{ id, xml: add }], '<Wait>10</Wait>')).collections[0]!.responses.length, 1);
    await server.put('contacts', 'a', card('u', 'Ada'));
    assert.equal((await phone.sync([{ id }], '<Wait>10</Wait>')).collections[0]!.commands.length, 1);
    assert.equal((await phone.sync([{ id, key: '0' }], '<Wait>10</Wait>')).collections[0]!.status, 1);
  }));

test('a new Sync of the device ends the one that waits, quietly', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(id);
    const first = phone.send(phone.document([{ id }], '<Wait>10</Wait>'));
    await parked(server);
    const second = phone.send(phone.document([{ id }], '<Wait>20</Wait>'));
    assert.ok((await first).isEmpty);
    await parked(server);
    await server.put('inbox', 'm', mail('One'));
    assert.equal((await second).collections[0]!.commands.length, 1);
  }));

test('a change of the hierarchy ends the wait with 12', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(id);
    const waiting = phone.send(phone.document([{ id }], '<Wait>10</Wait>'));
    await parked(server);
    const facts = { itemClass: 'mail', displayName: null, components: [], properties: {} } as const;
    await createFolder(server.environment.items, { principal: server.anna, parentId: null, name: 'New', ...facts });
    // Changes elsewhere are gathered for a moment.
    server.clock.advance(MERGE_MS);
    assert.equal((await waiting).status, 12);
  }));

test('a collection without GetChanges is not waited for', () =>
  withServer(async (server) => {
    const inbox = `${(await server.folder('inbox')).id}`;
    const contacts = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(inbox);
    await phone.begin(contacts);
    const asked = [{ id: inbox, xml: '<GetChanges>0</GetChanges>' }, { id: contacts }];
    const waiting = phone.send(phone.document(asked, '<Wait>10</Wait>'));
    await parked(server);
    await server.put('inbox', 'm', mail('One'));
    server.clock.advance(10 * MINUTE);
    assert.ok((await waiting).isEmpty);
  }));

test('a wait whose client left holds nothing', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await folderSync(phone);
    await phone.begin(id);
    const waiting = phone.phone.post('Sync', phone.document([{ id }], '<Wait>10</Wait>'), {
      onSent: async (request) => {
        await parked(server);
        request.destroy();
      },
    });
    await assert.rejects(waiting);
    await parked(server, 0);
    assert.equal(server.environment.bus.listenerCount, 0);
  }));

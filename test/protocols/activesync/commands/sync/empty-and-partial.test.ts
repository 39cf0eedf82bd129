import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../../../src/domain/mailbox.ts';
import { type SyncPhone, syncXml, type ToldSync } from '../../../../support/eas/sync-phone.ts';
import type { EasServer } from '../../support.ts';
import { card, mail, syncPhone, withServer } from './support.ts';

async function twoCollections(server: EasServer): Promise<{ phone: SyncPhone; inbox: string; contacts: string }> {
  const inbox = `${(await server.folder('inbox')).id}`;
  const contacts = `${(await server.folder('contacts')).id}`;
  const phone = syncPhone(server);
  await phone.begin(inbox);
  await phone.begin(contacts);
  return { phone, inbox, contacts };
}

const told = ({ collections, isEmpty }: ToldSync): unknown =>
  isEmpty ? 'empty' : collections.map(({ id, commands, status }) => [id, status, commands.length]);
const partial = (content: string): string => syncXml(`<Partial/>${content}`);
const one = (id: string, key: string, rest = ''): string =>
  `<Collections><Collection><SyncKey>${key}</SyncKey><CollectionId>${id}</CollectionId>${rest}</Collection></Collections>`;

test('MS-ASCMD §2.2.1.21.2 an empty Sync repeats the last request, and is answered with an empty body', () =>
  withServer(async (server) => {
    const { phone, inbox, contacts } = await twoCollections(server);
    assert.ok((await phone.sync([{ id: inbox }, { id: contacts }])).isEmpty);
    assert.equal(told(await phone.send(null)), 'empty');
    await server.put('inbox', 'm', mail('One'));
    assert.deepEqual(told(await phone.send(null)), [[inbox, 1, 1]]);
  }));

test('an empty Sync after a lost answer skips nothing', () =>
  withServer(async (server) => {
    const { phone, inbox } = await twoCollections(server);
    await phone.sync([{ id: inbox }]);
    await server.put('inbox', 'm', mail('One'));
    await phone.send(null);
    await server.put('inbox', 'n', mail('Two'));
    phone.adopt(await phone.send(null));
    await phone.drain(inbox);
    assert.equal(phone.items(inbox).size, 2);
  }));

test('the window and the wait of the last request hold for an empty one', () =>
  withServer(async (server) => {
    const { phone, inbox } = await twoCollections(server);
    await phone.sync([{ id: inbox, xml: '<WindowSize>2</WindowSize>' }]);
    for (let n = 0; n < 5; n += 1) await server.put('inbox', `${n}`, mail(`Mail ${n}`));
    const [answer] = (await phone.send(null)).collections;
    assert.deepEqual([answer!.commands.length, answer!.hasMore], [2, true]);
  }));

test('options stay in force in an empty Sync', () =>
  withServer(async (server) => {
    const { phone, inbox } = await twoCollections(server);
    const options =
      '<Options><b:BodyPreference><b:Type>1</b:Type><b:TruncationSize>4</b:TruncationSize></b:BodyPreference></Options>';
    await phone.sync([{ id: inbox, xml: options }]);
    await server.put('inbox', 'm', mail('One', 'abcdefgh'));
    assert.match((await phone.send(null)).xml, /<Data>abcd<\/Data>/);
  }));

test('a request with commands of the device is not repeated: 13', () =>
  withServer(async (server) => {
    const { phone, contacts } = await twoCollections(server);
    await phone.sync([{ id: contacts }]);
    const add =
      '<Commands><Add><ClientId>c</ClientId><ApplicationData><c:FirstName>A</c:FirstName></ApplicationData></Add></Commands>';
    await phone.sync([{ id: contacts, xml: add }]);
    assert.equal((await phone.send(null)).status, 13);
    await phone.sync([{ id: contacts }]);
    assert.equal(told(await phone.send(null)), 'empty');
  }));

test('MS-ASCMD_R4456 a request that began a collection is not repeated: 13', () =>
  withServer(async (server) => {
    const { contacts } = await twoCollections(server);
    for (const version of ['12.1', '14.1'] as const) {
      const phone = syncPhone(server, { version, deviceId: `OTHER${version}` });
      await phone.sync([{ id: contacts, key: '0' }]);
      assert.equal((await phone.send(null)).status, 13);
      assert.equal((await phone.send(partial('<WindowSize>9</WindowSize>'))).status, 13);
    }
  }));

test('149 for a kept request of another release', () =>
  withServer(async (server) => {
    const { phone } = await twoCollections(server);
    await server.environment.sync.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
      tx.putDocument('phone1/sync', { collections: 'none' }),
    );
    assert.equal((await phone.send(null)).status, 149);
    const old = syncPhone(server, { version: '12.1' });
    assert.equal((await old.send(null)).http, 400);
  }));

test('requests are kept for each device apart', () =>
  withServer(async (server) => {
    const { phone, contacts } = await twoCollections(server);
    await phone.sync([{ id: contacts }]);
    assert.equal((await syncPhone(server, { deviceId: 'PHONE2' }).send(null)).status, 13);
  }));

test('MS-ASCMD §2.2.3.131 Partial: collections that are not named keep their settings and keys', () =>
  withServer(async (server) => {
    const { phone, inbox, contacts } = await twoCollections(server);
    await phone.sync([{ id: inbox }, { id: contacts, xml: '<WindowSize>1</WindowSize>' }]);
    await server.put('inbox', 'm', mail('One'));
    phone.adopt(await phone.send(null));
    for (const name of ['Ada', 'Bea']) await server.put('contacts', name, card(name, name));
    const answer = await phone.send(partial(one(inbox, phone.key(inbox))));
    assert.deepEqual(told(answer), [[contacts, 1, 1]]);
    assert.equal(answer.collections[0]!.hasMore, true);
  }));

test('a partial request becomes the one that an empty Sync repeats', () =>
  withServer(async (server) => {
    const { phone, inbox, contacts } = await twoCollections(server);
    await phone.sync([{ id: inbox }]);
    assert.equal(told(await phone.send(partial(one(contacts, phone.key(contacts))))), 'empty');
    await server.put('inbox', 'm', mail('One'));
    await server.put('contacts', 'a', card('u', 'Ada'));
    assert.deepEqual(told(await phone.send(null)), [
      [inbox, 1, 1],
      [contacts, 1, 1],
    ]);
  }));

test('Partial with a WindowSize only repeats all collections within it', () =>
  withServer(async (server) => {
    const { phone, inbox, contacts } = await twoCollections(server);
    await phone.sync([{ id: inbox }, { id: contacts }]);
    await server.put('inbox', 'm', mail('One'));
    await server.put('contacts', 'a', card('u', 'Ada'));
    const answer = await phone.send(partial('<WindowSize>1</WindowSize>'));
    assert.deepEqual(
      answer.collections.map(({ id, commands, hasMore, key }) => [id, commands.length, hasMore, key === phone.key(id)]),
      [
        [inbox, 1, false, false],
        [contacts, 0, true, true],
      ],
    );
  }));

test('MS-ASCMD §2.2.3.199 the WindowSize of the request caps the sum, and nothing is left without a hint', () =>
  withServer(async (server) => {
    const { phone, inbox, contacts } = await twoCollections(server);
    for (let n = 0; n < 4; n += 1) {
      await server.put('inbox', `${n}`, mail(`Mail ${n}`));
      await server.put('contacts', `${n}`, card(`u${n}`, `Ada ${n}`));
    }
    const asked = [
      { id: inbox, xml: '<WindowSize>3</WindowSize>' },
      { id: contacts, xml: '<WindowSize>3</WindowSize>' },
    ];
    const counts: number[] = [];
    for (let hasMore = true; hasMore; ) {
      const answer = await phone.sync(asked, '<WindowSize>4</WindowSize>');
      counts.push(answer.collections.reduce((sum, { commands }) => sum + commands.length, 0));
      hasMore = answer.collections.some((collection) => collection.hasMore);
    }
    assert.deepEqual(counts, [4, 4]);
    assert.deepEqual([phone.items(inbox).size, phone.items(contacts).size], [4, 4]);
  }));

test('an answer ends at the limit of bytes, over all collections; one item always passes', () =>
  withServer(
    async (server) => {
      const { phone, inbox, contacts } = await twoCollections(server);
      for (let n = 0; n < 4; n += 1) await server.put('inbox', `${n}`, mail(`Mail ${n}`, 'x'.repeat(3_000)));
      await server.put('contacts', 'a', card('u', 'Ada'));
      const asked = [{ id: inbox }, { id: contacts }];
      const sizes: (readonly [string, number, boolean])[][] = [];
      for (let hasMore = true; hasMore; ) {
        const answer = await phone.sync(asked);
        sizes.push(answer.collections.map((one) => [one.id, one.commands.length, one.hasMore] as const));
        hasMore = answer.collections.some((collection) => collection.hasMore);
      }
      assert.deepEqual(sizes[0], [
        [inbox, 1, true],
        [contacts, 1, false],
      ]);
      assert.deepEqual([phone.items(inbox).size, phone.items(contacts).size], [4, 1]);
    },
    { limits: { maxAnswerBytes: 5_000 } },
  ));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { createFolder } from '../../../../src/items/folders.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { type EasServer, withServer } from '../support.ts';
import { primeByEngine, syncByEngine } from '../waiting/prime.ts';

interface Asked {
  readonly id: string;
  readonly key: string;
  /** XML of Options, or what 12.1 has in its place. */
  readonly more?: string;
}

const request = (...collections: Asked[]) =>
  `<GetItemEstimate xmlns="GetItemEstimate:" xmlns:a="AirSync:"><Collections>${collections
    .map(
      ({ id, key, more = '' }) =>
        `<Collection><a:SyncKey>${key}</a:SyncKey><CollectionId>${id}</CollectionId>${more}</Collection>`,
    )
    .join('')}</Collections></GetItemEstimate>`;
const filter = (type: number) => `<a:Options><a:FilterType>${type}</a:FilterType></a:Options>`;
const said = (id: string, status: number, count: number | null = null) =>
  `<Response><Status>${status}</Status><Collection><CollectionId>${id}</CollectionId>${count === null ? '' : `<Estimate>${count}</Estimate>`}</Collection></Response>`;
const answer = (...responses: string[]) =>
  `<GetItemEstimate xmlns="GetItemEstimate:">${responses.join('')}</GetItemEstimate>`;
const status = (code: number) => `<GetItemEstimate xmlns="GetItemEstimate:"><Status>${code}</Status></GetItemEstimate>`;
const card = (name: string) =>
  `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${name}\r\nFN:${name}\r\nN:${name};;;;\r\nEND:VCARD\r\n`;

/** A message of so many days ago. */
async function mail(server: EasServer, name: string, days: number): Promise<void> {
  const { id: folderId } = await server.folder('inbox');
  const filterKey = Math.floor(server.clock.now() / 1000) - days * 86_400;
  await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.createItem({
      ...{ folderId, name, content: Buffer.from('Subject: x\r\n\r\nx'), contentType: 'message/rfc822' },
      index: { kind: 'MESSAGE', uid: null, rangeStart: filterKey, rangeEnd: filterKey, filterKey },
    }),
  );
}

const sync = async (server: EasServer, key: string) => syncByEngine(server, await server.folder('contacts'), key);

test('MS-ASCMD §2.2.1.9 what waits is counted, in each collection by its own; by libwbxml', needsCrossCheck, () =>
  withServer(async (server) => {
    const contacts = await primeByEngine(server, await server.folder('contacts'));
    const calendar = await primeByEngine(server, await server.folder('calendar'));
    for (const name of ['a', 'b', 'c']) await server.put('contacts', `${name}.vcf`, card(name));
    await crossCheck(
      server.phone(),
      'GetItemEstimate',
      request({ id: '8', key: contacts }, { id: '7', key: calendar }),
      answer(said('8', 1, 3), said('7', 1, 0)),
    );
  }),
);

test('what was primed and not fetched is counted whole; nothing moves by counting', () =>
  withServer(async (server) => {
    for (const name of ['a', 'b', 'c']) await server.put('contacts', `${name}.vcf`, card(name));
    const key = await primeByEngine(server, await server.folder('contacts'), { isFetched: false });
    for (let times = 0; times < 2; times += 1) {
      expectXml(await server.phone().post('GetItemEstimate', request({ id: '8', key })), answer(said('8', 1, 3)));
    }
    const told = await sync(server, key);
    assert.equal(told.commands.length, 3);
    expectXml(await server.phone().post('GetItemEstimate', request({ id: '8', key })), answer(said('8', 1, 3)));
    expectXml(
      await server.phone().post('GetItemEstimate', request({ id: '8', key: told.key })),
      answer(said('8', 1, 0)),
    );
  }));

test('Changes and Deletes count, an item that came and went does not', () =>
  withServer(async (server) => {
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push(await server.put('contacts', `${name}.vcf`, card(name)));
    const key = await primeByEngine(server, await server.folder('contacts'));
    await server.put('contacts', 'a.vcf', card('a').replace('FN:a', 'FN:A'));
    await server.remove(ids[1]!);
    await server.remove(await server.put('contacts', 'd.vcf', card('d')));
    expectXml(await server.phone().post('GetItemEstimate', request({ id: '8', key })), answer(said('8', 1, 2)));
  }));

test('a window is found by primed keys and filters: in Options from 14.0 on, beside the key in 12.1', () =>
  withServer(async (server) => {
    await mail(server, 'new', 0.5);
    await mail(server, 'week', 5);
    await mail(server, 'old', 400);
    const inbox = await server.folder('inbox');
    const counts = { 1: 1, 2: 1, 3: 2, 4: 2, 5: 2, 0: 3 };
    for (const [type, count] of Object.entries(counts)) {
      const key = await primeByEngine(server, inbox, { isFetched: false, filterType: Number(type) });
      const asks = (more?: string) => request({ id: '1', key, ...(more === undefined ? {} : { more }) });
      expectXml(await server.phone().post('GetItemEstimate', asks()), answer(said('1', 1, count)));
      for (const [other, otherCount] of Object.entries(counts)) {
        const phone = server.phone({ version: '14.0' });
        expectXml(await phone.post('GetItemEstimate', asks(filter(Number(other)))), answer(said('1', 1, otherCount)));
        const old = `<Class>Email</Class><a:FilterType>${other}</a:FilterType>`;
        const inClass = said('1', 1, otherCount).replace('<CollectionId>', '<Class>Email</Class><CollectionId>');
        expectXml(await server.phone({ version: '12.1' }).post('GetItemEstimate', asks(old)), answer(inClass));
      }
    }
  }));

test('elements come in any order, Options of another class are passed over, ConversationMode is read', () =>
  withServer(async (server) => {
    await mail(server, 'old', 400);
    const key = await primeByEngine(server, await server.folder('inbox'), { isFetched: false });
    const xml = (options: string) =>
      `<GetItemEstimate xmlns="GetItemEstimate:" xmlns:a="AirSync:"><Collections><Collection>${options}<CollectionId>1</CollectionId><a:ConversationMode>1</a:ConversationMode><a:SyncKey>${key}</a:SyncKey></Collection></Collections></GetItemEstimate>`;
    const block = (easClass: string, type: number) =>
      `<a:Options><a:FilterType>${type}</a:FilterType><a:Class>${easClass}</a:Class></a:Options>`;
    const phone = server.phone();
    expectXml(await phone.post('GetItemEstimate', xml(block('SMS', 1))), answer(said('1', 1, 1)));
    expectXml(await phone.post('GetItemEstimate', xml(block('SMS', 0) + block('Email', 1))), answer(said('1', 1, 0)));
  }));

test('MS-ASCMD §2.2.3.177.7 status 2: a collection that is not there, is another person’s, or is of another class', () =>
  withServer(async (server) => {
    const foreign = await createFolder(server.environment.items, {
      principal: server.bert,
      ...{ itemClass: 'contacts', name: 'second', displayName: null, components: [], properties: {}, parentId: null },
    });
    for (const id of ['99', 'nonsense', String(foreign.id), '8t']) {
      expectXml(await server.phone().post('GetItemEstimate', request({ id, key: '1-x' })), answer(said(id, 2)));
    }
    const wrong = { id: '8', key: '1-x', more: '<Class>Email</Class>' };
    expectXml(
      await server.phone({ version: '12.1' }).post('GetItemEstimate', request(wrong)),
      answer(said('8', 2).replace('<CollectionId>', '<Class>Email</Class><CollectionId>')),
    );
  }));

test('MS-ASCMD §2.2.3.177.7 status 3: never primed, or key 0; 4: a key that was never given, or is too old', () =>
  withServer(async (server) => {
    const asks = (key: string) => server.phone().post('GetItemEstimate', request({ id: '8', key }));
    expectXml(await asks('0'), answer(said('8', 3)));
    expectXml(await asks('1-x'), answer(said('8', 3)));
    const first = await primeByEngine(server, await server.folder('contacts'), { isFetched: false });
    expectXml(await asks('0'), answer(said('8', 3)));
    expectXml(await asks('1-x'), answer(said('8', 4)));
    await server.put('contacts', 'a.vcf', card('a'));
    const second = (await sync(server, first)).key;
    await server.put('contacts', 'b.vcf', card('b'));
    const third = (await sync(server, second)).key;
    expectXml(await asks(first), answer(said('8', 4)));
    expectXml(await asks(second), answer(said('8', 1, 1)));
    expectXml(await asks(third), answer(said('8', 1, 0)));
  }));

test('MS-ASCMD §3.1.5.10 more collections than the limit, ids too long and what breaks the schema are 103, HTTP 400 in 12.1', () =>
  withServer(
    async (server) => {
      const key = await primeByEngine(server, await server.folder('contacts'));
      const one = { id: '8', key };
      const malformed = [
        request(one, one, one),
        request(),
        request({ id: 'x'.repeat(65), key }),
        request({ id: '8', key: 'x'.repeat(65) }),
        request({ ...one, more: '<a:Options><a:FilterType>-1</a:FilterType></a:Options>' }),
        request({ ...one, more: '<a:Options><a:FilterType>many</a:FilterType></a:Options>' }),
        '<GetItemEstimate xmlns="GetItemEstimate:"/>',
        '<GetItemEstimate xmlns="GetItemEstimate:"><Collections><Collection><CollectionId>8</CollectionId></Collection></Collections></GetItemEstimate>',
      ];
      for (const body of malformed) {
        expectXml(await server.phone().post('GetItemEstimate', body), status(103));
        assert.equal((await server.phone({ version: '12.1' }).post('GetItemEstimate', body)).status, 400);
      }
      expectXml(
        await server.phone().post('GetItemEstimate', request(one, one)),
        answer(said('8', 1, 0), said('8', 1, 0)),
      );
    },
    { limits: { maxEstimates: 2 } },
  ));

test('MS-ASCMD §2.2.3.68.1 a filter that the class does not know is 110 of the whole, one that no class knows 103 of its collection', () =>
  withServer(async (server) => {
    const key = await primeByEngine(server, await server.folder('inbox'));
    const asks = (type: number, version: '12.1' | '14.1' = '14.1') =>
      server.phone({ version }).post('GetItemEstimate', request({ id: '1', key, more: filter(type) }));
    for (const type of [6, 7, 8]) expectXml(await asks(type), status(110));
    expectXml(await asks(9), answer(said('1', 103)));
    assert.equal((await asks(8, '12.1')).status, 500);
    assert.equal((await asks(9, '12.1')).status, 400);
  }));

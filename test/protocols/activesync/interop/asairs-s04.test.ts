import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mail, syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

function preference(...children: readonly string[]): string {
  return `<b:BodyPreference>${children.join('')}</b:BodyPreference>`;
}

const [TYPE, SIZE, WHOLE] = [
  '<b:Type>1</b:Type>',
  '<b:TruncationSize>100</b:TruncationSize>',
  '<b:AllOrNone>1</b:AllOrNone>',
];
/** Options that no client may send, by the requirements that say so for Sync, ItemOperations and Search. */
const MALFORMED = {
  'R348, R10031, R10035: children out of order': preference(SIZE, WHOLE, TYPE),
  'R350: a flag that is none': preference(TYPE, '<b:AllOrNone>a</b:AllOrNone>'),
  'R351, R10030, R10034: a child twice': preference(TYPE, SIZE, WHOLE, WHOLE),
  'R346, R10033: a type that is no number': preference('<b:Type>a</b:Type>'),
  'R10032, R10036: a preference inside another': preference(TYPE, SIZE, WHOLE, preference('<b:Type>2</b:Type>')),
  'R10016: two preferences of one type': preference(TYPE) + preference(TYPE, SIZE),
};

async function inboxOf(server: EasServer) {
  const itemId = await server.put('inbox', 'a', mail('Hello'));
  const id = String((await server.folder('inbox')).id);
  return { id, serverId: `${id}:${itemId}` };
}

for (const version of ['12.1', '14.0', '14.1'] as const) {
  for (const [name, options] of Object.entries(MALFORMED)) {
    test(`${version}: MS-ASAIRS_${name}: 4 of Sync, 2 of ItemOperations and of Search`, () =>
      withServer(async (server) => {
        const { id, serverId } = await inboxOf(server);
        const phone = syncPhone(server, { version });
        await phone.sync([{ id }]);
        const told = await phone.sync([{ id, xml: `<Options>${options}</Options>` }]);
        assert.deepEqual([told.status, told.collections.length], [4, 0]);
        const names = 'xmlns:a="AirSync:" xmlns:b="AirSyncBase:"';
        const wanted = `<Store>Mailbox</Store><a:CollectionId>${id}</a:CollectionId><a:ServerId>${serverId}</a:ServerId>`;
        const fetched = await phone.phone.post(
          'ItemOperations',
          `<ItemOperations xmlns="ItemOperations:" ${names}><Fetch>${wanted}<Options>${options}</Options></Fetch></ItemOperations>`,
        );
        assert.match(fetched.xml, /<ItemOperations [^>]*><Status>2<\/Status><\/ItemOperations>$/);
        const query = '<Name>Mailbox</Name><Query><FreeText>Hello</FreeText></Query>';
        const found = await phone.phone.post(
          'Search',
          `<Search xmlns="Search:" ${names}><Store>${query}<Options><Range>0-9</Range>${options}</Options></Store></Search>`,
        );
        assert.match(found.xml, /<Status>1<\/Status><Response><Store><Status>2<\/Status><\/Store>/);
      }));
  }

  test(`${version}: MS-ASAIRS_R214: an empty FileReference is 15, whatever stands beside it`, () =>
    withServer(async (server) => {
      const { id, serverId } = await inboxOf(server);
      for (const beside of ['', `<a:CollectionId>${id}</a:CollectionId><a:ServerId>${serverId}</a:ServerId>`]) {
        const fetch = `<Fetch><Store>Mailbox</Store>${beside}<b:FileReference/></Fetch>`;
        const root = `<ItemOperations xmlns="ItemOperations:" xmlns:a="AirSync:" xmlns:b="AirSyncBase:">${fetch}</ItemOperations>`;
        const { xml } = await server.phone({ version }).post('ItemOperations', root);
        assert.match(xml, /<Fetch><Status>15<\/Status>/);
      }
    }));

  test(`${version}: MS-ASEMAIL_R68: a search for a property of mail is 2`, () =>
    withServer(async (server) => {
      const { id } = await inboxOf(server);
      const query = `<And><a:CollectionId>${id}</a:CollectionId><FreeText>Hello</FreeText><e:To>a@example.org</e:To></And>`;
      const store = `<Store><Name>Mailbox</Name><Query>${query}</Query><Options><Range>0-9</Range></Options></Store>`;
      const root = `<Search xmlns="Search:" xmlns:a="AirSync:" xmlns:e="Email:">${store}</Search>`;
      const { xml } = await server.phone({ version }).post('Search', root);
      assert.match(xml, /<Status>1<\/Status><Response><Store><Status>2<\/Status><\/Store>/);
    }));
}

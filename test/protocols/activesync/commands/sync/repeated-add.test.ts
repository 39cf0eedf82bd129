import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syncPhone, withServer } from './support.ts';

const request = (id: string, key: string, fields: string) =>
  `<Sync xmlns="AirSync:"><Collections><Collection><SyncKey>${key}</SyncKey><CollectionId>${id}</CollectionId><Commands>` +
  `<Add><ClientId>c1</ClientId><ApplicationData>${fields}</ApplicationData></Add></Commands></Collection></Collections></Sync>`;
const CARD = '<FirstName xmlns="Contacts:">Ada</FirstName><MobilePhoneNumber xmlns="Contacts:">1</MobilePhoneNumber>';
const EVENT = (subject: string, more = '') =>
  `<StartTime xmlns="Calendar:">20260105T100000Z</StartTime><EndTime xmlns="Calendar:">20260105T110000Z</EndTime><UID xmlns="Calendar:">u-${subject}</UID>` +
  `<Subject xmlns="Calendar:">${subject}</Subject>${more}`;

/** What the folder holds when an Add came twice under one key, the first answer lost. */
async function twice(role: 'contacts' | 'calendar', first: string, second: string): Promise<string[]> {
  const contents: string[] = [];
  await withServer(async (server) => {
    const folder = await server.folder(role);
    const phone = syncPhone(server);
    await phone.begin(`${folder.id}`);
    const key = phone.keys.get(`${folder.id}`)!;
    const answers = [];
    for (const fields of [first, second])
      answers.push(await phone.phone.post('Sync', request(`${folder.id}`, key, fields)));
    const ids = answers.map(({ xml }) => /<ServerId>(.*?)<\/ServerId>/.exec(xml)?.[1]);
    assert.ok(ids[0] !== undefined && ids[0] === ids[1], answers[1]!.xml);
    const reader = server.environment.sync.store.read(server.anna.mailboxId);
    const { items } = await reader.list(folder.id, { limit: 500, withContent: true });
    for (const { content } of items) {
      contents.push(Buffer.from(content!).toString());
    }
  });
  return contents;
}

test('a contact added again with less, after a lost answer, is one contact with what was said last', async () => {
  const [contact, ...others] = await twice('contacts', CARD, '<FirstName xmlns="Contacts:">Bea</FirstName>');
  assert.equal(others.length, 0);
  assert.match(contact!, /Bea/);
  assert.doesNotMatch(contact!, /TEL|Ada/);
});

test('an event added again with less, after a lost answer, is one event that keeps its UID', async () => {
  const [calendar, ...others] = await twice(
    'calendar',
    EVENT('one', '<Location xmlns="Calendar:">here</Location>'),
    EVENT('two'),
  );
  assert.equal(others.length, 0);
  assert.match(calendar!, /UID:u-one\r\n/);
  assert.match(calendar!, /SUMMARY:two\r\n/);
  assert.doesNotMatch(calendar!, /LOCATION/);
});

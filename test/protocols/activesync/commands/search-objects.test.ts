import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import type { PhoneAnswer } from '../../../support/eas/phone.ts';
import { type EasServer, type EasServerOptions, startEas } from '../support.ts';
import { plainMail } from './mail-samples.ts';

const search = (conditions: string, options = '') => `
  <Search xmlns="Search:" xmlns:A="AirSync:" xmlns:B="AirSyncBase:" xmlns:E="Email:"><Store><Name>Mailbox</Name>
    <Query><And>${conditions}</And></Query>${options === '' ? '' : `<Options>${options}</Options>`}</Store></Search>`;
const text = (words: string) => `<FreeText>${words}</FreeText>`;
const within = (id: number | string) => `<A:CollectionId>${id}</A:CollectionId>`;
const ofClass = (name: string) => `<A:Class>${name}</A:Class>`;
const NOTHING = `
  <Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status><Result/><Total>0</Total></Store></Response></Search>`;

const calendar = (kind: string, uid: string, ...lines: readonly string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//t//t//EN', `BEGIN:${kind}`, `UID:${uid}`, 'DTSTAMP:20260101T000000Z']
    .concat(lines, `END:${kind}`, 'END:VCALENDAR', '')
    .join('\r\n');
const event = (uid: string, summary: string) =>
  calendar('VEVENT', uid, 'DTSTART:20260316T090000Z', 'DTEND:20260316T100000Z', `SUMMARY:${summary}`);
const card = (uid: string, name: string, ...lines: readonly string[]) =>
  ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${name}`, `N:${name};;;;`, ...lines, 'END:VCARD', ''].join('\r\n');

async function started(t: { after(work: () => unknown): void }, options: EasServerOptions = {}) {
  const server = await startEas(options);
  t.after(() => server.close());
  const ids = Object.fromEntries(
    await Promise.all(
      (['inbox', 'calendar', 'contacts', 'tasks', 'notes'] as const).map(async (role) => {
        const { id } = await server.folder(role);
        return [role, id] as const;
      }),
    ),
  );
  return { server, ids };
}

const ask = (server: EasServer, conditions: string, options = '') =>
  server.phone().post('Search', search(conditions, options));

/** ServerIds found, in order. */
function found({ xml }: PhoneAnswer): string[] {
  return [...xml.matchAll(/<LongId>([^<]*)</g)].map(([, id]) => id!);
}

test(
  'MS-ASCNTC §3.2.5.3 Search finds contacts by what stands in them, and shows them as Sync does',
  needsCrossCheck,
  async (t) => {
    const { server, ids } = await started(t);
    const id = await server.put('contacts', 'a', card('a', 'Ada', 'EMAIL:ada@example.net', 'TEL:+49 30 1234'));
    await server.put('contacts', 'b', card('b', 'Bea'));
    await server.put('inbox', 'm', plainMail('Ada wrote', 'x'));
    const expected = `<Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status><Result>
      <Class xmlns="AirSync:">Contacts</Class><LongId>${ids.contacts}:${id}</LongId>
      <CollectionId xmlns="AirSync:">${ids.contacts}</CollectionId>
      <Properties><LastName xmlns="Contacts:">Ada</LastName><FileAs xmlns="Contacts:">Ada</FileAs>
        <Email1Address xmlns="Contacts:">ada@example.net</Email1Address>
        <MobilePhoneNumber xmlns="Contacts:">+49 30 1234</MobilePhoneNumber>
        <Body xmlns="AirSyncBase:"><Type>1</Type><EstimatedDataSize>0</EstimatedDataSize></Body>
        <NativeBodyType xmlns="AirSyncBase:">1</NativeBodyType>
      </Properties></Result><Range>0-0</Range><Total>1</Total></Store></Response></Search>`;
    await crossCheck(
      server.phone(),
      'Search',
      search(text('ADA') + within(ids.contacts!), '<Range>0-9</Range>'),
      expected,
    );
    for (const words of ['ada@example', '1234', 'ada net']) {
      assert.deepEqual(found(await ask(server, ofClass('Contacts') + text(words))), [`${ids.contacts}:${id}`]);
    }
    for (const words of ['ada vcard', 'bea ada', '3.0 ada', 'uid']) {
      expectXml(await ask(server, within(ids.contacts!) + text(words)), NOTHING);
    }
  },
);

test('MS-ASTASK §3.2.5.3, MS-ASNOTE §3.2.5.3, MS-ASCAL tasks, notes and events are found, each in its collection', async (t) => {
  const { server, ids } = await started(t);
  const task = await server.put('tasks', 't', calendar('VTODO', 't', 'SUMMARY:Plan the party'));
  const note = await server.put('notes', 'n', calendar('VJOURNAL', 'n', 'DESCRIPTION:Party\\, cake and plan'));
  const meeting = await server.put('calendar', 'e', event('e', 'Party planning'));
  const errand = await server.put('calendar', 'i', calendar('VTODO', 'i', 'SUMMARY:Party errand'));
  const places: readonly (readonly [string, string])[] = [
    [String(ids.tasks), `${ids.tasks}:${task}`],
    [String(ids.notes), `${ids.notes}:${note}`],
    [String(ids.calendar), `${ids.calendar}:${meeting}`],
    [`${ids.calendar}t`, `${ids.calendar}t:${errand}`],
  ];
  for (const [collection, id] of places) {
    assert.deepEqual(found(await ask(server, within(collection) + text('party'))), [id]);
  }
  const all = places.map(([, id]) => id).toReversed();
  const classes = ['Notes', 'Calendar', 'Tasks'].map(ofClass).join('');
  assert.deepEqual(found(await ask(server, classes + text('PART'))), [all[0], all[1], all[2], all[3]]);
  assert.deepEqual(found(await ask(server, ofClass('Notes') + text('cake'))), [`${ids.notes}:${note}`]);
  const old = await server.phone({ version: '12.1' }).post('Search', search(classes + text('party')));
  assert.deepEqual(
    found(old).filter((id) => id.startsWith(`${ids.notes}:`)),
    [],
  );
});

test('MS-ASCMD §2.2.3.143.2 mail stands before what else was searched, and ranges go on behind it', async (t) => {
  const { server, ids } = await started(t);
  const events: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    await server.put('inbox', `m${n}`, plainMail(`common m${n}`, 'x'));
    events.unshift(`${ids.calendar}:${await server.put('calendar', `e${n}`, event(`e${n}`, 'common'))}`);
  }
  const both = within(ids.inbox!) + within(ids.calendar!) + text('common');
  const whole = found(await ask(server, both));
  assert.deepEqual(whole.slice(3), events);
  for (const [range, size] of [
    ['0-1', 2],
    ['2-3', 2],
    ['4-9', 2],
    ['1-5', 5],
  ] as const) {
    const answer = await ask(server, both, `<Range>${range}</Range>`);
    const first = Number(range[0]);
    assert.deepEqual(found(answer), whole.slice(first, first + size));
    assert.match(answer.xml, /<Total>6<\/Total>/);
  }
  const dated = '<GreaterThan><E:DateReceived/><Value>2020-01-01T00:00:00.000Z</Value></GreaterThan>';
  assert.deepEqual(found(await ask(server, both + dated)), whole.slice(0, 3));
});

test('MS-ASCMD §2.2.3.67.1 the LongId of a contact is fetched', async (t) => {
  const { server, ids } = await started(t);
  await server.put('contacts', 'a', card('a', 'Ada'));
  const [longId] = found(await ask(server, within(ids.contacts!) + text('ada')));
  const fetch = `<ItemOperations xmlns="ItemOperations:" xmlns:S="Search:"><Fetch><Store>Mailbox</Store><S:LongId>${longId}</S:LongId></Fetch></ItemOperations>`;
  assert.match((await server.phone().post('ItemOperations', fetch)).xml, /<FileAs xmlns="Contacts:">Ada</);
});

test('status 10 when the time is over before all was looked through; no contact of other people', async (t) => {
  const { server, ids } = await started(t, { limits: { maxSearchMs: 0 } });
  await server.put('contacts', 'a', card('a', 'Ada'));
  assert.match((await ask(server, within(ids.contacts!) + text('ada'))).xml, /<Store><Status>10<\/Status>/);
  const { server: other, ids: own } = await started(t);
  await other.put('contacts', 'a', card('a', 'Ada'), other.bert);
  expectXml(await ask(other, within(own.contacts!) + text('ada')), NOTHING);
});

test('a device with one folder of a class finds what lies in the others under that folder', async (t) => {
  const { server, ids } = await started(t);
  const errand = await server.put('calendar', 'i', calendar('VTODO', 'i', 'SUMMARY:Party errand'));
  const phone = server.phone({ deviceType: 'PocketPC' });
  const answer = await phone.post('Search', search(within(ids.tasks!) + text('errand')));
  assert.deepEqual(found(answer), [`${ids.tasks}:${errand}`]);
});

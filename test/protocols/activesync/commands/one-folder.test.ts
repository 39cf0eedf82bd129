import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, childElements, childText } from '../../../../protocols/activesync/wbxml/read-element.ts';
import type { ItemClass } from '../../../../src/domain/item-class.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { createFolder, deleteFolder } from '../../../../src/items/folders.ts';
import { putItem } from '../../../../src/items/put-item.ts';
import { MERGE_MS } from '../../../../src/push/waiters.ts';
import type { PhoneOptions } from '../../../support/eas/phone.ts';
import type { SyncPhone } from '../../../support/eas/sync-phone.ts';
import type { EasServer } from '../support.ts';
import { pingXml } from '../waiting/ping-answers.ts';
import { calendarObject, event, folderSync, parked, syncPhone, withServer } from './sync/support.ts';

const SAMSUNG = { deviceType: 'SAMSUNGSMG900F', userAgent: 'SAMSUNG-SM-G900F/101.404' };
const IPHONE = { deviceType: 'iPhone', userAgent: 'Apple-iPhone7C2/1202.466' };
const HIERARCHY = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';

async function newFolder(server: EasServer, name: string, itemClass: ItemClass = 'calendar', components = ['VEVENT']) {
  const facts = { displayName: name, itemClass, components, properties: {} } as const;
  const request = { principal: server.anna, parentId: null, name: name.toLowerCase(), ...facts };
  return createFolder(server.environment.items, request as Parameters<typeof createFolder>[1]);
}

type Folder = Awaited<ReturnType<typeof newFolder>>;

async function put(server: EasServer, folder: Folder, name: string, content: string): Promise<number> {
  const request = { principal: server.anna, folder, name, content: Buffer.from(content), contentType: '' };
  return (await putItem(server.environment.items, request)).item.id;
}

const move = (server: EasServer, itemId: number, to: Folder) =>
  server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.moveItem(itemId, to.id, `moved-${itemId}.ics`),
  );

/** A phone that holds what two calendars hold, an event each. */
async function twoCalendars(server: EasServer, options: Partial<PhoneOptions> = SAMSUNG) {
  const main = await server.folder('calendar');
  const work = await newFolder(server, 'Work');
  const own = await put(server, main, 'own.ics', event('own', 'Dentist'));
  const other = await put(server, work, 'other.ics', event('other', 'Review'));
  const phone = syncPhone(server, options);
  await folderSync(phone);
  const id = `${main.id}`;
  await phone.begin(id);
  return { main, work, own, other, phone, id };
}

function subjects(phone: SyncPhone, id: string): string[] {
  return [...phone.items(id).values()].map((xml) => /<Subject[^>]*>([^<]*)/.exec(xml)![1]!).sort();
}

async function shownFolders(phone: SyncPhone): Promise<[name: string, type: string][]> {
  const changes = child(await phone.phone.command('FolderSync', HIERARCHY), 'FolderHierarchy:Changes')!;
  return childElements(changes, 'FolderHierarchy:Add').map((add) => [
    childText(add, 'FolderHierarchy:DisplayName')!,
    childText(add, 'FolderHierarchy:Type')!,
  ]);
}

const edit = (serverId: string, subject: string) =>
  `<Commands><Change><ServerId>${serverId}</ServerId><ApplicationData><cal:Subject>${subject}</cal:Subject><cal:StartTime>20260105T100000Z</cal:StartTime><cal:EndTime>20260105T110000Z</cal:EndTime></ApplicationData></Change></Commands>`;

test('FolderSync of a Samsung with two calendars lists one; another phone gets both', () =>
  withServer(async (server) => {
    await newFolder(server, 'Work');
    const samsung = await shownFolders(syncPhone(server, SAMSUNG));
    assert.deepEqual(
      samsung.filter(([, type]) => type === '8' || type === '13'),
      [['Calendar', '8']],
    );
    const other = await shownFolders(syncPhone(server, { deviceId: 'OTHER' }));
    assert.ok(other.some(([name, type]) => name === 'Work' && type === '13'));
  }));

test('the one calendar shows the events of all; new ones go into the default calendar', () =>
  withServer(async (server) => {
    const { main, phone, id } = await twoCalendars(server);
    assert.deepEqual(subjects(phone, id), ['Dentist', 'Review']);
    const add =
      '<Commands><Add><ClientId>c</ClientId><ApplicationData><cal:Subject>New</cal:Subject><cal:StartTime>20260106T100000Z</cal:StartTime><cal:EndTime>20260106T110000Z</cal:EndTime></ApplicationData></Add></Commands>';
    const [told] = (await phone.sync([{ id, xml: add }])).collections;
    assert.equal(told!.responses[0]!.status, 1);
    const page = await server.environment.items.store.read(server.anna.mailboxId).list(main.id, {
      ...{ limit: 9, withContent: false },
    });
    assert.equal(page.items.length, 2);
  }));

test('an event of another calendar is changed and deleted where it lies, and is fetched by the one id', () =>
  withServer(async (server) => {
    const { work, other, phone, id } = await twoCalendars(server);
    const reader = server.environment.items.store.read(server.anna.mailboxId);
    const serverId = `${id}:${other}`;
    assert.ok(
      (await phone.sync([{ id, xml: edit(serverId, 'Retrospective') }])).collections[0]!.responses.length === 0,
    );
    const item = (await reader.item(other))!;
    assert.deepEqual([item.folderId, item.name], [work.id, 'other.ics']);
    const fetch = `<Commands><Fetch><ServerId>${serverId}</ServerId></Fetch></Commands>`;
    const fetched = (await phone.sync([{ id, xml: fetch }])).collections[0]!.responses[0]!;
    assert.equal(fetched.status, 1);
    const operations = `<ItemOperations xmlns="ItemOperations:" xmlns:a="AirSync:"><Fetch><Store>Mailbox</Store><a:CollectionId>${id}</a:CollectionId><a:ServerId>${serverId}</a:ServerId></Fetch></ItemOperations>`;
    const answer = await phone.phone.post('ItemOperations', operations);
    assert.match(answer.xml, /Retrospective/);
    await phone.sync([{ id, xml: `<Commands><Delete><ServerId>${serverId}</ServerId></Delete></Commands>` }]);
    assert.equal(await reader.item(other), null);
    phone.items(id).delete(serverId);
    assert.deepEqual(subjects(phone, id), ['Dentist']);
    assert.ok((await phone.sync([{ id }])).isEmpty, 'own writes are not told');
  }));

test('a move between two calendars that are shown as one is a Change at most, and doubles nothing', () =>
  withServer(async (server) => {
    const { main, work, own, other, phone, id } = await twoCalendars(server);
    await move(server, own, work);
    await move(server, other, main);
    const [told] = (await phone.sync([{ id }])).collections;
    assert.deepEqual(
      told!.commands.map(({ kind }) => kind),
      ['Change', 'Change'],
    );
    assert.deepEqual(subjects(phone, id), ['Dentist', 'Review']);
    assert.ok((await phone.sync([{ id }])).isEmpty);
  }));

test('GetItemEstimate counts what all of them have', () =>
  withServer(async (server) => {
    const { main, work, phone, id } = await twoCalendars(server);
    await put(server, main, 'a.ics', event('a', 'A'));
    await put(server, work, 'b.ics', event('b', 'B'));
    const asked = `<GetItemEstimate xmlns="GetItemEstimate:" xmlns:a="AirSync:"><Collections><Collection><a:SyncKey>${phone.key(id)}</a:SyncKey><CollectionId>${id}</CollectionId></Collection></Collections></GetItemEstimate>`;
    assert.match((await phone.phone.post('GetItemEstimate', asked)).xml, /<Estimate>2</);
  }));

test('a change in another calendar wakes Ping and a waiting Sync at once', () =>
  withServer(async (server) => {
    const { work, phone, id } = await twoCalendars(server);
    const pinged = phone.phone.post('Ping', pingXml(300, [{ id }]));
    await parked(server);
    await put(server, work, 'more.ics', event('more', 'Standup'));
    assert.match((await pinged).xml, new RegExp(`<Status>2</Status><Folders><Folder>${id}<`));
    await phone.sync([{ id }]);
    const waiting = phone.send(phone.document([{ id }], '<Wait>10</Wait>'));
    await parked(server);
    await put(server, work, 'again.ics', event('again', 'Lunch'));
    phone.adopt(await waiting);
    assert.deepEqual(subjects(phone, id), ['Dentist', 'Lunch', 'Review', 'Standup']);
  }));

test('a calendar that is made later joins: its events come, wake a Ping, and nothing is fetched anew', () =>
  withServer(async (server) => {
    const { phone, id } = await twoCalendars(server);
    const pinged = phone.phone.post('Ping', pingXml(300, [{ id }]));
    await parked(server);
    const later = await newFolder(server, 'Later');
    await put(server, later, 'l.ics', event('l', 'Holiday'));
    // Changes elsewhere are gathered for a moment.
    server.clock.advance(MERGE_MS);
    assert.match((await pinged).xml, /<Status>2</);
    const [told] = (await phone.sync([{ id }])).collections;
    assert.deepEqual([told!.status, told!.commands.length], [1, 1]);
    assert.deepEqual(subjects(phone, id), ['Dentist', 'Holiday', 'Review']);
  }));

test('when one of the calendars is removed the phone begins again, and holds what is left', () =>
  withServer(async (server) => {
    const { work, phone, id } = await twoCalendars(server);
    await deleteFolder(server.environment.items, { principal: server.anna, folder: work });
    const [told] = (await phone.sync([{ id }])).collections;
    assert.equal(told!.status, 3);
    await phone.begin(id);
    assert.deepEqual(subjects(phone, id), ['Dentist']);
  }));

test('a device that is known for what it is only later is told so by FolderSync, and loses nothing', () =>
  withServer(async (server) => {
    const type = { deviceType: 'Generic', userAgent: 'Mail/1.0' };
    const { work, phone, id } = await twoCalendars(server, type);
    await phone.begin(`${work.id}`);
    assert.deepEqual([subjects(phone, id), subjects(phone, `${work.id}`)], [['Dentist'], ['Review']]);
    const now = syncPhone(server, SAMSUNG);
    now.keys.set(id, phone.key(id)).set(`${work.id}`, phone.key(`${work.id}`));
    const [gone] = (await now.sync([{ id: `${work.id}` }])).collections;
    assert.equal(gone!.status, 12);
    await folderSync(now);
    assert.equal((await now.sync([{ id }])).collections[0]!.status, 3);
    await now.begin(id);
    assert.deepEqual(subjects(now, id), ['Dentist', 'Review']);
  }));

test('an answer to a meeting in another calendar names the event by the one calendar', () =>
  withServer(async (server) => {
    const { work, id, phone } = await twoCalendars(server);
    const meeting = event('meet', 'Board').replace(
      'END:VEVENT',
      'ORGANIZER:mailto:bert@example.org\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@example.org\r\nEND:VEVENT',
    );
    const itemId = await put(server, work, 'm.ics', meeting);
    const request = `<MeetingResponse xmlns="MeetingResponse:"><Request><UserResponse>1</UserResponse><CollectionId>${id}</CollectionId><RequestId>${id}:${itemId}</RequestId></Request></MeetingResponse>`;
    assert.match((await phone.phone.post('MeetingResponse', request)).xml, new RegExp(`<CalendarId>${id}:${itemId}<`));
    assert.equal((await server.environment.items.store.read(server.anna.mailboxId).item(itemId))!.folderId, work.id);
  }));

test('an iPhone sees one folder of notes with all notes, and each of its calendars', () =>
  withServer(async (server) => {
    const notes = await server.folder('notes');
    const ideas = await newFolder(server, 'Ideas', 'notes', ['VJOURNAL']);
    await newFolder(server, 'Work');
    await put(server, notes, 'a.ics', calendarObject('VJOURNAL', 'a', 'SUMMARY:Shopping'));
    await put(server, ideas, 'b.ics', calendarObject('VJOURNAL', 'b', 'SUMMARY:Boat'));
    const phone = syncPhone(server, IPHONE);
    const shown = await shownFolders(phone);
    assert.deepEqual(
      shown.filter(([, type]) => type === '10' || type === '17' || type === '13'),
      [
        ['Notes', '10'],
        ['Work', '13'],
      ],
    );
    await phone.begin(`${notes.id}`);
    assert.deepEqual(subjects(phone, `${notes.id}`), ['Boat', 'Shopping']);
  }));

test('tasks that lie in a calendar belong to the one list of tasks', () =>
  withServer(async (server) => {
    const tasks = await server.folder('tasks');
    const both = await newFolder(server, 'Home', 'calendar', ['VEVENT', 'VTODO']);
    await put(server, both, 't.ics', calendarObject('VTODO', 't', 'SUMMARY:Paint'));
    await put(server, both, 'e.ics', event('e', 'Party'));
    const phone = syncPhone(server, SAMSUNG);
    assert.deepEqual(
      (await shownFolders(phone)).filter(([, type]) => type === '7' || type === '15'),
      [['Tasks', '7']],
    );
    await phone.begin(`${tasks.id}`);
    assert.deepEqual(subjects(phone, `${tasks.id}`), ['Paint']);
    const [alone] = (await phone.sync([{ id: `${both.id}t`, key: '0' }])).collections;
    assert.equal(alone!.status, 8);
  }));

test('EmptyFolderContents empties all calendars that are shown as one, of events only; MoveItems knows them as one', () =>
  withServer(async (server) => {
    const { work, own, other, phone, id } = await twoCalendars(server);
    const both = await newFolder(server, 'Home', 'calendar', ['VEVENT', 'VTODO']);
    const task = await put(server, both, 't.ics', calendarObject('VTODO', 't', 'SUMMARY:Paint'));
    const moves = (to: string) =>
      `<MoveItems xmlns="Move:"><Move><SrcMsgId>${id}:${other}</SrcMsgId><SrcFldId>${id}</SrcFldId><DstFldId>${to}</DstFldId></Move></MoveItems>`;
    assert.match((await phone.phone.post('MoveItems', moves(id))).xml, /<Status>4</);
    assert.match((await phone.phone.post('MoveItems', moves(`${work.id}`))).xml, /<Status>2</);
    const empty = `<ItemOperations xmlns="ItemOperations:" xmlns:a="AirSync:"><EmptyFolderContents><a:CollectionId>${id}</a:CollectionId></EmptyFolderContents></ItemOperations>`;
    assert.match((await phone.phone.post('ItemOperations', empty)).xml, /<Status>1</);
    const reader = server.environment.items.store.read(server.anna.mailboxId);
    const left = await Promise.all([own, other, task].map(async (itemId) => (await reader.item(itemId)) !== null));
    assert.deepEqual(left, [false, false, true]);
    await phone.drain(id);
    assert.deepEqual(subjects(phone, id), []);
  }));

test('a calendar that such a device creates is taken from it by FolderSync, and its items are shown', () =>
  withServer(async (server) => {
    const { phone, id } = await twoCalendars(server);
    const first = await phone.phone.command('FolderSync', HIERARCHY);
    const create = `<FolderCreate xmlns="FolderHierarchy:"><SyncKey>${childText(first, 'FolderHierarchy:SyncKey')}</SyncKey><ParentId>0</ParentId><DisplayName>Sport</DisplayName><Type>13</Type></FolderCreate>`;
    const created = await phone.phone.command('FolderCreate', create);
    const [key, folderId] = [
      childText(created, 'FolderHierarchy:SyncKey'),
      childText(created, 'FolderHierarchy:ServerId')!,
    ];
    const answer = await phone.phone.post(
      'FolderSync',
      `<FolderSync xmlns="FolderHierarchy:"><SyncKey>${key}</SyncKey></FolderSync>`,
    );
    assert.match(answer.xml, new RegExp(`<Delete><ServerId>${folderId}</ServerId></Delete>`));
    const sport = (await server.environment.items.store.read(server.anna.mailboxId).folder(Number(folderId)))!;
    await put(server, sport, 's.ics', event('s', 'Match'));
    await phone.sync([{ id }]);
    assert.deepEqual(subjects(phone, id), ['Dentist', 'Match', 'Review']);
  }));

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unprovisionedDocument } from '../../../../protocols/activesync/policy/gate.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { putItem } from '../../../../src/items/put-item.ts';
import { calendarObject, card, event, folderSync, mail, parked, syncPhone } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';
import { DEVICE, LOST, statusOf, type WipeScene, wipeScene } from './scene.ts';

const ROLES = ['inbox', 'calendar', 'contacts', 'tasks', 'notes'] as const;

/** A phone that knows no policies, with all classes of items. */
async function deafPhone({ server }: WipeScene, version: '12.1' | '14.0' | '14.1') {
  await server.put('inbox', 'm', mail('Secret mail'));
  await server.put('calendar', 'e', event('e', 'Secret event', '20300101'));
  await server.put('contacts', 'c', card('c', 'Secret Person'));
  await server.put('tasks', 't', calendarObject('VTODO', 't', 'SUMMARY:Secret task'));
  await server.put('notes', 'n', calendarObject('VJOURNAL', 'n', 'SUMMARY:Secret note'));
  const phone = syncPhone(server, { version });
  const ids: string[] = [];
  for (const role of ROLES) {
    // Notes are a class since 14.0.
    if (role === 'notes' && version === '12.1') continue;
    ids.push(`${(await server.folder(role)).id}`);
  }
  await folderSync(phone);
  for (const id of ids) await phone.begin(id);
  await isDeaf(server);
  return { phone, ids };
}

/** As the gate notes it of a phone that was told of policies and did not fetch one. */
async function isDeaf({ anna, clock, environment }: EasServer): Promise<void> {
  const now = clock.now();
  await environment.sync.store.write(anna.mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.putDocument(unprovisionedDocument('phone1'), now),
  );
}

const everything = (server: EasServer) => {
  const reader = server.environment.items.store.read(server.anna.mailboxId);
  return reader.folders().then(async (folders) => {
    const lists = [];
    for (const { id, last } of folders) lists.push([last, await reader.list(id, { limit: 500, withContent: true })]);
    return lists;
  });
};

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: every folder of a phone that knows no wipe ends with only the item that says what happened`, () =>
    wipeScene(async (scene) => {
      const { server, administration } = scene;
      const { phone, ids } = await deafPhone(scene, version);
      const before = await everything(server);
      for (const id of ids) assert.match([...phone.items(id).values()].join(), /Secret/);
      const { method, erases } = await administration.wipeForecast(DEVICE);
      assert.equal(method, 'drain');
      assert.match(erases.join(), /shown to it as empty/);
      await administration.wipeStart(LOST);
      for (const id of ids) {
        assert.equal((await phone.sync([{ id }])).collections[0]?.status, 3, 'what it holds is lost to it');
        await phone.begin(id);
        const items = [...phone.items(id).values()];
        assert.equal(items.length, 1);
        assert.match(items[0]!, /This device was emptied/);
      }
      assert.equal((await administration.deviceShow(DEVICE)).wipe, 'sent');
      const refused = await phone.sync(ids.map((id) => ({ id })));
      assert.equal(refused.status ?? refused.http, version === '12.1' ? 403 : 129);
      assert.equal((await administration.deviceShow(DEVICE)).wipe, 'acknowledged');
      assert.deepEqual(await everything(server), before);
    }));
}

test('a phone with one folder for a class ends with only what explains it in each of the folders behind', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    const { items } = server.environment;
    const [principal, itemClass] = [server.anna, 'contacts'] as const;
    const more = { itemClass, role: null, name: 'More', displayName: null, parentId: null, components: [] };
    const folder = { ...more, properties: {} };
    const { id: second } = await items.store.write(principal.mailboxId, CLIENT_ORIGIN, (tx) => tx.createFolder(folder));
    const phone = syncPhone(server, { deviceType: 'SAMSUNGSMG1' });
    const place = (await items.store.read(principal.mailboxId).folder(second))!;
    const bytes = Buffer.from(card('d', 'Secret Other'));
    await putItem(items, { principal, folder: place, name: 'd.vcf', content: bytes, contentType: '' });
    await server.put('contacts', 'c', card('c', 'Secret Person'));
    const id = `${(await server.folder('contacts')).id}`;
    await folderSync(phone);
    await phone.begin(id);
    assert.equal(phone.items(id).size, 2, 'both address books are one to it');
    await isDeaf(server);
    await administration.wipeStart(LOST);
    assert.equal((await phone.sync([{ id }])).collections[0]?.status, 3);
    await phone.begin(id);
    const held = [...phone.items(id).values()];
    assert.equal(held.length, 2);
    for (const item of held) assert.match(item, /This device was emptied/);
    assert.equal((await phone.sync([{ id }])).status, 129);
    assert.equal((await administration.deviceShow(DEVICE)).wipe, 'acknowledged');
  }));

test('an emptied phone may not write, read items by other commands, or send mail', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    const { phone, ids } = await deafPhone(scene, '14.1');
    const before = await everything(server);
    await administration.wipeStart(LOST);
    const contacts = `${(await server.folder('contacts')).id}`;
    await phone.sync([{ id: contacts }]);
    await phone.begin(contacts);
    const [own] = [...phone.items(contacts).keys()];
    const commands = `<Commands><Add><ClientId>1</ClientId><ApplicationData><c:FirstName>New</c:FirstName></ApplicationData></Add><Change><ServerId>${own}</ServerId><ApplicationData><c:FirstName>X</c:FirstName></ApplicationData></Change><Delete><ServerId>${own}</ServerId></Delete></Commands>`;
    const [told] = (await phone.sync([{ id: contacts, xml: commands }])).collections;
    const statuses = new Map(told!.responses.map(({ kind, status }) => [kind, status]));
    assert.equal(statuses.get('Add'), 6);
    assert.equal(statuses.get('Change'), 6);
    for (const [command, body] of [
      ['SendMail', '<SendMail xmlns="ComposeMail:"><ClientId>1</ClientId><Mime>x</Mime></SendMail>'],
      [
        'FolderCreate',
        '<FolderCreate xmlns="FolderHierarchy:"><SyncKey>1</SyncKey><ParentId>0</ParentId><DisplayName>N</DisplayName><Type>12</Type></FolderCreate>',
      ],
      ['Search', '<Search xmlns="Search:"><Store><Name>Mailbox</Name><Query/></Store></Search>'],
      [
        'ItemOperations',
        '<ItemOperations xmlns="ItemOperations:"><Fetch><Store>Mailbox</Store></Fetch></ItemOperations>',
      ],
      ['Settings', '<Settings xmlns="Settings:"><UserInformation><Get/></UserInformation></Settings>'],
    ] as const) {
      assert.equal(statusOf(await phone.phone.post(command, body)), '130', command);
    }
    assert.equal(ids.length, 5);
    assert.deepEqual(await everything(server), before);
  }));

test('MS-ASCMD §2.2.3.45 a phone that is to be emptied may say what it is, and nothing of its settings is read or written beside', () =>
  wipeScene(async (scene) => {
    const { administration } = scene;
    const { phone } = await deafPhone(scene, '14.1');
    await administration.wipeStart(LOST);
    const saying = (rest: string) =>
      `<Settings xmlns="Settings:"><DeviceInformation><Set><Model>Lost One${rest === '' ? '' : ' more'}</Model></Set></DeviceInformation>${rest}</Settings>`;
    assert.equal(statusOf(await phone.phone.post('Settings', saying(''))), '1');
    const shown = await administration.deviceShow(DEVICE);
    assert.deepEqual([shown.information.Model, shown.wipe], ['Lost One', 'pending'], 'no folder was asked for yet');
    const password = '<DevicePassword><Set><Password>1234</Password></Set></DevicePassword>';
    for (const rest of ['<UserInformation><Get/></UserInformation>', password]) {
      assert.equal(statusOf(await phone.phone.post('Settings', saying(rest))), '130', rest);
    }
    assert.equal((await administration.deviceShow(DEVICE)).information.Model, 'Lost One');
  }));

test('a Ping of an emptied phone ends at once until it has seen that its folders are', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    const { phone, ids } = await deafPhone(scene, '14.1');
    const folders = ids.map((id) => `<Folder><Id>${id}</Id><Class>Contacts</Class></Folder>`).join('');
    const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>600</HeartbeatInterval><Folders>${folders}</Folders></Ping>`;
    const waiting = phone.phone.post('Ping', ping);
    await parked(server);
    await administration.wipeStart(LOST);
    assert.equal(statusOf(await waiting), '1');
    const told = await phone.phone.post('Ping', ping);
    assert.match(told.xml, /<Status>2<\/Status>/);
    for (const id of ids) assert.ok(told.xml.includes(`<Folder>${id}</Folder>`), id);
  }));

test('an answer with the last emptied folder that was lost is not counted', () =>
  wipeScene(async (scene) => {
    const { server, administration } = scene;
    const { phone, ids } = await deafPhone(scene, '14.1');
    await administration.wipeStart(LOST);
    const [last, ...others] = ids as [string, ...string[]];
    for (const id of others) await phone.begin(id);
    phone.keys.delete(last);
    await phone.sync([{ id: last }]);
    const key = phone.key(last);
    await phone.send(phone.document([{ id: last }]));
    // The phone asks with the key that it has: it never saw the item.
    const again = await phone.sync([{ id: last, key }]);
    assert.equal(again.collections[0]!.commands.length, 1);
    assert.equal((await administration.deviceShow(DEVICE)).wipe, 'sent');
    assert.equal((await phone.sync([{ id: last }])).status, 129);
    assert.equal(server.lines.filter(({ message }) => message === 'device was wiped').length, 1);
  }));

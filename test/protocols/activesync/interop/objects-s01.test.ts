import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

type Version = '12.1' | '14.0' | '14.1';

/** What another phone is shown of the only item after an Add and Changes; and the status of the Add. */
async function shownAfter(server: EasServer, version: Version, role: FolderRole, xml: string, ...changes: string[]) {
  const phone = syncPhone(server, { version, deviceId: 'WRITER' });
  const id = String((await server.folder(role)).id);
  await phone.begin(id);
  const data = (content: string) => `<ApplicationData>${content}</ApplicationData>`;
  const add = `<Add><ClientId>1</ClientId>${data(xml)}</Add>`;
  const told = await phone.sync([{ id, xml: `<Commands>${add}</Commands>` }]);
  const made = told.collections[0]!.responses[0]!;
  for (const change of changes) {
    const command = `<Change><ServerId>${made.serverId}</ServerId>${data(change)}</Change>`;
    await phone.sync([{ id, xml: `<Commands>${command}</Commands>` }]);
  }
  const reader = syncPhone(server, { version, deviceId: 'READER' });
  await reader.begin(id);
  return {
    status: made.status,
    shown:
      reader
        .items(id)
        .get(made.serverId)
        ?.replace(/ xmlns="[^"]*"/g, '') ?? '',
  };
}

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: MS-ASCNTC_R384: a picture of more than 48 KB is 6, one of 48 KB is taken`, () =>
    withServer(async (server) => {
      const withPicture = (length: number) =>
        `<c:FileAs>Ana</c:FileAs><c:Picture>${Buffer.alloc(length, 1).toString('base64')}</c:Picture>`;
      assert.equal((await shownAfter(server, version, 'contacts', withPicture(36_865))).status, 6);
      assert.equal((await shownAfter(server, version, 'contacts', withPicture(36_864))).status, 1);
    }));

  test(`${version}: MS-ASCNTC an IMAddress comes back as it was sent`, () =>
    withServer(async (server) => {
      const address = '<d:IMAddress xmlns:d="Contacts2:">ana.im</d:IMAddress>';
      const { shown } = await shownAfter(server, version, 'contacts', `<c:FileAs>Ana</c:FileAs>${address}`);
      assert.match(shown, /<IMAddress>ana\.im<\/IMAddress>/);
    }));

  test(`${version}: MS-ASTASK_R369, R370: importance and reminder stay when a Change leaves them out; R187`, () =>
    withServer(async (server) => {
      const time = '<t:ReminderTime>2026-01-05T00:00:00.000Z</t:ReminderTime>';
      const task = `<t:Subject>Old</t:Subject><t:Importance>2</t:Importance><t:ReminderSet>1</t:ReminderSet>${time}`;
      const { shown } = await shownAfter(server, version, 'tasks', task, '<t:Subject>New</t:Subject>');
      assert.match(shown, /New.*<Importance>2<.*<ReminderTime>2026-01-05T00:00:00.000Z<.*<ReminderSet>1</);
      const beyond = '<t:Subject>More</t:Subject><t:Importance>3</t:Importance>';
      assert.equal((await shownAfter(server, version, 'tasks', beyond)).status, 1);
    }));
}

for (const version of ['14.0', '14.1'] as const) {
  test(`${version}: MS-ASNOTE_R10003, R112, R113: of a note silence deletes categories, not subject or body`, () =>
    withServer(async (server) => {
      const body = '<b:Body><b:Type>1</b:Type><b:Data>Text</b:Data></b:Body>';
      const note = `<n:Subject>Note</n:Subject><n:Categories><n:Category>A</n:Category></n:Categories>${body}`;
      const change = '<n:MessageClass>IPM.StickyNote.Other</n:MessageClass>';
      const { shown } = await shownAfter(server, version, 'notes', note, change);
      assert.match(shown, /<Subject>Note<.*IPM\.StickyNote\.Other.*<Data>Text</);
      assert.doesNotMatch(shown, /Categories/);
    }));

  test(`${version}: MS-ASNOTE_R114, R119: Supported of notes is 4, a foreign MessageClass 6`, () =>
    withServer(async (server) => {
      const phone = syncPhone(server, { version });
      const id = String((await server.folder('notes')).id);
      const told = await phone.sync([{ id, xml: '<Supported/>' }]);
      assert.equal(told.collections[0]?.status, 4);
      const foreign = '<n:Subject>Note</n:Subject><n:MessageClass>IPM.invalidClass</n:MessageClass>';
      assert.equal((await shownAfter(server, version, 'notes', foreign)).status, 6);
    }));
}

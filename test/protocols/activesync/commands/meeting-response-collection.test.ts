import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { expectXml } from '../../../support/eas/cross-check.ts';
import { withServer } from '../mail-support.ts';
import { type Asked, answer, calendar, EVENT, mail, put, request, stateOf } from './meeting-requests.ts';

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: MS-ASCMD §2.2.1.11 an item that is not in the folder of CollectionId is 2, and nothing changes`, () =>
    withServer(async (server) => {
      const invited = await put(server, 'inbox', 'm.eml', mail(EVENT));
      const present = await put(server, 'calendar', 'e.ics', calendar(EVENT));
      const phone = server.phone({ version });
      const elsewhere = async (role: FolderRole, asked: Asked) => ({
        ...asked,
        folderId: String((await server.folder(role)).id),
      });
      const wrong = [
        await elsewhere('calendar', invited),
        await elsewhere('sent', invited),
        await elsewhere('contacts', invited),
        { ...invited, folderId: '9999' },
        { ...invited, folderId: 'nonsense' },
        await elsewhere('inbox', present),
        { ...present, folderId: `${present.folderId}t` },
      ];
      const before = await stateOf(server);
      const expected = answer(...wrong.map(({ id }) => [id, 2] as const));
      expectXml(await phone.post('MeetingResponse', request(...wrong)), expected);
      assert.equal(await stateOf(server), before);
      expectXml(await phone.post('MeetingResponse', request(invited)), answer([invited.id, 1, present.id]));
    }));
}

test('an invitation that was moved since the phone got it is answered by the id that the phone has, or by the new one', () =>
  withServer(async (server) => {
    const asked = await put(server, 'inbox', 'm.eml', mail(EVENT));
    const { id: junk } = await server.folder('junk');
    const { store } = server.environment.items;
    await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(asked.item, junk, 'm.eml'));
    const moved = { id: `${junk}:${asked.item}`, folderId: String(junk) };
    const phone = server.phone();
    for (const names of [asked, moved, { ...asked, folderId: String(junk) }]) {
      const { calendarId } = expectXml(
        await phone.post('MeetingResponse', request(names)),
        answer([names.id, 1, '{calendarId}']),
      );
      assert.ok(calendarId);
      await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(asked.item, junk, 'm.eml'));
    }
  }));

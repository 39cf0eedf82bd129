import assert from 'node:assert/strict';
import { expectEmpty } from '../../support/eas/set-up.ts';
import { type Cast, putByDav, receive, wokenBy } from './cast.ts';
import { card, letter } from './samples.ts';

/** A day: parked Pings woken by mail and by another client, marks, an empty Sync, a task, what is deleted. */
export async function playDaily(cast: Cast): Promise<void> {
  const { steps, phone, other } = cast;
  await steps.step('set-up', async () => {
    await phone.setUp();
    await other.setUp();
    await phone.begin(...phone.folders);
  });
  const [inbox, contacts, tasks] = [phone.folder(2), phone.folder(9), phone.folder(7)];
  await steps.step('mail wakes the parked Ping and comes by Sync', async () => {
    const told = await receive(cast, letter({ subject: 'Lunch', id: 'lunch', text: 'At one?' }));
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['Add'],
    );
  });
  await steps.step('the message is marked read and flagged', async () => {
    const [serverId] = phone.held(inbox).only('Email:Subject', 'Lunch');
    await phone.change(
      inbox,
      serverId,
      '<e:Read>1</e:Read><e:Flag><e:Status>2</e:Status><e:FlagType>for Follow Up</e:FlagType></e:Flag>',
    );
  });
  await steps.step('an empty Sync finds nothing new and is answered by nothing', async () => {
    assert.deepEqual(await phone.pull(inbox), []);
    expectEmpty(await phone.wire.post('Sync', null), 'Sync');
  });
  await steps.step('a contact of a DAV client wakes the Ping', async () => {
    const { folders } = await wokenBy(phone, [inbox, contacts], () =>
      putByDav('addressbooks/example.com/user01/Contacts/ada.vcf', 'text/vcard', card('ada', 'Ada Lovelace')),
    );
    assert.deepEqual(folders, [contacts]);
    phone.held(contacts).only('Contacts:FirstName', 'Ada');
  });
  await steps.step('a task is added, done and deleted', async () => {
    const serverId = await phone.add(tasks, '<t:Subject>Call back</t:Subject><t:Complete>0</t:Complete>');
    await phone.change(
      tasks,
      serverId,
      '<t:Subject>Call back</t:Subject><t:Complete>1</t:Complete><t:DateCompleted>2027-01-05T00:00:00.000Z</t:DateCompleted>',
    );
    await phone.remove(tasks, serverId);
    assert.deepEqual(await phone.pull(tasks), []);
  });
  await steps.step('the message is deleted and lies in Deleted Items', async () => {
    const [serverId] = phone.held(inbox).only('Email:Subject', 'Lunch');
    await phone.remove(inbox, serverId);
    const told = await phone.pull(phone.folder(4));
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['Add'],
    );
  });
}

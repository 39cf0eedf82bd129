import assert from 'node:assert/strict';
import { type Cast, putByDav, receive } from './cast.ts';
import { calendarObject, card, letterWithFile, PHOTO, parisSeries } from './samples.ts';

const HOME = 'example.com/user01';

/** An account is added: OPTIONS, both phases of Provision, folders, a first key and all items of each folder. */
export async function playSetUp(cast: Cast): Promise<void> {
  const { steps, phone, other, version } = cast;
  await steps.step('there are an event, a contact, a task and a note', async () => {
    const series = parisSeries('series-1', 'Stand-up');
    const note = calendarObject('VJOURNAL', 'note-1', 'SUMMARY:Shopping', 'DESCRIPTION:Milk');
    await putByDav(`calendars/${HOME}/Calendar/series-1.ics`, 'text/calendar', series);
    await putByDav(`addressbooks/${HOME}/Contacts/ada.vcf`, 'text/vcard', card('ada', 'Ada Lovelace'));
    await putByDav(
      `calendars/${HOME}/Tasks/task-1.ics`,
      'text/calendar',
      calendarObject('VTODO', 'task-1', 'SUMMARY:Pay'),
    );
    await putByDav(`calendars/${HOME}/Notes/note-1.ics`, 'text/calendar', note);
  });
  await steps.step(`OPTIONS, Provision and FolderSync in ${version}`, async () => {
    const { versions, commands } = await phone.setUp();
    assert.ok(versions.includes(version) && commands.includes('Sync'));
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => Number(a) - Number(b)),
      'versions ascend',
    );
    await other.setUp();
  });
  await steps.step('every folder is begun and read', () => phone.begin(...phone.folders));
  await steps.step('the event has its exception, zone and recurrence', async () => {
    const [, event] = phone.held(phone.folder(8)).only('Calendar:Subject', 'Stand-up');
    assert.equal(event.text('Calendar:StartTime'), '20270326T080000Z');
    assert.match(event.xml('Calendar:Exceptions'), /20270329T070000Z.*20270329T120000Z/);
  });
  await steps.step('the contact has its photo, the task its subject', async () => {
    const [, contact] = phone.held(phone.folder(9)).only('Contacts:LastName', 'Lovelace');
    assert.equal(contact.text('Contacts:Picture'), PHOTO);
    phone.held(phone.folder(7)).only('Tasks:Subject', 'Pay');
  });
  await steps.step(version === '12.1' ? 'no folder of notes before 14.0' : 'the note is there', async () => {
    const isThere = [...phone.tree.folders.values()].some(({ type }) => type === '10');
    assert.equal(isThere, version !== '12.1');
    if (isThere) phone.held(phone.folder(10)).only('Notes:Subject', 'Shopping');
  });
  await steps.step('a first message with a file arrives', async () => {
    const letter = letterWithFile({ subject: 'Welcome', id: 'welcome', text: 'The plan is with it.' });
    const told = await receive(cast, letter);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['Add'],
    );
    const [, message] = phone.held(phone.folder(2)).only('Email:Subject', 'Welcome');
    assert.match(message.xml('AirSyncBase:Attachments'), /plan\.pdf/);
  });
}

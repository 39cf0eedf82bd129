import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  collectionOf,
  collectionsOf,
  parseCollectionId,
  parseServerId,
  partnershipDevice,
  serverIdOf,
} from '../../../../protocols/activesync/translate/view.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import type { CalendarKind, ItemClass } from '../../../../src/domain/item-class.ts';
import { cardText, objectText, openMailbox, Phone } from './phone.ts';

function folderOf(itemClass: ItemClass, ...components: CalendarKind[]): Folder {
  const names = { parentId: null, role: null, name: 'x', displayName: null };
  const stamps = { createdAt: 0, rev: 1, last: 1, pruned: 0 };
  return { mailboxId: 1, id: 12, itemClass, components, properties: {}, ...names, ...stamps };
}

const seen = (folder: Folder, version: '12.1' | '14.0' = '14.0') =>
  collectionsOf(folder, version).map(({ id, easClass, kind }) => `${id} ${easClass} ${kind}`);

test('a folder is seen as the collection of its class', () => {
  assert.deepEqual(seen(folderOf('mail')), ['12 Email MESSAGE']);
  assert.deepEqual(seen(folderOf('contacts')), ['12 Contacts VCARD']);
  assert.deepEqual(seen(folderOf('tasks', 'VTODO')), ['12 Tasks VTODO']);
  assert.deepEqual(seen(folderOf('calendar', 'VEVENT', 'VFREEBUSY')), ['12 Calendar VEVENT']);
});

test('files are no collection', () => {
  assert.deepEqual(seen(folderOf('files')), []);
});

test('a calendar that takes tasks and journals too is seen as several collections', () => {
  const folder = folderOf('calendar', 'VEVENT', 'VTODO', 'VJOURNAL');
  assert.deepEqual(seen(folder), ['12 Calendar VEVENT', '12t Tasks VTODO', '12n Notes VJOURNAL']);
  assert.deepEqual(seen(folderOf('tasks', 'VTODO', 'VEVENT')), ['12 Tasks VTODO', '12e Calendar VEVENT']);
});

test('a calendar without events is seen by what it takes', () => {
  assert.deepEqual(seen(folderOf('calendar', 'VTODO')), ['12t Tasks VTODO']);
});

test('notes are seen from 14.0 on', () => {
  assert.deepEqual(seen(folderOf('notes', 'VJOURNAL')), ['12 Notes VJOURNAL']);
  assert.deepEqual(seen(folderOf('notes', 'VJOURNAL'), '12.1'), []);
  assert.equal(collectionOf(folderOf('calendar', 'VEVENT', 'VJOURNAL'), 'n', '12.1'), null);
});

test('collection and server ids are read as they are written, and nothing else is', () => {
  for (const { id, suffix } of collectionsOf(folderOf('calendar', 'VEVENT', 'VTODO', 'VJOURNAL'), '14.1')) {
    assert.deepEqual(parseCollectionId(id), { folderId: 12, suffix });
    assert.deepEqual(parseServerId(serverIdOf({ id }, 345)), { collectionId: id, itemId: 345 });
  }
  for (const text of ['', '0', '012', '-1', '12x', '12tt', '12 ', '1e3', '12:3', '9'.repeat(16)]) {
    assert.equal(parseCollectionId(text), null, text);
  }
  for (const text of ['', '12', '12:', ':3', '12:0', '12:3:4', '12t3', '12:3t', `12:${'9'.repeat(16)}`]) {
    assert.equal(parseServerId(text), null, text);
  }
});

test('a server id has at most 64 characters', () => {
  assert.ok(serverIdOf({ id: `${Number.MAX_SAFE_INTEGER}t` }, Number.MAX_SAFE_INTEGER).length <= 64);
});

test('each view has a partnership of its own', () => {
  assert.equal(partnershipDevice('abc', { suffix: '' }), 'abc');
  assert.equal(partnershipDevice('abc', { suffix: 't' }), 'abc/t');
});

test('events and tasks of one calendar reach a phone in their own collections only', async () => {
  const mailbox = await openMailbox();
  const event = await mailbox.put('calendar', 'e.ics', objectText('VEVENT', 'e', 'DTSTART:20260301T090000Z'));
  const task = await mailbox.put('calendar', 't.ics', objectText('VTODO', 't', 'SUMMARY:Do'));
  const events = await new Phone(mailbox, 'calendar').begin();
  const tasks = await new Phone(mailbox, 'calendar', { suffix: 't' }).begin();
  assert.deepEqual([...events.held.keys()], [event.id]);
  assert.deepEqual([...tasks.held.keys()], [task.id]);
});

test('a command about an item of another view changes nothing', async () => {
  const mailbox = await openMailbox();
  const task = await mailbox.put('calendar', 't.ics', objectText('VTODO', 't', 'SUMMARY:Do'));
  const text = await mailbox.textOf(task);
  const phone = await new Phone(mailbox, 'calendar').begin();
  assert.equal(await phone.change(task.id, [{ name: 'Calendar:Subject', value: 'x' }]), 'not-found');
  assert.equal(await phone.delete(task.id), 'not-found');
  assert.equal(await mailbox.textOf(task), text);
  assert.equal((await mailbox.read.item(task.id))!.rev, task.rev);
  assert.equal((await phone.sync()).quarantined, 0);
});

test('groups of contacts never reach a phone, however they came to be', async () => {
  const mailbox = await openMailbox();
  await mailbox.put('contacts', 'g.vcf', cardText('g', 'FN:All', 'N:All;;;;', 'X-ADDRESSBOOKSERVER-KIND:group'));
  const person = await mailbox.put('contacts', 'p.vcf', cardText('p', 'FN:Ann', 'N:Ann;;;;'));
  const phone = await new Phone(mailbox, 'contacts').begin();
  assert.deepEqual([...phone.held.keys()], [person.id]);
  await mailbox.put('contacts', 'p.vcf', cardText('p', 'FN:Ann', 'N:Ann;;;;', 'X-ADDRESSBOOKSERVER-KIND:group'));
  const answer = await phone.sync();
  assert.deepEqual([answer.commands.map(({ kind }) => kind), phone.held.size], [['soft-delete'], 0]);
  assert.equal(answer.quarantined, 0);
});

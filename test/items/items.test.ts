import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../src/domain/errors.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { createMailboxWithDefaults } from '../../src/items/default-folders.ts';
import { deleteItem } from '../../src/items/delete-item.ts';
import { createFolder, deleteFolder, updateFolder } from '../../src/items/folders.ts';
import { importItems } from '../../src/items/import-items.ts';
import { putItem } from '../../src/items/put-item.ts';
import type { ItemServices } from '../../src/items/services.ts';
import { copyItem, moveItem } from '../../src/items/transfer-item.ts';
import { holdsBytes, readWhole } from '../../src/items/whole-content.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';

async function setUp(limits = {}) {
  const clock = fakeClock();
  const random = seededRandom(1).bytes;
  const { mailboxes: store } = createMemoryStores({ clock, random, publish: () => {} });
  const services: ItemServices = { store, clock, random, limits: { ...DEFAULT_LIMITS, ...limits } };
  const mailboxId = await createMailboxWithDefaults(services);
  const principal = principalOf(mailboxId);
  const reader = store.read(mailboxId);
  const folder = async (name: string) => (await reader.folders()).find((one) => one.name === name)!;
  return { services, principal, reader, folder, store };
}

function principalOf(mailboxId: number): Principal {
  return { userId: mailboxId, localPart: 'ana', domain: 'example.com', displayName: null, mailboxId, isAdmin: false };
}

function event(uid: string, summary = 'x'): Uint8Array {
  return Buffer.from(
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:${uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T090000Z\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
  );
}

const todo = (uid: string) => Buffer.from(Buffer.from(event(uid)).toString().replaceAll('VEVENT', 'VTODO'));

function refusal(code: string) {
  return (error: unknown) => error instanceof GatewayError && error.code === code;
}

test('a mailbox starts with every default folder, the calendar taking events and tasks', async () => {
  const { reader } = await setUp();
  const folders = await reader.folders();
  assert.deepEqual(
    folders.map(({ role, name }) => [role, name]),
    [
      ['inbox', 'Inbox'],
      ['drafts', 'Drafts'],
      ['sent', 'Sent Items'],
      ['deleted', 'Deleted Items'],
      ['outbox', 'Outbox'],
      ['junk', 'Junk E-mail'],
      ['calendar', 'Calendar'],
      ['contacts', 'Contacts'],
      ['tasks', 'Tasks'],
      ['notes', 'Notes'],
    ],
  );
  assert.deepEqual(folders[6]!.components, ['VEVENT', 'VTODO']);
});

test('put creates, replaces, and leaves the revision when the bytes are the same', async () => {
  const { services, principal, folder } = await setUp();
  const base = { principal, folder: await folder('Calendar'), name: 'a.ics', contentType: 'text/calendar' };
  const first = await putItem(services, { ...base, content: event('u') });
  const again = await putItem(services, { ...base, content: event('u') });
  const edited = await putItem(services, { ...base, content: event('u', 'y') });
  assert.deepEqual([first.created, again.created, edited.created], [true, false, false]);
  assert.equal(again.item.rev, first.item.rev);
  assert.ok(edited.item.contentRev > first.item.contentRev);
  assert.equal(edited.item.id, first.item.id);
});

test('a precondition that fails leaves everything as it was', async () => {
  const { services, principal, folder, reader } = await setUp();
  const calendar = await folder('Calendar');
  const base = { principal, folder: calendar, name: 'a.ics', contentType: 'text/calendar' };
  await putItem(services, { ...base, content: event('u') });
  const head = (await reader.mailbox()).head;
  const precondition = () => {
    throw new GatewayError('revision-mismatch', { expected: 'x', actual: null });
  };
  await assert.rejects(
    putItem(services, { ...base, content: event('u', 'y'), precondition }),
    refusal('revision-mismatch'),
  );
  await assert.rejects(deleteItem(services, { principal, folder: calendar, name: 'a.ics', precondition }));
  assert.equal((await reader.mailbox()).head, head);
});

test('RFC 4791 §5.3.2.1 a UID is in a collection once, and a resource keeps its UID', async () => {
  const { services, principal, folder } = await setUp();
  const base = { principal, folder: await folder('Calendar'), contentType: 'text/calendar' };
  await putItem(services, { ...base, name: 'a.ics', content: event('u') });
  await putItem(services, { ...base, name: 'b.ics', content: event('v') });
  const twice = putItem(services, { ...base, name: 'c.ics', content: event('u') });
  await assert.rejects(twice, (error) => refusal('uid-conflict')(error) && /a\.ics/u.test((error as Error).message));
  await assert.rejects(putItem(services, { ...base, name: 'a.ics', content: event('w') }), refusal('uid-conflict'));
});

test('what a folder does not take is refused', async () => {
  const { services, principal, folder } = await setUp({ maxItemBytes: 1000 });
  const tasks = { principal, folder: await folder('Tasks'), name: 'a.ics', contentType: 'text/calendar' };
  await assert.rejects(putItem(services, { ...tasks, content: event('u') }), refusal('component-unsupported'));
  await assert.rejects(putItem(services, { ...tasks, content: Buffer.from('hello') }), refusal('content-invalid'));
  await assert.rejects(putItem(services, { ...tasks, content: Buffer.alloc(1001) }), refusal('item-too-large'));
  for (const name of ['', '.', '..', 'a/b', 'a\u0000b', 'x'.repeat(256)]) {
    await assert.rejects(putItem(services, { ...tasks, name, content: todo('u') }), refusal('name-invalid'), name);
  }
});

test("another user's folder does not exist for a principal", async () => {
  const { services, folder } = await setUp();
  const stranger = principalOf(await createMailboxWithDefaults(services));
  const calendar = await folder('Calendar');
  const request = { principal: stranger, folder: calendar, name: 'a.ics', contentType: '', content: event('u') };
  await assert.rejects(putItem(services, request), refusal('folder-not-found'));
  await assert.rejects(deleteItem(services, request), refusal('folder-not-found'));
  await assert.rejects(deleteFolder(services, { principal: stranger, folder: calendar }), refusal('folder-not-found'));
  const patch = { displayName: 'mine' };
  await assert.rejects(
    updateFolder(services, { principal: stranger, folder: calendar, patch }),
    refusal('folder-not-found'),
  );
});

test('move keeps the id, copy makes a new one, overwriting replaces', async () => {
  const { services, principal, folder, reader } = await setUp();
  const [calendar, tasks] = [await folder('Calendar'), await folder('Tasks')];
  const base = { principal, contentType: 'text/calendar' };
  const { item } = await putItem(services, { ...base, folder: calendar, name: 'a.ics', content: todo('u') });
  const move = { principal, from: calendar, name: 'a.ics', to: tasks, newName: 'b.ics', overwrite: false };
  const moved = await moveItem(services, move);
  assert.deepEqual([moved.item.id, moved.item.folderId, moved.created], [item.id, tasks.id, true]);
  const back = { principal, from: tasks, name: 'b.ics', to: calendar, newName: 'c.ics', overwrite: false };
  const copied = await copyItem(services, back);
  assert.notEqual(copied.item.id, item.id);
  await assert.rejects(copyItem(services, back), refusal('revision-mismatch'));
  const replaced = await copyItem(services, { ...back, overwrite: true });
  assert.equal(replaced.created, false);
  assert.equal((await reader.mailbox()).itemCount, 2);
  await assert.rejects(copyItem(services, { ...back, newName: 'd.ics' }), refusal('uid-conflict'));
  await assert.rejects(moveItem(services, { ...back, to: tasks, newName: 'b.ics' }), refusal('protected'));
});

test('moving over an item with the same UID in the other folder replaces it', async () => {
  const { services, principal, folder } = await setUp();
  const [calendar, tasks] = [await folder('Calendar'), await folder('Tasks')];
  const base = { principal, contentType: 'text/calendar', content: todo('u') };
  await putItem(services, { ...base, folder: calendar, name: 'a.ics' });
  await putItem(services, { ...base, folder: tasks, name: 'a.ics' });
  const move = { principal, from: calendar, name: 'a.ics', to: tasks, newName: 'b.ics', overwrite: true };
  await assert.rejects(moveItem(services, move), refusal('uid-conflict'));
  assert.equal((await moveItem(services, { ...move, newName: 'a.ics' })).created, false);
});

test('an event cannot be moved to where only tasks or contacts are', async () => {
  const { services, principal, folder } = await setUp();
  const calendar = await folder('Calendar');
  await putItem(services, { principal, contentType: '', content: event('u'), folder: calendar, name: 'a.ics' });
  const move = { principal, from: calendar, name: 'a.ics', newName: 'a.ics', overwrite: true };
  await assert.rejects(moveItem(services, { ...move, to: await folder('Tasks') }), refusal('component-unsupported'));
  await assert.rejects(moveItem(services, { ...move, to: await folder('Contacts') }), refusal('content-unsupported'));
});

test('default folders can be renamed for people but neither removed nor renamed for programs', async () => {
  const { services, principal, folder } = await setUp();
  const calendar = await folder('Calendar');
  const shown = await updateFolder(services, { principal, folder: calendar, patch: { displayName: 'Kalender' } });
  assert.equal(shown.displayName, 'Kalender');
  await assert.rejects(
    updateFolder(services, { principal, folder: calendar, patch: { name: 'x' } }),
    refusal('protected'),
  );
  await assert.rejects(deleteFolder(services, { principal, folder: calendar }), refusal('protected'));
});

test('own folders come and go, with limits on their number and properties', async () => {
  const { services, principal } = await setUp({ maxFolders: 4, maxPropertyBytes: 100 });
  const request = {
    principal,
    itemClass: 'calendar' as const,
    name: 'work',
    displayName: 'Work',
    components: ['VEVENT'] as const,
    properties: {},
  };
  const work = await createFolder(services, request);
  await assert.rejects(createFolder(services, { ...request, name: 'more' }), refusal('too-many-results'));
  const patch = { properties: { '{x:}big': 'y'.repeat(200) } };
  await assert.rejects(updateFolder(services, { principal, folder: work, patch }), refusal('item-too-large'));
  await deleteFolder(services, { principal, folder: work });
  await assert.rejects(updateFolder(services, { principal, folder: work, patch: {} }), refusal('folder-not-found'));
});

test('an object of more lines than any program writes is refused', async () => {
  const { services, folder, principal } = await setUp();
  const content = Buffer.from(
    event('u')
      .toString()
      .replace('END:VEVENT', `${'X-A:\r\n'.repeat(200_000)}END:VEVENT`),
  );
  const request = { principal, folder: await folder('Calendar'), name: 'u.ics', content, contentType: 'text/calendar' };
  await assert.rejects(putItem(services, request), refusal('content-invalid'));
});

test('importing twice doubles nothing, an edited item is replaced, a refused one stops nobody', async () => {
  const { services, folder, reader } = await setUp();
  const calendar = await folder('Calendar');
  const entry = (content: Uint8Array) => ({ content, contentType: 'text/calendar' });
  const batch = [entry(event('u')), entry(Buffer.from('broken')), entry(event('uid/with slash'))];
  const kinds = async () => (await importItems(services, calendar, batch)).map((outcome) => outcome.kind);
  assert.deepEqual(await kinds(), ['created', 'refused', 'created']);
  assert.deepEqual(await kinds(), ['unchanged', 'refused', 'unchanged']);
  batch[0] = entry(event('u', 'edited'));
  assert.deepEqual(await kinds(), ['replaced', 'refused', 'unchanged']);
  const item = (await reader.itemByName(calendar.id, 'u.ics'))!;
  assert.match(Buffer.from(await readWhole(reader, item)).toString(), /edited/u);
  assert.equal((await reader.mailbox()).itemCount, 2);
});

test('an import into a full mailbox refuses what does not fit and keeps the rest', async () => {
  const { services, folder, store, principal } = await setUp();
  await store.setQuota(principal.mailboxId, { bytes: null, items: 1 });
  const entries = ['u', 'v'].map((uid) => ({ content: event(uid), contentType: 'text/calendar' }));
  const outcomes = await importItems(services, await folder('Calendar'), entries);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind),
    ['created', 'refused'],
  );
});

test('an item is compared with content given as chunks, whatever their borders', async () => {
  const { services, principal, reader, folder } = await setUp();
  const content = event('u1', 'x'.repeat(150_000));
  const put = await putItem(services, {
    ...{ principal, folder: await folder('Calendar'), name: 'a.ics' },
    ...{ content, contentType: 'text/calendar' },
  });
  const cut = (bytes: Uint8Array, at: number) => [bytes.subarray(0, at), new Uint8Array(0), bytes.subarray(at)];
  const other = Uint8Array.from(content);
  other[140_000] = 0;
  for (const at of [0, 1, 65_535, 65_536, 65_537, 149_999]) {
    assert.equal(await holdsBytes(reader, put.item, cut(content, at)), true);
    assert.equal(await holdsBytes(reader, put.item, cut(other, at)), false);
    assert.equal(await holdsBytes(reader, put.item, cut(content.subarray(1), at)), false);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import type { Principal } from '../../../../src/domain/principal.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { type EasServer, startEas } from '../support.ts';
import { plainMail } from './mail-samples.ts';

const request = (...operations: readonly string[]) =>
  `<ItemOperations xmlns="ItemOperations:" xmlns:A="AirSync:">${operations.join('')}</ItemOperations>`;
const empty = (id: number | string, options = '') =>
  `<EmptyFolderContents><A:CollectionId>${id}</A:CollectionId>${options}</EmptyFolderContents>`;
const WITH_FOLDERS = '<Options><DeleteSubFolders/></Options>';
const emptied = (status: number, id: number | string) => `
  <ItemOperations xmlns="ItemOperations:"><Status>1</Status><Response><EmptyFolderContents><Status>${status}</Status>
    <CollectionId xmlns="AirSync:">${id}</CollectionId></EmptyFolderContents></Response></ItemOperations>`;
const move = (conversation: string, folder: number | string, options = '<Options><MoveAlways/></Options>') =>
  `<Move><ConversationId>${conversation}</ConversationId><DstFldId>${folder}</DstFldId>${options}</Move>`;
const moved = (status: number, conversation: string) => `
  <ItemOperations xmlns="ItemOperations:"><Status>1</Status><Response><Move><Status>${status}</Status>
    <ConversationId>${conversation}</ConversationId></Move></Response></ItemOperations>`;

async function started(t: { after(work: () => unknown): void }) {
  const server = await startEas();
  t.after(() => server.close());
  const write = server.environment.items.store.write.bind(server.environment.items.store);
  const newFolder = async (name: string, parentId: number | null) => {
    const folder = {
      parentId,
      itemClass: 'mail',
      role: null,
      name,
      displayName: null,
      components: [],
      properties: {},
    } as const;
    return write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.createFolder(folder));
  };
  const putInto = async (folderId: number, name: string) => {
    const id = await server.put('inbox', name, plainMail(name, 'x'));
    await write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(id, folderId, name));
    return id;
  };
  return { server, newFolder, putInto };
}

async function namesIn({ environment, anna }: EasServer, folderId: number, principal: Principal = anna) {
  const { items } = await environment.items.store
    .read(principal.mailboxId)
    .list(folderId, { limit: 500, withContent: false });
  return items.map(({ item }) => item.name);
}

test(
  'MS-ASCMD §2.2.3.58 EmptyFolderContents removes what is in the folder and keeps folders below',
  needsCrossCheck,
  async (t) => {
    const { server, newFolder, putInto } = await started(t);
    const deleted = await server.folder('deleted');
    const below = await newFolder('below', deleted.id);
    for (let n = 0; n < 450; n += 1) await putInto(deleted.id, `${n}`);
    await putInto(below.id, 'kept');
    await server.put('inbox', 'other', plainMail('other', 'x'));
    for (let time = 0; time < 2; time += 1) {
      await crossCheck(server.phone(), 'ItemOperations', request(empty(deleted.id)), emptied(1, deleted.id));
    }
    assert.deepEqual(await namesIn(server, deleted.id), []);
    assert.deepEqual(await namesIn(server, below.id), ['kept']);
    assert.deepEqual(await namesIn(server, (await server.folder('inbox')).id), ['other']);
  },
);

test('MS-ASCMD §2.2.3.46 DeleteSubFolders removes the folders below with what they hold, however deep', async (t) => {
  const { server, newFolder, putInto } = await started(t);
  const deleted = await server.folder('deleted');
  const below = await newFolder('below', deleted.id);
  const deepest = await newFolder('deepest', below.id);
  for (const folder of [deleted, below, deepest]) await putInto(folder.id, `in ${folder.name}`);
  expectXml(
    await server.phone({ version: '12.1' }).post('ItemOperations', request(empty(deleted.id, WITH_FOLDERS))),
    emptied(1, deleted.id),
  );
  const reader = server.environment.items.store.read(server.anna.mailboxId);
  assert.deepEqual([await reader.folder(below.id), await reader.folder(deepest.id)], [null, null]);
  assert.notEqual(await reader.folder(deleted.id), null);
  assert.equal((await reader.mailbox()).itemCount, 0);
});

test('status 17 a default folder below is emptied and stays', async (t) => {
  const { server, putInto } = await started(t);
  const deleted = await server.folder('deleted');
  const junk = await server.folder('junk');
  const { store } = server.environment.items;
  await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.updateFolder(junk.id, { parentId: deleted.id }));
  await putInto(junk.id, 'spam');
  const answer = await server.phone().post('ItemOperations', request(empty(deleted.id, WITH_FOLDERS)));
  expectXml(answer, emptied(17, deleted.id));
  assert.deepEqual(await namesIn(server, junk.id), []);
});

test('only items of the collection are removed: tasks in a calendar stay when its events go', async (t) => {
  const { server } = await started(t);
  const object = (kind: string) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:${kind}\r\nUID:${kind}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nEND:${kind}\r\nEND:VCALENDAR\r\n`;
  const calendar = await server.folder('calendar');
  const { store } = server.environment.items;
  const components = ['VEVENT', 'VTODO'] as const;
  await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.updateFolder(calendar.id, { components }));
  await server.put('calendar', 'e.ics', object('VEVENT'));
  await server.put('calendar', 't.ics', object('VTODO'));
  expectXml(await server.phone().post('ItemOperations', request(empty(calendar.id))), emptied(1, calendar.id));
  assert.deepEqual(await namesIn(server, calendar.id), ['t.ics']);
});

test('status 6 a folder that is not there, or is another person’s; nothing is removed', async (t) => {
  const { server } = await started(t);
  const theirs = await server.environment.items.store.write(server.bert.mailboxId, CLIENT_ORIGIN, async (tx) => {
    for (let n = 0; n < 3; n += 1) {
      await tx.createFolder({ ...(await tx.folders())[0]!, role: null, name: `f${n}`, properties: {} });
    }
    return (await tx.folders()).reduce((highest, { id }) => Math.max(highest, id), 0);
  });
  for (const id of [String(theirs), '999', 'nonsense', '1x']) {
    expectXml(await server.phone().post('ItemOperations', request(empty(id))), emptied(6, id));
  }
  const theirReader = server.environment.items.store.read(server.bert.mailboxId);
  assert.notEqual(await theirReader.folder(theirs), null);
});

test('status 2 an id that is too long, and of the whole command one that is missing', async (t) => {
  const { server } = await started(t);
  const long = '1'.repeat(65);
  expectXml(await server.phone().post('ItemOperations', request(empty(long))), emptied(2, long));
  expectXml(
    await server.phone().post('ItemOperations', request('<EmptyFolderContents/>')),
    '<ItemOperations xmlns="ItemOperations:"><Status>2</Status></ItemOperations>',
  );
});

/** Two messages of one thread, one of them sent, and one of another; the thread's ConversationId. */
async function withThread(server: EasServer): Promise<string> {
  await server.put('inbox', 'first', plainMail('first', 'x'));
  const reply = [`In-Reply-To: <${Buffer.from('first').toString('hex')}@example.net>`];
  await server.put('sent', 'reply', plainMail('reply', 'x', reply));
  await server.put('inbox', 'again', plainMail('again', 'x', reply));
  await server.put('inbox', 'other', plainMail('other', 'x'));
  const inbox = await server.folder('inbox');
  const fetch = `<ItemOperations xmlns="ItemOperations:" xmlns:A="AirSync:"><Fetch><Store>Mailbox</Store><A:CollectionId>${inbox.id}</A:CollectionId>
    <A:ServerId>${inbox.id}:1</A:ServerId></Fetch></ItemOperations>`;
  return /ConversationId[^>]*>([^<]+)</.exec((await server.phone().post('ItemOperations', fetch)).xml)![1]!;
}

test('MS-ASCMD §2.2.3.117.1 Move with MoveAlways moves the thread but what was sent', needsCrossCheck, async (t) => {
  const { server, newFolder } = await started(t);
  const project = await newFolder('project', null);
  const conversation = await withThread(server);
  await crossCheck(server.phone(), 'ItemOperations', request(move(conversation, project.id)), moved(1, conversation));
  assert.deepEqual(await namesIn(server, project.id), ['first', 'again']);
  assert.deepEqual(await namesIn(server, (await server.folder('inbox')).id), ['other']);
  assert.deepEqual(await namesIn(server, (await server.folder('sent')).id), ['reply']);
});

test('status 155 a Move without MoveAlways; 156 one to what is no folder of mail; MS-ASCON_R146 MS-ASCON_R317 6 no such thread or folder; nothing moves', async (t) => {
  const { server } = await started(t);
  const conversation = await withThread(server);
  const inbox = await server.folder('inbox');
  const junk = (await server.folder('junk')).id;
  const calendar = (await server.folder('calendar')).id;
  const cases = [
    [155, move(conversation, junk, '')],
    [155, move(conversation, junk, '<Options><MoveAlways>0</MoveAlways></Options>')],
    [156, move(conversation, calendar)],
    [6, move(conversation, 999)],
    [2, move(conversation, 'x'.repeat(65))],
  ] as const;
  for (const [status, operation] of cases) {
    expectXml(await server.phone().post('ItemOperations', request(operation)), moved(status, conversation));
  }
  const unknown = Buffer.alloc(16, 1).toString('base64');
  expectXml(await server.phone().post('ItemOperations', request(move(unknown, junk))), moved(6, unknown));
  assert.deepEqual(await namesIn(server, inbox.id), ['first', 'again', 'other']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { deleteFolder } from '../../../../src/items/folders.ts';
import { expectXml } from '../../../support/eas/cross-check.ts';
import { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { assertSent, base64, withServer } from '../mail-support.ts';
import type { EasServer } from '../support.ts';

const VERSIONS = ['14.0', '14.1'] as const;

const mail = (from: string, to: string, subject: string) =>
  [
    ...[`From: ${from}@example.org`, `To: ${to}@example.org`, `Subject: ${subject}`, 'MIME-Version: 1.0'],
    ...['Content-Type: text/plain; charset="us-ascii"', '', 'text', ''],
  ].join('\r\n');
const compose = (command: string, id: string, source: string, mime: string) =>
  `<${command} xmlns="ComposeMail:"><ClientId>${id}</ClientId>${source}<MIME>${base64(mime)}</MIME></${command}>`;
const moveXml = (conversation: string, target: string) =>
  `<ItemOperations xmlns="ItemOperations:"><Move><ConversationId>${conversation}</ConversationId><DstFldId>${target}</DstFldId><Options><MoveAlways/></Options></Move></ItemOperations>`;
const moved = (status: number, conversation: string) =>
  `<ItemOperations xmlns="ItemOperations:"><Status>1</Status><Response><Move><Status>${status}</Status><ConversationId>${conversation}</ConversationId></Move></Response></ItemOperations>`;

/** A conversation of two mails from bert in anna’s Inbox, which he goes on with by `more`. */
async function conversationOf(server: EasServer, version: (typeof VERSIONS)[number]) {
  const anna = new SyncPhone(server.phone({ version }));
  const bert = new SyncPhone(server.phone({ version, user: 'bert', deviceId: 'B' }));
  const id = async (role: FolderRole, user: 'anna' | 'bert' = 'anna') =>
    String((await server.folder(role, server[user])).id);
  const inFolder = async (folder: string) => {
    await anna.begin(folder);
    return [...anna.items(folder).values()].map((xml) => /<Subject[^>]*>([^<]*)</.exec(xml)![1]!).sort();
  };
  assertSent(await anna.phone.post('SendMail', compose('SendMail', 'a', '', mail('anna', 'bert', 'Begin'))));
  const theirs = await id('inbox', 'bert');
  await bert.begin(theirs);
  const [[first] = ['']] = [...bert.items(theirs)];
  const more = async (subject: string): Promise<void> => {
    const source = `<Source><FolderId>${theirs}</FolderId><ItemId>${first}</ItemId></Source><ReplaceMime/>`;
    const body = compose('SmartReply', subject, source, mail('bert', 'anna', subject));
    assertSent(await bert.phone.post('SmartReply', body));
  };
  await more('one');
  await more('two');
  await anna.begin(await id('inbox'));
  const [shown = ''] = [...anna.items(await id('inbox')).values()];
  const conversation = /<ConversationId[^>]*>([^<]+)</.exec(shown)![1]!;
  const move = (target: string) => anna.phone.post('ItemOperations', moveXml(conversation, target));
  return { id, inFolder, more, conversation, move };
}

for (const version of VERSIONS) {
  test(`MS-ASCON_R143 R214 R216 R68 in ${version} a conversation that is moved for always goes on in its folder, one that is ignored in Deleted Items`, () =>
    withServer(async (server) => {
      const { id, inFolder, more, conversation, move } = await conversationOf(server, version);
      const [inbox, deleted, junk] = [await id('inbox'), await id('deleted'), await id('junk')];
      expectXml(await move(deleted), moved(1, conversation));
      await more('three');
      assert.deepEqual(await inFolder(deleted), ['one', 'three', 'two']);
      await server.put('inbox', 'other', mail('bert', 'anna', 'other'));
      assert.deepEqual(await inFolder(inbox), ['other']);
      expectXml(await move(junk), moved(1, conversation));
      await more('four');
      assert.deepEqual(await inFolder(junk), ['four']);
      expectXml(await move(inbox), moved(1, conversation));
      await more('five');
      assert.deepEqual(await inFolder(inbox), ['five', 'other']);
    }));
}

test('MS-ASCON_R144 R146 R317 R338 what is no move of a conversation changes nothing of where it goes on', () =>
  withServer(async (server) => {
    const { id, inFolder, more, conversation, move } = await conversationOf(server, '14.1');
    const [inbox, deleted] = [await id('inbox'), await id('deleted')];
    const phone = server.phone();
    const post = (xml: string) => phone.post('ItemOperations', xml);
    const wrong = moveXml(conversation, deleted).replace('<MoveAlways/>', '<MoveAlways>MoveAlwaysContent</MoveAlways>');
    expectXml(await post(wrong), moved(2, conversation));
    const unknown = base64('NotExistConversationId');
    expectXml(await post(moveXml(unknown, deleted)), moved(6, unknown));
    expectXml(await move('NotExistFolderId'), moved(6, conversation));
    expectXml(await move(await id('calendar')), moved(156, conversation));
    expectXml(await move(await id('outbox')), moved(156, conversation));
    await more('three');
    assert.deepEqual(await inFolder(inbox), ['one', 'three', 'two']);
  }));

test('a conversation whose folder is gone goes on in the Inbox', () =>
  withServer(async (server) => {
    const { id, inFolder, more, conversation, move } = await conversationOf(server, '14.1');
    const create = `<FolderCreate xmlns="FolderHierarchy:"><SyncKey>KEY</SyncKey><ParentId>0</ParentId><DisplayName>Project</DisplayName><Type>12</Type></FolderCreate>`;
    const phone = server.phone();
    const sync = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';
    const [, key = ''] = /<SyncKey>([^<]+)/.exec((await phone.post('FolderSync', sync)).xml)!;
    const made = await phone.post('FolderCreate', create.replace('KEY', key));
    const [, project = ''] = /<ServerId>([^<]+)/.exec(made.xml)!;
    expectXml(await move(project), moved(1, conversation));
    await more('three');
    assert.deepEqual(await inFolder(project), ['one', 'three', 'two']);
    const folder = (await server.environment.items.store.read(server.anna.mailboxId).folder(Number(project)))!;
    await deleteFolder(server.environment.items, { principal: server.anna, folder });
    await more('four');
    assert.deepEqual(await inFolder(await id('inbox')), ['four']);
  }));

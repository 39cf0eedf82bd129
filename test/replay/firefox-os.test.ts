// Requests that the mail program of Firefox OS sent to another server, in their order; README.md of ../shared/captures tells
// what that client needs of the answers.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { childElements, requiredChild } from '../../protocols/activesync/wbxml/read-element.ts';
import { askOptions, expectEmpty, textAt, textIf } from '../support/eas/set-up.ts';
import { asEstimate, FirefoxOs, mapped, RECORDED } from './firefox-os/firefox-os.ts';
import { COLLEAGUE, OLD_PREPARED, OWNER, prepareMailbox, RECENT_PREPARED } from './firefox-os/mailbox.ts';
import { gatewayWith } from './gateway.ts';

const CAPTURES = '../shared/captures/firefox-os-mail';
const skip = existsSync(CAPTURES) ? {} : { skip: `${CAPTURES} is missing` };
const USED =
  'FolderSync SendMail Sync GetItemEstimate ItemOperations MoveItems FolderCreate FolderDelete Ping Search Settings';
const SENT = 2;

test('requests of the Firefox OS mail program are answered as it needs', skip, async (t) => {
  const now = Date.now();
  const port = await gatewayWith(t, (administration) => prepareMailbox(administration, now));
  const client = new FirefoxOs(CAPTURES, port);
  const { phone } = client;

  await t.test('it speaks the last version of OPTIONS and tries no command that is not listed', async () => {
    const { versions, commands } = await askOptions(phone);
    assert.equal(versions.at(-1), '14.1');
    const missing = USED.split(' ').filter((name) => !commands.includes(name));
    assert.deepEqual(missing, []);
  });

  await t.test('002, 003: the folders with a key, and nothing new under that key', async () => {
    await client.allFolders('002-FolderSync');
    const root = await client.document('003-FolderSync', [client.hierarchyKeyInstead('vm_887_30b25716_9')]);
    assert.equal(textAt(root, 'FolderHierarchy:Status'), '1');
    assert.equal(textAt(root, 'FolderHierarchy:Changes', 'FolderHierarchy:Count'), '0');
    client.hierarchyKey = textAt(root, 'FolderHierarchy:SyncKey');
  });

  await t.test('004, 005: mail to itself, each answered by an empty 200, not sent twice', async () => {
    expectEmpty(await client.send('004-SendMail'), '004');
    expectEmpty(await client.send('005-SendMail'), '005');
    const again = await client.document('005-SendMail');
    assert.equal(textAt(again, 'ComposeMail:Status'), '118', 'MS-ASCMD §2.2.2: the message was sent before');
  });

  const inbox = mapped('AirSync:CollectionId', RECORDED.inbox, client.folder(2));
  await t.test('006 to 009: the window is found by estimates after priming with two filters', async () => {
    await client.waitForMail('006-Sync', '007-GetItemEstimate', inbox, RECENT_PREPARED + SENT);
    const withinMonth = client.key;
    await client.prime('008-Sync', inbox);
    assert.notEqual(client.key, withinMonth);
    const all = await client.estimate('009-GetItemEstimate', asEstimate(inbox));
    assert.equal(all, RECENT_PREPARED + SENT + OLD_PREPARED);
  });

  const mails: string[] = [];
  await t.test('010 to 013: all mail with the newest first, then nothing, by bodies and by none', async () => {
    const told = await client.sync('010-Sync', [inbox, client.keyInstead(RECORDED.primed)]);
    assert.deepEqual(new Set(told.map(({ kind }) => kind)), new Set(['Add']));
    assert.equal(told.length, RECENT_PREPARED + SENT + OLD_PREPARED);
    const subjects = told.map(({ data }) => textIf(data!, 'Email:Subject'));
    assert.deepEqual(subjects.slice(0, SENT).sort(), ['gaiamwr00uf2 one', 'gaiamwr00uf2 two']);
    assert.deepEqual(
      subjects.slice(SENT),
      ['0', '1', '2', '3', '4'].map((n) => `from before ${n}`),
    );
    for (const { data } of told.slice(SENT)) {
      const files = requiredChild(data!, 'AirSyncBase:Attachments');
      assert.equal(textAt(files, 'AirSyncBase:Attachment', 'AirSyncBase:DisplayName'), 'report.pdf');
    }
    const bySubject = [...told]
      .slice(0, SENT)
      .sort((a, b) => (textIf(a.data!, 'Email:Subject') < textIf(b.data!, 'Email:Subject') ? -1 : 1));
    mails.push(...bySubject.map(({ serverId }) => serverId));
    assert.deepEqual(await client.sync('011-Sync', [inbox, client.keyInstead('1-2')]), []);
    assert.deepEqual(await client.sync('012-Sync', [inbox, client.keyInstead('3-2')]), []);
    assert.deepEqual(await client.emptySync(), []);
  });

  await t.test('014, 015: bodies of single messages, whole and to a size', async () => {
    for (const [name, recorded, text] of [
      ['014-ItemOperations', '1', 'First body gaiamwr00uf2'],
      ['015-ItemOperations', '2', 'Second body gaiamwr00uf2'],
    ] as const) {
      const serverId = mapped('AirSync:ServerId', recorded, mails[Number(recorded) - 1]!);
      const root = await client.document(name, [inbox, serverId]);
      const fetched = requiredChild(requiredChild(root, 'ItemOperations:Response'), 'ItemOperations:Fetch');
      assert.deepEqual([textAt(root, 'ItemOperations:Status'), textAt(fetched, 'ItemOperations:Status')], ['1', '1']);
      assert.equal(textAt(fetched, 'AirSync:ServerId'), serverId.ours);
      const body = requiredChild(requiredChild(fetched, 'ItemOperations:Properties'), 'AirSyncBase:Body');
      assert.deepEqual([textAt(body, 'AirSyncBase:Type'), textAt(body, 'AirSyncBase:Data').trim()], ['1', text]);
    }
  });

  await t.test('016 to 020: read and flagged by Status 2 alone, seen so when all is read again', async () => {
    const serverId = mapped('AirSync:ServerId', '1', mails[0]!);
    assert.deepEqual(await client.sync('016-Sync', [inbox, client.keyInstead('3-2'), serverId]), []);
    await client.allFolders('018-FolderSync');
    const later = await client.sync('012-Sync', [inbox, client.keyInstead('3-2')]);
    assert.deepEqual(later, [], 'the list of folders leaves the key of the collection alone');
    await client.prime('019-Sync', inbox);
    const told = await client.sync('020-Sync', [inbox, client.keyInstead(RECORDED.primed)]);
    const changed = told.find((command) => command.serverId === mails[0])!;
    assert.equal(textIf(changed.data!, 'Email:Read'), '1');
    assert.equal(textAt(changed.data!, 'Email:Flag', 'Email:Status'), '2');
    const other = told.find((command) => command.serverId === mails[1])!;
    assert.equal(textIf(other.data!, 'Email:Read'), '0');
    await client.allFolders('023-FolderSync');
  });

  await t.test('027 to 032: a message moves with status 3 and is found where it went', async () => {
    const target = client.folder(4);
    const root = await client.document('027-MoveItems', [
      mapped('Move:SrcMsgId', '1', mails[0]!),
      mapped('Move:SrcFldId', RECORDED.inbox, inbox.ours),
      mapped('Move:DstFldId', RECORDED.other, target),
    ]);
    const answer = requiredChild(root, 'Move:Response');
    assert.deepEqual([textAt(answer, 'Move:Status'), textAt(answer, 'Move:SrcMsgId')], ['3', mails[0]]);
    assert.notEqual(textAt(answer, 'Move:DstMsgId'), '');
    // The priming Syncs of this folder were not recorded; they are the ones of the Inbox with another folder.
    for (const [prime, estimate] of [
      ['006-Sync', '030-GetItemEstimate'],
      ['008-Sync', '032-GetItemEstimate'],
    ] as const) {
      await client.prime(prime, mapped('AirSync:CollectionId', RECORDED.inbox, target));
      assert.equal(await client.estimate(estimate, mapped('GetItemEstimate:CollectionId', RECORDED.other, target)), 1);
    }
  });

  await t.test('036 to 052: a folder is made and removed between lists from the beginning', async () => {
    await client.allFolders('036-FolderSync');
    await client.allFolders('041-FolderSync');
    const before = client.folders.length;
    const made = await client.document('044-FolderCreate', [client.hierarchyKeyInstead('vm_887_30b25716_9')]);
    assert.equal(textAt(made, 'FolderHierarchy:Status'), '1');
    const id = textAt(made, 'FolderHierarchy:ServerId');
    client.hierarchyKey = textAt(made, 'FolderHierarchy:SyncKey');
    const gone = await client.document('045-FolderDelete', [
      client.hierarchyKeyInstead('vm_887_30b25716_c'),
      mapped('FolderHierarchy:ServerId', RECORDED.created, id),
    ]);
    assert.equal(textAt(gone, 'FolderHierarchy:Status'), '1');
    await client.allFolders('047-FolderSync');
    await client.allFolders('052-FolderSync');
    assert.equal(client.folders.length, before);
  });

  await t.test('089, 090: what it sends itself wakes its Ping, the folder is text in Folder', async () => {
    await client.prime('008-Sync', inbox);
    await client.sync('010-Sync', [inbox, client.keyInstead(RECORDED.primed)]);
    expectEmpty(await client.send('089-SendMail'), '089');
    const root = await client.document('090-Ping', [mapped('Ping:Id', RECORDED.inbox, inbox.ours)]);
    assert.equal(textAt(root, 'Ping:Status'), '2');
    assert.equal(textAt(root, 'Ping:Folders', 'Ping:Folder'), inbox.ours);
    const told = await client.sync('011-Sync', [inbox, client.keyInstead('1-2')]);
    assert.deepEqual(
      told.map(({ kind, data }) => [kind, textIf(data!, 'Email:Subject')]),
      [['Add', 'gaiamwr00uf2 wake']],
    );
  });

  await t.test('092, 093: people are found by name, the own address is told', async () => {
    const found = await client.document('092-Search');
    const store = requiredChild(requiredChild(found, 'Search:Response'), 'Search:Store');
    assert.deepEqual([textAt(found, 'Search:Status'), textAt(store, 'Search:Status')], ['1', '1']);
    const addresses = childElements(store, 'Search:Result').map((result) =>
      textAt(result, 'Search:Properties', 'GAL:EmailAddress'),
    );
    assert.ok(addresses.includes(COLLEAGUE.address), addresses.join(' '));
    const told = await client.send('093-Settings');
    assert.equal(told.status, 200);
    assert.match(told.xml, new RegExp(`<(?:SMTPAddress|PrimarySmtpAddress)[^>]*>${OWNER}<`, 'i'));
  });

  await t.test('094: a message that is not there is status 1 of MoveItems', async () => {
    const root = await client.document('094-MoveItems', [
      mapped('Move:SrcFldId', RECORDED.inbox, inbox.ours),
      mapped('Move:DstFldId', RECORDED.other, client.folder(4)),
    ]);
    assert.equal(textAt(root, 'Move:Response', 'Move:Status'), '1');
  });
});

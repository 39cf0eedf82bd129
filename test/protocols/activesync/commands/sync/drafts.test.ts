import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../../../src/domain/mailbox.ts';
import { assertSent, base64, held } from '../../mail-support.ts';
import type { EasServer } from '../../support.ts';
import { mailWithFile } from '../mail-samples.ts';
import { syncPhone, withServer } from './support.ts';

const VERSIONS = ['12.1', '14.0', '14.1'] as const;
type Version = (typeof VERSIONS)[number];

const DRAFT = mailWithFile(Buffer.from('%PDF'), 'Offer')
  .toString('latin1')
  .replace('From: Carla <carla@example.net>\r\n', 'From: anna@example.org\r\n')
  .replace(
    'To: anna@example.org\r\n',
    'To: Carla <carla@example.net>\r\nCc: dora@example.net\r\nBcc: hidden@example.net\r\n',
  );
const PLAIN = '<Options><b:BodyPreference><b:Type>1</b:Type></b:BodyPreference></Options>';
const MIME = '<Options><MIMESupport>2</MIMESupport><b:BodyPreference><b:Type>4</b:Type></b:BodyPreference></Options>';

/** A phone that holds the one draft there is. */
async function withDraft(
  version: Version,
  work: (scene: Awaited<ReturnType<typeof sceneOf>>, server: EasServer) => Promise<void>,
): Promise<void> {
  await withServer(async (server) => work(await sceneOf(server, version), server));
}

async function sceneOf(server: EasServer, version: Version) {
  const itemId = await server.put('drafts', 'd.eml', DRAFT);
  const id = String((await server.folder('drafts')).id);
  const phone = syncPhone(server, { version });
  await phone.begin(id, '', PLAIN);
  const serverId = `${id}:${itemId}`;
  const command = (xml: string, more = '') => phone.sync([{ id, xml: `${more}<Commands>${xml}</Commands>` }]);
  const change = (data: string) =>
    command(`<Change><ServerId>${serverId}</ServerId><ApplicationData>${data}</ApplicationData></Change>`);
  const flags = async () =>
    (await server.environment.items.store.read(server.anna.mailboxId).item(itemId))?.flags ?? null;
  return { itemId, id, phone, serverId, command, change, flags, draft: phone.items(id).get(serverId)! };
}

/** Everything but sync keys, which each answer moves on. */
async function mailOf(server: EasServer): Promise<unknown> {
  return (['drafts', 'inbox', 'outbox', 'sent', 'deleted'] as const).reduce(
    async (all, role) => [...(await all), await held(server, role)],
    Promise.resolve<string[][]>([]),
  );
}

for (const version of VERSIONS) {
  test(`${version}: MS-ASCMD §2.2.3.186.3 Drafts is a folder of type 3, and a draft comes with recipients, body and files`, () =>
    withDraft(version, async ({ phone, id, draft, serverId }) => {
      const tree = await phone.phone.post(
        'FolderSync',
        '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>',
      );
      assert.match(
        tree.xml,
        new RegExp(`<ServerId>${id}</ServerId><ParentId>0</ParentId><DisplayName>Drafts</DisplayName><Type>3<`),
      );
      assert.match(draft, /<Subject[^>]*>Offer</);
      assert.match(draft, /<To[^>]*>&quot;Carla&quot; &lt;carla@example\.net&gt;</);
      assert.match(draft, /<Cc[^>]*>dora@example\.net</);
      assert.match(draft, /<Data>See the file\.</);
      assert.match(draft, /<DisplayName>report\.pdf</);
      // MS-ASEMAIL: Email2:Bcc comes with 16.0, so that only the message itself says it.
      assert.doesNotMatch(draft, /Bcc|hidden/);
      await phone.begin(id, '', MIME);
      assert.match(phone.items(id).get(serverId)!, /Bcc: hidden@example\.net/);
    }));

  test(`${version}: read state, flag and categories of a draft go both ways`, () =>
    withDraft(version, async ({ phone, id, change, flags, itemId, serverId }, server) => {
      const categories = version === '12.1' ? '' : '<e:Categories><e:Category>Red</e:Category></e:Categories>';
      const told = await change(
        `<e:Read>1</e:Read><e:Flag><e:Status>2</e:Status><e:FlagType>Call</e:FlagType></e:Flag>${categories}`,
      );
      assert.deepEqual(told.collections[0]!.responses, []);
      const taken = await flags();
      assert.deepEqual([taken?.read, taken?.flagged, taken?.followUp?.label], [true, true, 'Call']);
      assert.deepEqual(taken?.categories, version === '12.1' ? undefined : ['Red']);
      const { store } = server.environment.items;
      await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.setFlags(itemId, {}));
      await phone.sync([{ id }]);
      const now = phone.items(id).get(serverId)!;
      assert.match(now, /<Read[^>]*>0</);
      assert.match(now, /<Flag[^>]*\/>/);
      assert.match(now, /<Subject[^>]*>Offer</);
    }));

  test(`${version}: what a draft says cannot be changed by Sync before 16.0: 6, it comes back whole, and nothing is noted`, () =>
    withDraft(version, async ({ phone, id, change, flags, serverId, draft }, server) => {
      const before = await mailOf(server);
      for (const data of [
        '<e:Subject>Other</e:Subject>',
        '<e:To>x@example.net</e:To><e:Read>1</e:Read>',
        '<b:Body><b:Type>1</b:Type><b:Data>Other</b:Data></b:Body>',
      ]) {
        const [told] = (await change(data)).collections;
        assert.deepEqual(
          told?.responses.map(({ kind, status, serverId: of }) => [kind, status, of]),
          [['Change', 6, serverId]],
        );
        assert.deepEqual(
          told?.commands.map(({ kind, serverId: of }) => [kind, of]),
          [['Change', serverId]],
        );
        assert.equal(phone.items(id).get(serverId), draft);
      }
      assert.deepEqual(await mailOf(server), before);
      assert.deepEqual(await flags(), {});
    }));

  test(`${version}: MS-ASCMD an Add into Drafts is 6, and nothing is kept`, () =>
    withDraft(version, async ({ command }, server) => {
      const before = await mailOf(server);
      const data = '<e:Subject>New</e:Subject><b:Body><b:Type>1</b:Type><b:Data>x</b:Data></b:Body>';
      const told = await command(`<Add><ClientId>c1</ClientId><ApplicationData>${data}</ApplicationData></Add>`);
      assert.deepEqual(
        told.collections[0]!.responses.map(({ kind, clientId, status, serverId }) => [
          kind,
          clientId,
          status,
          serverId,
        ]),
        [['Add', 'c1', 6, '']],
      );
      assert.deepEqual(await mailOf(server), before);
    }));

  test(`${version}: a deleted draft moves to Deleted Items, and is removed there, or at once without DeletesAsMoves`, () =>
    withDraft(version, async ({ command, phone, serverId, id, itemId, flags }, server) => {
      const bin = String((await server.folder('deleted')).id);
      await phone.begin(bin);
      await command(`<Delete><ServerId>${serverId}</ServerId></Delete>`);
      assert.deepEqual([await held(server, 'drafts'), await held(server, 'deleted')], [[], [DRAFT]]);
      await phone.sync([{ id: bin }]);
      assert.deepEqual([...phone.items(bin).keys()], [`${bin}:${itemId}`]);
      const xml = `<DeletesAsMoves>1</DeletesAsMoves><Commands><Delete><ServerId>${bin}:${itemId}</ServerId></Delete></Commands>`;
      await phone.sync([{ id: bin, xml }]);
      assert.equal(await flags(), null);
      const second = await server.put('drafts', 'e.eml', DRAFT);
      await phone.sync([{ id }]);
      await command(`<Delete><ServerId>${id}:${second}</ServerId></Delete>`, '<DeletesAsMoves>0</DeletesAsMoves>');
      assert.deepEqual([await held(server, 'drafts'), await held(server, 'deleted')], [[], []]);
    }));

  test(`${version}: MoveItems takes drafts out of Drafts and mail into it`, () =>
    withDraft(version, async ({ phone, id, itemId }, server) => {
      const inbox = String((await server.folder('inbox')).id);
      const move = async (from: string, to: string) =>
        (
          await phone.phone.post(
            'MoveItems',
            `<MoveItems xmlns="Move:"><Move><SrcMsgId>${from}:${itemId}</SrcMsgId><SrcFldId>${from}</SrcFldId><DstFldId>${to}</DstFldId></Move></MoveItems>`,
          )
        ).xml;
      assert.match(await move(id, inbox), new RegExp(`<Status>3</Status><DstMsgId>${inbox}:${itemId}<`));
      assert.deepEqual([await held(server, 'drafts'), await held(server, 'inbox')], [[], [DRAFT]]);
      await phone.sync([{ id }]);
      assert.equal(phone.items(id).size, 0);
      assert.match(await move(inbox, id), new RegExp(`<Status>3</Status><DstMsgId>${id}:${itemId}<`));
      await phone.sync([{ id }]);
      assert.deepEqual([await held(server, 'drafts'), phone.items(id).size], [[DRAFT], 1]);
    }));

  for (const command of ['SmartReply', 'SmartForward'] as const) {
    test(`${version}: ${command} of a draft: the draft stays, its Bcc is told to nobody`, () =>
      withDraft(version, async ({ phone, id, serverId }, server) => {
        const mime = 'From: anna@example.org\r\nTo: bert@example.org\r\nSubject: Re: Offer\r\n\r\nSo?\r\n';
        const source = `<Source><FolderId>${id}</FolderId><ItemId>${serverId}</ItemId></Source>`;
        const xml = `<${command} xmlns="ComposeMail:"><ClientId>c1</ClientId>${source}<MIME>${base64(mime)}</MIME></${command}>`;
        const answer =
          version === '12.1'
            ? await phone.phone.post(command, Buffer.from(mime), {
                headers: { 'Content-Type': 'message/rfc822' },
                query: { CollectionId: id, ItemId: serverId },
              })
            : await phone.phone.post(command, xml);
        assertSent(answer);
        const [sent, ...more] = await held(server, 'inbox', server.bert);
        assert.deepEqual(more, []);
        assert.match(sent!, /See the file\./);
        assert.equal(/report\.pdf/.test(sent!), command === 'SmartForward');
        assert.doesNotMatch(sent!, /hidden/);
        assert.deepEqual(await held(server, 'drafts'), [DRAFT]);
      }));
  }
}

test('a draft that another program writes anew comes to the phone, and the old one goes', () =>
  withDraft('14.1', async ({ phone, id, itemId }, server) => {
    const second = await server.put('drafts', 'e.eml', DRAFT.replace('Subject: Offer', 'Subject: Offer, at last'));
    await server.remove(itemId);
    await phone.sync([{ id }]);
    assert.deepEqual([...phone.items(id).keys()], [`${id}:${second}`]);
    assert.match(phone.items(id).get(`${id}:${second}`)!, /at last/);
    assert.equal((await phone.sync([{ id }])).isEmpty, true);
  }));

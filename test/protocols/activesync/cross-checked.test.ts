import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtLeast } from '../../../protocols/activesync/classes/version.ts';
import { EAS_COMMANDS } from '../../../protocols/activesync/commands/registry.ts';
import type { CommandName } from '../../../protocols/activesync/query/commands.ts';
import { crossCheck, needsCrossCheck, PROLOGUE } from '../../support/eas/cross-check.ts';
import { ask, INFORMED, OPEN, offered } from './commands/provision-exchange.ts';
import { card } from './commands/sync/support.ts';
import { invitation } from './statuses/rows/meeting-response.ts';
import { type Scene, VERSIONS, type Version, withScene } from './statuses/scene.ts';
import { libwbxmlWrite } from './wbxml/libwbxml.ts';

/** A request that succeeds, and its whole answer; names as in `Scene.fill`, others stand for any value. */
interface Exchange {
  readonly request: string;
  /** Null: nothing but success is said, by an empty body. */
  readonly answer: string | null | ((version: Version) => string);
  readonly prepare?: (scene: Scene) => Promise<Readonly<Record<string, string>>>;
  readonly versions?: readonly Version[];
}

const DOCUMENTS: readonly Version[] = ['14.0', '14.1'];
const MESSAGE = ['From: anna@example.org', 'To: bert@example.org', 'Subject: Hello', '', 'Hi', ''].join('\r\n');
const MIME = `<MIME>${Buffer.from(MESSAGE).toString('base64')}</MIME>`;
const SOURCE = '<Source><FolderId>{inbox}</FolderId><ItemId>{mail}</ItemId></Source>';
const classIn12 = (version: Version, name: string): string => (version === '12.1' ? `<Class>${name}</Class>` : '');
const hierarchy = (command: string, inner: string) => `<${command} xmlns="FolderHierarchy:">${inner}</${command}>`;

/** One for each command that is served and has documents. */
const EXCHANGES: Readonly<Partial<Record<CommandName, Exchange>>> = {
  Sync: {
    request: `<Sync xmlns="AirSync:" xmlns:c="Contacts:"><Collections><Collection>
      <SyncKey>{key contacts}</SyncKey><CollectionId>{contacts}</CollectionId><Commands>
        <Add><ClientId>c1</ClientId><ApplicationData><c:FirstName>Bea</c:FirstName></ApplicationData></Add>
      </Commands></Collection></Collections></Sync>`,
    answer: (version) => `<Sync xmlns="AirSync:"><Collections><Collection>${classIn12(version, 'Contacts')}
      <SyncKey>{next}</SyncKey><CollectionId>{contacts}</CollectionId><Status>1</Status><Responses>
        <Add><ClientId>c1</ClientId><ServerId>{added}</ServerId><Status>1</Status></Add>
      </Responses></Collection></Collections></Sync>`,
  },
  SendMail: {
    versions: DOCUMENTS,
    request: `<SendMail xmlns="ComposeMail:"><ClientId>c1</ClientId>${MIME}</SendMail>`,
    answer: null,
  },
  SmartForward: {
    versions: DOCUMENTS,
    request: `<SmartForward xmlns="ComposeMail:"><ClientId>c1</ClientId>${SOURCE}${MIME}</SmartForward>`,
    answer: null,
  },
  SmartReply: {
    versions: DOCUMENTS,
    request: `<SmartReply xmlns="ComposeMail:"><ClientId>c1</ClientId>${SOURCE}${MIME}</SmartReply>`,
    answer: null,
  },
  FolderSync: {
    request: hierarchy('FolderSync', '<SyncKey>{tree}</SyncKey>'),
    answer: hierarchy('FolderSync', '<Status>1</Status><SyncKey>{tree}</SyncKey><Changes><Count>0</Count></Changes>'),
  },
  FolderCreate: {
    request: hierarchy(
      'FolderCreate',
      '<SyncKey>{tree}</SyncKey><ParentId>{inbox}</ParentId><DisplayName>Größe</DisplayName><Type>12</Type>',
    ),
    answer: hierarchy('FolderCreate', '<Status>1</Status><SyncKey>{next}</SyncKey><ServerId>{made}</ServerId>'),
  },
  FolderDelete: {
    request: hierarchy('FolderDelete', '<SyncKey>{tree}</SyncKey><ServerId>{project}</ServerId>'),
    answer: hierarchy('FolderDelete', '<Status>1</Status><SyncKey>{next}</SyncKey>'),
  },
  FolderUpdate: {
    request: hierarchy(
      'FolderUpdate',
      '<SyncKey>{tree}</SyncKey><ServerId>{project}</ServerId><ParentId>0</ParentId><DisplayName>New</DisplayName>',
    ),
    answer: hierarchy('FolderUpdate', '<Status>1</Status><SyncKey>{next}</SyncKey>'),
  },
  MoveItems: {
    request: `<MoveItems xmlns="Move:"><Move><SrcMsgId>{mail}</SrcMsgId><SrcFldId>{inbox}</SrcFldId><DstFldId>{project}</DstFldId></Move></MoveItems>`,
    answer: `<MoveItems xmlns="Move:"><Response><SrcMsgId>{mail}</SrcMsgId><Status>3</Status><DstMsgId>{moved}</DstMsgId></Response></MoveItems>`,
  },
  GetItemEstimate: {
    request: `<GetItemEstimate xmlns="GetItemEstimate:" xmlns:A="AirSync:"><Collections><Collection>
      <CollectionId>{inbox}</CollectionId><A:SyncKey>{key inbox}</A:SyncKey></Collection></Collections></GetItemEstimate>`,
    answer: (version) => `<GetItemEstimate xmlns="GetItemEstimate:"><Response><Status>1</Status><Collection>
      ${classIn12(version, 'Email')}<CollectionId>{inbox}</CollectionId><Estimate>0</Estimate></Collection></Response></GetItemEstimate>`,
  },
  MeetingResponse: {
    request: `<MeetingResponse xmlns="MeetingResponse:"><Request><UserResponse>1</UserResponse>
      <CollectionId>{inbox}</CollectionId><RequestId>{invitation}</RequestId></Request></MeetingResponse>`,
    answer: `<MeetingResponse xmlns="MeetingResponse:"><Result><RequestId>{invitation}</RequestId><Status>1</Status>
      <CalendarId>{accepted}</CalendarId></Result></MeetingResponse>`,
    prepare: async ({ server, folders }) => {
      const id = await server.put('inbox', 'invitation', invitation('bert@example.org'));
      return { invitation: `${folders.inbox.id}:${id}` };
    },
  },
  Search: {
    request: `<Search xmlns="Search:"><Store><Name>GAL</Name><Query>bert</Query><Options><Range>0-9</Range></Options></Store></Search>`,
    answer: `<Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status><Result><Properties>
      <DisplayName xmlns="Gal:">bert</DisplayName><Alias xmlns="Gal:">bert</Alias><FirstName xmlns="Gal:"/>
      <LastName xmlns="Gal:"/><EmailAddress xmlns="Gal:">bert@example.org</EmailAddress>
      </Properties></Result><Range>0-0</Range><Total>1</Total></Store></Response></Search>`,
  },
  Settings: {
    request: `<Settings xmlns="Settings:"><DeviceInformation><Set><Model>One</Model></Set></DeviceInformation></Settings>`,
    answer: `<Settings xmlns="Settings:"><Status>1</Status><DeviceInformation><Status>1</Status></DeviceInformation></Settings>`,
  },
  Ping: {
    request: `<Ping xmlns="Ping:"><HeartbeatInterval>300</HeartbeatInterval><Folders>
      <Folder><Id>{contacts}</Id><Class>Contacts</Class></Folder></Folders></Ping>`,
    answer: `<Ping xmlns="Ping:"><Status>2</Status><Folders><Folder>{contacts}</Folder></Folders></Ping>`,
    prepare: async ({ server }) => {
      await server.put('contacts', 'new', card('u9', 'Bea'));
      return {};
    },
  },
  ItemOperations: {
    request: `<ItemOperations xmlns="ItemOperations:" xmlns:B="AirSyncBase:"><Fetch><Store>Mailbox</Store>
      <B:FileReference>{file}:2</B:FileReference></Fetch></ItemOperations>`,
    answer: `<ItemOperations xmlns="ItemOperations:"><Status>1</Status><Response><Fetch><Status>1</Status>
      <FileReference xmlns="AirSyncBase:">{file}:2</FileReference><Properties><ContentType xmlns="AirSyncBase:">application/pdf</ContentType>
      <Data>MDEyMzQ1Njc4OQ==</Data></Properties></Fetch></Response></ItemOperations>`,
  },
  Provision: {
    request: ask(),
    answer: (version) => offered(OPEN, isAtLeast(version, '14.1') ? INFORMED : ''),
  },
  ResolveRecipients: {
    request: `<ResolveRecipients xmlns="ResolveRecipients:"><To>bert</To></ResolveRecipients>`,
    answer: `<ResolveRecipients xmlns="ResolveRecipients:"><Status>1</Status><Response><To>bert</To><Status>1</Status>
      <RecipientCount>1</RecipientCount><Recipient><Type>1</Type><DisplayName>bert</DisplayName>
      <EmailAddress>bert@example.org</EmailAddress></Recipient></Response></ResolveRecipients>`,
  },
};

/** Its request has no document, nor has its answer. */
const WITHOUT_DOCUMENTS: readonly CommandName[] = ['GetAttachment'];

test('every command that is served has an exchange that libwbxml reads and writes', () => {
  const checked = [...Object.keys(EXCHANGES), ...WITHOUT_DOCUMENTS];
  assert.deepEqual(checked.sort(), [...EAS_COMMANDS.keys()].sort());
});

for (const [command, exchange] of Object.entries(EXCHANGES)) {
  for (const version of exchange.versions ?? VERSIONS) {
    test(`${command} in ${version}: libwbxml writes the request and reads the answer`, needsCrossCheck, () =>
      withScene(version, {}, (scene) => check(scene, command, exchange)),
    );
  }
}

async function check(scene: Scene, command: string, { request, answer, prepare }: Exchange): Promise<void> {
  const names = Object.entries((await prepare?.(scene)) ?? {});
  const fill = (xml: string): string =>
    scene.fill(names.reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), xml));
  if (answer === null) {
    const { status, body } = await scene.phone.post(command, libwbxmlWrite(PROLOGUE + fill(request)));
    assert.deepEqual([status, body.length], [200, 0]);
    return;
  }
  const expected = typeof answer === 'string' ? answer : answer(scene.version);
  await crossCheck(scene.phone, command, fill(request), fill(expected));
}

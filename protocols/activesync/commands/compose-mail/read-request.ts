import { createHash } from 'node:crypto';
import { isAtLeast, isKnown } from '../../classes/version.ts';
import type { EasBody, EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childBool, childText, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { messageIn } from './message-in.ts';

/** The three commands that send a message (MS-ASCMD §2.2.1.17, §2.2.1.19, §2.2.1.20). */
export type ComposeCommand = 'SendMail' | 'SmartForward' | 'SmartReply';

/** What a reply or forward is about, in the client's words. */
export interface SourceNames {
  readonly folderId: string | null;
  readonly itemId: string | null;
  readonly longId: string | null;
  /** One occurrence of a series. */
  readonly instanceId: string | null;
}

export interface ComposeMailRequest {
  readonly message: readonly Uint8Array[];
  readonly saveInSent: boolean;
  /** The message has all it needs of the original. */
  readonly replaceMime: boolean;
  /** Names the request: the client's own name for it, before 14.0 a hash. Equal ones are one request. */
  readonly key: string;
  /** Null for SendMail. */
  readonly source: SourceNames | null;
}

/** 40 by the schema; a longer id is still one that a server can keep. */
const LONGEST_CLIENT_ID = 64;
const NO_TEMPLATE = /^(?:0{8}-0{4}-0{4}-0{4}-0{12})?$/;

/** @throws EasStatusError 101, 103, 166, 168; WbxValueError */
export function readComposeRequest(context: EasContext, command: ComposeCommand, body: EasBody): ComposeMailRequest {
  if (!isAtLeast(context.version, '14.0')) {
    if (body.kind !== 'message') throw new EasStatusError(101, `${command} takes a message before 14.0`);
    return fromQuery(context, command, body.chunks);
  }
  if (body.kind !== 'document') throw new EasStatusError(101, `${command} takes a document from 14.0 on`);
  return fromDocument(context, command, body.root);
}

function fromDocument({ version }: EasContext, command: ComposeCommand, root: WbxElement): ComposeMailRequest {
  const clientId = textOf(requiredChild(root, 'ComposeMail:ClientId'));
  if (clientId === '') throw new WbxValueError('missing', 'ComposeMail:ClientId', 'is empty');
  if (clientId.length > LONGEST_CLIENT_ID) {
    throw new EasStatusError(103, `a ClientId of ${clientId.length} characters`);
  }
  if (isKnown('ComposeMail:AccountId', version)) checkAccount(root);
  return {
    message: messageIn(requiredChild(root, 'ComposeMail:Mime')),
    saveInSent: childBool(root, 'ComposeMail:SaveInSentItems') ?? false,
    replaceMime: childBool(root, 'ComposeMail:ReplaceMime') ?? false,
    key: clientId,
    source: command === 'SendMail' ? null : sourceIn(requiredChild(root, 'ComposeMail:Source')),
  };
}

/** There is one account, which has no id (Settings says so), and no rights management. */
function checkAccount(root: WbxElement): void {
  const accountId = childText(root, 'ComposeMail:AccountId')?.trim() ?? '';
  if (accountId !== '') throw new EasStatusError(166, `there is no account ${JSON.stringify(accountId.slice(0, 64))}`);
  const template = childText(root, 'RightsManagement:TemplateID')?.trim() ?? '';
  if (!NO_TEMPLATE.test(template)) throw new EasStatusError(168, 'a rights management template is named');
}

function sourceIn(source: WbxElement): SourceNames {
  return {
    folderId: childText(source, 'ComposeMail:FolderId') || null,
    itemId: childText(source, 'ComposeMail:ItemId') || null,
    longId:
      childText(source, 'ComposeMail:LongId') || (child(source, 'Search:LongId') && childText(source, 'Search:LongId')),
    instanceId: childText(source, 'ComposeMail:InstanceId') || null,
  };
}

function fromQuery({ line }: EasContext, command: ComposeCommand, chunks: readonly Uint8Array[]): ComposeMailRequest {
  const { collectionId: folderId, itemId, longId, occurrence: instanceId, saveInSent } = line;
  const source = command === 'SendMail' ? null : { folderId, itemId, longId, instanceId };
  const hash = createHash('sha256').update(`${command}\n${JSON.stringify(source)}\n`);
  for (const chunk of chunks) hash.update(chunk);
  return { message: chunks, saveInSent, replaceMime: false, key: hash.digest('base64url'), source };
}

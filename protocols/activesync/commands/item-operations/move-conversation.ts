import type { FolderRole } from '../../../../src/domain/item-class.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import {
  CONVERSATION_MOVES_DOCUMENT,
  storedMoves,
  withMove,
} from '../../../../src/domain/message/conversation-moves.ts';
import { freeName } from '../../../../src/items/free-name.ts';
import { requireRight } from '../../../../src/items/require-right.ts';
import { hexOf } from '../../../../src/search/message-words.ts';
import type { EasContext } from '../../command.ts';
import { findCollection } from '../../translate/find-item.ts';
import type { Collection } from '../../translate/view.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { bytesOf, child, childBool, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { failureOf, OPERATION_STATUS, type OperationStatus } from './operation-status.ts';

/** Messages of one conversation that are moved at most. */
const MOST_MESSAGES = 1_000;
/** What lies there has its place for a reason of its own, and stays. */
const STAYING: readonly (FolderRole | null)[] = ['sent', 'drafts', 'outbox', 'deleted', 'junk'];

/**
 * One Move (MS-ASCMD §2.2.3.117.1) of a conversation. Only the lasting kind is allowed, MoveAlways (MS-ASCON §3.1.4.8): the
 * messages that are there are moved, those that come later go there at once. Moved to the Inbox it is as any other again.
 */
export async function moveConversation(context: EasContext, request: WbxElement): Promise<WbxElement> {
  const id = bytesOf(requiredChild(request, 'ItemOperations:ConversationId'));
  const answer = (status: OperationStatus): WbxElement =>
    el('ItemOperations:Move', el('ItemOperations:Status', status), el('ItemOperations:ConversationId', id));
  try {
    return answer(await statusOf(context, request, id));
  } catch (error) {
    const status = failureOf(error);
    if (status === null) throw error;
    return answer(status);
  }
}

async function statusOf(context: EasContext, request: WbxElement, id: Uint8Array): Promise<OperationStatus> {
  const target = textOf(requiredChild(request, 'ItemOperations:DstFldId'));
  if (target.length > 64 || id.length > 64)
    throw new WbxValueError('range', request.name, 'has an id that is too long');
  const options = child(request, 'ItemOperations:Options');
  const isLasting = options !== null && (childBool(options, 'ItemOperations:MoveAlways') ?? false);
  if (!isLasting) return OPERATION_STATUS.moveNeedsAlways;
  const to = await findCollection(context, target);
  if (to === null) return OPERATION_STATUS.notFound;
  // What lies in the Outbox is on its way out.
  if (to.easClass !== 'Email' || to.folder.role === 'outbox') return OPERATION_STATUS.moveNeedsMailFolder;
  requireRight(context.principal, to.folder, 'write');
  return moveAll(context, hexOf(id), to);
}

async function moveAll(context: EasContext, thread: string, { folder: to }: Collection): Promise<OperationStatus> {
  const { items, search, sync, limits } = context.environment;
  const { mailboxId } = context.principal;
  const all = await items.store.read(mailboxId).folders();
  const folders = all.filter(({ itemClass }) => itemClass === 'mail').map(({ id }) => id);
  const query = { folders, words: [], thread, after: null, before: null, offset: 0, limit: MOST_MESSAGES };
  const found = await search.search(mailboxId, query, limits.maxSearchMs);
  if (found.total === 0) return OPERATION_STATUS.notFound;
  const moving = new Set(all.filter(({ id, role }) => id !== to.id && !STAYING.includes(role)).map(({ id }) => id));
  await sync.store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const moves = storedMoves(await tx.document(CONVERSATION_MOVES_DOCUMENT));
    await tx.putDocument(CONVERSATION_MOVES_DOCUMENT, withMove(moves, thread, to.role === 'inbox' ? null : to.id));
    for (const { id } of found.items) {
      const item = await tx.item(id);
      if (item === null || !moving.has(item.folderId)) continue;
      await tx.moveItem(id, to.id, await freeName(tx, to.id, item.name));
    }
  });
  const isWhole = found.isComplete && found.total <= MOST_MESSAGES;
  return isWhole ? OPERATION_STATUS.done : OPERATION_STATUS.partlyDone;
}

import type { RandomBytes } from '../domain/clock.ts';
import { GatewayError, isGatewayError } from '../domain/errors.ts';
import type { Folder, FolderId } from '../domain/folder.ts';
import { folderWithRole } from '../domain/folder-tree.ts';
import type { FolderRole } from '../domain/item-class.ts';
import type { Origin } from '../domain/mailbox.ts';
import { conversationOf } from '../domain/message/conversation.ts';
import { CONVERSATION_MOVES_DOCUMENT, storedMoves } from '../domain/message/conversation-moves.ts';
import { indexMailItem } from '../domain/message/index-message.ts';
import type { HeaderField } from '../formats/mime/header-fields.ts';
import { readMessageHeader } from '../formats/mime/message-indexer.ts';
import type { User } from '../store/directory-store.ts';
import type { MailboxReader, NewItem } from '../store/mailbox-store.ts';
import type { SyncReader } from '../store/sync-state-store.ts';
import type { Verdict } from './relay.ts';
import type { MailServices } from './services.ts';

/** Writes that no program of the owner asked for. */
export const MAIL_ORIGIN: Origin = { kind: 'server', by: null };

export interface Delivery {
  readonly user: User;
  /** The address it was sent to, as the sender wrote it. */
  readonly address: string;
  /** Envelope sender, '' for the null sender. */
  readonly sender: string;
  /** The whole message, its trace fields first; whoever took it in has judged its size. */
  readonly content: readonly Uint8Array[];
  /** Name under which the mailbox takes it once; null: each call delivers. */
  readonly operation: string | null;
}

/**
 * Puts a message into the Inbox, unread, or where its conversation is moved to; committed when this resolves.
 * @throws GatewayError 'content-invalid' (header beyond every limit), 'quota-exceeded', 'storage-full', 'store-unavailable',
 *   'folder-not-found' (no such mailbox any more)
 */
export async function deliver(services: MailServices, delivery: Delivery): Promise<'delivered' | 'already-delivered'> {
  const { content, operation, user } = delivery;
  const at = services.clock.now();
  const message = newMessage(content, at, services.random);
  const outcome = await services.syncState.write(user.mailboxId, MAIL_ORIGIN, async (tx) => {
    if (operation !== null && (await tx.doneOperation(operation)) !== null) return 'already-delivered';
    const folderId = await destination(tx, content);
    const item = await tx.createItem({ ...message, folderId });
    if (operation !== null) await tx.putDoneOperation({ name: operation, at, result: { itemId: item.id } });
    return 'delivered';
  });
  if (outcome === 'delivered') services.bell.ring(delivery);
  return outcome;
}

/** Of a folder that is gone or no mail folder any more the Inbox takes the place. */
async function destination(reader: SyncReader, content: readonly Uint8Array[]): Promise<FolderId> {
  const moves = storedMoves(await reader.document(CONVERSATION_MOVES_DOCUMENT));
  const conversation = moves.length === 0 ? null : conversationOf(headerFields(content), 0);
  if (conversation !== null) {
    const thread = Buffer.from(conversation.id).toString('hex');
    const move = moves.find((candidate) => candidate.thread === thread);
    const folder = move === undefined ? null : await reader.folder(move.folderId);
    if (folder?.itemClass === 'mail') return folder.id;
  }
  return (await folderOf(reader, 'inbox')).id;
}

/** An item of a mail folder, without its folder. @param now Milliseconds since 1970. */
export function newMessage(
  content: readonly Uint8Array[],
  now: number,
  random: RandomBytes,
): Omit<NewItem, 'folderId'> {
  const name = `${Buffer.from(random(16)).toString('hex')}.eml`;
  const index = indexMailItem(beginning(content), Math.floor(now / 1000));
  return { name, content, contentType: 'message/rfc822', index };
}

/** The header of a message that was taken: its size is known to be within the limit. */
export function headerFields(content: readonly Uint8Array[]): readonly HeaderField[] {
  return readMessageHeader(beginning(content)).fields;
}

/** As many of the chunks as hold the header, in one piece: the few before the body, or the first blocks of what was received. */
function beginning(chunks: readonly Uint8Array[]): Uint8Array {
  let taken = 0;
  for (let wanted = 1; ; wanted *= 2) {
    taken = Math.min(wanted, chunks.length);
    const joined = Buffer.concat(chunks.slice(0, taken));
    if (taken === chunks.length || /\n\r?\n/.test(joined.toString('latin1'))) return joined;
  }
}

/** A default folder, which every mailbox has. */
export async function folderOf(reader: MailboxReader, role: FolderRole): Promise<Folder> {
  const folder = folderWithRole(await reader.folders(), role);
  if (folder === null) throw new TypeError(`a mailbox has no ${role}`);
  return folder;
}

/** RFC 5321 §4.2.2: 452, insufficient system storage; RFC 3463: 4.3.1. */
export const DISK_FULL = { kind: 'later', status: '4.3.1', reason: 'the disk of the server is full' } as const;

/**
 * What a refused delivery means to whoever sent the message (RFC 3463): a full mailbox may be tidied up, so it is worth
 * another try, unless the message is larger than the mailbox can ever hold. Null: the error is no refusal but a bug.
 */
export function verdictOf(error: unknown, size: number): Exclude<Verdict, { kind: 'accepted' | 'kept' }> | null {
  if (!(error instanceof GatewayError)) return null;
  if (isGatewayError(error, 'quota-exceeded')) {
    const isHopeless = error.facts.unit === 'bytes' && size > error.facts.limit;
    if (isHopeless) return { kind: 'refused', status: '5.2.2', reason: 'the message is larger than the whole mailbox' };
    return { kind: 'later', status: '4.2.2', reason: 'the mailbox is full' };
  }
  if (error.code === 'content-invalid') return { kind: 'refused', status: '5.6.0', reason: error.message };
  if (error.code === 'folder-not-found') return { kind: 'refused', status: '5.1.1', reason: 'no such mailbox here' };
  if (error.code === 'storage-full') return DISK_FULL;
  return { kind: 'later', status: '4.3.0', reason: 'the server cannot store messages now' };
}

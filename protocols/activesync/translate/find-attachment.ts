import { ENDLESS_TURN, inTurns, type Turns } from '../../../src/domain/turns.ts';
import { createMessageIndexer } from '../../../src/formats/mime/message-indexer.ts';
import { MimeError } from '../../../src/formats/mime/mime-error.ts';
import { isDiscarded } from '../../../src/items/discard-item.ts';
import { type OpenedAttachment, openAttachment, parseFileReference } from '../classes/email/attachments.ts';
import type { StoredMessage } from '../classes/email/message-view.ts';
import type { EasContext } from '../command.ts';
import { type FoundItem, findItem } from './find-item.ts';
import { parseServerId, serverIdOf } from './view.ts';

/**
 * The attachment that a FileReference names, in whatever folder its message lies now; null where there is none. What was deleted
 * has lost it (MS-ASCMD §2.2.1.7), though in Deleted Items the message has it by another name.
 */
export async function findAttachment(
  context: Pick<EasContext, 'environment' | 'principal' | 'version'>,
  fileReference: string,
): Promise<OpenedAttachment | null> {
  const parsed = parseFileReference(fileReference);
  const found = parsed === null ? null : await findItem(context, parsed.reference);
  if (parsed === null || found === null || found.item.kind !== 'MESSAGE') return null;
  const isMoved = parseServerId(parsed.reference)?.collectionId !== found.collection.id;
  if (isMoved && (await isDiscarded(found.reader, found.item))) return null;
  const message = await readMessage(found, context.environment.items.turns?.() ?? ENDLESS_TURN);
  return message === null ? null : openAttachment(message, parsed);
}

/** Null for a message of thousands of parts, which is shown by no name either. */
async function readMessage({ collection, item, reader }: FoundItem, turns: Turns): Promise<StoredMessage | null> {
  const open = () => inTurns(reader.content(item.id), turns);
  const indexer = createMessageIndexer();
  try {
    for await (const chunk of open()) indexer.write(chunk);
    const receivedAt = Math.floor(item.createdAt / 1000);
    return { index: indexer.end(), open, receivedAt, reference: serverIdOf(collection, item.id) };
  } catch (error) {
    if (error instanceof MimeError) return null;
    throw error;
  }
}

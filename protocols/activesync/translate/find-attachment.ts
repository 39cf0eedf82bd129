import { ENDLESS_TURN, inTurns } from '../../../src/domain/turns.ts';
import { MimeError } from '../../../src/formats/mime/mime-error.ts';
import { isDiscarded } from '../../../src/items/discard-item.ts';
import { type OpenedAttachment, openAttachment, parseFileReference } from '../classes/email/attachments.ts';
import type { EasContext } from '../command.ts';
import { findItem } from './find-item.ts';
import { openMessage } from './stored-message.ts';
import { parseServerId } from './view.ts';

/**
 * The attachment that a FileReference names, in whatever folder its message lies now; null where there is none. What was deleted
 * has lost it (MS-ASCMD §2.2.1.7), though in Deleted Items the message has it by another name.
 */
export async function findAttachment(
  context: Pick<EasContext, 'environment' | 'principal' | 'version' | 'oneFolderOf'>,
  fileReference: string,
): Promise<OpenedAttachment | null> {
  const parsed = parseFileReference(fileReference);
  const found = parsed === null ? null : await findItem(context, parsed.reference);
  if (parsed === null || found === null || found.item.kind !== 'MESSAGE') return null;
  const { collection, item, reader } = found;
  const isMoved = parseServerId(parsed.reference)?.collectionId !== collection.id;
  if (isMoved && (await isDiscarded(reader, item))) return null;
  const turns = context.environment.items.turns?.() ?? ENDLESS_TURN;
  try {
    const message = await openMessage(collection, item, () => inTurns(reader.content(item.id), turns));
    return await openAttachment(message, parsed);
  } catch (error) {
    // A message that cannot be indexed is not shown, so that no reference to it was given out.
    if (error instanceof MimeError) return null;
    throw error;
  }
}

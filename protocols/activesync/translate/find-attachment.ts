import { ENDLESS_TURN, inTurns } from '../../../src/domain/turns.ts';
import { type OpenedAttachment, openAttachment, parseFileReference } from '../classes/email/attachments.ts';
import type { EasContext } from '../command.ts';
import { findItem } from './find-item.ts';
import { openMessage } from './stored-message.ts';

/** The attachment that a FileReference names, in whatever folder its message lies now; null where there is none. */
export async function findAttachment(
  context: Pick<EasContext, 'environment' | 'principal' | 'version'>,
  fileReference: string,
): Promise<OpenedAttachment | null> {
  const parsed = parseFileReference(fileReference);
  const found = parsed === null ? null : await findItem(context, parsed.reference);
  if (parsed === null || found === null || found.item.kind !== 'MESSAGE') return null;
  const { collection, item, reader } = found;
  const turns = context.environment.items.turns?.() ?? ENDLESS_TURN;
  const message = await openMessage(collection, item, () => inTurns(reader.content(item.id), turns));
  return message === null ? null : openAttachment(message, parsed);
}

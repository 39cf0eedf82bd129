import { decodePart } from '../../../../src/formats/mime/decode-part.ts';
import type { MessagePart } from '../../../../src/formats/mime/message-index.ts';
import { DEFAULT_UU_LIMITS, findUuBlocks, type UuBlock } from '../../../../src/formats/mime/uu-blocks.ts';
import type { MessageView, StoredMessage } from './message-view.ts';

/** Uuencoded files by the text part they stand in. */
export type UuFiles = ReadonlyMap<MessagePart, readonly UuBlock[]>;

/** Each part is read from the beginning of the message: only the first few are looked through. */
const MOST_PARTS = 8;

/**
 * The uuencoded files in what is shown as plain text. Text that comes with an HTML form is not looked through: programs
 * that write it attach files by MIME. The limits hold for the message as a whole.
 */
export async function findUuFiles(message: StoredMessage, view: MessageView): Promise<UuFiles> {
  const found = new Map<MessagePart, readonly UuBlock[]>();
  let { maxTextBytes, maxBytes, maxBlocks } = DEFAULT_UU_LIMITS;
  for (const part of view.segments.flatMap(plainAlone).slice(0, MOST_PARTS)) {
    if (maxTextBytes <= 0 || maxBytes <= 0 || maxBlocks <= 0) break;
    const blocks = await findUuBlocks(decodePart(message.open(), part), { maxTextBytes, maxBytes, maxBlocks });
    const size = part.body.end - part.body.start;
    maxBytes -= size;
    maxTextBytes -= size - blocks.reduce((sum, { range }) => sum + range.end - range.start, 0);
    maxBlocks -= blocks.length;
    if (blocks.length > 0) found.set(part, blocks);
  }
  return found;
}

function plainAlone({ plain, html }: { plain: MessagePart | null; html: MessagePart | null }): MessagePart[] {
  return plain !== null && html === null && plain.mediaType === 'text/plain' ? [plain] : [];
}

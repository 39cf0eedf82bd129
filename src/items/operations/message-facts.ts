import { isGatewayError } from '../../domain/errors.ts';
import type { Item } from '../../domain/item.ts';
import { decodeWords } from '../../formats/mime/encoded-words.ts';
import { findText } from '../../formats/mime/header-fields.ts';
import { readMessageHeader } from '../../formats/mime/message-indexer.ts';
import { MimeError } from '../../formats/mime/mime-error.ts';
import type { MailboxReader } from '../../store/mailbox-store.ts';
import type { MessageFacts } from './operation.ts';

/** From and Subject stand at the beginning, after at most some dozen trace fields. */
const HEADER_BYTES = 16 * 1024;
const MOST_CHARACTERS = 200;

/** Reads the beginning of a message for its operations line. `withSubject` false leaves the subject out. */
export async function messageFacts(reader: MailboxReader, item: Item, withSubject: boolean): Promise<MessageFacts> {
  const delivered = item.filterKey;
  const chunks: Uint8Array[] = [];
  try {
    const range = { start: 0, end: Math.min(item.size, HEADER_BYTES) };
    for await (const chunk of reader.content(item.id, range)) chunks.push(chunk);
    const { fields } = readMessageHeader(Buffer.concat(chunks));
    return {
      from: shown(findText(fields, 'from')),
      subject: withSubject ? shown(findText(fields, 'subject')) : null,
      delivered,
    };
  } catch (error) {
    // A message that says nothing of itself is removed like any other.
    if (error instanceof MimeError || isGatewayError(error, 'item-not-found'))
      return { from: null, subject: null, delivered };
    throw error;
  }
}

function shown(text: string | null): string | null {
  if (text === null) return null;
  const decoded = decodeWords(text);
  return decoded.length > MOST_CHARACTERS ? `${decoded.slice(0, MOST_CHARACTERS)}…` : decoded;
}

import { fieldText, findField } from '../../formats/mime/header-fields.ts';
import { parseMessageIds } from '../../formats/mime/message-ids.ts';
import { readMessageHeader } from '../../formats/mime/message-indexer.ts';
import { MimeError } from '../../formats/mime/mime-error.ts';
import { GatewayError } from '../errors.ts';
import type { ItemIndex } from '../item.ts';
import { messageTime } from './message-time.ts';

/**
 * What is indexed of a message: Message-ID as uid, `messageTime` as time. Only the header is read, so the beginning of a
 * large message is enough.
 * @param receivedAt Seconds since 1970 when the mailbox takes it; 0 where nobody knows.
 * Throws GatewayError 'content-invalid' for a header beyond the codec's limit.
 */
export function indexMailItem(bytes: Uint8Array, receivedAt = 0): ItemIndex {
  const fields = readFields(bytes);
  const id = findField(fields, 'message-id');
  const time = messageTime(fields, receivedAt);
  return {
    kind: 'MESSAGE',
    uid: id === null ? null : (parseMessageIds(fieldText(id))[0] ?? null),
    rangeStart: time,
    rangeEnd: time,
    filterKey: time,
  };
}

function readFields(bytes: Uint8Array): ReturnType<typeof readMessageHeader>['fields'] {
  try {
    return readMessageHeader(bytes).fields;
  } catch (error) {
    if (error instanceof MimeError)
      throw new GatewayError('content-invalid', { reason: error.message, line: error.line });
    throw error;
  }
}

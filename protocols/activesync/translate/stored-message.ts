import type { Item } from '../../../src/domain/item.ts';
import { indexStream } from '../../../src/formats/mime/message-indexer.ts';
import { MimeError } from '../../../src/formats/mime/mime-error.ts';
import type { StoredMessage } from '../classes/email/message-view.ts';
import { type Collection, serverIdOf } from './view.ts';

/**
 * A message as its class takes it, its index read; null for one of thousands of parts or with a header without end, which is
 * shown by no name either.
 * @param open Reads the message's bytes from the beginning.
 */
export async function openMessage(
  collection: Collection,
  item: Item,
  open: StoredMessage['open'],
): Promise<StoredMessage | null> {
  try {
    const index = await indexStream(open());
    const receivedAt = Math.floor(item.createdAt / 1000);
    return { index, open, receivedAt, reference: serverIdOf(collection, item.id) };
  } catch (error) {
    if (error instanceof MimeError) return null;
    throw error;
  }
}

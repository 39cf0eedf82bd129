import type { Item } from '../../../src/domain/item.ts';
import { indexStream } from '../../../src/formats/mime/message-indexer.ts';
import type { StoredMessage } from '../classes/email/message-view.ts';
import { type Collection, serverIdOf } from './view.ts';

/**
 * A message as its class takes it, its index read.
 * @param open Reads the message's bytes from the beginning.
 * @throws MimeError for one of thousands of parts or with a header without end
 */
export async function openMessage(
  collection: Collection,
  item: Item,
  open: StoredMessage['open'],
): Promise<StoredMessage> {
  const index = await indexStream(open());
  const receivedAt = Math.floor(item.createdAt / 1000);
  return { index, open, receivedAt, reference: serverIdOf(collection, item.id) };
}

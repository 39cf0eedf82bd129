import { type Content, contentLength, holdsAt } from '../domain/content.ts';
import type { Item } from '../domain/item.ts';
import type { MailboxReader, MailboxWriter, NewContent } from '../store/mailbox-store.ts';

/** The whole content of a small item. Never for messages, which stream. */
export async function readWhole(reader: MailboxReader, item: Pick<Item, 'id'>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader.content(item.id)) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Whether an item holds these very bytes. */
export async function holdsBytes(reader: MailboxReader, item: Item, content: Content): Promise<boolean> {
  if (item.size !== contentLength(content)) return false;
  let at = 0;
  for await (const chunk of reader.content(item.id)) {
    if (!holdsAt(content, at, chunk)) return false;
    at += chunk.byteLength;
  }
  return true;
}

/** The item with the new content; untouched, with its revision, when that is what it holds. */
export async function replaceIfDifferent(tx: MailboxWriter, current: Item, next: NewContent): Promise<Item> {
  return (await holdsBytes(tx, current, next.content)) ? current : tx.replaceContent(current.id, next);
}

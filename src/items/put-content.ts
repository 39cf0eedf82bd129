import { type Content, contentLength } from '../domain/content.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import type { Limits } from '../domain/limits.ts';
import type { MailboxWriter, NewContent } from '../store/mailbox-store.ts';
import { describeContent } from './describe-content.ts';
import { checkKeepsUid, checkUidIsFree } from './uid-rule.ts';
import { replaceIfDifferent } from './whole-content.ts';

/**
 * Judges bytes that are to be stored in a folder, before anything is written; what may be stored is the same for every
 * protocol.
 * @param contentType As the client declared it, without parameters; '' when it declared none.
 * @param now Seconds since 1970, as `describeContent` wants it.
 * @throws GatewayError 'item-too-large', 'content-unsupported', 'content-invalid', 'object-invalid', 'component-unsupported'
 */
export function judgeContent(
  folder: Folder,
  content: Uint8Array,
  contentType: string,
  { maxItemBytes }: Pick<Limits, 'maxItemBytes'>,
  now = 0,
): NewContent {
  checkSize(content, maxItemBytes);
  return { content, ...describeContent(folder, content, contentType, now) };
}

/**
 * Stores judged content under a name: in place of `current`, or as a new item for null. Content that is there already
 * changes nothing.
 * @throws GatewayError 'uid-conflict', 'name-taken', 'quota-exceeded'
 */
export async function putContent(
  tx: MailboxWriter,
  folder: Folder,
  name: string,
  content: NewContent,
  current: Item | null,
): Promise<Item> {
  if (current !== null) checkKeepsUid(folder, current, content.index.uid);
  await checkUidIsFree(tx, folder, content.index.uid, current?.id ?? null);
  if (current !== null) return replaceIfDifferent(tx, current, content);
  return tx.createItem({ ...content, folderId: folder.id, name });
}

/** @throws GatewayError 'item-too-large' */
function checkSize(content: Content, limit: number): void {
  const size = contentLength(content);
  if (size <= limit) return;
  throw new GatewayError(
    'item-too-large',
    { size, limit },
    `The item has ${size} bytes; at most ${limit} bytes are taken.`,
  );
}

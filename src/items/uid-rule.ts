import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';

/*
 * RFC 4791 §5.3.2.1 and RFC 6352 §6.3.2.1 (no-uid-conflict): a UID is in a collection once, and a resource keeps the UID
 * it has. Messages may come twice, since Message-IDs are not unique in any folder, and files have no UID.
 */

/**
 * @param own The item that has, or is about to get, this UID; null for a new one.
 * @throws GatewayError 'uid-conflict' with the name of the other item
 */
export async function checkUidIsFree(
  reader: MailboxReader,
  folder: Folder,
  uid: string | null,
  own: ItemId | null,
): Promise<void> {
  if (uid === null || !hasUniqueUids(folder)) return;
  const other = (await reader.itemsByUid(uid, folder.id)).find((item) => item.id !== own);
  if (other) throw conflict(uid, other.name, `UID ${uid} is already in ${other.name}; change that item instead.`);
}

/** For content with this UID that is to replace `current`. @throws GatewayError 'uid-conflict' */
export function checkKeepsUid(folder: Folder, current: Item, uid: string | null): void {
  if (current.uid === null || current.uid === uid || !hasUniqueUids(folder)) return;
  throw conflict(uid ?? '', current.name, `${current.name} holds another UID (${current.uid}); delete it first.`);
}

function hasUniqueUids({ itemClass }: Folder): boolean {
  return itemClass !== 'mail' && itemClass !== 'files';
}

function conflict(uid: string, name: string, message: string): GatewayError {
  return new GatewayError('uid-conflict', { uid, name }, message);
}

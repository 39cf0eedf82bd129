import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { ItemId } from '../domain/item.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';

/**
 * RFC 4791 §5.3.2.1 and RFC 6352 §6.3.2.1 (no-uid-conflict): a UID is in a collection once. Messages may come twice:
 * Message-IDs are not unique in any folder.
 * @param own The item that has, or is about to get, this UID; null for a new one.
 * @throws GatewayError 'uid-conflict' with the name of the other
 */
export async function checkUidIsFree(
  reader: MailboxReader,
  folder: Folder,
  uid: string | null,
  own: ItemId | null,
): Promise<void> {
  if (uid === null || folder.itemClass === 'mail' || folder.itemClass === 'files') return;
  const other = (await reader.itemsByUid(uid, folder.id)).find((item) => item.id !== own);
  if (other) throw uidConflict(uid, other.name, `UID ${uid} is already in ${other.name}; change that item instead.`);
}

/** @param name The item that has the UID. */
export function uidConflict(uid: string, name: string, message: string): GatewayError {
  return new GatewayError('uid-conflict', { uid, name }, message);
}

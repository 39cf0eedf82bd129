import { folderWithRole, withAllBelow } from '../domain/folder-tree.ts';
import type { Item } from '../domain/item.ts';
import type { MailboxReader, MailboxWriter } from '../store/mailbox-store.ts';
import { freeName } from './free-name.ts';

/**
 * Puts a message into Deleted Items, where it keeps its id; one that lies there or below is removed for good, as is one
 * of a mailbox that lost the folder.
 * @returns The item where it lies now, or null.
 */
export async function discardItem(tx: MailboxWriter, item: Item): Promise<Item | null> {
  const folders = await tx.folders();
  const deleted = folderWithRole(folders, 'deleted');
  if (deleted === null || withAllBelow(folders, [deleted.id]).has(item.folderId)) {
    await tx.deleteItem(item.id);
    return null;
  }
  return tx.moveItem(item.id, deleted.id, await freeName(tx, deleted.id, item.name));
}

/** Whether it lies in Deleted Items already, or below. */
export async function isDiscarded(tx: MailboxReader, item: Item): Promise<boolean> {
  const folders = await tx.folders();
  const deleted = folderWithRole(folders, 'deleted');
  return deleted !== null && withAllBelow(folders, [deleted.id]).has(item.folderId);
}

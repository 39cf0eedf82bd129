import type { Folder, FolderId } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import type { MailboxReader, MailboxWriter } from '../store/mailbox-store.ts';
import { freeName } from './free-name.ts';

/**
 * Puts a message into Deleted Items, where it keeps its id; one that lies there or below is removed for good, as is one
 * of a mailbox that lost the folder.
 * @returns The item where it lies now, or null.
 */
export async function discardItem(tx: MailboxWriter, item: Item): Promise<Item | null> {
  const folders = new Map((await tx.folders()).map((folder) => [folder.id, folder]));
  const deleted = [...folders.values()].find(({ role }) => role === 'deleted') ?? null;
  if (deleted === null || isWithin(folders, item.folderId, deleted.id)) {
    await tx.deleteItem(item.id);
    return null;
  }
  return tx.moveItem(item.id, deleted.id, await freeName(tx, deleted.id, item.name));
}

/** Whether it lies in Deleted Items already, or below. */
export async function isDiscarded(tx: MailboxReader, item: Item): Promise<boolean> {
  const folders = new Map((await tx.folders()).map((folder) => [folder.id, folder]));
  const deleted = [...folders.values()].find(({ role }) => role === 'deleted');
  return deleted !== undefined && isWithin(folders, item.folderId, deleted.id);
}

function isWithin(folders: ReadonlyMap<FolderId, Folder>, id: FolderId, ancestor: FolderId): boolean {
  for (let at: FolderId | null = id; at !== null; at = folders.get(at)?.parentId ?? null) {
    if (at === ancestor) return true;
  }
  return false;
}

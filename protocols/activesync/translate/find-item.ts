import type { Item } from '../../../src/domain/item.ts';
import type { MailboxReader } from '../../../src/store/mailbox-store.ts';
import type { EasContext } from '../command.ts';
import { collectionOfItem, isReadable, type Seer } from './find-collection.ts';
import { hasOneFolder } from './one-folder.ts';
import { type Collection, collectionsOf, parseServerId } from './view.ts';

type Asker = Pick<EasContext, 'environment'> & Seer;

/** An item of the principal's own mailbox, and the collection in which its device sees it. */
export interface FoundItem {
  readonly collection: Collection;
  readonly item: Item;
  readonly reader: MailboxReader;
}

/**
 * The item of a ServerId, where it lies now. Who names no collection asks for it wherever it is: a LongId and the beginning
 * of a FileReference are the ServerId that an item had when they were given out, and outlive its moves.
 */
export async function findItem(asker: Asker, serverId: string, collectionId?: string): Promise<FoundItem | null> {
  const parsed = parseServerId(serverId);
  if (parsed === null || (collectionId !== undefined && parsed.collectionId !== collectionId)) return null;
  const { environment, principal, version } = asker;
  const reader = environment.items.store.read(principal.mailboxId);
  const item = await reader.item(parsed.itemId);
  const folder = item === null ? null : await reader.folder(item.folderId);
  if (item === null || folder === null || !isReadable(asker, folder)) return null;
  const own = collectionsOf(folder, version).find(({ kind }) => kind === item.kind) ?? null;
  const isMerged = own !== null && hasOneFolder(asker, own.easClass);
  const collection = isMerged ? collectionOfItem(await reader.folders(), asker, item) : own;
  if (collection === null || (collectionId !== undefined && collection.id !== collectionId)) return null;
  return { collection, item, reader };
}

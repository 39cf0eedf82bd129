import type { Folder } from '../../../src/domain/folder.ts';
import type { Item } from '../../../src/domain/item.ts';
import { type Principal, rightsOn } from '../../../src/domain/principal.ts';
import type { MailboxReader } from '../../../src/store/mailbox-store.ts';
import { folderOf, hasOneFolder, type ShownTo, shownCollections } from './one-folder.ts';
import { type Collection, collectionOf, collectionsOf, parseCollectionId } from './view.ts';

/** Who looks, and with what: what a phone names is there for it only as far as it may see it. */
export interface Seer extends ShownTo {
  readonly principal: Principal;
}

/** Whether a folder is there for this person: what they may not read does not exist for them. */
export function isReadable({ principal }: Pick<Seer, 'principal'>, folder: Folder): boolean {
  return rightsOn(principal, folder.mailboxId, folder).has('read');
}

/** The collection of this id in the principal's mailbox; null where there is none for them. */
export async function findCollection(reader: MailboxReader, seer: Seer, id: string): Promise<Collection | null> {
  const parsed = parseCollectionId(id);
  const folder = parsed === null ? null : await reader.folder(parsed.folderId);
  if (parsed === null || folder === null || !isReadable(seer, folder)) return null;
  const collection = collectionOf(folder, parsed.suffix, seer.version);
  if (collection === null || !hasOneFolder(seer, collection.easClass)) return collection;
  return collectionAmong(await reader.folders(), seer, id);
}

/** The same among all folders of that mailbox, which were read before. */
export function collectionAmong(folders: readonly Folder[], seer: Seer, id: string): Collection | null {
  const parsed = parseCollectionId(id);
  const folder = folders.find((candidate) => candidate.id === parsed?.folderId);
  if (parsed === null || folder === undefined || !isReadable(seer, folder)) return null;
  const collection = collectionOf(folder, parsed.suffix, seer.version);
  if (collection === null || !hasOneFolder(seer, collection.easClass)) return collection;
  return shownAmong(folders, seer).find((shown) => shown.id === id) ?? null;
}

/** The collection in which the seer's device has an item of this kind that lies in this folder, among all folders of the mailbox. */
export function collectionOfItem(
  folders: readonly Folder[],
  seer: Seer,
  { folderId, kind }: Pick<Item, 'folderId' | 'kind'>,
): Collection | null {
  const folder = folders.find(({ id }) => id === folderId);
  if (folder === undefined || !isReadable(seer, folder)) return null;
  const own = collectionsOf(folder, seer.version).find((collection) => collection.kind === kind) ?? null;
  if (own === null || !hasOneFolder(seer, own.easClass)) return own;
  const shown = shownAmong(folders, seer);
  return shown.find((collection) => collection.kind === kind && folderOf(collection, folderId) !== undefined) ?? null;
}

function shownAmong(folders: readonly Folder[], seer: Seer): Collection[] {
  return shownCollections(
    folders.filter((folder) => isReadable(seer, folder)),
    seer,
  );
}

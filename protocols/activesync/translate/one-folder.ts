import type { Folder, FolderId } from '../../../src/domain/folder.ts';
import type { FolderRole } from '../../../src/domain/item-class.ts';
import type { ClassVersion } from '../classes/version.ts';
import { type Collection, collectionsOf, type EasClass } from './view.ts';

/** What a device is shown of folders. */
export interface ShownTo {
  readonly version: ClassVersion;
  /** Classes of which the device has one folder only (quirks.ts). */
  readonly oneFolderOf?: readonly EasClass[];
}

const MAIN: Readonly<Record<EasClass, FolderRole>> = {
  Email: 'inbox',
  Calendar: 'calendar',
  Contacts: 'contacts',
  Tasks: 'tasks',
  Notes: 'notes',
};

/** The default folder of a class. */
export function mainRole(easClass: EasClass): FolderRole {
  return MAIN[easClass];
}

/** Whether the device has one folder for all items of this class. */
export function hasOneFolder({ oneFolderOf = [] }: ShownTo, easClass: EasClass): boolean {
  return oneFolderOf.includes(easClass);
}

/**
 * The collections of folders as the device sees them. Where it has one folder for a class, the default folder's collection
 * shows the items of the others as well, and those are none of their own. Without a default folder each is on its own.
 * @param folders All that the person may read of one mailbox, in an order that does not change
 */
export function shownCollections(folders: readonly Folder[], shownTo: ShownTo): Collection[] {
  const all = folders.flatMap((folder) => collectionsOf(folder, shownTo.version));
  return all.flatMap((collection) => {
    const { easClass } = collection;
    if (!hasOneFolder(shownTo, easClass)) return [collection];
    const ofClass = all.filter((other) => other.easClass === easClass);
    const main = ofClass.find(({ folder }) => folder.role === MAIN[easClass]);
    if (main === undefined) return [collection];
    const merged = ofClass.filter((other) => other !== main).map(({ folder }) => folder);
    return collection === main ? [{ ...main, merged }] : [];
  });
}

/** The folder whose items of its class a collection shows; undefined for one that it does not show. */
export function folderOf({ folder, merged = [] }: Collection, id: FolderId): Folder | undefined {
  return folder.id === id ? folder : merged.find((other) => other.id === id);
}

/** What of a collection names its partnership's folders in the engine. */
export function sourceOf({ folder, merged }: Collection): {
  readonly folderId: FolderId;
  readonly merged?: readonly FolderId[];
} {
  return { folderId: folder.id, ...(merged === undefined ? {} : { merged: merged.map(({ id }) => id) }) };
}

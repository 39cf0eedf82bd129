import type { Folder, FolderId } from '../../../src/domain/folder.ts';
import { shownName } from '../../../src/domain/folder-names.ts';
import { HOME_OF, type ItemClass } from '../../../src/domain/item-class.ts';
import { nameForFolder } from '../../../src/items/names.ts';

/** Where a folder lies or is to lie. */
export interface FolderPlace {
  readonly itemClass: ItemClass;
  readonly parentId: FolderId | null;
  /** The folder itself when it is there already. */
  readonly self: FolderId | null;
}

/**
 * Whether people see another folder of this name and class there. A calendar and a task list may share a name, as they
 * do on phones, which show them in different programs.
 */
export function isNameTaken(folders: readonly Folder[], place: FolderPlace, name: string, language: string): boolean {
  return folders.some(
    (folder) =>
      folder.itemClass === place.itemClass &&
      folder.parentId === place.parentId &&
      folder.id !== place.self &&
      shownName(folder, [language]).normalize('NFC') === name,
  );
}

/** A DAV name for it that is free there. */
export function freeName(folders: readonly Folder[], place: FolderPlace, shown: string): string {
  const taken = new Set(
    folders
      .filter(
        ({ id, itemClass, parentId }) =>
          HOME_OF[itemClass] === HOME_OF[place.itemClass] && parentId === place.parentId && id !== place.self,
      )
      .map(({ name }) => name),
  );
  return nameForFolder(shown, (name) => taken.has(name));
}

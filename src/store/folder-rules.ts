import { GatewayError } from '../domain/errors.ts';
import type { Folder, FolderId } from '../domain/folder.ts';
import { FOLDER_ROLES, HOME_OF, type ItemClass } from '../domain/item-class.ts';

/** Sorts folders: default roles first in their fixed order, then by id. */
export function compareFolders(a: Folder, b: Folder): number {
  return rank(a) - rank(b) || a.id - b.id;
}

function rank(folder: Folder): number {
  return folder.role === null ? FOLDER_ROLES.length : FOLDER_ROLES.indexOf(folder.role);
}

/** Folders lie below folders of their own home. @throws TypeError, since callers choose the parent by the class */
export function checkParentClass(itemClass: ItemClass, parent: Folder | null): void {
  if (parent === null || HOME_OF[parent.itemClass] === HOME_OF[itemClass]) return;
  throw new TypeError(`A folder of class ${itemClass} cannot lie in one of class ${parent.itemClass}.`);
}

/** Refuses to hang a folder below itself. `parentOf` gives the parent of a folder. */
export function checkNoCycle(id: FolderId, parentId: FolderId, parentOf: (id: FolderId) => FolderId | null): void {
  for (let at: FolderId | null = parentId; at !== null; at = parentOf(at)) {
    if (at !== id) continue;
    const reason = 'A folder cannot be moved below itself.';
    throw new GatewayError('protected', { what: `folder ${id}`, reason }, reason);
  }
}

/** The properties after a patch: each given name set, those given as null removed. */
export function patchProperties(
  properties: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = new Map(Object.entries(properties));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  // fromEntries defines own properties, so that a client's "__proto__" is a name like any other.
  return Object.fromEntries(merged);
}

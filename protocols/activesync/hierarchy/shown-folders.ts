import type { Folder, FolderId } from '../../../src/domain/folder.ts';
import { shownName } from '../../../src/domain/folder-names.ts';
import type { FolderRole } from '../../../src/domain/item-class.ts';
import { mainRole, type ShownTo, shownCollections } from '../translate/one-folder.ts';
import { type Collection, collectionsOf, type EasClass } from '../translate/view.ts';
import { typeOf } from './folder-types.ts';

/** One folder as a device sees it. */
export interface ShownFolder {
  /** A CollectionId (translate/view.ts). */
  readonly id: string;
  /** The id of another, or TOP. */
  readonly parentId: string;
  readonly name: string;
  readonly type: number;
}

/** MS-ASCMD §2.2.3.129: what lies in no other folder. */
export const TOP = '0';

/** MS-ASCMD §2.2.3.49.3: in characters. */
export const MAX_NAME_LENGTH = 256;

/**
 * The hierarchy as such a device sees it, parents before children. Folders of another component beside their own class are
 * seen once for each.
 */
export function shownFolders(folders: readonly Folder[], shownTo: ShownTo, language: string): ShownFolder[] {
  const below = Map.groupBy(folders, ({ parentId }) => parentId);
  const ids = new Set(shownCollections(folders, shownTo).map(({ id }) => id));
  const shown: ShownFolder[] = [];
  const add = (parentId: FolderId | null, shownParent: string): void => {
    for (const folder of below.get(parentId) ?? []) {
      const [primary, ...further] = collectionsOf(folder, shownTo.version);
      const isShown = primary !== undefined && ids.has(primary.id);
      const name = phoneName(folder, language);
      if (isShown) shown.push(shownAs(primary, shownParent, name, folder.role));
      for (const view of further.filter(({ id }) => ids.has(id))) {
        const viewName = `${name} (${className(view.easClass, language)})`;
        shown.push(shownAs(view, shownParent, clipped(viewName), null));
      }
      add(folder.id, isShown ? primary.id : shownParent);
    }
  };
  add(null, TOP);
  return shown;
}

function shownAs({ id, easClass }: Collection, parentId: string, name: string, role: FolderRole | null): ShownFolder {
  return { id, parentId, name, type: typeOf(easClass, role) };
}

/** Names come from clients of all kinds: a phone gets one that it can show, whatever they are. */
function phoneName(folder: Folder, language: string): string {
  const name = clipped(shownName(folder, [language]));
  return name === '' ? clipped(folder.name) : name;
}

function clipped(name: string): string {
  const line = name
    .toWellFormed()
    .replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  if (line.length <= MAX_NAME_LENGTH) return line;
  // Half a surrogate pair at the edge is dropped.
  return line.slice(0, MAX_NAME_LENGTH).replace(/[\ud800-\udbff]$/, '');
}

/** What a class is called: as the default folder that holds it. */
function className(easClass: EasClass, language: string): string {
  return shownName({ displayName: null, role: mainRole(easClass), name: '' }, [language]);
}

import type { Folder, FolderId } from './folder.ts';
import type { FolderRole } from './item-class.ts';

/** The default folder with this role; null where the mailbox lost it. */
export function folderWithRole(folders: readonly Folder[], role: FolderRole): Folder | null {
  return folders.find((folder) => folder.role === role) ?? null;
}

/** These folders and, among `folders`, all that lie below them at any depth. */
export function withAllBelow(folders: readonly Folder[], ids: Iterable<FolderId>): ReadonlySet<FolderId> {
  const below = Map.groupBy(folders, ({ parentId }) => parentId);
  const found = new Set(ids);
  // A set is walked in the order of adding, what is added on the way too.
  for (const at of found) for (const child of below.get(at) ?? []) found.add(child.id);
  return found;
}

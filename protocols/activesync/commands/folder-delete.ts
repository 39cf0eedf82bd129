import { withAllBelow } from '../../../src/domain/folder-tree.ts';
import { deleteFolderIn } from '../../../src/items/folders.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import type { EasContext } from '../command.ts';
import { changeHierarchy } from '../hierarchy/change-hierarchy.ts';
import { FolderRefusal, folderCommand, isPrimary, requiredText } from '../hierarchy/folder-command.ts';
import { findCollection } from '../translate/find-collection.ts';
import { el } from '../wbxml/element.ts';

/** Removes a folder with all that is in it and below it (MS-ASCMD §2.2.1.4). */
export const FOLDER_DELETE = folderCommand('FolderDelete', async (context, root) => {
  const key = requiredText(root, 'FolderHierarchy:SyncKey');
  const id = requiredText(root, 'FolderHierarchy:ServerId');
  const done = await changeHierarchy(context, key, ['FolderDelete', id], async ({ tx }) => {
    await deleteNamed(context, tx, id);
    // Of this one only: devices differ in what they do with folders below it, and a Delete too many does no harm.
    return { removed: id };
  });
  return el('FolderHierarchy:FolderDelete', el('FolderHierarchy:Status', 1), el('FolderHierarchy:SyncKey', done.key));
});

async function deleteNamed(context: EasContext, tx: SyncWriter, id: string): Promise<void> {
  const { principal, version } = context;
  const found = await findCollection(tx, context, id);
  if (found === null) throw new FolderRefusal(4, `there is no folder ${id}`);
  if (!isPrimary(found, version)) throw new FolderRefusal(3, 'it is a view of another folder');
  const folders = await tx.folders();
  const all = withAllBelow(folders, [found.folder.id]);
  const stays = folders.find((folder) => folder.role !== null && all.has(folder.id));
  if (stays !== undefined) throw new FolderRefusal(3, `${stays.name} is a default folder`);
  await deleteFolderIn(tx, { principal, folder: found.folder });
}

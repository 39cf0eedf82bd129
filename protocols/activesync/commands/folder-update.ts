import type { Folder, FolderId, FolderPatch } from '../../../src/domain/folder.ts';
import { shownName } from '../../../src/domain/folder-names.ts';
import { withAllBelow } from '../../../src/domain/folder-tree.ts';
import { updateFolderIn } from '../../../src/items/folders.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import type { EasContext } from '../command.ts';
import { changeHierarchy, type HierarchyChange } from '../hierarchy/change-hierarchy.ts';
import { FolderRefusal, folderCommand, isPrimary, requiredName, requiredText } from '../hierarchy/folder-command.ts';
import { freeName, isNameTaken } from '../hierarchy/folder-place.ts';
import { typeOf } from '../hierarchy/folder-types.ts';
import { TOP } from '../hierarchy/shown-folders.ts';
import { findCollection } from '../translate/find-collection.ts';
import type { Collection } from '../translate/view.ts';
import { el } from '../wbxml/element.ts';

interface Wish {
  readonly id: string;
  readonly parentId: string;
  readonly name: string;
}

/**
 * Renames or moves a folder (MS-ASCMD §2.2.1.6). A request always has both name and parent: what is as the device holds it
 * was not meant to change, so that a rename by one device and a move by another both stay.
 */
export const FOLDER_UPDATE = folderCommand('FolderUpdate', async (context, root) => {
  const key = requiredText(root, 'FolderHierarchy:SyncKey');
  const id = requiredText(root, 'FolderHierarchy:ServerId');
  const parentId = requiredText(root, 'FolderHierarchy:ParentId');
  const name = requiredName(root);
  const request = ['FolderUpdate', id, parentId, name];
  const done = await changeHierarchy(context, key, request, async (change) => {
    const { easClass } = await update(context, change, { id, parentId, name });
    const type = change.held.find((folder) => folder.id === id)?.type ?? typeOf(easClass, null);
    return { put: { id, parentId, name, type } };
  });
  return el('FolderHierarchy:FolderUpdate', el('FolderHierarchy:Status', 1), el('FolderHierarchy:SyncKey', done.key));
});

async function update(context: EasContext, change: HierarchyChange, wish: Wish): Promise<Collection> {
  const { tx, language } = change;
  const found = await findCollection(tx, context, wish.id);
  if (found === null) throw new FolderRefusal(4, `there is no folder ${wish.id}`);
  const { folder } = found;
  if (folder.role !== null) throw new FolderRefusal(2, `${folder.name} is a default folder`);
  if (!isPrimary(found, context.version)) throw new FolderRefusal(2, 'it is a view of another folder');
  const known = change.held.find(({ id }) => id === wish.id);
  const current = shownName(folder, [language]).normalize('NFC');
  const isRenamed = wish.name !== known?.name.normalize('NFC') && wish.name !== current;
  const isMoved = wish.parentId !== known?.parentId;
  const parentId = isMoved ? await newParent(context, tx, folder, wish.parentId) : folder.parentId;
  if (!isRenamed && parentId === folder.parentId) return found;
  const place = { itemClass: folder.itemClass, parentId, self: folder.id };
  const name = isRenamed ? wish.name : current;
  const folders = await tx.folders();
  if (isNameTaken(folders, place, name, language)) throw new FolderRefusal(2, 'the name is taken');
  // The address of a calendar or an address book stays: DAV clients know it.
  const path = folder.itemClass === 'mail' ? { parentId, name: freeName(folders, place, name) } : {};
  const patch: FolderPatch = { ...path, displayName: name };
  await updateFolderIn(tx, context.environment.items, { principal: context.principal, folder, patch });
  return found;
}

/**
 * Where it is to lie. MS-ASCMD §2.2.3.177.6: 5 sends the device to FolderSync, which is what it needs when its tree is not ours:
 * also for a parent that cannot hold this folder, or that lies below it.
 */
async function newParent(
  context: EasContext,
  tx: SyncWriter,
  folder: Folder,
  parentId: string,
): Promise<FolderId | null> {
  if (parentId === TOP) return null;
  const parent = await findCollection(tx, context, parentId);
  if (parent === null) throw new FolderRefusal(5, `there is no folder ${parentId}`);
  if (folder.itemClass !== 'mail' || parent.folder.itemClass !== 'mail') {
    throw new FolderRefusal(5, 'only mail folders lie in others, and only in mail folders');
  }
  const below = withAllBelow(await tx.folders(), [folder.id]);
  if (below.has(parent.folder.id)) throw new FolderRefusal(5, 'a folder cannot lie in itself');
  return parent.folder.id;
}

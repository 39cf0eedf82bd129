import type { Folder, FolderId, FolderPatch, NewFolder } from '../../domain/folder.ts';
import { HOME_OF } from '../../domain/item-class.ts';
import { checkNoCycle, checkParentClass, patchProperties } from '../folder-rules.ts';
import { folderNotFound, nameTaken } from '../refusals.ts';
import { removeItem } from './item-writes.ts';
import type { MailboxDraft } from './mailbox-state.ts';
import { forgetPartnership } from './partnership-writes.ts';
import { takeStamp } from './stamps.ts';

export function createFolder(draft: MailboxDraft, folder: NewFolder, now: number): Folder {
  const parent = folder.parentId === null ? null : folderIn(draft, folder.parentId);
  checkParentClass(folder.itemClass, parent);
  checkFolderName(draft, folder, null);
  for (const other of draft.folders.values()) {
    if (folder.role !== null && other.role === folder.role) throw nameTaken(folder.role);
  }
  const id = draft.row.nextFolder;
  draft.row = { ...draft.row, nextFolder: id + 1 };
  const stamp = takeStamp(draft);
  const { parentId, itemClass, role, name, displayName, components } = folder;
  const properties = patchProperties({}, folder.properties);
  const shown = { parentId, itemClass, role, name, displayName, components: [...components], properties };
  return putFolder(draft, {
    mailboxId: draft.row.id,
    id,
    ...shown,
    createdAt: now,
    rev: stamp,
    last: stamp,
    pruned: 0,
  });
}

export function updateFolder(draft: MailboxDraft, id: FolderId, patch: FolderPatch): Folder {
  const folder = folderIn(draft, id);
  const properties = patchProperties(folder.properties, patch.properties ?? {});
  const changed: Folder = {
    ...folder,
    parentId: patch.parentId === undefined ? folder.parentId : patch.parentId,
    name: patch.name ?? folder.name,
    displayName: patch.displayName === undefined ? folder.displayName : patch.displayName,
    components: patch.components === undefined ? folder.components : [...patch.components],
    properties,
  };
  if (changed.parentId !== null && changed.parentId !== folder.parentId) {
    folderIn(draft, changed.parentId);
    checkNoCycle(id, changed.parentId, (at) => folderIn(draft, at).parentId);
  }
  checkFolderName(draft, changed, id);
  const stamp = takeStamp(draft);
  return putFolder(draft, { ...changed, rev: stamp, last: stamp });
}

export function deleteFolder(draft: MailboxDraft, id: FolderId, by: number | null): void {
  const folder = folderIn(draft, id);
  for (const other of [...draft.folders.values()]) if (other.parentId === id) deleteFolder(draft, other.id, by);
  for (const { item } of [...draft.items.values()]) if (item.folderId === id) removeItem(draft, item, by);
  const stamp = takeStamp(draft);
  for (const { folderId, device } of [...draft.partnerships.values()]) {
    if (folderId === id) forgetPartnership(draft, id, device);
  }
  draft.folders.delete(id);
  draft.folderLog.set(stamp, { folderId: id, stamp, name: folder.name });
  draft.row = { ...draft.row, foldersLast: stamp };
  draft.touched.set(id, stamp);
}

function folderIn(draft: MailboxDraft, id: FolderId): Folder {
  const folder = draft.folders.get(id);
  if (folder === undefined) throw folderNotFound(id);
  return folder;
}

function putFolder(draft: MailboxDraft, folder: Folder): Folder {
  draft.folders.set(folder.id, folder);
  draft.row = { ...draft.row, foldersLast: folder.rev };
  draft.touched.set(folder.id, folder.rev);
  return folder;
}

type NamedFolder = Pick<Folder, 'name' | 'parentId' | 'itemClass'>;

function checkFolderName(draft: MailboxDraft, folder: NamedFolder, self: FolderId | null): void {
  for (const other of draft.folders.values()) {
    const sibling = other.parentId === folder.parentId && HOME_OF[other.itemClass] === HOME_OF[folder.itemClass];
    if (sibling && other.id !== self && other.name === folder.name) throw nameTaken(folder.name);
  }
}

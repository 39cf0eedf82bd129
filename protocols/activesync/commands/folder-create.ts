import { createFolderIn } from '../../../src/items/folders.ts';
import type { EasContext } from '../command.ts';
import { changeHierarchy, type HierarchyChange } from '../hierarchy/change-hierarchy.ts';
import { FolderRefusal, folderCommand, requiredName, requiredText } from '../hierarchy/folder-command.ts';
import { freeName, isNameTaken } from '../hierarchy/folder-place.ts';
import { type CreatedClass, createdClassOf } from '../hierarchy/folder-types.ts';
import { type ShownFolder, shownFolders, TOP } from '../hierarchy/shown-folders.ts';
import { EasStatusError } from '../status.ts';
import { findCollection } from '../translate/find-collection.ts';
import { el } from '../wbxml/element.ts';
import { numberOf, requiredChild } from '../wbxml/read-element.ts';

/** MS-ASCMD §2.2.3.186.3 */
const RECIPIENT_CACHE = 19;

type Wish = Omit<ShownFolder, 'id'> & CreatedClass;

/**
 * Creates a folder (MS-ASCMD §2.2.1.3). Mail folders lie below each other as asked. Calendars, address books, task lists and
 * notes lie at the top, wherever they are asked for: the next FolderSync tells the device.
 */
export const FOLDER_CREATE = folderCommand('FolderCreate', async (context, root) => {
  const key = requiredText(root, 'FolderHierarchy:SyncKey');
  const parentId = requiredText(root, 'FolderHierarchy:ParentId');
  const name = requiredName(root);
  const type = numberOf(requiredChild(root, 'FolderHierarchy:Type'), { min: 1, max: 255 });
  if (type === RECIPIENT_CACHE) throw new FolderRefusal(3, 'a recipient information cache cannot be created');
  const created = createdClassOf(type, context.version);
  if (created === null) throw new FolderRefusal(10, `folders of type ${type} cannot be created`);
  const wish = { parentId, name, type, ...created };
  const request = ['FolderCreate', parentId, name, type];
  const done = await changeHierarchy(context, key, request, async (change) => {
    const id = await createWished(context, change, wish);
    return { put: { id: `${id}`, parentId, name, type } };
  });
  return el(
    'FolderHierarchy:FolderCreate',
    el('FolderHierarchy:Status', 1),
    el('FolderHierarchy:SyncKey', done.key),
    'put' in done.effect ? el('FolderHierarchy:ServerId', done.effect.put.id) : null,
  );
});

async function createWished(context: EasContext, { tx, language }: HierarchyChange, wish: Wish): Promise<number> {
  const { environment, principal } = context;
  const { itemClass, components, name } = wish;
  const parent = wish.parentId === TOP ? null : await findCollection(tx, context, wish.parentId);
  if (wish.parentId !== TOP && parent === null) throw new FolderRefusal(5, `there is no folder ${wish.parentId}`);
  const isBelow = itemClass === 'mail' && parent?.folder.itemClass === 'mail';
  const place = { itemClass, parentId: isBelow ? parent.folder.id : null, self: null };
  const folders = await tx.folders();
  if (isNameTaken(folders, place, name, language)) throw new FolderRefusal(2, 'the name is taken');
  const { maxFolders } = environment.limits;
  // One more than a device can be told of would stop every FolderSync.
  if (shownFolders(folders, context, language).length >= maxFolders) {
    throw new EasStatusError(151, `there are ${maxFolders} folders already`);
  }
  const folder = await createFolderIn(tx, environment.items, {
    ...{ principal, itemClass, components, parentId: place.parentId, properties: {} },
    ...{ name: freeName(folders, place, name), displayName: name },
  });
  return folder.id;
}

import type { Folder } from '../../../../src/domain/folder.ts';
import type { ItemKind } from '../../../../src/domain/item-class.ts';
import { CLIENT_ORIGIN, type Stamp } from '../../../../src/domain/mailbox.ts';
import { deleteFolder } from '../../../../src/items/folders.ts';
import { requireRight } from '../../../../src/items/require-right.ts';
import type { EasContext } from '../../command.ts';
import { findCollection } from '../../translate/find-collection.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { child, childBool, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { checkIdLength } from '../id-length.ts';
import { OPERATION_STATUS, type OperationStatus, settled } from './operation-status.ts';

/** Items removed in one transaction, between which others write. */
const SLICE = 200;

/**
 * One EmptyFolderContents (MS-ASCMD §2.2.3.58): removes for good what was in the collection when the request came; what comes
 * while that goes on stays. Done again it finds nothing to do.
 */
export async function emptyFolder(context: EasContext, request: WbxElement): Promise<WbxElement> {
  const id = textOf(requiredChild(request, 'AirSync:CollectionId'));
  const status = await settled(() => statusOf(context, request, id));
  return el('ItemOperations:EmptyFolderContents', el('ItemOperations:Status', status), el('AirSync:CollectionId', id));
}

async function statusOf(context: EasContext, request: WbxElement, id: string): Promise<OperationStatus> {
  checkIdLength(request.name, id);
  const options = child(request, 'ItemOperations:Options');
  const withFolders = options !== null && (childBool(options, 'ItemOperations:DeleteSubFolders') ?? false);
  const reader = context.environment.items.store.read(context.principal.mailboxId);
  const collection = await findCollection(reader, context, id);
  if (collection === null) return OPERATION_STATUS.notFound;
  const folders = [collection.folder, ...(collection.merged ?? [])];
  for (const folder of folders) requireRight(context.principal, folder, 'write');
  const { head } = await reader.mailbox();
  for (const folder of folders) await emptyOne(context, folder, collection.kind, head);
  return withFolders ? removeBelow(context, await reader.folders(), collection.folder, head) : OPERATION_STATUS.done;
}

async function emptyOne(
  { environment }: EasContext,
  { mailboxId, id }: Folder,
  kind: ItemKind | null,
  head: Stamp,
): Promise<void> {
  const { store } = environment.items;
  for (let after = 0; ; ) {
    const page = await store.read(mailboxId).list(id, { after, limit: SLICE, withContent: false });
    await store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      for (const { item } of page.items) {
        // Read again: it may have been moved or removed since.
        const current = await tx.item(item.id);
        if (current === null || current.folderId !== id || current.entered > head) continue;
        if (kind === null || current.kind === kind) await tx.deleteItem(current.id);
      }
    });
    if (page.next === null) return;
    after = page.next;
  }
}

/** Emptied first, in slices: removing a folder is one transaction. Default folders are kept, which makes it partly done. */
async function removeBelow(
  context: EasContext,
  folders: readonly Folder[],
  parent: Folder,
  head: Stamp,
): Promise<OperationStatus> {
  let status: OperationStatus = OPERATION_STATUS.done;
  for (const folder of folders.filter(({ parentId }) => parentId === parent.id)) {
    await emptyOne(context, folder, null, head);
    const below = await removeBelow(context, folders, folder, head);
    if (below !== OPERATION_STATUS.done || folder.role !== null) status = OPERATION_STATUS.partlyDone;
    else await deleteFolder(context.environment.items, { principal: context.principal, folder });
  }
  return status;
}

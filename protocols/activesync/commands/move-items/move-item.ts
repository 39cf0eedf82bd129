import { GatewayError } from '../../../../src/domain/errors.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import type { Item } from '../../../../src/domain/item.ts';
import { relocateItem } from '../../../../src/items/relocate-item.ts';
import type { SyncWriter } from '../../../../src/store/sync-state-store.ts';
import type { EasContext } from '../../command.ts';
import { collectionAmong } from '../../translate/find-collection.ts';
import { folderOf } from '../../translate/one-folder.ts';
import { type Collection, parseServerId, serverIdOf } from '../../translate/view.ts';
import type { AskedMove } from './moves-request.ts';

/** MS-ASCMD §2.2.3.177.10: success is 3. */
export const MOVE_STATUS = {
  noSource: 1,
  noDestination: 2,
  done: 3,
  sameFolder: 4,
  impossible: 5,
  locked: 7,
} as const;

export interface MoveOutcome {
  readonly asked: AskedMove;
  readonly status: (typeof MOVE_STATUS)[keyof typeof MOVE_STATUS];
  /** The item's ServerId where it is now; null when it did not move. */
  readonly movedId: string | null;
  /** Where it was moved to by this very request. */
  readonly arrived: { readonly item: Item; readonly collection: Collection } | null;
}

/** Moves one item within the request's transaction. What refuses does so before anything is written. */
export async function moveOne(
  tx: SyncWriter,
  context: EasContext,
  folders: readonly Folder[],
  asked: AskedMove,
): Promise<MoveOutcome> {
  const refused = (status: MoveOutcome['status']): MoveOutcome => ({ asked, status, movedId: null, arrived: null });
  if (asked.destination === null) return refused(MOVE_STATUS.impossible);
  const source = collectionAmong(folders, context, asked.source);
  const item = await itemIn(tx, source, asked.item);
  if (source === null || item === null) {
    const movedId = await doneBefore(tx, context, asked);
    return movedId === null ? refused(MOVE_STATUS.noSource) : { ...refused(MOVE_STATUS.done), movedId };
  }
  const destination = collectionAmong(folders, context, asked.destination);
  if (destination === null) return refused(MOVE_STATUS.noDestination);
  if (destination.id === source.id) return refused(MOVE_STATUS.sameFolder);
  if (destination.kind !== item.kind) return refused(MOVE_STATUS.noDestination);
  try {
    const from = folderOf(source, item.folderId) ?? source.folder;
    const moved = await relocateItem(tx, context.principal, item, from, destination.folder);
    const movedId = serverIdOf(destination, moved.id);
    const at = context.environment.sync.clock.now();
    await tx.putDoneOperation({ name: operationName(context, asked), at, result: movedId });
    return { asked, status: MOVE_STATUS.done, movedId, arrived: { item: moved, collection: destination } };
  } catch (error) {
    const status = error instanceof GatewayError ? statusOfRefusal(error) : null;
    if (status === null) throw error;
    return refused(status);
  }
}

function statusOfRefusal({ code }: GatewayError): MoveOutcome['status'] | null {
  switch (code) {
    // The destination has an item with the same UID.
    case 'uid-conflict':
      return MOVE_STATUS.impossible;
    case 'access-denied':
    case 'component-unsupported':
    case 'content-unsupported':
      return MOVE_STATUS.noDestination;
    default:
      return null;
  }
}

async function itemIn(tx: SyncWriter, source: Collection | null, id: string): Promise<Item | null> {
  const parsed = parseServerId(id);
  if (source === null || parsed === null || parsed.collectionId !== source.id) return null;
  const item = await tx.item(parsed.itemId);
  const isThere = item !== null && folderOf(source, item.folderId) !== undefined;
  return isThere && item.kind === source.kind ? item : null;
}

/**
 * Where the item went when this device moved it before and lost the answer. Asked only when it is not in the source: one
 * that came back there since is moved anew.
 */
async function doneBefore(tx: SyncWriter, context: EasContext, asked: AskedMove): Promise<string | null> {
  const done = await tx.doneOperation(operationName(context, asked));
  return typeof done?.result === 'string' ? done.result : null;
}

function operationName({ device }: EasContext, { source, item, destination }: AskedMove): string {
  return `${device.id}/MoveItems/${source}/${item}/${destination}`;
}

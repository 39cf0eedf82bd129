import type { FolderId } from '../domain/folder.ts';
import type { ItemId } from '../domain/item.ts';
import type { Generation, SyncWriter } from '../store/sync-state-store.ts';
import { generationOf, noteException, positionOf } from './position.ts';

/**
 * Notes that a device holds items which came into a folder otherwise than by its Sync: it moved them there itself and
 * keeps its copies under their new ids. It gets each as a Change, which puts the copy right, in place of an Add, which would
 * double it. A device that does not synchronise the folder has nothing to be noted.
 */
export async function noteHeld(
  tx: SyncWriter,
  folderId: FolderId,
  device: string,
  itemIds: readonly ItemId[],
): Promise<void> {
  const partnership = await tx.partnership(folderId, device);
  if (partnership === null) return;
  const { current, previous } = partnership;
  // The previous one as well: a repeat of its key is answered from there.
  const before = previous === null ? null : withHeld(previous, itemIds);
  await tx.putPartnership({ ...partnership, current: withHeld(current, itemIds), previous: before });
}

function withHeld(generation: Generation, itemIds: readonly ItemId[]): Generation {
  const position = positionOf(generation);
  for (const itemId of itemIds) noteException(position, itemId, true);
  return generationOf(position, generation.key, generation.options);
}

import type { ItemId } from '../domain/item.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { SyncReader, SyncStateStore } from '../store/sync-state-store.ts';
import { moveInPlace } from './commit.ts';
import { generationOf, isQuarantined, noteException, positionOf } from './position.ts';
import type { SyncTarget } from './request.ts';

/** An item that a device does not get in its present revision. */
export interface QuarantinedItem extends SyncTarget {
  readonly itemId: ItemId;
  /** Whether the device holds an earlier revision. */
  readonly isHeld: boolean;
}

/** What is in quarantine, for all devices of a mailbox or for one. */
export async function listQuarantine(
  reader: SyncReader,
  mailboxId: MailboxId,
  device?: string,
): Promise<readonly QuarantinedItem[]> {
  const partnerships = await reader.partnerships(device);
  return partnerships.flatMap((partnership) =>
    partnership.current.exceptions.filter(isQuarantined).map(({ itemId, isHeld }) => {
      return { mailboxId, folderId: partnership.folderId, device: partnership.device, itemId, isHeld };
    }),
  );
}

/**
 * Lets the device's next Sync try an item again, or all of the partnership's. What still cannot be rendered returns to
 * quarantine. Returns how many there are to try.
 */
export async function retryQuarantine(store: SyncStateStore, target: SyncTarget, itemId?: ItemId): Promise<number> {
  return store.write(target.mailboxId, { kind: 'server', by: null }, async (tx) => {
    const partnership = await tx.partnership(target.folderId, target.device);
    if (partnership === null) return 0;
    const { current } = partnership;
    const position = positionOf(current);
    const due = current.exceptions.filter((entry) => isQuarantined(entry) && (itemId ?? entry.itemId) === entry.itemId);
    for (const entry of due) noteException(position, entry.itemId, entry.isHeld);
    await moveInPlace(tx, partnership, generationOf(position, current.key, current.options));
    return due.length;
  });
}

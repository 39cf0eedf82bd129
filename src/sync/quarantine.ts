import type { ItemId } from '../domain/item.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { SyncReader, SyncStateStore } from '../store/sync-state-store.ts';
import { moveInPlace } from './commit.ts';
import { generationOf, isQuarantined, noteCleared, noteException, type Position, positionOf } from './position.ts';
import type { SyncTarget } from './request.ts';

/** An item that a device does not get in its present revision. */
export interface QuarantinedItem extends SyncTarget {
  readonly itemId: ItemId;
  /** Whether the device holds an earlier revision. */
  readonly isHeld: boolean;
  /** 'refused': it cannot be shown to such a device; 'failed': showing it failed; 'repeats': the device kept repeating itself over it. */
  readonly reason: 'refused' | 'failed' | 'repeats';
}

/** What is in quarantine, for all devices of a mailbox or for one. */
export async function listQuarantine(
  reader: SyncReader,
  mailboxId: MailboxId,
  device?: string,
): Promise<readonly QuarantinedItem[]> {
  const partnerships = await reader.partnerships(device);
  return partnerships.flatMap((partnership) =>
    partnership.current.exceptions.filter(isQuarantined).map(({ itemId, isHeld, reason }) => {
      const { folderId, device } = partnership;
      return {
        mailboxId,
        folderId,
        device,
        itemId,
        isHeld,
        reason: reason === 'cleared' ? 'refused' : (reason ?? 'refused'),
      };
    }),
  );
}

/**
 * Lets the device's next Sync try an item again, or all of the partnership's. What still cannot be rendered returns to
 * quarantine. Returns how many there are to try.
 */
export function retryQuarantine(store: SyncStateStore, target: SyncTarget, itemId?: ItemId): Promise<number> {
  return decide(store, target, itemId, noteException);
}

/** Takes an item off the list, or all of the partnership's: the device goes without it until the item changes. Returns how many. */
export function clearQuarantine(store: SyncStateStore, target: SyncTarget, itemId?: ItemId): Promise<number> {
  return decide(store, target, itemId, noteCleared);
}

function decide(
  store: SyncStateStore,
  target: SyncTarget,
  itemId: ItemId | undefined,
  note: (position: Position, itemId: ItemId, isHeld: boolean) => void,
): Promise<number> {
  return store.write(target.mailboxId, { kind: 'server', by: null }, async (tx) => {
    const partnership = await tx.partnership(target.folderId, target.device);
    if (partnership === null) return 0;
    const { current } = partnership;
    const position = positionOf(current);
    const meant = current.exceptions.filter(
      (entry) => isQuarantined(entry) && (itemId ?? entry.itemId) === entry.itemId,
    );
    for (const entry of meant) note(position, entry.itemId, entry.isHeld);
    await moveInPlace(tx, partnership, generationOf(position, current.key, current.options));
    return meant.length;
  });
}

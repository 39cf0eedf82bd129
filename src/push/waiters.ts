import type { Clock } from '../domain/clock.ts';
import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { ChangeBus } from './change-bus.ts';

/** Repeats for the same waiter within this time are merged into one wake-up. */
export const MERGE_MS = 300;

export interface Wait {
  readonly mailboxId: MailboxId;
  /** Folders of interest; null = every folder. */
  readonly folders: ReadonlySet<FolderId> | null;
  /**
   * Whether other folders matter a little, too: their changes are told with the next wake-up, after the merge time at the
   * latest, and no change of interest waits for them.
   */
  readonly tellsOthers?: boolean;
  /** When nothing happens for this long, `onTimeout` is called and the wait is over. */
  readonly timeoutMs: number;
  /** Folders that changed. The first change wakes at once; the wait goes on until it is cancelled or times out. */
  onWake(folders: ReadonlySet<FolderId>): void;
  /** What was still to be told is told before. */
  onTimeout(): void;
}

/**
 * Parks a request: one timer and one listener, no worker and no polling. The function returned ends the wait without a
 * call; it must be called when the client goes away or has been answered.
 *
 * Who made a change does not matter here: whoever is woken looks at what there is for him, where his own writes are
 * nothing. To sort them out beforehand would miss what others wrote in the same transaction.
 */
export function park(bus: ChangeBus, clock: Clock, wait: Wait): () => void {
  let gathered: Set<FolderId> | null = null;
  let isUrgent = false;
  let quietUntil = Number.NEGATIVE_INFINITY;
  let cancelMerge: (() => void) | null = null;

  const unsubscribe = bus.subscribe(wait.mailboxId, ({ folderId }) => {
    const isOfInterest = wait.folders === null || wait.folders.has(folderId);
    if (!isOfInterest && wait.tellsOthers !== true) return;
    gathered ??= new Set();
    gathered.add(folderId);
    isUrgent ||= isOfInterest;
    const remaining = isOfInterest ? quietUntil - clock.elapsed() : MERGE_MS;
    if (remaining <= 0) wake();
    else cancelMerge ??= clock.after(remaining, wake);
  });
  const cancelTimeout = clock.after(wait.timeoutMs, () => {
    end();
    if (gathered !== null) wait.onWake(gathered);
    wait.onTimeout();
  });

  function wake(): void {
    cancelMerge?.();
    cancelMerge = null;
    if (isUrgent) quietUntil = clock.elapsed() + MERGE_MS;
    isUrgent = false;
    const folders = gathered ?? new Set();
    gathered = null;
    wait.onWake(folders);
  }

  function end(): void {
    unsubscribe();
    cancelTimeout();
    cancelMerge?.();
  }
  return end;
}

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
  /** Changes by this partnership do not wake it; null = every change does. */
  readonly except: number | null;
  /** When nothing happens for this long, `onTimeout` is called and the wait is over. */
  readonly timeoutMs: number;
  /** Folders that changed. The first change wakes at once; the wait goes on until it is cancelled or times out. */
  onWake(folders: ReadonlySet<FolderId>): void;
  onTimeout(): void;
}

/**
 * Parks a request: one timer and one listener, no worker and no polling. The function returned ends the wait without a
 * call; it must be called when the client goes away or has been answered.
 */
export function park(bus: ChangeBus, clock: Clock, wait: Wait): () => void {
  let gathered = new Set<FolderId>();
  let quietUntil = Number.NEGATIVE_INFINITY;
  let cancelMerge: (() => void) | null = null;

  const unsubscribe = bus.subscribe(wait.mailboxId, (change) => {
    if (wait.folders !== null && !wait.folders.has(change.folderId)) return;
    if (wait.except !== null && change.origin.by === wait.except) return;
    gathered.add(change.folderId);
    const remaining = quietUntil - clock.elapsed();
    if (remaining <= 0) wake();
    else cancelMerge ??= clock.after(remaining, wake);
  });
  const cancelTimeout = clock.after(wait.timeoutMs, () => {
    end();
    wait.onTimeout();
  });

  function wake(): void {
    cancelMerge = null;
    quietUntil = clock.elapsed() + MERGE_MS;
    const folders = gathered;
    gathered = new Set();
    wait.onWake(folders);
  }

  function end(): void {
    unsubscribe();
    cancelTimeout();
    cancelMerge?.();
  }
  return end;
}

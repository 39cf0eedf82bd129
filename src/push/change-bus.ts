import type { MailboxId } from '../domain/mailbox.ts';
import type { CommittedChange } from '../store/mailbox-store.ts';

export type ChangeListener = (change: CommittedChange) => void;

/**
 * Carries every commit to whoever waits for it in this process. A hint only: whoever is woken looks into the change
 * feed, so a lost or doubled message costs time, never data.
 */
export interface ChangeBus {
  /** Called by the store after each commit. Never throws: a listener's failure is reported and the others go on. */
  publish(change: CommittedChange): void;
  /** The function returned unsubscribes. */
  subscribe(mailboxId: MailboxId, listener: ChangeListener): () => void;
  /** Listeners of all mailboxes together. */
  readonly listenerCount: number;
}

export function createChangeBus(onListenerError: (error: unknown) => void): ChangeBus {
  const listeners = new Map<MailboxId, Set<ChangeListener>>();
  let listenerCount = 0;

  function subscribe(mailboxId: MailboxId, listener: ChangeListener): () => void {
    const set = listeners.get(mailboxId) ?? new Set();
    listeners.set(mailboxId, set);
    // An own function object each time, so that one listener subscribed twice is called and removed twice.
    const entry: ChangeListener = (change) => listener(change);
    set.add(entry);
    listenerCount++;
    return () => {
      if (!set.delete(entry)) return;
      listenerCount--;
      if (set.size === 0 && listeners.get(mailboxId) === set) listeners.delete(mailboxId);
    };
  }

  function publish(change: CommittedChange): void {
    const set = listeners.get(change.mailboxId);
    if (!set) return;
    // A copy: a listener that is woken usually unsubscribes itself.
    for (const listener of [...set]) {
      try {
        listener(change);
      } catch (error) {
        onListenerError(error);
      }
    }
  }

  return {
    publish,
    subscribe,
    get listenerCount() {
      return listenerCount;
    },
  };
}

import type { Clock } from '../domain/clock.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { LOSER_DAYS } from './caps.ts';

const DAY_MS = 86_400_000;

/** Drops the losing versions of conflicts that are older than they are kept; returns how many. */
export async function expireLosers(
  { store, clock }: { readonly store: Pick<SyncStateStore, 'write'>; readonly clock: Clock },
  mailboxId: MailboxId,
): Promise<number> {
  const before = clock.now() - LOSER_DAYS * DAY_MS;
  return store.write(mailboxId, { kind: 'server', by: null }, (tx) => tx.dropConflictLosers(before));
}

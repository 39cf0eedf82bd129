import type { MailboxId } from '../domain/mailbox.ts';
import { LOSER_DAYS } from './caps.ts';
import type { SyncServices } from './services.ts';
import type { Sized } from './translator.ts';

const DAY_MS = 86_400_000;

/** Drops the losing versions of conflicts that are older than they are kept; returns how many. */
export async function expireLosers(
  { store, clock }: Pick<SyncServices<Sized>, 'store' | 'clock'>,
  mailboxId: MailboxId,
): Promise<number> {
  const before = clock.now() - LOSER_DAYS * DAY_MS;
  return store.write(mailboxId, { kind: 'server', by: null }, (tx) => tx.dropConflictLosers(before));
}

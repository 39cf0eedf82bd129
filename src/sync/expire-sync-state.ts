import type { Clock } from '../domain/clock.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { DONE_OPERATION_DAYS } from './caps.ts';
import { expireLosers } from './expire-losers.ts';

const DAY_MS = 86_400_000;

/** How much was forgotten. */
export interface ExpiredState {
  readonly operations: number;
  readonly losers: number;
}

/** Forgets what no device can ask about any more: operations done long ago, and old versions that lost a conflict. */
export async function expireSyncState(
  services: { readonly store: Pick<SyncStateStore, 'write'>; readonly clock: Clock },
  mailboxId: MailboxId,
): Promise<ExpiredState> {
  const { store, clock } = services;
  const before = clock.now() - DONE_OPERATION_DAYS * DAY_MS;
  const origin = { kind: 'server', by: null } as const;
  const operations = await store.write(mailboxId, origin, (tx) => tx.dropDoneOperations(before));
  return { operations, losers: await expireLosers(services, mailboxId) };
}

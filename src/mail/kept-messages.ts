import type { MailboxId } from '../domain/mailbox.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { MAIL_ORIGIN } from './deliver.ts';
import { asOutgoing, OUTGOING_PREFIX, type OutgoingRecipient, outgoingItem } from './outgoing.ts';

/** A message that waits in an Outbox. */
export interface KeptMessage {
  readonly itemId: number;
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  /** Null: not before a relay is configured. */
  readonly nextTryAt: number | null;
  /** Those who still wait for it. */
  readonly waiting: readonly OutgoingRecipient[];
}

/** What a mailbox's Outbox keeps, oldest first. */
export async function keptMessages(store: SyncStateStore, mailboxId: MailboxId): Promise<readonly KeptMessage[]> {
  const kept: KeptMessage[] = [];
  for (const { name, value } of await store.read(mailboxId).documents(OUTGOING_PREFIX)) {
    const outgoing = asOutgoing(value);
    if (outgoing === null) continue;
    const { messageId, queuedAt, nextTryAt, recipients } = outgoing;
    const waiting = recipients.filter(({ state }) => state === 'waiting');
    kept.push({ itemId: outgoingItem(name), messageId, queuedAt, nextTryAt, waiting });
  }
  return kept.toSorted((a, b) => a.queuedAt - b.queuedAt || a.itemId - b.itemId);
}

/** Makes everything that a mailbox's Outbox keeps due now. Returns how many messages. */
export async function makeDue(store: SyncStateStore, mailboxId: MailboxId, now: number): Promise<number> {
  if ((await keptMessages(store, mailboxId)).length === 0) return 0;
  return store.write(mailboxId, MAIL_ORIGIN, async (tx) => {
    const documents = await tx.documents(OUTGOING_PREFIX);
    for (const { name, value } of documents) {
      const outgoing = asOutgoing(value);
      if (outgoing !== null) await tx.putDocument(name, { ...outgoing, nextTryAt: now });
    }
    return documents.length;
  });
}

import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import { folderOf, newMessage } from './deliver.ts';
import { type Outgoing, type OutgoingPlace, outgoingName } from './outgoing.ts';
import type { PreparedMessage } from './prepare-message.ts';
import { senderAddress } from './sender.ts';
import type { MailServices } from './services.ts';
import type { SubmissionRequest } from './submission.ts';

/**
 * Makes a message durable: Outbox item, envelope, copy in Sent, the note that the operation was done and whatever the
 * caller adds, in one transaction. From here on a crash loses nothing: the outbox is looked through at start.
 * @returns null when an operation of that name was done before; then nothing was written
 * @throws GatewayError 'quota-exceeded', 'storage-full', 'store-unavailable', and what `alsoWrite` throws
 */
export async function queueMessage(
  services: MailServices,
  request: SubmissionRequest,
  prepared: PreparedMessage,
): Promise<OutgoingPlace | null> {
  const { mailboxId } = request.principal;
  const now = services.clock.now();
  const queued = newMessage(prepared.outgoing, now, services.random);
  const copy = newMessage(prepared.sent, now, services.random);
  return services.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const { operation } = request;
    if (operation !== null && (await tx.doneOperation(operation)) !== null) return null;
    const { id: itemId } = await tx.createItem({ ...queued, folderId: (await folderOf(tx, 'outbox')).id });
    const sentItemId = request.saveInSent ? await keepCopy(tx, copy) : null;
    await tx.putDocument(outgoingName(itemId), envelopeOf(request, prepared, { sentItemId, now }));
    if (operation !== null) {
      const result = { itemId, messageId: prepared.messageId };
      await tx.putDoneOperation({ name: operation, at: now, result });
    }
    await request.alsoWrite?.(tx);
    return { mailboxId, itemId };
  });
}

async function keepCopy(tx: SyncWriter, copy: ReturnType<typeof newMessage>): Promise<number> {
  const { id: folderId } = await folderOf(tx, 'sent');
  return (await tx.createItem({ ...copy, folderId, flags: { read: true } })).id;
}

function envelopeOf(
  { principal, operation }: SubmissionRequest,
  { messageId, recipients }: PreparedMessage,
  { sentItemId, now }: { sentItemId: number | null; now: number },
): Outgoing {
  return {
    sender: senderAddress(principal),
    messageId,
    sentItemId,
    operation,
    queuedAt: now,
    triedAt: null,
    nextTryAt: now,
    isNoticed: false,
    recipients: recipients.map((address) => ({ address, state: 'waiting', tries: 0, reason: null })),
  };
}

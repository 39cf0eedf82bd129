import { contentLength } from '../domain/content.ts';
import type { Item } from '../domain/item.ts';
import { fromLatin1 } from '../formats/mime/charset.ts';
import type { User } from '../store/directory-store.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import { deliver, folderOf, MAIL_ORIGIN, verdictOf } from './deliver.ts';
import { findRecipient } from './find-recipient.ts';
import { mailEvent } from './mail-log.ts';
import { asOutgoing, deliveryOperation, type Outgoing, type OutgoingPlace, outgoingName } from './outgoing.ts';
import type { Verdict } from './relay.ts';
import type { MailServices } from './services.ts';
import { type Settlement, settle } from './settle.ts';
import { type Arrival, deliveryFields, receivedField } from './trace-fields.ts';

export interface AttemptOptions {
  /** The message, when the caller still has it in memory. */
  readonly message?: readonly Uint8Array[];
  /** Whether the sender is still there to be told of a refusal; when it answers true, the sender waits for the end. */
  readonly holdSender: () => boolean;
  /** What else is undone when the message is taken back because everybody refused it while the sender waited. */
  readonly alsoTakeBack?: (tx: SyncWriter) => Promise<void>;
}

/** What is left of a message that is not there any more. */
const GONE: Settlement = { refusal: null, waiting: 0, nextTryAt: null };

/**
 * Tries once to get a message of an Outbox to everybody who still waits for it, and writes down what became of it. May be
 * repeated at any time: a mailbox here takes it once, whatever is lost in between; another server may get it again when
 * this one dies between its answer and the note of it, with the same Message-ID.
 */
export async function attempt(
  services: MailServices,
  place: OutgoingPlace,
  options: AttemptOptions,
): Promise<Settlement> {
  const reader = services.syncState.read(place.mailboxId);
  const outgoing = asOutgoing(await reader.document(outgoingName(place.itemId)));
  if (outgoing === null) return GONE;
  const item = await reader.item(place.itemId);
  if (item === null || item.folderId !== (await folderOf(reader, 'outbox')).id) return forget(services, place);
  const verdicts = new Map<string, Verdict>();
  const elsewhere: string[] = [];
  const here: { address: string; user: User }[] = [];
  for (const { address, state } of outgoing.recipients) {
    if (state !== 'waiting') continue;
    const user = await findRecipient(services.directory, address);
    if (user === null) elsewhere.push(address);
    else here.push({ address, user });
  }
  if (here.length > 0) {
    const message = options.message ?? (await readMessage(services, item));
    for (const { address, user } of here) {
      verdicts.set(address, await deliverHere(services, { place, outgoing, message, address, user }));
    }
  }
  for (const [address, verdict] of await relayAll(services, item, outgoing, elsewhere)) verdicts.set(address, verdict);
  return settle(services, place, verdicts, options);
}

/** Somebody deleted the message, or took it out of the Outbox: then it is not to be sent. */
async function forget(services: MailServices, place: OutgoingPlace): Promise<Settlement> {
  await services.syncState.write(place.mailboxId, MAIL_ORIGIN, (tx) =>
    tx.putDocument(outgoingName(place.itemId), null),
  );
  mailEvent(
    services,
    'cancelled',
    { mailbox: place.mailboxId, item: place.itemId },
    'taken out of the Outbox: not sent',
  );
  return GONE;
}

async function readMessage({ syncState }: MailServices, item: Item): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of syncState.read(item.mailboxId).content(item.id)) chunks.push(chunk);
  return chunks;
}

interface LocalDelivery {
  readonly place: OutgoingPlace;
  readonly outgoing: Outgoing;
  readonly message: readonly Uint8Array[];
  readonly address: string;
  readonly user: User;
}

async function deliverHere(services: MailServices, delivery: LocalDelivery): Promise<Verdict> {
  const { place, outgoing, message, address, user } = delivery;
  const content = [fromLatin1(deliveryFields(arrivalOf(services, place, outgoing), address)), ...message];
  try {
    const operation = deliveryOperation(place);
    await deliver(services, { user, address, sender: outgoing.sender, content, operation });
    const { sender, messageId } = outgoing;
    const fields = { mailbox: user.mailboxId, sender, recipient: address, messageId, size: contentLength(content) };
    mailEvent(services, 'delivered', fields, 'message delivered');
    return { kind: 'accepted' };
  } catch (error) {
    const verdict = verdictOf(error, contentLength(content));
    if (verdict === null) throw error;
    return verdict;
  }
}

async function relayAll(
  services: MailServices,
  item: Item,
  outgoing: Outgoing,
  recipients: readonly string[],
): Promise<ReadonlyMap<string, Verdict>> {
  if (recipients.length === 0) return new Map();
  if (services.relay === null) {
    // RFC 3463 §3.5: routing server not found, for the time being.
    const kept: Verdict = {
      kind: 'kept',
      status: '4.4.4',
      reason: 'this server has no relay for mail to other servers',
    };
    return new Map(recipients.map((address) => [address, kept]));
  }
  const trace = fromLatin1(receivedField(arrivalOf(services, { ...item, itemId: item.id }, outgoing), null));
  return services.relay.send({
    sender: outgoing.sender,
    recipients,
    size: trace.length + item.size,
    async *content() {
      yield trace;
      yield* services.syncState.read(item.mailboxId).content(item.id);
    },
  });
}

/** RFC 5321 §3.7.2: a gateway says that the message passed it. Not where the sender's program is: that is private. */
function arrivalOf(services: MailServices, { mailboxId, itemId }: OutgoingPlace, outgoing: Outgoing): Arrival {
  const id = `${mailboxId.toString(36)}-${itemId.toString(36)}`;
  return {
    sender: outgoing.sender,
    client: null,
    protocol: 'HTTP',
    id,
    hostName: services.hostName,
    at: outgoing.queuedAt,
  };
}

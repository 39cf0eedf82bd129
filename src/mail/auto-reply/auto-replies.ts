import { domainOf } from '../../domain/address.ts';
import {
  type Audience,
  type AutomaticAnswer,
  OUT_OF_OFFICE_DOCUMENT,
  type OutOfOffice,
  storedOutOfOffice,
} from '../../domain/out-of-office.ts';
import type { HeaderField } from '../../formats/mime/header-fields.ts';
import type { SyncReader } from '../../store/sync-state-store.ts';
import { folderOf, headerFields, MAIL_ORIGIN, newMessage } from '../deliver.ts';
import type { Delivered } from '../delivery-bell.ts';
import { findRecipient } from '../find-recipient.ts';
import { addressKey, asciiDomain, readAddress } from '../mail-address.ts';
import { mailEvent } from '../mail-log.ts';
import type { OutboxWorker } from '../outbox-worker.ts';
import { type Outgoing, type OutgoingPlace, outgoingName } from '../outgoing.ts';
import { senderAddress } from '../sender.ts';
import type { MailServices } from '../services.ts';
import { isKnown } from './is-known.ts';
import { replyMessage } from './reply-message.ts';
import { mayAnswer } from './should-answer.ts';

/** RFC 3834 §2: one answer to a person within some days. */
const ONCE_IN_MS = 7 * 86_400_000;

/** Answers messages to people who are out of office. */
export interface AutoReplies {
  /** Waits for the answers being written. */
  close(): Promise<void>;
}

/** Listens to deliveries. What fails is logged: the message itself was delivered. */
export function startAutoReplies(services: MailServices, worker: OutboxWorker): AutoReplies {
  const pending = new Set<Promise<void>>();
  services.bell.answerWith(({ user, address, sender, content }) => {
    const fields = headerFields(content);
    const work = answer(services, worker, { user, address, sender }, fields)
      .catch((error: unknown) => services.log.error({ mailbox: user.mailboxId, error }, 'an automatic reply failed'))
      .finally(() => pending.delete(work));
    pending.add(work);
  });
  return { close: async () => void (await Promise.all(pending)) };
}

type Envelope = Omit<Delivered, 'content'>;

async function answer(
  services: MailServices,
  worker: OutboxWorker,
  delivered: Envelope,
  fields: readonly HeaderField[],
): Promise<void> {
  const { user, sender } = delivered;
  const reader = services.syncState.read(user.mailboxId);
  const outOfOffice = storedOutOfOffice((await reader.document(OUT_OF_OFFICE_DOCUMENT)) ?? null);
  if (!isAway(outOfOffice, services.clock.now())) return;
  if (typeof readAddress(sender) === 'string' || !mayAnswer(fields, sender, senderAddress(user))) return;
  // Without a relay it could only be kept, and would go out when the person is long back.
  if (services.relay === null && (await findRecipient(services.directory, sender)) === null) return;
  const chosen = await answerFor(reader, outOfOffice, delivered);
  if (chosen === null) return;
  const place = await queue(services, delivered, chosen, fields);
  if (place === null) return;
  mailEvent(services, 'auto-reply', { mailbox: user.mailboxId, item: place.itemId, to: sender }, 'automatic reply');
  await worker.attemptNow(place, { holdSender: () => false });
}

function isAway({ state, start, end }: OutOfOffice, now: number): boolean {
  if (state !== 2) return state === 1;
  return (start === null || start * 1000 <= now) && (end === null || now < end * 1000);
}

async function answerFor(
  reader: SyncReader,
  outOfOffice: OutOfOffice,
  { user, sender }: Envelope,
): Promise<AutomaticAnswer | null> {
  const domain = domainOf(addressKey(sender));
  const isUsed = (audience: Audience) => outOfOffice[audience].enabled && outOfOffice[audience].text !== '';
  let audience: Audience = 'internal';
  if (domain !== asciiDomain(user.domain)) {
    if (!isUsed('externalKnown') && !isUsed('externalUnknown')) return null;
    audience = (await isKnown(reader, sender)) ? 'externalKnown' : 'externalUnknown';
  }
  return isUsed(audience) ? outOfOffice[audience] : null;
}

/** Queues it from the null sender (RFC 3834 §3.3), so that nothing ever answers it; null: this sender had one lately. */
async function queue(
  services: MailServices,
  { user, sender }: Envelope,
  answer: AutomaticAnswer,
  fields: readonly HeaderField[],
): Promise<OutgoingPlace | null> {
  const { clock, random } = services;
  const now = clock.now();
  const { content, messageId } = replyMessage({ user, answer, to: sender, fields, now, random });
  const message = newMessage([content], now, random);
  const name = `auto-reply/${addressKey(sender)}`;
  const { mailboxId } = user;
  return services.syncState.write(mailboxId, MAIL_ORIGIN, async (tx) => {
    const last = await tx.doneOperation(name);
    if (last !== null && now - last.at < ONCE_IN_MS) return null;
    const { id: itemId } = await tx.createItem({ ...message, folderId: (await folderOf(tx, 'outbox')).id });
    const envelope: Outgoing = {
      ...{ sender: '', messageId, sentItemId: null, operation: null, isNoticed: true },
      ...{ queuedAt: now, triedAt: null, nextTryAt: now },
      recipients: [{ address: sender, state: 'waiting', tries: 0, reason: null }],
    };
    await tx.putDocument(outgoingName(itemId), envelope);
    await tx.putDoneOperation({ name, at: now, result: { messageId } });
    return { mailboxId, itemId };
  });
}

import { isGatewayError } from '../domain/errors.ts';
import { latin1 } from '../formats/mime/charset.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import type { AttemptOptions } from './attempt.ts';
import { folderOf, MAIL_ORIGIN, newMessage } from './deliver.ts';
import { type DeliveryReport, deliveryReport, type ReportedRecipient } from './delivery-report.ts';
import { mailEvent } from './mail-log.ts';
import { asOutgoing, type Outgoing, type OutgoingPlace, type OutgoingRecipient, outgoingName } from './outgoing.ts';
import type { Verdict } from './relay.ts';
import { GIVE_UP_MS, pauseAfter } from './retry-pauses.ts';
import type { MailServices } from './services.ts';

/** How a message stands after an attempt. */
export interface Settlement {
  /** Why everybody refused it while the sender waited; then nothing of it is left. Null in every other case. */
  readonly refusal: string | null;
  /** Recipients who still wait. */
  readonly waiting: number;
  /** When to try again; null: not in this run. */
  readonly nextTryAt: number | null;
}

/**
 * Writes down what became of an attempt, in one transaction of the sender's mailbox: the envelope, or its end with that of
 * the Outbox item, and the report to the sender in the Inbox. A first attempt that everybody refused for good while the
 * sender waits is taken back whole, since the sender's program says so and keeps the message.
 */
export async function settle(
  services: MailServices,
  place: OutgoingPlace,
  verdicts: ReadonlyMap<string, Verdict>,
  { holdSender, alsoTakeBack }: Pick<AttemptOptions, 'holdSender' | 'alsoTakeBack'>,
): Promise<Settlement> {
  const settlement = await services.syncState.write(place.mailboxId, MAIL_ORIGIN, async (tx) => {
    const before = asOutgoing(await tx.document(outgoingName(place.itemId)));
    if (before === null) return { refusal: null, waiting: 0, nextTryAt: null };
    const judged = judge(before, verdicts, services.clock.now());
    const isRefusedByAll = judged.after.recipients.every(({ state, tries }) => state === 'failed' && tries === 1);
    if (isRefusedByAll && holdSender()) {
      await alsoTakeBack?.(tx);
      return takeBack(tx, place, judged);
    }
    return carryOn(services, tx, place, judged);
  });
  logOutcome(services, place, verdicts, settlement);
  return settlement;
}

interface Judged {
  readonly after: Outgoing;
  readonly reported: readonly ReportedRecipient[];
}

function judge(before: Outgoing, verdicts: ReadonlyMap<string, Verdict>, now: number): Judged {
  const asked = [...verdicts.values()].some(({ kind }) => kind !== 'kept');
  const triedAt = before.triedAt ?? (asked ? now : null);
  const isOver = triedAt !== null && now - triedAt >= GIVE_UP_MS;
  const reported: ReportedRecipient[] = [];
  const recipients = before.recipients.map((recipient): OutgoingRecipient => {
    const verdict = verdicts.get(recipient.address);
    if (recipient.state !== 'waiting' || verdict === undefined) return recipient;
    const { address, tries } = recipient;
    if (verdict.kind === 'accepted') return { address, state: 'done', tries: tries + 1, reason: null };
    const { status, reason } = verdict;
    if (verdict.kind === 'kept') {
      if (!before.isNoticed) reported.push({ address, action: 'delayed', status, reason });
      return { address, state: 'waiting', tries, reason };
    }
    if (verdict.kind === 'later' && !isOver) return { address, state: 'waiting', tries: tries + 1, reason };
    const last = verdict.kind === 'later' ? `given up after ${GIVE_UP_MS / DAY_MS} days: ${reason}` : reason;
    // RFC 3464 §2.3.4: what failed for good has a status of class 5.
    reported.push({ address, action: 'failed', status: status.replace(/^4/, '5'), reason: last });
    return { address, state: 'failed', tries: tries + 1, reason: last };
  });
  const isRetried = recipients.some(
    ({ address, state }) => state === 'waiting' && verdicts.get(address)?.kind !== 'kept',
  );
  const mostTries = Math.max(...recipients.map(({ state, tries }) => (state === 'waiting' ? tries : 0)));
  const nextTryAt = isRetried ? now + pauseAfter(mostTries) : null;
  const isNoticed = before.isNoticed || reported.some(({ action }) => action === 'delayed');
  return { after: { ...before, triedAt, nextTryAt, isNoticed, recipients }, reported };
}

const DAY_MS = 86_400_000;

async function takeBack(tx: SyncWriter, { itemId }: OutgoingPlace, { after }: Judged): Promise<Settlement> {
  await tx.putDocument(outgoingName(itemId), null);
  await removeItem(tx, itemId);
  if (after.sentItemId !== null) await removeItem(tx, after.sentItemId);
  if (after.operation !== null) await tx.removeDoneOperation(after.operation);
  const refusal = after.recipients.map(({ address, reason }) => `${address}: ${reason}`).join('; ');
  return { refusal, waiting: 0, nextTryAt: null };
}

async function carryOn(
  services: MailServices,
  tx: SyncWriter,
  place: OutgoingPlace,
  { after, reported }: Judged,
): Promise<Settlement> {
  const waiting = after.recipients.filter(({ state }) => state === 'waiting').length;
  const header = reported.length > 0 ? await headerOf(tx, place) : '';
  // First what makes room: a report must not fail for the very message it is about.
  await tx.putDocument(outgoingName(place.itemId), waiting > 0 ? after : null);
  if (waiting === 0) await removeItem(tx, place.itemId);
  // What came from the null sender is reported to nobody (RFC 5321 §6.1).
  if (reported.length > 0 && after.sender !== '') await report(services, tx, after, { header, recipients: reported });
  return { refusal: null, waiting, nextTryAt: waiting > 0 ? after.nextTryAt : null };
}

async function removeItem(tx: SyncWriter, itemId: number): Promise<void> {
  // People may delete it while it is on its way.
  if ((await tx.item(itemId)) !== null) await tx.deleteItem(itemId);
}

/** As much of the message as its header can take; what follows the first empty line is cut off. */
async function headerOf(tx: SyncWriter, { itemId }: OutgoingPlace): Promise<string> {
  let text = '';
  if ((await tx.item(itemId)) === null) return text;
  for await (const chunk of tx.content(itemId)) {
    text += latin1(chunk);
    const end = text.indexOf('\r\n\r\n');
    if (end >= 0) return text.slice(0, end + 2);
  }
  return text;
}

async function report(
  services: MailServices,
  tx: SyncWriter,
  { sender: to, queuedAt }: Outgoing,
  about: Pick<DeliveryReport, 'header' | 'recipients'>,
): Promise<void> {
  const now = services.clock.now();
  const { hostName, random } = services;
  const content = deliveryReport({ ...about, to, hostName, queuedAt, now, random });
  const { id: folderId } = await folderOf(tx, 'inbox');
  try {
    // What was sent is sent: a limit of the disk must not undo that it was settled.
    await tx.createItem({ ...newMessage([content], now, random), folderId, exceeds: 'disk' });
  } catch (error) {
    // The log line below the transaction is all that can still be said.
    if (!isGatewayError(error, 'quota-exceeded')) throw error;
    services.log.warn({ to }, 'the mailbox is full: it takes no delivery report');
  }
}

function logOutcome(
  services: MailServices,
  place: OutgoingPlace,
  verdicts: ReadonlyMap<string, Verdict>,
  { refusal, waiting, nextTryAt }: Settlement,
): void {
  const trouble = [...verdicts].filter(([, { kind }]) => kind !== 'accepted');
  const fields = {
    ...{ mailbox: place.mailboxId, item: place.itemId },
    accepted: verdicts.size - trouble.length,
    recipients: [...verdicts.keys()],
  };
  if (trouble.length === 0) {
    mailEvent(services, 'relayed', fields, 'message sent');
    return;
  }
  const reasons = trouble.map(([address, verdict]) => ({ address, ...verdict }));
  const words =
    refusal !== null ? 'message refused' : waiting > 0 ? 'message kept in the Outbox' : 'message not delivered to all';
  const event = refusal !== null ? 'refused' : waiting > 0 ? 'deferred' : 'bounced';
  mailEvent(services, event, { ...fields, waiting, nextTryAt, reasons }, words);
}

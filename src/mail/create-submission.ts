import { chunksOf, contentLength } from '../domain/content.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { AttemptOptions } from './attempt.ts';
import { mailEvent } from './mail-log.ts';
import type { OutboxWorker } from './outbox-worker.ts';
import type { OutgoingPlace } from './outgoing.ts';
import { checkMessageSize, prepareMessage } from './prepare-message.ts';
import { queueMessage } from './queue-message.ts';
import { senderAddress } from './sender.ts';
import type { MailServices } from './services.ts';
import type { Settlement } from './settle.ts';
import type { MailSubmission, SubmissionRequest, SubmissionResult } from './submission.ts';

/** Longest time that a program is kept waiting for the relay. Phones give up after half a minute or more, and then repeat. */
const PATIENCE_MS = 20_000;

/** The submission over this server's stores: durable first, then sent at once. */
export function createMailSubmission(services: MailServices, worker: OutboxWorker): MailSubmission {
  /** Operations under way: one that is repeated meanwhile ends as they do. */
  const under = new Map<string, Promise<SubmissionResult>>();

  async function submitNew(request: SubmissionRequest): Promise<SubmissionResult> {
    const { principal } = request;
    const chunks = chunksOf(request.message);
    checkMessageSize(contentLength(chunks), services.maxMessageBytes);
    const { clock, random } = services;
    const prepared = prepareMessage({ principal, chunks, now: clock.now(), random });
    checkMessageSize(contentLength(prepared.sent), services.maxMessageBytes);
    const place = await queueMessage(services, request, prepared);
    if (place === null) return 'already-sent';
    const { recipients, messageId } = prepared;
    const size = contentLength(prepared.outgoing);
    const fields = { mailbox: place.mailboxId, item: place.itemId, user: senderAddress(principal), size };
    mailEvent(services, 'submitted', { ...fields, ...acting(), recipients, messageId }, 'message submitted');
    const { alsoTakeBack } = request;
    return firstAttempt(services, worker, place, { message: prepared.outgoing, ...(alsoTakeBack && { alsoTakeBack }) });
  }

  return {
    async submit(request) {
      if (request.operation === null) return submitNew(request);
      const key = `${request.principal.mailboxId}/${request.operation}`;
      const present = under.get(key);
      if (present !== undefined) return present.then(() => 'already-sent');
      const work = submitNew(request).finally(() => under.delete(key));
      under.set(key, work);
      return work;
    },
  };
}

/** Waits for the first attempt, but not for ever; what becomes of it later is the sender's Inbox's affair. */
async function firstAttempt(
  services: MailServices,
  worker: OutboxWorker,
  place: OutgoingPlace,
  options: Omit<AttemptOptions, 'holdSender'>,
): Promise<SubmissionResult> {
  let waits: 'patiently' | 'for the end' | 'no more' = 'patiently';
  let giveUp: () => void = () => undefined;
  const patience = new Promise<null>((resolve) => {
    giveUp = services.clock.after(PATIENCE_MS, () => {
      if (waits === 'patiently') waits = 'no more';
      if (waits === 'no more') resolve(null);
    });
  });
  const holdSender = () => {
    if (waits === 'patiently') waits = 'for the end';
    return waits === 'for the end';
  };
  const work = worker.attemptNow(place, { ...options, holdSender }).catch((error: unknown): null => {
    // The message is on disk and the worker goes on with it: for the sender it is queued.
    services.log.error({ mailbox: place.mailboxId, item: place.itemId, error }, 'the first attempt to send failed');
    return null;
  });
  const settlement = await Promise.race([work, patience]);
  giveUp();
  return resultOf(settlement);
}

function resultOf(settlement: Settlement | null): SubmissionResult {
  if (settlement === null) return 'queued';
  const { refusal, waiting } = settlement;
  if (refusal !== null) {
    throw new GatewayError('submission-refused', { reason: refusal }, `The message was refused: ${refusal}.`);
  }
  return waiting > 0 ? 'queued' : 'sent';
}

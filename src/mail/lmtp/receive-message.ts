import type { SMTPServerDataStream } from 'smtp-server';
import { contentLength } from '../../domain/content.ts';
import { fromLatin1 } from '../../formats/mime/charset.ts';
import type { User } from '../../store/directory-store.ts';
import { ChunkCollector } from '../chunk-collector.ts';
import { deliver, verdictOf } from '../deliver.ts';
import { mailEvent } from '../mail-log.ts';
import type { MailServices } from '../services.ts';
import { type Arrival, deliveryFields } from '../trace-fields.ts';
import { LmtpReply, replyFor } from './reply.ts';

/** A RCPT that was answered with 250. */
export interface AcceptedRecipient {
  readonly address: string;
  readonly user: User;
}

/** Bytes of messages held at one time, over all connections. */
export interface MemoryBudget {
  /** False: there is no room for so many more now. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function memoryBudget(limit: number): MemoryBudget {
  let held = 0;
  return {
    take(bytes) {
      if (held > 0 && held + bytes > limit) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}

/**
 * Takes a message in and delivers it to everybody: one reply for each recipient, in their order (RFC 2033 §4.2). The bytes
 * are collected once and shared by all.
 */
export async function receiveMessage(
  services: MailServices,
  budget: MemoryBudget,
  stream: SMTPServerDataStream,
  { arrival, recipients }: { arrival: Arrival; recipients: readonly AcceptedRecipient[] },
): Promise<(string | LmtpReply)[]> {
  const { chunks, held } = await collect(stream, budget);
  try {
    if (stream.sizeExceeded) return [];
    if (chunks === null) return recipients.map(() => new LmtpReply(451, 'too many messages at once: try again'));
    return await deliverAll(services, chunks.end(), arrival, recipients);
  } finally {
    budget.give(held);
  }
}

/** Reads the stream to its end, whatever is kept of it: the client hears nothing before. Null: there was no room. */
async function collect(stream: SMTPServerDataStream, budget: MemoryBudget) {
  let chunks: ChunkCollector | null = new ChunkCollector();
  let held = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (chunks === null) continue;
    if (stream.sizeExceeded || !budget.take(chunk.length)) {
      chunks = null;
      continue;
    }
    held += chunk.length;
    chunks.write(chunk);
  }
  return { chunks, held };
}

async function deliverAll(
  services: MailServices,
  message: readonly Uint8Array[],
  arrival: Arrival,
  recipients: readonly AcceptedRecipient[],
): Promise<(string | LmtpReply)[]> {
  const { id, sender, client } = arrival;
  const taken = { id, sender, recipients: recipients.length, size: contentLength(message), address: client?.address };
  mailEvent(services, 'accepted', taken, 'message accepted by LMTP');
  const replies: (string | LmtpReply)[] = [];
  const known = new Map<number, string | LmtpReply>();
  for (const { address, user } of recipients) {
    // Two addresses of one person, or one named twice: one message, and the same reply for both.
    const reply = known.get(user.mailboxId) ?? (await deliverOne(services, message, arrival, { address, user }));
    known.set(user.mailboxId, reply);
    replies.push(reply);
  }
  return replies;
}

async function deliverOne(
  services: MailServices,
  message: readonly Uint8Array[],
  arrival: Arrival,
  { address, user }: AcceptedRecipient,
): Promise<string | LmtpReply> {
  const content = [fromLatin1(deliveryFields(arrival, address)), ...message];
  const size = contentLength(content);
  const fields = {
    id: arrival.id,
    sender: arrival.sender,
    recipient: address,
    mailbox: user.mailboxId,
    size,
  };
  try {
    await deliver(services, { user, address, sender: arrival.sender, content, operation: null });
    mailEvent(services, 'delivered', fields, 'message delivered');
    return `<${address}> ${arrival.id} delivered`;
  } catch (error) {
    const verdict = verdictOf(error, size);
    if (verdict === null) {
      services.log.error({ ...fields, error }, 'delivery failed');
      return new LmtpReply(451, `<${address}> internal error ${arrival.id}: try again`);
    }
    mailEvent(services, 'refused', { ...fields, ...verdict }, 'message not delivered');
    return replyFor(verdict, address);
  }
}

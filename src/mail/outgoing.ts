import type { ItemId } from '../domain/item.ts';
import type { MailboxId } from '../domain/mailbox.ts';

/** Where a message that is to leave is kept: an item of the sender's Outbox. */
export interface OutgoingPlace {
  readonly mailboxId: MailboxId;
  readonly itemId: ItemId;
}

export interface OutgoingRecipient {
  /** As the sender wrote it. */
  readonly address: string;
  readonly state: 'waiting' | 'done' | 'failed';
  /** Attempts so far. */
  readonly tries: number;
  /** Why it is waiting or has failed; null before the first attempt. */
  readonly reason: string | null;
}

/** The envelope of a message in the Outbox, kept as a document of the sender's mailbox from the moment it is queued until nobody waits. */
export interface Outgoing {
  /** Envelope sender. */
  readonly sender: string;
  readonly messageId: string;
  /** The copy in Sent, null when none was wanted. */
  readonly sentItemId: ItemId | null;
  /** The done operation that was noted with it. */
  readonly operation: string | null;
  /** Milliseconds since 1970. */
  readonly queuedAt: number;
  /** When somebody was asked to take it for the first time; null while it is kept for want of a relay. */
  readonly triedAt: number | null;
  /** When it is tried again; null: not before a relay is configured. */
  readonly nextTryAt: number | null;
  /** Whether the sender was told that it is kept. */
  readonly isNoticed: boolean;
  readonly recipients: readonly OutgoingRecipient[];
}

export const OUTGOING_PREFIX = 'outgoing/';

export function outgoingName(itemId: ItemId): string {
  return `${OUTGOING_PREFIX}${itemId}`;
}

/** The item that a document's name names. */
export function outgoingItem(name: string): ItemId {
  return Number(name.slice(OUTGOING_PREFIX.length));
}

/** The name under which a receiving mailbox notes that it has the message. Ids of mailboxes and items are never used again. */
export function deliveryOperation({ mailboxId, itemId }: OutgoingPlace): string {
  return `delivery/${mailboxId}/${itemId}`;
}

/** Documents are written by this module alone; null is one that was removed. */
export function asOutgoing(document: unknown): Outgoing | null {
  return document === null || document === undefined ? null : (document as Outgoing);
}

import type { MessageIndex } from '../../../../src/formats/mime/message-index.ts';

export { type BodySegment, type MessageView, viewMessage } from '../../../../src/formats/mime/message-view.ts';

/** A stored message as the translator needs it. */
export interface StoredMessage {
  readonly index: MessageIndex;
  /** The message's bytes; each call reads from the beginning. */
  open(): AsyncIterable<Uint8Array>;
  /** Seconds since 1970 UTC when the mailbox took it (the item's `createdAt`); what is shown is `messageTime`. */
  readonly receivedAt: number;
  /** Begins every FileReference of the message: says which item it is. Without a blank. */
  readonly reference: string;
}

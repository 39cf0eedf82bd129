import type { Content } from '../domain/content.ts';
import type { Principal } from '../domain/principal.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';

/** A message that a signed-in user wants to have sent. */
export interface SubmissionRequest {
  readonly principal: Principal;
  /** RFC 5322 as the client wrote it, with or without Bcc, in one piece or in chunks. Must not change before the call has ended. */
  readonly message: Content;
  readonly saveInSent: boolean;
  /** Name under which it is sent once (`<device>/SendMail/<ClientId or hash>`), null: not protected. */
  readonly operation: string | null;
  /** Runs in the very transaction that queues the message, e.g. to note on the source message that it was answered. */
  readonly alsoWrite?: (tx: SyncWriter) => Promise<void>;
  /** Undoes what `alsoWrite` did, in the very transaction that takes back a message which everybody refused. */
  readonly alsoTakeBack?: (tx: SyncWriter) => Promise<void>;
}

/**
 * 'sent': every recipient has it, or the relay took it over. 'queued': kept durably in the Outbox, and the sender is told
 * when it fails later. 'already-sent': an operation of this name was done before; nothing was written.
 */
export type SubmissionResult = 'sent' | 'queued' | 'already-sent';

/** The one way by which messages leave. */
export interface MailSubmission {
  /**
   * Resolves when the message is on disk and a first attempt was made.
   * Rejects with GatewayError, and nothing is kept: 'message-invalid', 'no-recipient', 'recipient-invalid', 'access-denied'
   * (right 'send-as': From is not the principal's), 'submission-refused', 'item-too-large', 'quota-exceeded', 'storage-full'.
   */
  submit(request: SubmissionRequest): Promise<SubmissionResult>;
}

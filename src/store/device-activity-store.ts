import type { FolderId } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';

/** A request of a device that did not go well; milliseconds since 1970, and words for people. */
export interface DeviceError {
  readonly at: number;
  readonly what: string;
}

/** Why a request that waited was answered. */
export type WakeReason =
  /** Something changed in these folders. */
  | { readonly kind: 'changed'; readonly folders: readonly FolderId[] }
  /** Folders came, went or were renamed. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'time-over' }
  /** A newer request of the device took its place. */
  | { readonly kind: 'newer' }
  /** Somebody decided about the device, or another policy is in force. */
  | { readonly kind: 'called' }
  | { readonly kind: 'stopping' }
  /** It could not be looked whether something changed. */
  | { readonly kind: 'failed' }
  /** The device closed the connection. */
  | { readonly kind: 'left' };

export interface WakeUp {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly why: WakeReason;
}

/** How the requests of a device went and ended lately. */
export interface RecentActivity {
  /** The last 20, newest first. */
  readonly errors: readonly DeviceError[];
  /** When a request first went well after the newest of them, in milliseconds since 1970; null: none has. */
  readonly goodAt: number | null;
  /** For how long the request that ended last would have waited; null: none waited. */
  readonly heartbeatSeconds: number | null;
  /** The last 20 ends of waiting, newest first. */
  readonly wakeUps: readonly WakeUp[];
}

/** What came about of a device since it was written down last. */
export interface DeviceNews {
  readonly mailboxId: MailboxId;
  /** A spelling of the device's id, in lower case. */
  readonly alias: string;
  readonly activity: RecentActivity;
}

/**
 * How the requests of devices went, beside the mailboxes and not in their transactions: it comes with every request and is
 * worth no write of its own, so what came about of many devices is written at once. It goes with the device and with the mailbox.
 */
export interface DeviceActivityStore {
  /** What is committed when it is called; nothing of a device that is not there. @param deviceId its id in the mailbox */
  of(mailboxId: MailboxId, deviceId: string): Promise<RecentActivity>;
  /** Joins these to what is kept, in the order given, by `keptAfter`, in one transaction. News of devices that are not there are let go. */
  add(news: readonly DeviceNews[]): Promise<void>;
}

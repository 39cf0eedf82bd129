/** Positive integer, never reused, not even after the mailbox was removed. */
export type MailboxId = number;

/**
 * A position in a mailbox's one strictly rising counter. Every (item, write) takes its own stamp under the mailbox's
 * counter lock, so commit order is stamp order. 0 is before everything.
 */
export type Stamp = number;

export interface Mailbox {
  readonly id: MailboxId;
  /** Highest stamp handed out. */
  readonly head: Stamp;
  readonly usedBytes: number;
  readonly itemCount: number;
  /** null = no limit. */
  readonly quotaBytes: number | null;
  readonly quotaItems: number | null;
}

/**
 * Why something is written; scheduling decides by it, and it is what prevents doubled and looping invitations.
 * `by` names the sync partnership whose command this is (its writes are not echoed to it), else null.
 */
export interface Origin {
  readonly kind: 'client' | 'organizer-itip' | 'attendee-itip' | 'import' | 'migration' | 'server';
  readonly by: number | null;
}

/** A write that a person's program asked for, in no partnership. */
export const CLIENT_ORIGIN: Origin = { kind: 'client', by: null };

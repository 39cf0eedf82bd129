import type { MailboxId } from '../domain/mailbox.ts';
import type { OwnQuota, Quota } from '../domain/quota.ts';

/** What a mailbox holds of what it may hold. */
export interface MailboxUse {
  readonly mailboxId: MailboxId;
  readonly usedBytes: number;
  readonly items: number;
  /** In force. */
  readonly quota: Quota;
  /** As set for it alone. */
  readonly own: OwnQuota;
  /** The greater share of the quota that is used, in thousandths; null without a quota. */
  readonly share: number | null;
}

export interface UseQuery {
  /** `next` of the page before, of the same query; null begins. */
  readonly after: string | null;
  /** 1 to 500. */
  readonly limit: number;
  /** Only mailboxes with so many thousandths of their quota used, or more. */
  readonly leastShare?: number;
  /** Only these. */
  readonly among?: readonly MailboxId[];
}

export interface UsePage {
  readonly uses: readonly MailboxUse[];
  /** Null when this was the last page. */
  readonly next: string | null;
}

/** Quotas of mailboxes, and how far they are used: found by an index that each write keeps, never by looking through all. */
export interface UsageStore {
  /** Rejects 'folder-not-found' when there is no such mailbox. */
  of(mailboxId: MailboxId): Promise<MailboxUse>;
  /** Sets what a mailbox has of its own; `others` is in force where it has nothing. Rejects 'folder-not-found'. */
  setOwn(mailboxId: MailboxId, own: OwnQuota, others: Quota): Promise<void>;
  /** Puts `others` in force where these mailboxes have nothing of their own, 500 in a transaction; passes over those that are gone. */
  setOthers(mailboxIds: readonly MailboxId[], others: Quota): Promise<void>;
  /** The fullest first, those without a quota last. Throws TypeError for a limit out of range; rejects 'content-invalid' for a cursor that is none. */
  list(query: UseQuery): Promise<UsePage>;
  /** How many have so many thousandths of their quota used, or more. */
  count(leastShare: number): Promise<number>;
}

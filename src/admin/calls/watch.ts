import type { WatchSettings } from '../../config/watch-settings.ts';
import type { OwnQuota, Quota } from '../../domain/quota.ts';

export type { SpaceLimit, WatchSettings } from '../../config/watch-settings.ts';

/** 'ok': enough; 'low': below the soft limit; 'full': below the hard one, nothing more is taken. */
export type DiskState = 'ok' | 'low' | 'full';

/** The space where the data folder lies, as it was seen last. */
export interface DiskStatus {
  readonly state: DiskState;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Since when it is in this state, and when it was looked at; milliseconds since 1970. */
  readonly since: number;
  readonly seenAt: number;
}

/** A mailbox and what it holds of what it may hold. */
export interface MailboxUsage {
  /** local@domain */
  readonly address: string;
  readonly usedBytes: number;
  readonly items: number;
  /** In force: its own, its domain's or everybody's; null is no limit. */
  readonly quota: Quota;
  /** As set for this user alone; null: as for the domain or everybody. */
  readonly own: OwnQuota;
  /** The greater of the two shares of the quota, 0 to 1 and beyond, cut to thousandths; null without a quota. */
  readonly share: number | null;
  /** Whether the share is at or beyond `warnAt`. */
  readonly isWarned: boolean;
}

/** What runs full, and who may fill it. */
export interface WatchCalls {
  /** `problems` says why what is stored cannot be used; then the default is in force. `disk` is null where no server looks. */
  watchShow(input: Record<string, never>): Promise<{
    readonly watch: WatchSettings;
    readonly disk: DiskStatus | null;
    readonly problems: readonly string[];
  }>;
  /** Sets all of it, in force at once for every mailbox. Rejects 'object-invalid' naming each mistake. */
  watchSet(input: { readonly watch: unknown }): Promise<WatchSettings>;
  /**
   * Sets a user's own quota. A number is a limit, 'none' no limit, null that of the domain or everybody. Rejects 'item-not-found',
   * 'object-invalid'.
   */
  userQuotaSet(input: {
    readonly address: string;
    readonly bytes: number | 'none' | null;
    readonly items: number | 'none' | null;
  }): Promise<MailboxUsage>;
  /** One user's. Rejects 'item-not-found'. */
  usageShow(input: { readonly address: string }): Promise<MailboxUsage>;
  /** One page, the fullest first, those without a quota last. `after` is `next` of the page before; `limit` 1 to 500. */
  usageList(input: {
    readonly domain: string | null;
    readonly after: string | null;
    readonly limit: number;
  }): Promise<{ readonly usage: readonly MailboxUsage[]; readonly next: string | null }>;
}

export const WATCH_CALLS = [
  'watchShow',
  'watchSet',
  'userQuotaSet',
  'usageShow',
  'usageList',
] as const satisfies readonly (keyof WatchCalls)[];

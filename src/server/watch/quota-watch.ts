import type { WatchSettings } from '../../config/watch-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import { usersByMailbox } from '../../items/users-by-mailbox.ts';
import type { DebugLine } from '../../observe/debug-switches.ts';
import type { Log } from '../../observe/log.ts';
import type { DirectoryStore, User } from '../../store/directory-store.ts';
import type { MailboxUse, UsageStore } from '../../store/usage-store.ts';
import { Quiet } from './quiet.ts';

export interface QuotaWatchParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly debug: DebugLine;
  readonly usage: Pick<UsageStore, 'list'>;
  readonly directory: Pick<DirectoryStore, 'users'>;
  readonly settings: () => Promise<WatchSettings>;
  /** Tells the owner, at most once a day. */
  readonly tell: (user: User, use: MailboxUse & { readonly share: number }) => Promise<'delivered' | 'too-soon'>;
}

const PAGE = 500;

/**
 * Looks for mailboxes that run full, and has their owners told. It costs by their number, not by that of mailboxes; those told
 * within the last day are only passed over.
 */
export function createQuotaWatch(parts: QuotaWatchParts): { look(): Promise<void> } {
  const quiet = new Quiet<MailboxId>(parts.clock);

  async function consider(use: MailboxUse, users: ReadonlyMap<MailboxId, User>): Promise<void> {
    const { mailboxId, share } = use;
    const user = users.get(mailboxId);
    if (share === null || user === undefined || quiet.has(mailboxId)) return;
    try {
      const outcome = await parts.tell(user, { ...use, share });
      quiet.keep(mailboxId, outcome);
      parts.debug('quota', () => ({ mailbox: mailboxId, share: share / 1000, outcome }), 'the owner is to be warned');
    } catch (error) {
      parts.log.error({ mailboxId, error }, 'the owner of a mailbox that runs full could not be told; tried again');
    }
  }

  return {
    async look() {
      quiet.forgetOld();
      const { quota } = await parts.settings();
      const users = usersByMailbox(await parts.directory.users());
      const leastShare = Math.ceil(quota.warnAt * 1000);
      for (let after: string | null = null; ; ) {
        const page = await parts.usage.list({ after, limit: PAGE, leastShare });
        for (const use of page.uses) await consider(use, users);
        if (page.next === null) return;
        after = page.next;
      }
    },
  };
}

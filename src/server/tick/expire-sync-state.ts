import type { MailboxId } from '../../domain/mailbox.ts';
import type { Log } from '../../observe/log.ts';
import type { DirectoryStore } from '../../store/directory-store.ts';
import type { DailyTask } from './daily.ts';

export interface ExpireSyncStateParts {
  /** Forgets what is too old in one mailbox, and tells how much that was. */
  readonly expireSyncState: (mailboxId: MailboxId) => Promise<{ readonly operations: number; readonly losers: number }>;
  readonly directory: Pick<DirectoryStore, 'users'>;
  readonly log: Log;
}

/** Forgets operations done long ago, and old versions that lost a conflict, in every mailbox. */
export function expireSyncStateTask({ expireSyncState, directory, log }: ExpireSyncStateParts): DailyTask {
  return {
    name: 'expire-sync-state',
    async run(isStopping) {
      let operations = 0;
      let losers = 0;
      for (const { mailboxId } of await directory.users()) {
        if (isStopping()) break;
        try {
          const expired = await expireSyncState(mailboxId);
          operations += expired.operations;
          losers += expired.losers;
        } catch (error) {
          log.error({ mailboxId, error }, 'old operations and conflicts of this mailbox could not be dropped');
        }
      }
      log.info({ operations, losers }, 'dropped old operations and conflicts');
    },
  };
}

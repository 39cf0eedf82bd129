import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';
import type { DirectoryStore } from '../../store/directory-store.ts';
import type { MailboxStore } from '../../store/mailbox-store.ts';
import type { DailyTask } from './daily.ts';

const RETENTION_KEY = 'retention.days';
const DEFAULT_RETENTION_DAYS = 60;
const DAY_MS = 86_400_000;

export interface PruneLogParts {
  readonly store: Pick<MailboxStore, 'stampAt' | 'prune'>;
  readonly directory: Pick<DirectoryStore, 'users' | 'setting'>;
  readonly clock: Clock;
  readonly log: Log;
}

async function retentionDays({ directory, log }: PruneLogParts): Promise<number> {
  const value = await directory.setting(RETENTION_KEY);
  if (value === null || value === undefined) return DEFAULT_RETENTION_DAYS;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  // Too long a log does no harm; too short a one makes every device start again.
  log.warn({ key: RETENTION_KEY, value, used: DEFAULT_RETENTION_DAYS }, 'the setting is not a number of days from 1');
  return DEFAULT_RETENTION_DAYS;
}

/**
 * Forgets removals older than `retention.days`. A device that stayed away longer is told that its sync token has expired
 * (RFC 6578 §3.2 valid-sync-token) and reads everything once.
 */
export function pruneLogTask(parts: PruneLogParts): DailyTask {
  const { store, directory, clock, log } = parts;
  return {
    name: 'prune-log',
    async run(isStopping) {
      const days = await retentionDays(parts);
      const before = clock.now() - days * DAY_MS;
      let rows = 0;
      let mailboxes = 0;
      for (const { mailboxId } of await directory.users()) {
        if (isStopping()) break;
        try {
          const stamp = await store.stampAt(mailboxId, before);
          if (stamp > 0) rows += await store.prune(mailboxId, stamp);
          mailboxes++;
        } catch (error) {
          log.error({ mailboxId, error }, 'the log of this mailbox could not be pruned');
        }
      }
      log.info({ days, mailboxes, rows }, 'pruned the change log');
    },
  };
}

import {
  DEFAULT_WATCH,
  quotaOfDomain,
  readWatchSettings,
  WATCH_SETTING,
  type WatchSettings,
  WatchSettingsError,
} from '../config/watch-settings.ts';
import { tellingProblems } from '../devices/last-good-setting.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { UsageStore } from '../store/usage-store.ts';

/** Which quotas for everybody and for domains the mailboxes carry, as `appliedText` writes them. */
const APPLIED_SETTING = 'watch.applied';

const readWatch = tellingProblems(readWatchSettings, WatchSettingsError, DEFAULT_WATCH);

interface QuotaStores {
  readonly directory: DirectoryStore;
  readonly usage: UsageStore;
}

/** What is in force, and why what is stored is not, where it is none. */
export async function watchInForce(
  directory: Pick<DirectoryStore, 'setting'>,
): Promise<{ readonly watch: WatchSettings; readonly problems: readonly string[] }> {
  const { usable: watch, problems } = readWatch(await directory.setting(WATCH_SETTING));
  return { watch, problems };
}

/**
 * Puts the quotas of domains and of everybody in force for every mailbox that has nothing of its own, where they are not yet:
 * a change that was cut off in its midst is finished at the next start. Costs nothing where they are.
 */
export async function applyQuotas({ directory, usage }: QuotaStores, watch: WatchSettings, who: string): Promise<void> {
  const text = appliedText(watch);
  if (((await directory.setting(APPLIED_SETTING)) ?? appliedText(DEFAULT_WATCH)) === text) return;
  const byDomain = new Map<string, MailboxId[]>();
  for (const { domain, mailboxId } of await directory.users()) {
    const mailboxes = byDomain.get(domain) ?? [];
    byDomain.set(domain, mailboxes);
    mailboxes.push(mailboxId);
  }
  for (const [domain, mailboxes] of byDomain) await usage.setOthers(mailboxes, quotaOfDomain(watch, domain));
  await directory.setSetting(APPLIED_SETTING, text, who);
}

function appliedText({ quota: { everybody, domains } }: WatchSettings): string {
  const sorted = Object.entries(domains).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([everybody, ...sorted]);
}

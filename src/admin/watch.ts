import {
  isCount,
  quotaOfDomain,
  readWatchSettings,
  WATCH_SETTING,
  WatchSettingsError,
} from '../config/watch-settings.ts';
import { GatewayError } from '../domain/errors.ts';
import { usersByMailbox } from '../items/users-by-mailbox.ts';
import { acting } from '../observe/acting.ts';
import type { User } from '../store/directory-store.ts';
import type { MailboxUse } from '../store/usage-store.ts';
import { formatAddress } from './address.ts';
import { applyQuotas, watchInForce } from './apply-quotas.ts';
import type { DiskStatus, MailboxUsage, WatchCalls } from './calls/watch.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { refusingProblems } from './refusing-problems.ts';
import { requireUser } from './users.ts';

/** What watches the disk in this process. */
export interface LiveDisk {
  readonly status: DiskStatus | null;
  /** Looks at once, by limits that were changed. */
  lookAnew(): Promise<void>;
}

/** The calls about what runs full. */
export function watchCalls(parts: AdministrationParts): WatchCalls {
  const { directory, usage } = parts.stores;
  const tell = configLog(parts.log);
  const warnedFrom = async () => (await watchInForce(directory)).watch.quota.warnAt;
  return {
    async watchShow() {
      return { ...(await watchInForce(directory)), disk: parts.disk?.status ?? null };
    },

    async watchSet({ watch: value }) {
      const watch = checkedWatch(value);
      const { user: who } = acting();
      await directory.setSetting(WATCH_SETTING, watch, who);
      const { disk, quota } = watch;
      tell({ disk, everybody: quota.everybody, warnAt: quota.warnAt }, 'limits of disk and mailboxes set');
      await applyQuotas(parts.stores, watch, who);
      await parts.disk?.lookAnew();
      return watch;
    },

    async userQuotaSet({ address, bytes, items }) {
      const user = await requireUser(parts, address);
      const own = { bytes: checkedLimit(bytes, 'bytes'), items: checkedLimit(items, 'items') };
      const { watch } = await watchInForce(directory);
      await usage.setOwn(user.mailboxId, own, quotaOfDomain(watch, user.domain));
      tell({ user: formatAddress(user), ...own }, 'quota set');
      return usageOf(user, await usage.of(user.mailboxId), watch.quota.warnAt);
    },

    async usageShow({ address }) {
      const user = await requireUser(parts, address);
      return usageOf(user, await usage.of(user.mailboxId), await warnedFrom());
    },

    usageList: (input) => usagePage(parts, input),
  };
}

async function usagePage(
  { stores: { directory, usage } }: AdministrationParts,
  { domain, after, limit }: Parameters<WatchCalls['usageList']>[0],
): ReturnType<WatchCalls['usageList']> {
  checkLimit(limit);
  const warnAt = (await watchInForce(directory)).watch.quota.warnAt;
  const users = await directory.users();
  const owners = usersByMailbox(users);
  const wanted = domain?.normalize('NFC').toLowerCase() ?? null;
  const among = users.filter((user) => user.domain === wanted).map(({ mailboxId }) => mailboxId);
  const found: MailboxUsage[] = [];
  // A mailbox that is being removed has no owner any more: then a page has fewer, and the next is taken as well.
  for (let next = after; ; ) {
    const page = await usage.list({ after: next, limit: limit - found.length, ...(wanted !== null && { among }) });
    for (const use of page.uses) {
      const owner = owners.get(use.mailboxId);
      if (owner !== undefined) found.push(usageOf(owner, use, warnAt));
    }
    next = page.next;
    if (next === null || found.length >= limit) return { usage: found, next };
  }
}

const checkedWatch = refusingProblems(readWatchSettings, WatchSettingsError);

/** @throws GatewayError 'object-invalid' */
function checkedLimit(limit: unknown, name: string): number | 'none' | null {
  if (limit === null || limit === 'none' || isCount(limit)) return limit;
  const reason = `${name} is neither a whole number, nor "none" (no limit), nor null (as for the domain)`;
  throw new GatewayError('object-invalid', { reason }, `The quota cannot be set: ${reason}.`);
}

/** @throws GatewayError 'object-invalid' */
function checkLimit(limit: unknown): void {
  if (Number.isInteger(limit) && Number(limit) >= 1 && Number(limit) <= 500) return;
  const reason = 'limit is no whole number from 1 to 500';
  throw new GatewayError('object-invalid', { reason }, `The page cannot be given: ${reason}.`);
}

function usageOf(user: User, use: MailboxUse, warnAt: number): MailboxUsage {
  const { usedBytes, items, quota, own, share } = use;
  return {
    address: formatAddress(user),
    ...{ usedBytes, items, quota, own },
    share: share === null ? null : share / 1000,
    isWarned: share !== null && share >= Math.ceil(warnAt * 1000),
  };
}

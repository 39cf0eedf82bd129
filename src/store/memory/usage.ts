import { INHERITED_QUOTA, quotaInForce, shareOf } from '../../domain/quota.ts';
import { checkUseLimit, NO_SHARE, readUseCursor, writeUseCursor } from '../usage-rules.ts';
import type { MailboxUse, UsageStore } from '../usage-store.ts';
import type { MailboxState } from './mailbox-state.ts';
import type { MailboxStates } from './mailbox-states.ts';

/** How far quotas are used, over the mailboxes as they are committed. */
export function createMemoryUsage(states: MailboxStates): UsageStore {
  const all = (): MailboxUse[] => states.ids.map((id) => useOf(states.of(id)));
  const order = (use: MailboxUse) => use.share ?? NO_SHARE;
  return {
    of: async (mailboxId) => useOf(states.of(mailboxId)),
    setOwn: (mailboxId, own, others) =>
      states.inTurn(mailboxId, async () => {
        const state = states.of(mailboxId);
        const { bytes: quotaBytes, items: quotaItems } = quotaInForce(own, others);
        state.row = { ...state.row, ownQuota: { ...own }, quotaBytes, quotaItems };
      }),
    async setOthers(mailboxIds, others) {
      const there = new Set(states.ids);
      for (const mailboxId of mailboxIds.filter((id) => there.has(id))) {
        await states.inTurn(mailboxId, async () => {
          const state = states.of(mailboxId);
          const { bytes: quotaBytes, items: quotaItems } = quotaInForce(ownOf(state), others);
          state.row = { ...state.row, quotaBytes, quotaItems };
        });
      }
    },
    async list({ after, limit, leastShare = NO_SHARE, among }) {
      checkUseLimit({ limit });
      const cursor = readUseCursor(after);
      const isAfter = (use: MailboxUse) =>
        cursor === null ||
        order(use) < cursor.share ||
        (order(use) === cursor.share && use.mailboxId > cursor.mailboxId);
      const found = all()
        .filter((use) => order(use) >= leastShare && isAfter(use) && (among?.includes(use.mailboxId) ?? true))
        .toSorted((a, b) => order(b) - order(a) || a.mailboxId - b.mailboxId);
      const uses = found.slice(0, limit);
      const last = found.length > limit ? uses.at(-1) : undefined;
      return {
        uses,
        next: last === undefined ? null : writeUseCursor({ share: order(last), mailboxId: last.mailboxId }),
      };
    },
    count: async (leastShare) => all().filter((use) => order(use) >= leastShare).length,
  };
}

function ownOf({ row }: MailboxState) {
  return row.ownQuota ?? INHERITED_QUOTA;
}

function useOf(state: MailboxState): MailboxUse {
  const { id: mailboxId, usedBytes, itemCount: items, quotaBytes, quotaItems } = state.row;
  const quota = { bytes: quotaBytes, items: quotaItems };
  return {
    ...{ mailboxId, usedBytes, items, quota },
    own: { ...ownOf(state) },
    share: shareOf({ bytes: usedBytes, items }, quota),
  };
}

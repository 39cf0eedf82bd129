import { compareEdges, type Edge } from '../../domain/edge.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { Item } from '../../domain/item.ts';
import type { Stamp } from '../../domain/mailbox.ts';
import { checkLimit } from '../feed-page.ts';
import type { CommandList, EdgeRange, FeedRow, LogRow, SyncReader } from '../sync-state-store.ts';
import { type MailboxView, type PresenceRow, partnershipKey } from './mailbox-state.ts';

type PartnershipReads = Pick<
  SyncReader,
  | 'feedRows'
  | 'logRowAt'
  | 'itemsBetween'
  | 'hasItemBetween'
  | 'partnership'
  | 'partnerships'
  | 'commands'
  | 'conflictLosers'
>;

/** What a partnership reads. `view` is asked at every call. */
export function createPartnershipReads(view: () => MailboxView): PartnershipReads {
  return {
    async feedRows(folderId, after, limit) {
      return feedRows(view(), folderId, after).slice(0, checkLimit(limit));
    },
    async logRowAt(folderId, stamp) {
      const row = view().presence.get(`${folderId}/${stamp}`);
      return row === undefined ? null : logRowOf(row);
    },
    async itemsBetween(folderId, range, order, limit) {
      const items = [...itemsBetween(view(), folderId, range)].sort((a, b) => compareEdges(placeOf(a), placeOf(b)));
      return (order === 'up' ? items : items.reverse()).slice(0, checkLimit(limit));
    },
    async hasItemBetween(folderId, range) {
      for (const _ of itemsBetween(view(), folderId, range)) return true;
      return false;
    },
    async partnership(folderId, device) {
      return view().partnerships.get(partnershipKey(folderId, device)) ?? null;
    },
    async partnerships(device) {
      return [...view().partnerships.values()].filter((one) => device === undefined || one.device === device);
    },
    async commands(folderId, device, list) {
      return [
        ...(view()
          .commands.get(commandKey(folderId, device, list))
          ?.values() ?? []),
      ];
    },
    async conflictLosers() {
      return [...view().losers.values()];
    },
  };
}

export function commandKey(folderId: FolderId, device: string, list: CommandList): string {
  return `${list}/${partnershipKey(folderId, device)}`;
}

function feedRows(view: MailboxView, folderId: FolderId, after: Stamp): FeedRow[] {
  const byStamp = new Map<Stamp, FeedRow>();
  for (const row of view.presence.values()) {
    if (row.stamp <= after || row.folderId !== folderId) continue;
    const item = view.items.get(row.itemId)?.item;
    const isPresent = item !== undefined && item.folderId === folderId && item.entered === row.stay;
    const { stamp, itemId } = row;
    byStamp.set(stamp, { stamp, itemId, log: logRowOf(row), item: isPresent ? item : null });
  }
  for (const { item } of view.items.values()) {
    if (item.rev <= after || item.folderId !== folderId || byStamp.has(item.rev)) continue;
    byStamp.set(item.rev, { stamp: item.rev, itemId: item.id, log: null, item });
  }
  return [...byStamp.values()].sort((a, b) => a.stamp - b.stamp);
}

function logRowOf({ stamp, itemId, stay, before, after, by }: PresenceRow): LogRow {
  return { stamp, itemId, stay, before, after, by };
}

function* itemsBetween(view: MailboxView, folderId: FolderId, { low, high }: EdgeRange): Iterable<Item> {
  for (const { item } of view.items.values()) {
    if (item.folderId !== folderId) continue;
    const place = placeOf(item);
    if (compareEdges(place, low) >= 0 && compareEdges(place, high) < 0) yield item;
  }
}

function placeOf(item: Item): Edge {
  return { key: item.filterKey, id: item.id };
}

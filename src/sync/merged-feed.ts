import type { FolderId } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { FeedRow, LogRow, SyncReader } from '../store/sync-state-store.ts';
import type { Rules } from './rules.ts';
import { isOfSource, type Source } from './source.ts';

/** Where and when a stay in one folder began. */
export interface Stay {
  readonly folderId: FolderId;
  readonly entered: Stamp;
}

/**
 * As `PartnershipReader.feedRows`, over all folders of the source. A move from one of them to another is one row, as if the
 * item had only changed; and the item's stay goes on, so that it is present in the rows before the move too.
 */
export async function feedRows(
  reader: SyncReader,
  source: Source,
  after: Stamp,
  limit: number,
  rules: Rules,
): Promise<readonly FeedRow[]> {
  const { folders } = source;
  if (folders.length === 1) return reader.feedRows(folders[0]!.id, after, limit);
  const byStamp = new Map<Stamp, FeedRow>();
  for (const { id } of folders.filter(({ last }) => last > after)) {
    for (const row of await reader.feedRows(id, after, limit)) {
      const other = byStamp.get(row.stamp);
      byStamp.set(row.stamp, other === undefined ? row : oneMove(other, row));
    }
  }
  // A folder's page ends at a higher stamp than the page of all, so no half of a move is cut off.
  const rows = [...byStamp.values()].sort((a, b) => a.stamp - b.stamp).slice(0, limit);
  return rules.isOneStay ? withPresence(reader, source, rows, after) : rows;
}

/** The two log rows of a move share its stamp; nothing else shares one. */
function oneMove(a: FeedRow, b: FeedRow): FeedRow {
  const [left, entered] = a.log?.after === null ? [a, b] : [b, a];
  if (left.log === null || entered.log === null || left.itemId !== entered.itemId) {
    throw new TypeError(`Stamp ${a.stamp} belongs to more than one write.`);
  }
  const log: LogRow = { ...entered.log, before: left.log.before };
  return { ...entered, log };
}

async function withPresence(
  reader: SyncReader,
  source: Source,
  rows: readonly FeedRow[],
  since: Stamp,
): Promise<readonly FeedRow[]> {
  const present = new Map<ItemId, { readonly item: Item; readonly stays: readonly Stay[] } | null>();
  const found: FeedRow[] = [];
  for (const row of rows) {
    const { log, itemId } = row;
    if (row.item !== null || log === null) {
      found.push(row);
      continue;
    }
    let known = present.get(itemId);
    if (known === undefined) {
      const item = await reader.item(itemId);
      const isHere = item !== null && isOfSource(source, item.folderId);
      known = isHere ? { item, stays: await staysOf(reader, source, item, since) } : null;
      present.set(itemId, known);
    }
    const isPresent = known?.stays.some(({ entered }) => entered === log.stay) ?? false;
    found.push(isPresent ? { ...row, item: known!.item } : row);
  }
  return found;
}

/**
 * The item's stay in the source, which moves between its folders do not end: as far back as `since`, below which the log may
 * have been pruned. For a single folder, the item's own.
 */
export async function stayIn(
  reader: SyncReader,
  source: Source,
  item: Item,
  since: Stamp,
  rules: Rules,
): Promise<Stay> {
  if (source.folders.length === 1 || !rules.isOneStay) return item;
  return (await staysOf(reader, source, item, since)).at(-1)!;
}

/** Stays in single folders that follow each other without a gap, the newest first; the last one began at `since` or before, or with the item's entry. */
async function staysOf(reader: SyncReader, source: Source, item: Item, since: Stamp): Promise<readonly Stay[]> {
  let stay: Stay | null = { folderId: item.folderId, entered: item.entered };
  const stays: Stay[] = [];
  while (stay !== null) {
    stays.push(stay);
    stay = stay.entered > since ? await stayBefore(reader, source, item.id, stay) : null;
  }
  return stays;
}

/** The stay that a move from another of the source's folders ended when this one began. */
async function stayBefore(
  reader: SyncReader,
  { folders }: Source,
  itemId: ItemId,
  { folderId, entered }: Stay,
): Promise<Stay | null> {
  for (const { id } of folders) {
    const row = id === folderId ? null : await reader.logRowAt(id, entered);
    if (row?.itemId === itemId && row.after === null && row.stay < entered) return { folderId: id, entered: row.stay };
  }
  return null;
}

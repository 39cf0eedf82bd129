import { compareEdges } from '../domain/edge.ts';
import type { Item } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { JournalEntry, SyncReader } from '../store/sync-state-store.ts';
import type { SyncContext } from './context.ts';
import { type Stay, stayIn } from './merged-feed.ts';
import type { Position } from './position.ts';
import type { Sized } from './translator.ts';

/** Whether the device holds the item's present revision, so that its edit is no conflict. */
export async function hasRevision<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  item: Item,
  position: Position,
): Promise<boolean> {
  const { rules, me } = context;
  if (rules.isOwnWrite(item.by, me)) return true;
  if (rules.blocksRevision(position.exceptions.has(item.id))) return false;
  const isAbove = compareEdges({ key: item.filterKey, id: item.id }, position.edge) >= 0;
  if (item.rev <= position.processed && isAbove) return true;
  return wasSentAhead(context, reader, item, position.processed, position);
}

/**
 * Whether the item entered in the present pass and was sent at its newest revision, ahead of that revision's own row.
 * An item the device made itself was not sent at all, and one whose entry row was pruned may have come by another way.
 */
export async function wasSentAhead<C, R extends Sized>(
  { source, rules, me }: SyncContext<C, R>,
  reader: SyncReader,
  item: Item,
  at: Stamp,
  position: Position,
): Promise<boolean> {
  const stay = await stayIn(reader, source, item, position.base, rules);
  if (!rules.isSentAhead(withStay(item, stay), at, position)) return false;
  const entry = await reader.logRowAt(stay.folderId, stay.entered);
  return entry !== null && !rules.isOwnWrite(entry.by, me);
}

/** Whether the item is still in the stay in which the command left it. */
export async function isSameStay<C, R extends Sized>(
  { source, rules }: SyncContext<C, R>,
  reader: SyncReader,
  item: Item,
  entry: JournalEntry,
): Promise<boolean> {
  const stay = await stayIn(reader, source, item, entry.stay, rules);
  return rules.isSameStay(withStay(item, stay), entry);
}

function withStay(item: Item, { entered }: Stay): Item {
  return entered === item.entered ? item : { ...item, entered };
}

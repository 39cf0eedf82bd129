import { compareEdges } from '../domain/edge.ts';
import type { Item } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { SyncReader } from '../store/sync-state-store.ts';
import type { Position } from './position.ts';
import type { Rules } from './rules.ts';

/** Whether the device holds the item's present revision, so that its edit is no conflict. */
export async function hasRevision(
  reader: SyncReader,
  item: Item,
  position: Position,
  me: number,
  rules: Rules,
): Promise<boolean> {
  if (rules.isOwnWrite(item.by, me)) return true;
  if (rules.blocksRevision(position.exceptions.has(item.id))) return false;
  const isAbove = compareEdges({ key: item.filterKey, id: item.id }, position.edge) >= 0;
  if (item.rev <= position.processed && isAbove) return true;
  return wasSentAhead(reader, item, position.processed, position, me, rules);
}

/**
 * Whether the item entered in the present pass and was sent at its newest revision, ahead of that revision's own row.
 * An item the device made itself was not sent at all, and one whose entry row was pruned may have come by another way.
 */
export async function wasSentAhead(
  reader: SyncReader,
  item: Item,
  at: Stamp,
  position: Position,
  me: number,
  rules: Rules,
): Promise<boolean> {
  if (!rules.isSentAhead(item, at, position)) return false;
  const entry = await reader.logRowAt(item.folderId, item.entered);
  return entry !== null && !rules.isOwnWrite(entry.by, me);
}

import type { Edge } from '../domain/edge.ts';
import type { ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { Generation, QuarantinedItem } from '../store/sync-state-store.ts';

/** A generation's numbers while a request moves them. */
export interface Position {
  processed: Stamp;
  base: Stamp;
  ceiling: Stamp;
  edge: Edge;
  readonly quarantine: Map<ItemId, QuarantinedItem>;
}

export function positionOf({ processed, base, ceiling, edge, quarantine }: Generation): Position {
  return { processed, base, ceiling, edge, quarantine: new Map(quarantine.map((entry) => [entry.itemId, entry])) };
}

export function copyPosition(position: Position): Position {
  return { ...position, quarantine: new Map(position.quarantine) };
}

/** All stamps up to `stamp` are processed. A pass that reached its ceiling is over, and the next one begins. */
export function advance(position: Position, stamp: Stamp, head: Stamp): void {
  position.processed = Math.max(position.processed, stamp);
  beginPass(position, head);
}

export function beginPass(position: Position, head: Stamp): void {
  if (position.processed < position.ceiling) return;
  position.base = position.processed;
  position.ceiling = Math.max(head, position.processed);
}

/** Whether the device surely lacks the item although it lies above the edge. */
export function isKeptBack(position: Position, itemId: ItemId): boolean {
  return position.quarantine.get(itemId)?.isHeld === false;
}

export function generationOf(position: Position, key: string, options: string): Generation {
  const { processed, base, ceiling, edge, quarantine } = position;
  return { key, processed, base, ceiling, edge, quarantine: [...quarantine.values()], options };
}

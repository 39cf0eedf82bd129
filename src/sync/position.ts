import { compareEdges, type Edge } from '../domain/edge.ts';
import type { FolderId } from '../domain/folder.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { Generation, HeldException } from '../store/sync-state-store.ts';

/** A generation's numbers while a request moves them. */
export interface Position {
  processed: Stamp;
  base: Stamp;
  ceiling: Stamp;
  drained: Stamp;
  edge: Edge;
  readonly exceptions: Map<ItemId, HeldException>;
  readonly altered: Set<ItemId>;
  /** Of which it is a position, where it is of several; as in a generation. */
  readonly folders?: readonly FolderId[];
}

export function positionOf({ exceptions, altered, drained, folders, ...numbers }: Generation): Position {
  const held = new Map(exceptions.map((entry) => [entry.itemId, entry]));
  const { processed, base, ceiling, edge } = numbers;
  const position = {
    processed,
    base,
    ceiling,
    edge,
    drained: drained ?? 0,
    exceptions: held,
    altered: new Set(altered),
  };
  return folders === undefined ? position : { ...position, folders };
}

export function copyPosition(position: Position): Position {
  return { ...position, exceptions: new Map(position.exceptions), altered: new Set(position.altered) };
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

/** What an exception says of an item: held or not; null = there is none. */
export function exceptionFor(position: Position, itemId: ItemId): boolean | null {
  return position.exceptions.get(itemId)?.isHeld ?? null;
}

/** One of the device's own commands left it with, or without, an item, whatever the edge says. */
export function noteException(position: Position, itemId: ItemId, isHeld: boolean): void {
  position.exceptions.set(itemId, { itemId, isHeld, tried: NOTHING_IN_THE_WAY });
}

/** Takes back what was noted of an item. */
export function restoreException(position: Position, itemId: ItemId, before: HeldException | undefined): void {
  if (before === undefined) position.exceptions.delete(itemId);
  else position.exceptions.set(itemId, before);
}

/** The device deleted an item that stays: it gets it back, unless the item lies outside its window anyway. */
export function noteLetGo(position: Position, item: Item): void {
  const isAbove = compareEdges({ key: item.filterKey, id: item.id }, position.edge) >= 0;
  if (isAbove || item.rev > position.processed) noteException(position, item.id, false);
}

/** Below every retry stamp. */
const NOTHING_IN_THE_WAY = -1;
/** Above every retry stamp. */
const NEVER_AGAIN = Number.MAX_SAFE_INTEGER;

/** How many items the device does not get because they cannot be rendered. */
export function countQuarantined({ exceptions }: Position): number {
  return [...exceptions.values()].filter(isQuarantined).length;
}

/** Whether the exception is one because it could not be rendered, and nobody cleared it. */
export function isQuarantined({ tried }: HeldException): boolean {
  return tried > NOTHING_IN_THE_WAY && tried < NEVER_AGAIN;
}

/** Takes an item off quarantine without giving it to the device: it goes without until the item changes. */
export function noteCleared(position: Position, itemId: ItemId, isHeld: boolean): void {
  position.exceptions.set(itemId, { itemId, isHeld, tried: NEVER_AGAIN, reason: 'cleared' });
}

export function generationOf(position: Position, key: string, options: string): Generation {
  const { processed, base, ceiling, drained, edge, exceptions, altered, folders } = position;
  return {
    ...{ key, processed, base, ceiling, drained, edge, exceptions: [...exceptions.values()], options },
    ...(altered.size === 0 ? {} : { altered: [...altered] }),
    ...(folders === undefined ? {} : { folders }),
  };
}

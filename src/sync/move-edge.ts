import { compareEdges, type Edge } from '../domain/edge.ts';
import type { Item } from '../domain/item.ts';
import type { SyncReader } from '../store/sync-state-store.ts';
import { ROWS_PER_PAGE } from './caps.ts';
import { quarantine, render, type SyncContext } from './context.ts';
import { exceptionFor, type Position } from './position.ts';
import type { ServerCommand } from './request.ts';
import { itemsBetween } from './source.ts';
import type { Sized } from './translator.ts';

/** Collects server commands within a window and a number of bytes. */
export interface CommandSink<R> {
  /** False when the command does not fit any more. */
  accept(command: ServerCommand<R>): boolean;
  /** False when no further command fits, so that nothing needs to be rendered for it. */
  hasRoom(): boolean;
  /** Whether the id has a command in this answer. */
  has(itemId: number): boolean;
}

/**
 * Moves the edge towards its target: down, the newest first, an Add each; up, the oldest first, a SoftDelete each. First
 * synchronisation, ageing out of the window and a filter changed in place are all this. Returns whether it arrived.
 */
export async function moveEdge<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  target: Edge,
  sink: CommandSink<R>,
): Promise<boolean> {
  const isDown = compareEdges(position.edge, target) > 0;
  for (;;) {
    if (compareEdges(position.edge, target) === 0) return true;
    const { edge } = position;
    const range = isDown ? { low: target, high: edge } : { low: edge, high: target };
    const items = await itemsBetween(reader, context.source, range, isDown ? 'down' : 'up', ROWS_PER_PAGE);
    for (const item of items) {
      const isPassed = isDown
        ? await enter(context, reader, position, item, sink)
        : leave(context, position, item, sink);
      if (!isPassed) return false;
      // Down, the item itself is now held; up, the first that is held is the one above it.
      position.edge = { key: item.filterKey, id: isDown ? item.id : item.id + 1 };
    }
    if (items.length < ROWS_PER_PAGE) position.edge = target;
  }
}

async function enter<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  item: Item,
  sink: CommandSink<R>,
): Promise<boolean> {
  if (!context.translator.includes(item)) return true;
  if (isTaken(context, item, sink)) return false;
  const rendered = await render(context, reader, item);
  if (rendered === null) {
    quarantine(context, position, item.id, false);
    return true;
  }
  if (!sink.accept({ kind: 'add', itemId: item.id, item, rendered })) return false;
  position.exceptions.delete(item.id);
  return true;
}

function leave<C, R extends Sized>(
  context: SyncContext<C, R>,
  position: Position,
  item: Item,
  sink: CommandSink<R>,
): boolean {
  const isAbsent =
    context.rules.heldByException(exceptionFor(position, item.id)) === false || !context.translator.includes(item);
  if (!isAbsent) {
    if (isTaken(context, item, sink)) return false;
    if (!sink.accept({ kind: 'soft-delete', itemId: item.id })) return false;
  }
  position.exceptions.delete(item.id);
  return true;
}

function isTaken<C, R extends Sized>(context: SyncContext<C, R>, item: Item, sink: CommandSink<R>): boolean {
  return !sink.hasRoom() || context.rules.isSettled(context.settled.has(item.id) || sink.has(item.id));
}

import { compareEdges, type Edge } from '../domain/edge.ts';
import type { Item } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { FeedRow, HeldException, SyncReader } from '../store/sync-state-store.ts';
import { MAX_PAGES, ROWS_PER_PAGE } from './caps.ts';
import { quarantine, render, renderSince, type SyncContext } from './context.ts';
import { foldFeed, type Intent } from './feed-page.ts';
import { feedRows } from './merged-feed.ts';
import { type CommandSink, moveEdge } from './move-edge.ts';
import { copyPosition, type Position } from './position.ts';
import type { ServerCommand } from './request.ts';
import { isOfSource, type Source } from './source.ts';
import type { Sized } from './translator.ts';

export interface ServerPage<R> {
  readonly commands: readonly ServerCommand<R>[];
  readonly position: Position;
  readonly hasMore: boolean;
}

export interface PageLimits {
  readonly windowSize: number;
  readonly maxBytes: number;
  /** Where the edge shall be. */
  readonly target: Edge;
}

/**
 * The server's part of an answer: the feed, and when it is drained what quarantine holds and the edge's movement. Rows
 * that yield nothing are read on, page by page, so that no device asks in vain.
 */
export async function serverCommands<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  source: Source,
  from: Position,
  limits: PageLimits,
): Promise<ServerPage<R>> {
  let page = await onePage(context, reader, source, from, limits);
  for (let pages = 1; pages < MAX_PAGES && page.commands.length === 0 && page.hasMore; pages += 1) {
    const before = page.position.processed;
    page = await onePage(context, reader, source, page.position, limits);
    if (page.position.processed === before) break;
  }
  return page;
}

async function onePage<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  source: Source,
  from: Position,
  limits: PageLimits,
): Promise<ServerPage<R>> {
  const { last } = source;
  const rows =
    last > from.processed ? await feedRows(reader, source, from.processed, ROWS_PER_PAGE, context.rules) : NO_ROWS;
  const { position, sink, isComplete } = await feedWithinBytes(context, reader, source, from, rows, limits);
  const isDrained = isComplete && rows.length < ROWS_PER_PAGE;
  let hasMore = !isDrained;
  if (context.rules.edgeMayMove(isDrained)) {
    if (isDrained) {
      position.processed = Math.max(position.processed, last);
      position.base = position.processed;
      position.ceiling = position.processed;
      position.drained = position.processed;
      // Whatever a device changed in vain has a row in the feed, or is an exception.
      position.altered.clear();
    }
    const isRetried = await settleExceptions(context, reader, position, sink);
    const hasArrived = isRetried && (await moveEdge(context, reader, position, limits.target, sink));
    hasMore ||= !hasArrived;
  }
  return { commands: sink.commands, position, hasMore };
}

const NO_ROWS: readonly FeedRow[] = [];

/**
 * Folds and renders. When what was rendered is too large, the rows are folded again into the smaller window that fits:
 * a page must end before a row, and only the fold knows where.
 */
async function feedWithinBytes<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  source: Source,
  from: Position,
  rows: readonly FeedRow[],
  limits: PageLimits,
): Promise<{ position: Position; sink: CommandList<R>; isComplete: boolean }> {
  for (let windowSize = limits.windowSize; ; ) {
    const position = copyPosition(from);
    const page = await foldFeed(context, reader, position, rows, { windowSize, head: source.last });
    const sink = new CommandList<R>(limits.windowSize, limits.maxBytes);
    const taken = await carryOut(context, reader, position, page.intents, sink, context.rules.toldUpTo(from));
    if (taken < page.intents.length && windowSize > 1) {
      windowSize = Math.max(1, Math.min(taken, windowSize - 1));
      continue;
    }
    for (const itemId of page.dropped) position.exceptions.delete(itemId);
    return { position, sink, isComplete: page.isComplete };
  }
}

/** Turns intents into commands; returns how many of them were dealt with before the answer was full. */
async function carryOut<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  intents: readonly Intent[],
  sink: CommandList<R>,
  since: Stamp,
): Promise<number> {
  for (const [at, intent] of intents.entries()) {
    if (!('item' in intent)) {
      sink.force({ kind: intent.kind, itemId: intent.itemId });
      position.exceptions.delete(intent.itemId);
      continue;
    }
    const { kind, item } = intent;
    const isPartial = kind === 'change' && holdsContent(context, position, item, since);
    const rendered = await (isPartial ? renderSince(context, reader, item, since) : render(context, reader, item));
    if (rendered === null) {
      quarantine(context, position, item.id, kind === 'change');
      continue;
    }
    if (!sink.fits(rendered.size)) return at;
    sink.force({ kind, itemId: item.id, item, rendered });
    position.exceptions.delete(item.id);
  }
  return intents.length;
}

function holdsContent<C, R extends Sized>(
  { rules }: SyncContext<C, R>,
  { exceptions, altered }: Position,
  item: Item,
  since: Stamp,
): boolean {
  return rules.holdsContent(item, since, { isException: exceptions.has(item.id), isAltered: altered.has(item.id) });
}

/**
 * Sets exceptions right: tries quarantined items again at a new retry stamp, and what the device's commands left. Returns
 * whether all that were due had their turn.
 */
async function settleExceptions<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  sink: CommandList<R>,
): Promise<boolean> {
  for (const exception of [...position.exceptions.values()]) {
    if (!context.rules.isRetried(exception.tried, context.retryStamp)) continue;
    const command = await settleException(context, reader, position, exception);
    if (command === 'refused') quarantine(context, position, exception.itemId, exception.isHeld);
    else {
      const { itemId } = exception;
      if (command !== null && context.rules.isSettled(context.settled.has(itemId) || sink.has(itemId))) return false;
      if (command !== null && !sink.accept(command)) return false;
      position.exceptions.delete(itemId);
    }
  }
  return true;
}

async function settleException<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  { itemId, isHeld }: HeldException,
): Promise<ServerCommand<R> | 'refused' | null> {
  const item = await reader.item(itemId);
  if (item === null || !isOfSource(context.source, item.folderId)) return isHeld ? { kind: 'delete', itemId } : null;
  if (compareEdges({ key: item.filterKey, id: itemId }, position.edge) < 0) {
    return isHeld ? { kind: 'soft-delete', itemId } : null;
  }
  const rendered = await render(context, reader, item);
  return rendered === null ? 'refused' : { kind: isHeld ? 'change' : 'add', itemId, item, rendered };
}

class CommandList<R extends Sized> implements CommandSink<R> {
  readonly commands: ServerCommand<R>[] = [];
  readonly #ids = new Set<number>();
  readonly #windowSize: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(windowSize: number, maxBytes: number) {
    this.#windowSize = windowSize;
    this.#maxBytes = maxBytes;
  }

  /** One item always fits, or a large one would stop its folder for ever. */
  fits(size: number): boolean {
    return this.#bytes === 0 || this.#bytes + size <= this.#maxBytes;
  }

  hasRoom(): boolean {
    return this.commands.length < this.#windowSize;
  }

  has(itemId: number): boolean {
    return this.#ids.has(itemId);
  }

  accept(command: ServerCommand<R>): boolean {
    if (!this.hasRoom() || !this.fits('rendered' in command ? command.rendered.size : 0)) return false;
    this.force(command);
    return true;
  }

  force(command: ServerCommand<R>): void {
    this.commands.push(command);
    this.#ids.add(command.itemId);
    this.#bytes += 'rendered' in command ? command.rendered.size : 0;
  }
}

import { compareEdges, type Edge } from '../domain/edge.ts';
import type { Item, ItemId } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { FeedRow, SyncReader } from '../store/sync-state-store.ts';
import type { SyncContext } from './context.ts';
import { wasSentAhead } from './known-revision.ts';
import { advance, beginPass, exceptionFor, isQuarantined, type Position } from './position.ts';
import type { Held } from './rules.ts';
import type { Sized } from './translator.ts';

/** What a device shall be told about an item, before anything is rendered. */
export type Intent =
  | { readonly kind: 'add' | 'change'; readonly itemId: ItemId; readonly item: Item }
  | { readonly kind: 'delete' | 'soft-delete'; readonly itemId: ItemId };

export interface FoldedPage {
  /** In the order in which the items first came up. */
  readonly intents: readonly Intent[];
  /** Items that neither are nor shall be on the device: nothing of them is kept. */
  readonly dropped: readonly ItemId[];
  /** False when a row had to be left for the next answer. */
  readonly isComplete: boolean;
}

interface Folded {
  readonly itemId: ItemId;
  readonly held: Held;
  readonly isWanted: boolean;
  readonly isGone: boolean;
  readonly isEdited: boolean;
  /** Null when the stay is over. */
  readonly item: Item | null;
}

/**
 * Folds rows of the feed to one intent per id and moves `position` over those it took. A page ends before a row that
 * would exceed the window, give a settled id a second command, or want an item back whose old stay is perhaps held.
 */
export async function foldFeed<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  rows: readonly FeedRow[],
  limits: { readonly windowSize: number; readonly head: Stamp },
): Promise<FoldedPage> {
  const folded = new Map<ItemId, Folded>();
  let count = 0;
  let isComplete = true;
  beginPass(position, limits.head);
  for (const row of rows) {
    if (row.item !== null && !context.translator.includes(row.item)) {
      advance(position, row.stamp, limits.head);
      continue;
    }
    const known = folded.get(row.itemId);
    const next = await foldRow(context, reader, position, row, known);
    if (next === 'wait') {
      isComplete = false;
      break;
    }
    const intent = intentOf(next);
    const more = count + Number(intent !== null) - Number(known !== undefined && intentOf(known) !== null);
    const isTaken = intent !== null && context.rules.isSettled(context.settled.has(row.itemId));
    if (isTaken || (more > count && !context.rules.fits(more, limits.windowSize))) {
      isComplete = false;
      break;
    }
    count = more;
    folded.set(row.itemId, next);
    advance(position, row.stamp, limits.head);
  }
  const all = [...folded.values()];
  return {
    intents: all.map(intentOf).filter((intent) => intent !== null),
    dropped: all
      .filter(({ isWanted, held }) => !isWanted && held === 'no')
      .map(({ itemId }) => itemId)
      .filter((itemId) => !isNamedNow(context, position, itemId)),
    isComplete,
  };
}

/** This very answer names the item as the outcome of an Add, after whatever its rows say: the device holds it. */
function isNamedNow<C, R extends Sized>(context: SyncContext<C, R>, position: Position, itemId: ItemId): boolean {
  const exception = position.exceptions.get(itemId);
  return context.settled.has(itemId) && exception?.isHeld === true && !isQuarantined(exception);
}

async function foldRow<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  row: FeedRow,
  known: Folded | undefined,
): Promise<Folded | 'wait'> {
  const { rules, me } = context;
  const exception = rules.heldByException(exceptionFor(position, row.itemId));
  let next = known;
  if (row.log !== null) {
    const { log } = row;
    const isPresent = row.item !== null;
    const wasVisible = isVisible(log.before, row.itemId, position.edge);
    const isWanted = isVisible(log.after, row.itemId, position.edge);
    let held = known?.held ?? ((exception ?? wasVisible) ? rules.heldBefore(isPresent) : 'no');
    if (isWanted && isPresent && rules.mustWait(held)) return 'wait';
    held = rules.heldByOwnRow(log, me, isPresent, exception === false) ?? held;
    const isEdited = known?.isEdited ?? false;
    next = { itemId: row.itemId, held, isWanted, isGone: log.after === null, isEdited, item: row.item };
  }
  const { item } = row;
  if (item === null || item.rev !== row.stamp) {
    if (next === undefined) throw new TypeError(`Row ${row.stamp} is neither of the log nor an item's last write.`);
    return next;
  }
  const isSeen = isVisible(item.filterKey, item.id, position.edge);
  const isOwn = rules.isOwnWrite(item.by, me);
  // What is new to the device is told whole; asking costs a read.
  const isNew = next?.held === 'no';
  const isEdited = !isNew && isSeen && !isOwn && !(await isTold(context, reader, position, item));
  if (next !== undefined) return { ...next, item, isEdited };
  const isHeld = exception ?? isSeen;
  return { itemId: item.id, held: isHeld ? 'yes' : 'no', isWanted: isSeen, isGone: false, isEdited, item };
}

/** Whether an earlier answer held this very revision. */
async function isTold<C, R extends Sized>(
  context: SyncContext<C, R>,
  reader: SyncReader,
  position: Position,
  item: Item,
): Promise<boolean> {
  if (position.exceptions.has(item.id)) return false;
  return wasSentAhead(context, reader, item, item.rev, position);
}

function intentOf({ itemId, held, isWanted, isGone, isEdited, item }: Folded): Intent | null {
  if (!isWanted) return held === 'no' ? null : { kind: isGone ? 'delete' : 'soft-delete', itemId };
  if (item === null) return null;
  if (held === 'no') return { kind: 'add', itemId, item };
  return isEdited ? { kind: 'change', itemId, item } : null;
}

function isVisible(key: number | null, id: ItemId, edge: Edge): boolean {
  return key !== null && compareEdges({ key, id }, edge) >= 0;
}

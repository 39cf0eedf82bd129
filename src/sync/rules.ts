import type { Item } from '../domain/item.ts';
import type { Stamp } from '../domain/mailbox.ts';
import type { Generation, JournalEntry, LogRow, Partnership } from '../store/sync-state-store.ts';

/** What a device is known to hold of an item: 'maybe' when a stay ended that it may or may not have been told of. */
export type Held = 'yes' | 'maybe' | 'no';

/**
 * The decisions of the engine, each small enough to be replaced by its absence: the model test does that, one at a time,
 * and must notice. Production uses `RULES` and nothing else.
 */
export interface Rules {
  /** A cursor below what was pruned cannot be continued. */
  isPruned(processed: Stamp, pruned: Stamp): boolean;
  /** The generation an answer is computed from when the previous key comes again. */
  repeatFrom(partnership: Partnership): Generation | null;
  /** A stay that was visible and has ended was perhaps passed when it was already over: it earns a Delete, never a Change. */
  heldBefore(isPresent: boolean): Held;
  /** The device knows what it did itself. Null = the row says nothing. */
  heldByOwnRow(log: LogRow, me: number, isPresent: boolean, isKeptBack: boolean): Held | null;
  /** A live item that is wanted again while its old stay may be held gets its Delete in this answer and its Add in the next. */
  mustWait(held: Held): boolean;
  /** The device's own writes are not sent back to it. */
  isOwnWrite(by: number | null, me: number): boolean;
  /** Something entered in this pass and was sent at its newest. */
  isSentAhead(item: Item, at: Stamp, pass: { base: Stamp; ceiling: Stamp }): boolean;
  /** The device does not have the present revision of an item that is an exception. */
  blocksRevision(isException: boolean): boolean;
  /** What was written after a conflict must come back, so nobody signs it. */
  signerAfterConflict(me: number): number | null;
  /** Content that came earlier under this name and was replaced since is not written again. */
  isSuperseded(entry: JournalEntry, hash: string): boolean;
  /** A command that came before under this key is not done again. */
  isDone(entry: JournalEntry, hash: string): boolean;
  /** Other content was written under this name, of which the device does not know; new content may have left some of it. */
  isReplaced(entry: JournalEntry, hash: string): boolean;
  /** What a repeat no longer contains is put right. */
  isPutRight(entry: JournalEntry): boolean;
  /** What a refused command was about comes back to the device. */
  isGivenBack: boolean;
  /** An id gets one command in an answer. */
  isSettled(isSettled: boolean): boolean;
  /** Adds of an answer that was never acknowledged are known after a new start. */
  isCarried(entry: JournalEntry): boolean;
  /** An Add that is refused names no item: what was noted for its answer is taken back. */
  isTakenBack: boolean;
  /** Whether an exception says more than the edge. Null = it says nothing. */
  heldByException(isHeld: boolean | null): boolean | null;
  /** Keys at `processed` must be keys now before the edge moves. */
  edgeMayMove(isDrained: boolean): boolean;
  /** The strip between the edge and its target is looked at before a device is told that nothing changed. */
  looksAtStrip: boolean;
  /** Quarantined items are tried again at a new retry stamp. */
  isRetried(tried: number, retryStamp: number): boolean;
  /** A key was never given before. */
  isFreshKey: boolean;
  /** Commands a page may hold. */
  fits(count: number, windowSize: number): boolean;
  /** What is put right after an Add must still be in the stay which that Add began. */
  isSameStay(item: Item, entry: JournalEntry): boolean;
  /** What was rendered before the lock is of the revision that the lock sees, and for what the device holds. */
  isPresentRevision(rendered: { rev: Stamp; since: Stamp | null }, item: Item, since: Stamp | null): boolean;
  /** The stamp up to which a device was told of everything. */
  toldUpTo(position: { drained: Stamp; processed: Stamp }): Stamp;
  /** A device that was told of all that was written up to `since` holds the item's present content, so that its flags will do. */
  holdsContent(item: Item, since: Stamp, known: { isException: boolean; isAltered: boolean }): boolean;
  /** A move between folders that are read as one ends no stay. */
  isOneStay: boolean;
  /** Folders that are read as one are the same as before, or the device begins again. */
  isSameSource(generation: Generation | null): boolean;
}

export const RULES: Rules = {
  isPruned: (processed, pruned) => processed < pruned,
  repeatFrom: (partnership) => partnership.previous,
  heldBefore: (isPresent) => (isPresent ? 'yes' : 'maybe'),
  heldByOwnRow(log, me, isPresent, isKeptBack) {
    if (log.by !== me) return null;
    if (log.after === null) return 'no';
    if (log.before !== null) return null;
    if (isKeptBack) return 'no';
    return isPresent ? 'yes' : 'maybe';
  },
  mustWait: (held) => held === 'maybe',
  isOwnWrite: (by, me) => by === me,
  isSentAhead: (item, at, { base, ceiling }) => item.entered > base && item.entered <= at && item.rev <= ceiling,
  blocksRevision: (isException) => isException,
  signerAfterConflict: () => null,
  isSuperseded: (entry, hash) => entry.hashes.includes(hash) && entry.hashes.at(-1) !== hash,
  isDone: (entry, hash) => entry.hashes.at(-1) === hash,
  isReplaced: (entry, hash) => entry.isApplied && entry.hashes.some((earlier) => earlier !== hash),
  isPutRight: () => true,
  isGivenBack: true,
  isSettled: (isSettled) => isSettled,
  isCarried: (entry) => entry.kind === 'add',
  isTakenBack: true,
  heldByException: (isHeld) => isHeld,
  edgeMayMove: (isDrained) => isDrained,
  looksAtStrip: true,
  isRetried: (tried, retryStamp) => tried < retryStamp,
  isFreshKey: true,
  fits: (count, windowSize) => count <= windowSize,
  isSameStay: (item, entry) => item.entered === entry.stay,
  isPresentRevision: (rendered, item, since) => rendered.rev === item.rev && rendered.since === since,
  toldUpTo: ({ drained }) => drained,
  holdsContent: (item, since, { isException, isAltered }) =>
    item.contentRev <= since && item.entered <= since && !isException && !isAltered,
  isOneStay: true,
  isSameSource: (generation) => generation !== null,
};

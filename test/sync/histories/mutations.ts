import { RULES, type Rules } from '../../../src/sync/rules.ts';

/** A rule of the engine switched off, and how many histories may pass before one of them notices. */
export interface Mutation {
  readonly name: string;
  readonly rules: Rules;
  /** Histories within which it must be found, some way above where it was. */
  readonly within: number;
  /** Seen only where devices read several folders as one. */
  readonly isOfMerging?: boolean;
}

const off = (name: string, within: number, rule: Partial<Rules>): Mutation => ({
  name,
  rules: { ...RULES, ...rule },
  within,
});

export const MUTATIONS: readonly Mutation[] = [
  off('a pruned log is taken for a quiet one', 100, { isPruned: () => false }),
  off('a repeat goes on from the newest generation', 100, { repeatFrom: ({ current }) => current }),
  off('an ended stay is taken for held', 1000, { heldBefore: () => 'yes' }),
  off('an own Add or Delete is judged like anybody’s', 100, { heldByOwnRow: () => null }),
  off('a Delete and an Add of one item share an answer', 1000, { mustWait: () => false }),
  off('own writes are echoed', 100, { isOwnWrite: () => false }),
  off('an edit of a quarantined revision is no conflict', 1000, { blocksRevision: () => false }),
  off('exceptions are ignored', 100, { heldByException: () => null }),
  off('a write after a conflict is the device’s own', 100, { signerAfterConflict: (me) => me }),
  off('content that was replaced is written again', 3000, { isSuperseded: () => false }),
  off('content that replaced other is all there is', 1000, { isReplaced: () => false }),
  off('a command that comes again is done again', 100, { isDone: () => false }),
  off('what a repeat leaves out stays', 100, { isPutRight: () => false }),
  off('what was refused does not come back', 100, { isGivenBack: false }),
  off('an Add is put right although its item came back by another way', 10_000, { isSameStay: () => true }),
  off('an id gets two commands in one answer', 100, { isSettled: () => false }),
  off('Adds are not carried over a new start', 100, { isCarried: () => false }),
  off('an Add that is refused leaves what was noted for its answer', 5000, { isTakenBack: false }),
  off('the edge moves before the feed is drained', 100, { edgeMayMove: () => true }),
  off('a Ping does not look between edge and target', 100, { looksAtStrip: false }),
  off('quarantine is never tried again', 100, { isRetried: () => false }),
  off('a key is given twice', 100, { isFreshKey: false }),
  off('a page holds more than the window', 100, { fits: () => true }),
  off('what was rendered ahead is sent whatever came since', 100, { isPresentRevision: () => true }),
  off('what was sent ahead is sent twice', 100, { isSentAhead: () => false }),
  off('what entered in this pass was always sent', 1000, {
    isSentAhead: (item, at, { base }) => item.entered > base && item.entered <= at,
  }),
  off('what is processed is taken for told', 1000, { toldUpTo: ({ processed }) => processed }),
  off('a Change of content is told as one of flags', 100, {
    holdsContent: (item, since, { isException, isAltered }) => item.entered <= since && !isException && !isAltered,
  }),
  off('a device with an exception is taken to hold the content', 1000, {
    holdsContent: (item, since, { isAltered }) => item.contentRev <= since && item.entered <= since && !isAltered,
  }),
  off('what a device changed in vain is taken for what it was sent', 1000, {
    holdsContent: (item, since, { isException }) => item.contentRev <= since && item.entered <= since && !isException,
  }),
  off('what was rendered ahead for a device that holds the content is sent to one that does not', 3000, {
    isPresentRevision: ({ rev }, item) => rev === item.rev,
  }),
  { ...off('a move between folders that are one ends the stay', 100, { isOneStay: false }), isOfMerging: true },
  { ...off('a device goes on with other folders than before', 100, { isSameSource: () => true }), isOfMerging: true },
];

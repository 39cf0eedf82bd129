import { isDeepStrictEqual } from 'node:util';
import type { FlagAspect, FlagRevs, Item, ItemFlags } from './item.ts';
import type { Stamp } from './mailbox.ts';

/** What each aspect is read from. */
const ASPECTS: { readonly [aspect in FlagAspect]: (flags: ItemFlags) => unknown } = {
  read: ({ read }) => read === true,
  categories: ({ categories }) => categories ?? [],
  followUp: ({ flagged, followUp }) => [flagged === true, followUp],
  lastVerb: ({ lastVerb }) => lastVerb,
};

/** The stamps of an item's flags after a write: those of the aspects that it changes become the write's. */
export function flagRevsAfter(item: Pick<Item, 'flags' | 'flagRevs'>, next: ItemFlags, stamp: Stamp): FlagRevs {
  const revs: { [aspect in FlagAspect]?: Stamp } = { ...item.flagRevs };
  for (const [aspect, valueIn] of Object.entries(ASPECTS) as [FlagAspect, (flags: ItemFlags) => unknown][]) {
    if (!isDeepStrictEqual(valueIn(item.flags), valueIn(next))) revs[aspect] = stamp;
  }
  return revs;
}

/** The aspects that changed after a revision, in a fixed order; none where only content, name or place changed. */
export function flagsChangedSince({ flagRevs }: Pick<Item, 'flagRevs'>, since: Stamp): readonly FlagAspect[] {
  return (Object.keys(ASPECTS) as FlagAspect[]).filter((aspect) => (flagRevs[aspect] ?? 0) > since);
}

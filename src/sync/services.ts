import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { ItemId } from '../domain/item.ts';
import type { Turns } from '../domain/turns.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { SyncTarget } from './request.ts';
import { RULES, type Rules } from './rules.ts';
import type { Sized } from './translator.ts';

/** What the engine works with. */
export interface SyncServices<R extends Sized> {
  readonly store: SyncStateStore;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly answers: AnswerCache<R>;
  /** Told when rendering an item threw: a bug to be logged, while the item goes into quarantine and its folder goes on. */
  readonly onRenderFailure: (target: SyncTarget, itemId: ItemId, error: unknown) => void;
  /** Told of each folder that a device synchronises, for whoever lists who has what open. */
  readonly onSynchronise?: (target: SyncTarget) => void;
  /** The turns of one request; absent = it computes to its end. */
  readonly turns?: () => Turns;
  /** For tests that switch one rule off; production never sets it. */
  readonly rules?: Rules;
}

export function rulesOf({ rules = RULES }: { readonly rules?: Rules }): Rules {
  return rules;
}

import type { FlagAspect, FollowUp, Item, ItemFlags } from '../../../src/domain/item.ts';
import type { EmailState, FollowUpFlag } from '../classes/email/email-state.ts';

const VERBS = ['reply', 'reply-all', 'forward'] as const;
/** Whose words the details of a follow-up are. */
const TASK_PAGE = 'Tasks:';
/** What Outlook shows of a flag that came without words. */
const DEFAULT_LABEL = 'Flag for follow up';

/** What the mailbox notes of a message, as phones are told of it. */
export function stateOfItem({ flags, flagRevs }: Pick<Item, 'flags' | 'flagRevs'>): EmailState {
  const state = stateOfFlags(flags);
  // It has its stamp from having changed, so there was a verb.
  return state.lastVerb === null && flagRevs.lastVerb !== undefined ? { ...state, lastVerb: 'none' } : state;
}

/** The same of flags alone. */
export function stateOfFlags({ read, categories, flagged, followUp, lastVerb }: ItemFlags): EmailState {
  return {
    read: read === true,
    categories: categories ?? [],
    flag: flagOf(flagged === true, followUp),
    lastVerb: lastVerb === undefined ? null : { verb: verbNumber(lastVerb.verb), at: lastVerb.at },
  };
}

/** What phones call an aspect of the flags. */
export function stateAspect(aspect: FlagAspect): keyof EmailState {
  return aspect === 'followUp' ? 'flag' : aspect;
}

function verbNumber(verb: (typeof VERBS)[number]): 1 | 2 | 3 {
  return (VERBS.indexOf(verb) + 1) as 1 | 2 | 3;
}

/** A message flagged by a program that knows no more than that has a flag without dates. */
function flagOf(isFlagged: boolean, followUp: FollowUp | undefined): FollowUpFlag | null {
  if (!isFlagged && followUp?.isDone !== true) return null;
  const details = Object.entries(followUp?.details ?? {}).filter(([name]) => name.startsWith(TASK_PAGE));
  return {
    status: isFlagged ? 2 : 1,
    type: followUp?.label ?? DEFAULT_LABEL,
    completedAt: followUp?.completedAt ?? null,
    task: details.map(([name, value]) => ({ name, value })),
  };
}

/** The flags after a client made `old` to `next`; what it left alone stays as it is noted, the last verb always. */
export function flagsWithState(flags: ItemFlags, old: EmailState, next: EmailState): ItemFlags {
  const { read: _, categories: __, ...rest } = flags;
  const kept = next.flag === old.flag ? rest : withFlag(rest, next.flag);
  return {
    ...kept,
    ...(next.read ? { read: true } : {}),
    ...(next.categories.length === 0 ? {} : { categories: next.categories }),
  };
}

/** Details in another protocol's words stay while there is a follow-up. */
function withFlag({ flagged: _, followUp: old, ...rest }: ItemFlags, flag: FollowUpFlag | null): ItemFlags {
  if (flag === null) return rest;
  const foreign = Object.entries(old?.details ?? {}).filter(([name]) => !name.startsWith(TASK_PAGE));
  const own = flag.task.map(({ name, value }): [string, string] => [name, value]);
  const followUp: FollowUp = {
    isDone: flag.status === 1,
    label: flag.type,
    completedAt: flag.completedAt,
    details: Object.fromEntries([...foreign, ...own]),
  };
  return { ...rest, ...(followUp.isDone ? {} : { flagged: true }), followUp };
}

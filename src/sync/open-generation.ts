import type { Folder } from '../domain/folder.ts';
import type { Generation, Partnership } from '../store/sync-state-store.ts';
import type { Rules } from './rules.ts';

/** What a key says. */
export type OpenedGeneration =
  /** The device acknowledges the last answer. */
  | { readonly kind: 'next'; readonly from: Generation }
  /** It never got the last answer: everything since the generation before is judged again. */
  | { readonly kind: 'repeat'; readonly from: Generation }
  | { readonly kind: 'lost' };

/** Finds the generation that a request goes on from. */
export function openGeneration(
  partnership: Partnership | null,
  folder: Folder,
  key: string,
  rules: Rules,
): OpenedGeneration {
  if (partnership === null) return { kind: 'lost' };
  const { current, previous } = partnership;
  if (key === current.key) return unlessPruned({ kind: 'next', from: current }, folder, rules);
  if (previous === null || key !== previous.key) return { kind: 'lost' };
  const from = rules.repeatFrom(partnership);
  return from === null ? { kind: 'lost' } : unlessPruned({ kind: 'repeat', from }, folder, rules);
}

function unlessPruned(
  opened: Exclude<OpenedGeneration, { kind: 'lost' }>,
  folder: Folder,
  rules: Rules,
): OpenedGeneration {
  return rules.isPruned(opened.from.processed, folder.pruned) ? { kind: 'lost' } : opened;
}

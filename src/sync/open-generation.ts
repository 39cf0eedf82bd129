import type { Generation, Partnership, SyncReader } from '../store/sync-state-store.ts';
import type { Rules } from './rules.ts';
import { generationFor, type Source } from './source.ts';

/** What a key says. */
export type OpenedGeneration =
  /** The device acknowledges the last answer. */
  | { readonly kind: 'next'; readonly from: Generation }
  /** It never got the last answer: everything since the generation before is judged again. */
  | { readonly kind: 'repeat'; readonly from: Generation }
  | { readonly kind: 'lost' };

/** Finds the generation that a request goes on from. */
export async function openGeneration(
  reader: SyncReader,
  partnership: Partnership | null,
  source: Source,
  key: string,
  rules: Rules,
): Promise<OpenedGeneration> {
  if (partnership === null) return LOST;
  const { current, previous } = partnership;
  if (key === current.key) return open(reader, 'next', current, source, rules);
  if (previous === null || key !== previous.key) return LOST;
  const from = rules.repeatFrom(partnership);
  return from === null ? LOST : open(reader, 'repeat', from, source, rules);
}

const LOST = { kind: 'lost' } as const;

async function open(
  reader: SyncReader,
  kind: 'next' | 'repeat',
  generation: Generation,
  source: Source,
  rules: Rules,
): Promise<OpenedGeneration> {
  if (rules.isPruned(generation.processed, source.pruned)) return LOST;
  const known = await generationFor(reader, generation, source);
  // What was done before the answer was lost was done to fewer folders: "not found" may be there by now.
  const isSame = rules.isSameSource(
    kind === 'repeat' && known?.folders?.length !== generation.folders?.length ? null : known,
  );
  return isSame ? { kind, from: known ?? generation } : LOST;
}

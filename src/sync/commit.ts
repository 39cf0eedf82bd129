import type { RandomBytes } from '../domain/clock.ts';
import type { Generation, Partnership, SyncWriter } from '../store/sync-state-store.ts';
import { QUARANTINE_ALARM, SUSPICIOUS_REPEATS } from './caps.ts';
import type { Journal } from './journal.ts';
import type { OpenedGeneration } from './open-generation.ts';
import { countQuarantined, generationOf, type Position } from './position.ts';
import type { ItemOutcome, ServerCommand, SyncAnswer } from './request.ts';
import type { Rules } from './rules.ts';
import { freshKey } from './start.ts';
import type { Sized } from './translator.ts';

export interface Computed<R> {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly partnership: Partnership;
  readonly opened: Exclude<OpenedGeneration, { kind: 'lost' }>;
  readonly journal: Journal;
  readonly position: Position;
  readonly options: string;
  readonly outcomes: readonly ItemOutcome[];
  readonly commands: readonly ServerCommand<R>[];
  readonly hasMore: boolean;
  /** Which repeat of its key this is; 0 = none. */
  readonly repeats: number;
  readonly suspects: readonly number[];
}

/**
 * Writes the generation that the answer leads to. Nothing to say leaves the key as it is; what was learnt on the way
 * is kept under it.
 */
export async function commitAnswer<R extends Sized>(
  tx: SyncWriter,
  computed: Computed<R>,
  random: RandomBytes,
  rules: Rules,
): Promise<SyncAnswer<R>> {
  const { partnership, opened, journal, position, options, outcomes, commands, hasMore } = computed;
  const quarantined = countQuarantined(position);
  const said = { outcomes, commands, hasMore, quarantined, isQuarantineAlarm: quarantined > QUARANTINE_ALARM };
  if (opened.kind === 'next' && outcomes.length === 0 && commands.length === 0 && !hasMore) {
    await moveInPlace(tx, partnership, generationOf(position, partnership.current.key, options));
    return { kind: 'answer', key: partnership.current.key, ...said, isEmpty: true };
  }
  await journal.begin();
  const answers = partnership.answers + 1;
  const key = rules.isFreshKey ? freshKey(answers, random) : partnership.current.key;
  const isNext = opened.kind === 'next';
  await tx.putPartnership({
    ...partnership,
    answers,
    current: generationOf(position, key, options),
    previous: isNext ? opened.from : partnership.previous,
    repeats: computed.repeats,
    alone: computed.repeats < SUSPICIOUS_REPEATS ? null : onlyContent(commands),
    suspects: computed.suspects,
    syncedAt: computed.now,
  });
  return { kind: 'answer', key, ...said, isEmpty: false };
}

/** Writes the current generation anew under its key, if it changed at all: an idle device costs no write. */
export async function moveInPlace(tx: SyncWriter, partnership: Partnership, current: Generation): Promise<void> {
  if (JSON.stringify(current) === JSON.stringify(partnership.current)) return;
  await tx.putPartnership({ ...partnership, current });
}

function onlyContent(commands: readonly ServerCommand<unknown>[]): number | null {
  const contents = commands.filter((command) => 'rendered' in command);
  return contents.length === 1 ? (contents[0]?.itemId ?? null) : null;
}

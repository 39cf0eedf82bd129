import { isDeepStrictEqual } from 'node:util';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import type { EasContext } from '../command.ts';
import { ancestry } from './differences.ts';
import { keyUnknown } from './folder-command.ts';
import {
  type DoneFolderCommand,
  type HeldFolder,
  type HierarchyEffect,
  type HierarchyGeneration,
  type HierarchyState,
  nextGeneration,
  presentHierarchy,
  readHierarchy,
  writeHierarchy,
} from './state.ts';

/** Commands remembered under one key: a device has one whose answer it waits for. */
const MAX_JOURNAL = 50;

/** What a folder command works on. */
export interface HierarchyChange {
  readonly tx: SyncWriter;
  /** What the device holds that sent it. */
  readonly held: readonly HeldFolder[];
  readonly language: string;
}

/**
 * Does a folder command once, and gives its device the next key, in one transaction. The device then holds what it held and
 * what it asked for; whatever else is different in the store, before or after, its next FolderSync is told.
 *
 * The same request under the same key again is a repeat after a lost answer: it does nothing and is answered as before, with the
 * same key too unless another request came between, so that a late copy does not cut off a device that went on.
 * @param request The whole request beside its key, which it is known by
 * @throws FolderRefusal 9 for a key that is unknown; what `work` throws, and nothing is done
 */
export function changeHierarchy(
  context: EasContext,
  key: string,
  request: readonly (string | number)[],
  work: (change: HierarchyChange) => Promise<HierarchyEffect>,
): Promise<{ readonly key: string; readonly effect: HierarchyEffect }> {
  const { environment, principal, device, line } = context;
  // A probe has no state, so that none of its keys is good for anything.
  if (line.isProbe) return Promise.reject(keyUnknown());
  return environment.sync.store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const state = await readHierarchy(tx, device);
    const { generation, journal } = openKey(state, key);
    const { held, language } = generation;
    const name = JSON.stringify(request);
    const done = journal.find((entry) => entry.name === name);
    const effect = done?.effect ?? (await work({ tx, held, language }));
    const after = applied(held, effect);
    if (done !== undefined && isDeepStrictEqual(after, state!.current.held)) return { key: state!.current.key, effect };
    const answers = state!.answers + 1;
    const present = await presentHierarchy(tx, context, language);
    const current = nextGeneration(answers, environment.sync.random, after, present, context, language);
    const kept = done === undefined ? [...journal, { name, effect }].slice(-MAX_JOURNAL) : journal;
    await writeHierarchy(tx, device, { answers, current, previous: generation, journal: kept });
    return { key: current.key, effect };
  });
}

interface OpenedGeneration {
  readonly generation: HierarchyGeneration;
  readonly journal: readonly DoneFolderCommand[];
}

function openKey(state: HierarchyState | null, key: string): OpenedGeneration {
  if (state !== null && key === state.current.key) return { generation: state.current, journal: [] };
  if (state?.previous && key === state.previous.key) return { generation: state.previous, journal: state.journal };
  throw keyUnknown();
}

function applied(held: readonly HeldFolder[], effect: HierarchyEffect): HeldFolder[] {
  if ('put' in effect) return [...held.filter(({ id }) => id !== effect.put.id), effect.put];
  const byId = new Map(held.map((folder) => [folder.id, folder]));
  return held
    .filter(({ id }) => id !== effect.removed)
    .map((folder) => (ancestry(folder.id, byId).has(effect.removed) ? { ...folder, isUnsure: true } : folder));
}

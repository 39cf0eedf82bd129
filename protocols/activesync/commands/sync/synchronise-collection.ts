import { createHash } from 'node:crypto';
import { administeredConflictRule } from '../../../../src/devices/conflict-rule.ts';
import { compareEdges } from '../../../../src/domain/edge.ts';
import type { DeviceConflictRule } from '../../../../src/store/device-store.ts';
import type { Generation } from '../../../../src/store/sync-state-store.ts';
import { hasChanges, isIdle } from '../../../../src/sync/has-changes.ts';
import { START_KEY, type SyncAnswer, type SyncRequest } from '../../../../src/sync/request.ts';
import { synchronise } from '../../../../src/sync/synchronise.ts';
import type { EasContext } from '../../command.ts';
import type { ClientView } from '../../translate/client-view.ts';
import { sourceOf } from '../../translate/one-folder.ts';
import { type CollectionOptions, parseOptions, wantedKeyOf, writeOptions } from '../../translate/options.ts';
import type { ClassCommand, RenderedItem } from '../../translate/rendered-item.ts';
import { retryStampAt, translatorFor } from '../../translate/translators.ts';
import { serverIdOf } from '../../translate/view.ts';
import type { Budget } from './budget.ts';
import type { CollectionAnswer, CommandAnswer } from './collection-answer.ts';
import { fetchItem } from './fetch-item.ts';
import type { LocatedCollection } from './locate-collection.ts';
import { type PlannedCommand, planCommands } from './plan-commands.ts';
import { SYNC_STATUS, statusOfOutcome } from './status.ts';

export interface SynchronisedCollection extends CollectionAnswer {
  /** So many items are in quarantine that somebody should look. */
  readonly isQuarantineAlarm: boolean;
}

/**
 * Synchronises one collection; null when there is nothing to say of it. An idle collection costs no transaction.
 * @param view Of this folder, with the collection's options.
 * @throws GatewayError 'folder-not-found', 'store-unavailable', 'storage-full'
 */
export async function synchroniseCollection(
  context: EasContext,
  located: LocatedCollection,
  view: ClientView,
  budget: Budget,
): Promise<SynchronisedCollection | null> {
  const { asked, collection, partnership, options } = located;
  const planned = planCommands(asked, collection);
  const translator = translatorFor(context.environment.items, collection, view);
  const wantsChanges = asked.key !== START_KEY && (asked.getChanges ?? true);
  const isCurrent = isKeyOf(partnership?.current, asked.key, options);
  const { sync } = context.environment;
  const retryStamp = retryStampAt(sync.clock.now());
  const query = { ...targetOf(context, located), retryStamp, wantedKeyOf: keyReader(context, located) };
  const isAnythingNew = (): Promise<boolean> => hasChanges(sync, query, translator);
  const isQuiet = isCurrent && planned.length === 0 && (!wantsChanges || budget.isSpent);
  const isNothing = planned.length === 0 && asked.key !== START_KEY && !wantsChanges;
  // The key before the current one stays what it is as long as nothing is asked under it.
  if (isNothing && isKeyOf(partnership?.previous, asked.key, options)) return null;
  // The edge is moved by a Sync only; where it is not yet, an item that the device adds would seem to lie outside of its window.
  const isAtRest = isCurrent && planned.length === 0 && isAtEdge(context, located);
  if (isQuiet || (isAtRest && (await isIdle(sync, query)))) {
    // What did not fit beside other collections is asked for again.
    const hasMore = wantsChanges && isQuiet && (await isAnythingNew());
    return hasMore ? { ...said(located, asked.key), hasMore } : null;
  }
  const { directory } = context.environment;
  const administered = planned.length === 0 ? null : await administeredConflictRule(directory, context.device);
  const request = requestOf(context, located, planned, {
    conflictRule: administered,
    ...{ view, retryStamp, windowSize: Math.min(asked.windowSize, Math.max(1, budget.commands)) },
    ...{ maxBytes: Math.max(0, budget.bytes), wantsChanges: wantsChanges && !budget.isSpent },
  });
  const outcome = await synchronise(sync, request, translator);
  if (outcome.kind === 'lost') return { ...said(located, START_KEY), status: SYNC_STATUS.invalidKey };
  const answers = await answersTo(context, located, view, planned, outcome);
  budget.take(outcome.commands, answers);
  if (outcome.isEmpty && answers.length === 0) return null;
  const isLeft = wantsChanges && !request.wantsChanges && (await isAnythingNew());
  const { key, commands, quarantined, isQuarantineAlarm } = outcome;
  // A new key has said nothing of the collection yet, and so nothing of more.
  const hasMore = asked.key !== START_KEY && (outcome.hasMore || isLeft);
  return { ...said(located, key), answers, commands, hasMore, quarantined, isQuarantineAlarm };
}

/** Whether a generation stands under this key and these options. */
function isKeyOf(
  generation: Pick<Generation, 'key' | 'options'> | null | undefined,
  key: string,
  options: CollectionOptions,
): boolean {
  return generation?.key === key && generation.options === writeOptions(options);
}

function said({ asked, collection }: LocatedCollection, key: string): SynchronisedCollection {
  return {
    ...{ easClass: collection.easClass, id: asked.id, key, status: SYNC_STATUS.done, hasMore: false },
    ...{ answers: [], commands: [], collection, quarantined: 0, isQuarantineAlarm: false },
  };
}

function targetOf({ principal }: EasContext, { collection, device }: LocatedCollection) {
  return { mailboxId: principal.mailboxId, ...sourceOf(collection), device };
}

function keyReader({ environment }: EasContext, { collection }: LocatedCollection): (options: string) => number {
  const now = environment.sync.clock.now();
  return (options) => wantedKeyOf(collection.easClass, parseOptions(options), now);
}

/** Whether the device's window already ends where its options want it to. */
function isAtEdge(context: EasContext, located: LocatedCollection): boolean {
  const current = located.partnership?.current;
  if (current === undefined) return false;
  const target = { key: keyReader(context, located)(current.options), id: 0 };
  return compareEdges(current.edge, target) === 0;
}

interface Terms {
  readonly view: ClientView;
  readonly retryStamp: number;
  readonly windowSize: number;
  readonly maxBytes: number;
  readonly wantsChanges: boolean;
  /** Null: the client may choose. */
  readonly conflictRule: DeviceConflictRule | null;
}

function requestOf(
  context: EasContext,
  located: LocatedCollection,
  planned: readonly PlannedCommand[],
  { view, ...terms }: Terms,
): SyncRequest<ClassCommand> {
  const { asked, options } = located;
  const written = writeOptions(options);
  const { zone, version } = view;
  const decisive = [asked.fingerprint(), written, version, zone.id, terms];
  return {
    ...targetOf(context, located),
    ...terms,
    key: asked.key,
    commands: planned.flatMap((entry) => (entry.kind === 'engine' ? [entry.command] : [])),
    options: written,
    wantedKey: keyReader(context, located)(written),
    conflictRule: terms.conflictRule ?? options.conflict ?? 'server-wins',
    fingerprint: createHash('sha256').update(JSON.stringify(decisive)).digest('base64url'),
  };
}

/** What became of each command, in the device's order. */
async function answersTo(
  context: EasContext,
  { collection }: LocatedCollection,
  view: ClientView,
  planned: readonly PlannedCommand[],
  { outcomes }: SyncAnswer<RenderedItem>,
): Promise<CommandAnswer[]> {
  const answers: CommandAnswer[] = [];
  const settled = outcomes.values();
  for (const entry of planned) {
    const { asked } = entry;
    if (entry.kind === 'answered')
      answers.push({ asked, status: entry.status, serverId: entry.serverId, fetched: null });
    else if (entry.kind === 'fetch') {
      const found = await fetchItem(context, collection, view, entry.itemId);
      const fetched = typeof found === 'number' ? null : found;
      const status = typeof found === 'number' ? found : SYNC_STATUS.done;
      answers.push({ asked, status, serverId: null, fetched });
    } else {
      const outcome = settled.next().value!;
      const serverId = outcome.itemId === null ? null : serverIdOf(collection, outcome.itemId);
      answers.push({ asked, status: statusOfOutcome(outcome), serverId, fetched: null });
    }
  }
  return answers;
}

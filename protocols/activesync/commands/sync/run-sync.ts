import { GatewayError } from '../../../../src/domain/errors.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import type { EasContext } from '../../command.ts';
import { hierarchyChanged } from '../../hierarchy/hierarchy-changed.ts';
import { factsOf, quirksOf } from '../../quirks.ts';
import { viewFor } from '../../translate/view-for.ts';
import type { AskedCollection, AskedSync } from './asked.ts';
import { Budget } from './budget.ts';
import { checkCollections } from './check-collections.ts';
import type { CollectionAnswer } from './collection-answer.ts';
import { locateCollection } from './locate-collection.ts';
import { warnOfQuarantine } from './quarantine-alarm.ts';
import { SYNC_STATUS, type SyncStatus, statusOfRefusal } from './status.ts';
import { type SynchronisedCollection, synchroniseCollection } from './synchronise-collection.ts';

/**
 * Answers the collections in the order of the request; those with nothing to say are left out.
 * @throws EasStatusError 103 for what cannot be asked of a collection, before anything is done
 */
export async function runSync(context: EasContext, asked: AskedSync): Promise<CollectionAnswer[]> {
  const { environment, principal } = context;
  const folders = await environment.sync.store.read(principal.mailboxId).folders();
  checkCollections(context, folders, asked.collections);
  const budget = new Budget(asked.windowSize ?? Number.POSITIVE_INFINITY, environment.limits.maxAnswerBytes);
  const answers: CollectionAnswer[] = [];
  for (const collection of asked.collections) {
    const answer = await answerCollection(context, folders, collection, budget);
    if (answer !== null) answers.push(answer);
  }
  return answers;
}

async function answerCollection(
  context: EasContext,
  folders: readonly Folder[],
  asked: AskedCollection,
  budget: Budget,
): Promise<CollectionAnswer | null> {
  const located = await settling(context, asked, () => locateCollection(context, folders, asked));
  if (typeof located === 'number') return refused(context, asked, await missing(context, asked, located));
  const view = viewFor(context, folders, located.collection.folder, located.options);
  const answer = await settling(context, asked, () => synchroniseCollection(context, located, view, budget));
  if (typeof answer === 'number') return refused(context, asked, answer);
  if (answer !== null) warn(context, answer);
  return answer;
}

/** One collection that fails must not fail the others: what went wrong becomes its status. */
async function settling<T>(
  { environment, device }: EasContext,
  asked: AskedCollection,
  work: () => Promise<T>,
): Promise<T | SyncStatus> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError) return statusOfRefusal(error);
    const fields = { device: device.id, collection: asked.id, error };
    environment.log.error(fields, 'A collection could not be synchronised: a bug');
    return SYNC_STATUS.serverError;
  }
}

/** A collection that is gone, or was never there: FolderSync tells a device that has something to learn (12), else it is a wrong id (8). */
async function missing(context: EasContext, asked: AskedCollection, status: SyncStatus): Promise<SyncStatus> {
  if (status !== SYNC_STATUS.notFound) return status;
  const { environment, principal, device } = context;
  return settling(context, asked, async () => {
    const isOutOfDate = await hierarchyChanged(environment, principal, device, context);
    return isOutOfDate ? SYNC_STATUS.hierarchyChanged : SYNC_STATUS.notFound;
  });
}

function refused(context: EasContext, asked: AskedCollection, status: SyncStatus): CollectionAnswer | null {
  const isMissing = status === SYNC_STATUS.notFound || status === SYNC_STATUS.hierarchyChanged;
  if (isMissing && quirksOf(factsOf(context.device, context.version)).omitsMissing === true) return null;
  const key = status === SYNC_STATUS.invalidKey ? '0' : asked.key;
  const empty = { hasMore: false, answers: [], commands: [], collection: null, quarantined: 0 };
  return { easClass: asked.easClass, id: asked.id, key, status, ...empty };
}

function warn(context: EasContext, { isQuarantineAlarm, quarantined, id }: SynchronisedCollection): void {
  if (isQuarantineAlarm) warnOfQuarantine(context, id, quarantined);
}

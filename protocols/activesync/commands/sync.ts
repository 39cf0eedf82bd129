import type { EasBody, EasCommand, EasContext, EasResponse } from '../command.ts';
import { statusDocument } from '../roots.ts';
import { EasStatusError } from '../status.ts';
import { collectionAmong } from '../translate/find-collection.ts';
import { parseCollectionId } from '../translate/view.ts';
import { endWaitsFor, waitForChanges } from '../waiting/wait-for-changes.ts';
import { type Watched, watchedOf } from '../waiting/watched.ts';
import { el } from '../wbxml/element.ts';
import type { AskedSync, AskedWait } from './sync/asked.ts';
import { type CollectionAnswer, collectionElement } from './sync/collection-answer.ts';
import { completed, keepRequest, lastRequest, withoutDocument } from './sync/last-request.ts';
import { logSync } from './sync/log-fields.ts';
import { readSyncRequest, waitSeconds } from './sync/read-request.ts';
import { SyncRefusal } from './sync/refusal.ts';
import { runSync } from './sync/run-sync.ts';
import { SYNC_STATUS } from './sync/status.ts';

/** MS-ASCMD §2.2.1.21: what changed on either side of each collection, both ways. */
export const SYNC: EasCommand = {
  name: 'Sync',
  protocolError: 4,
  takes: { empty: true },
  async handle(context, body) {
    // A client that tries out an account holds nothing, and nothing may be kept of it.
    if (context.line.isProbe) throw new EasStatusError(108, 'a probe has nothing to synchronise');
    try {
      return await answer(context, await askedBy(context, body));
    } catch (error) {
      if (error instanceof SyncRefusal) return { kind: 'document', root: error.document };
      throw error;
    }
  },
};

async function askedBy(context: EasContext, body: EasBody): Promise<AskedSync> {
  if (body.kind !== 'document') return lastRequest(context);
  const document = readSyncRequest(body.root, context.environment.limits);
  return document.isPartial ? completed(context, document) : document;
}

async function answer(context: EasContext, asked: AskedSync): Promise<EasResponse> {
  endWaitsFor(
    context,
    asked.collections.map(({ id }) => id),
  );
  const response = await answerNow(context, asked);
  await keepRequest(context, asked);
  return response.kind === 'empty' && asked.wait !== null ? await waitForNews(context, asked, asked.wait) : response;
}

async function answerNow(context: EasContext, asked: AskedSync): Promise<EasResponse> {
  const answers = await runSync(context, asked);
  logSync(context, asked, answers);
  return responseOf(context, answers);
}

/** MS-ASCMD §2.2.3.198, §2.2.3.88.2: there is nothing to say now, so the answer waits until there is. */
async function waitForNews(context: EasContext, asked: AskedSync, wait: AskedWait): Promise<EasResponse> {
  const again = withoutDocument(asked);
  const ids = again.collections.filter(({ getChanges }) => getChanges !== false).map(({ id }) => id);
  const watched = await watchedNow(context, ids);
  return waitForChanges({ context, command: 'Sync', watched, seconds: waitSeconds(wait) }, (outcome) => {
    if (outcome.kind === 'over') return { kind: 'empty' };
    if (outcome.kind === 'changed') return answerNow(context, again);
    return { kind: 'document', root: statusDocument('Sync', SYNC_STATUS.hierarchyChanged) };
  });
}

/** A device that has one folder for a class waits for all that are shown by it. */
async function watchedNow(context: EasContext, ids: readonly string[]): Promise<Watched[]> {
  const isMerging = context.oneFolderOf.length > 0;
  const folders = isMerging ? await context.environment.sync.store.read(context.principal.mailboxId).folders() : [];
  return ids.flatMap((id) => {
    const collection = isMerging ? collectionAmong(folders, context, id) : null;
    if (collection !== null) return [watchedOf(collection, null)];
    const parsed = parseCollectionId(id);
    return parsed === null ? [] : [{ id, ...parsed, told: null }];
  });
}

/** Nothing to say is said by an empty body (MS-ASCMD §2.2.1.21.2). */
function responseOf(context: EasContext, answers: readonly CollectionAnswer[]): EasResponse {
  if (answers.length === 0) return { kind: 'empty' };
  const collections = answers.map((collection) => collectionElement(collection, context));
  return { kind: 'document', root: el('AirSync:Sync', el('AirSync:Collections', collections)) };
}

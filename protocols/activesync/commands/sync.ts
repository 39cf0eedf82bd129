import type { EasBody, EasCommand, EasContext, EasResponse } from '../command.ts';
import { EasStatusError } from '../status.ts';
import { el } from '../wbxml/element.ts';
import type { AskedSync } from './sync/asked.ts';
import { type CollectionAnswer, collectionElement } from './sync/collection-answer.ts';
import { completed, keepRequest, lastRequest } from './sync/last-request.ts';
import { logSync } from './sync/log-fields.ts';
import { readSyncRequest } from './sync/read-request.ts';
import { SyncRefusal } from './sync/refusal.ts';
import { runSync } from './sync/run-sync.ts';

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
  const answers = await runSync(context, asked);
  logSync(context, asked, answers);
  await keepRequest(context, asked);
  return responseOf(context, answers);
}

/** Nothing to say is said by an empty body (MS-ASCMD §2.2.1.21.2). */
function responseOf(context: EasContext, answers: readonly CollectionAnswer[]): EasResponse {
  if (answers.length === 0) return { kind: 'empty' };
  const collections = answers.map((collection) => collectionElement(collection, context));
  return { kind: 'document', root: el('AirSync:Sync', el('AirSync:Collections', collections)) };
}

import { isGatewayError } from '../../../src/domain/errors.ts';
import { estimateChanges } from '../../../src/sync/estimate-changes.ts';
import { START_KEY } from '../../../src/sync/request.ts';
import type { EasCommand, EasContext } from '../command.ts';
import { noteRefusal } from '../note-refusal.ts';
import { statusDocument } from '../roots.ts';
import { EasStatusError } from '../status.ts';
import { findCollection } from '../translate/find-collection.ts';
import { sourceOf } from '../translate/one-folder.ts';
import { HIGHEST_FILTER_TYPE, isFilterTypeFor, parseOptions, wantedKeyOf } from '../translate/options.ts';
import { retryStampAt } from '../translate/translators.ts';
import { type Collection, type EasClass, partnershipDevice } from '../translate/view.ts';
import { el, type WbxElement } from '../wbxml/element.ts';
import { type AskedEstimate, readEstimateRequest } from './get-item-estimate/estimate-request.ts';
import { faultOfOptions } from './sync/check-collections.ts';

/** MS-ASCMD §2.2.3.177.7 */
const STATUS = {
  done: 1,
  invalidCollection: 2,
  notPrimed: 3,
  invalidKey: 4,
  protocolError: 4,
  invalidXml: 103,
} as const;

/** How far is counted: a phone shows the number while it fetches, and nobody waits for more than that. */
const MOST = 10_000;

type Estimate =
  | { readonly status: typeof STATUS.done; readonly collection: Collection; readonly count: number }
  | { readonly status: 2 | 3 | 4 | 103; readonly collection: Collection | null };

/** MS-ASCMD §2.2.1.9: how many changes wait for the device in each collection. Nothing moves by it. */
export const GET_ITEM_ESTIMATE: EasCommand = {
  name: 'GetItemEstimate',
  protocolError: null,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(101, 'GetItemEstimate has no document');
    const asked = readEstimateRequest(body.root, context.environment.limits);
    const responses: WbxElement[] = [];
    for (const one of asked) {
      const collection = await locate(context, one);
      const fault = collection === null ? null : faultOfOptions(collection.easClass, one.options);
      if (fault !== null) {
        noteRefusal(context.logFields, fault);
        return { kind: 'document', root: statusDocument('GetItemEstimate', STATUS.protocolError) };
      }
      responses.push(response(context, one, await estimate(context, one, collection)));
    }
    return { kind: 'document', root: el('GetItemEstimate:GetItemEstimate', responses) };
  },
};

/** @throws EasStatusError for a filter or a mode that the class does not know */
async function estimate(context: EasContext, asked: AskedEstimate, collection: Collection | null): Promise<Estimate> {
  const { environment, principal, device } = context;
  const { mailboxId } = principal;
  if (collection === null) return { status: STATUS.invalidCollection, collection };
  const { easClass, folder, kind } = collection;
  const filterType = asked.filterTypeFor(easClass);
  if (breaksSchema(context, asked, easClass)) return { status: STATUS.invalidXml, collection };
  if (filterType !== null && !isFilterTypeFor(easClass, filterType)) {
    // MS-ASCMD §2.2.3.68.1 names this status.
    throw new EasStatusError(110, `FilterType ${filterType} for ${easClass}`);
  }
  const name = partnershipDevice(device.id, collection);
  const partnership = await environment.sync.store.read(mailboxId).partnership(folder.id, name);
  if (partnership === null || asked.key === START_KEY) return { status: STATUS.notPrimed, collection };
  const now = environment.sync.clock.now();
  const wanted = (options: string): number =>
    wantedKeyOf(easClass, filterType === null ? parseOptions(options) : { filterType }, now);
  const query = {
    mailboxId,
    ...sourceOf(collection),
    device: name,
    key: asked.key,
    retryStamp: retryStampAt(now),
    wantedKeyOf: wanted,
  };
  try {
    const count = await estimateChanges(environment.sync, query, (item) => item.kind === kind, MOST);
    return count === null
      ? { status: STATUS.invalidKey, collection }
      : { status: STATUS.done, collection, count: Math.min(count, MOST) };
  } catch (error) {
    if (isGatewayError(error, 'folder-not-found')) return { status: STATUS.invalidCollection, collection: null };
    throw error;
  }
}

/**
 * A filter that no class knows, and a mode that only mail has, are 103 of their collection (MS-ASCMD §2.2.3.68.1, §2.2.3.36.1).
 * @throws EasStatusError 103 in 12.1, whose collections have no such status
 */
function breaksSchema({ version }: EasContext, asked: AskedEstimate, easClass: EasClass): boolean {
  const isFilterKnown = (asked.filterTypeFor(easClass) ?? 0) <= HIGHEST_FILTER_TYPE;
  if (isFilterKnown && !(asked.saysConversationMode && easClass !== 'Email')) return false;
  if (version === '12.1') throw new EasStatusError(103, `a filter or mode that ${easClass} does not know`);
  return true;
}

/** Of the person's own collections, in the class that the client means. */
async function locate(context: EasContext, { id, easClass }: AskedEstimate): Promise<Collection | null> {
  const reader = context.environment.sync.store.read(context.principal.mailboxId);
  const collection = await findCollection(reader, context, id);
  return easClass !== null && easClass !== collection?.easClass ? null : collection;
}

/** MS-ASCMD §2.2.3.27.2: the class is said up to 12.1 only. */
function response({ version }: EasContext, { id, easClass }: AskedEstimate, said: Estimate): WbxElement {
  const named: EasClass | string | null = said.collection?.easClass ?? easClass;
  return el(
    'GetItemEstimate:Response',
    el('GetItemEstimate:Status', said.status),
    el(
      'GetItemEstimate:Collection',
      version === '12.1' && named !== null ? el('GetItemEstimate:Class', named) : null,
      el('GetItemEstimate:CollectionId', id),
      said.status === STATUS.done ? el('GetItemEstimate:Estimate', said.count) : null,
    ),
  );
}

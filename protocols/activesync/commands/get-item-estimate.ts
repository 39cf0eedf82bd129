import { isGatewayError } from '../../../src/domain/errors.ts';
import { estimateChanges } from '../../../src/sync/estimate-changes.ts';
import { START_KEY } from '../../../src/sync/request.ts';
import type { EasCommand, EasContext } from '../command.ts';
import { EasStatusError } from '../status.ts';
import { findCollection } from '../translate/find-collection.ts';
import { isFilterTypeFor, parseOptions, wantedKeyOf } from '../translate/options.ts';
import { retryStampOf } from '../translate/retry-stamp.ts';
import { type Collection, type EasClass, partnershipDevice } from '../translate/view.ts';
import { el, type WbxElement } from '../wbxml/element.ts';
import { type AskedEstimate, readEstimateRequest } from './get-item-estimate/estimate-request.ts';

/** MS-ASCMD §2.2.3.177.7 */
const STATUS = { done: 1, invalidCollection: 2, notPrimed: 3, invalidKey: 4 } as const;

/** How far is counted: a phone shows the number while it fetches, and nobody waits for more than that. */
const MOST = 10_000;

type Estimate =
  | { readonly status: typeof STATUS.done; readonly collection: Collection; readonly count: number }
  | { readonly status: 2 | 3 | 4; readonly collection: Collection | null };

/** MS-ASCMD §2.2.1.9: how many changes wait for the device in each collection. Nothing moves by it. */
export const GET_ITEM_ESTIMATE: EasCommand = {
  name: 'GetItemEstimate',
  protocolError: null,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(101, 'GetItemEstimate has no document');
    const asked = readEstimateRequest(body.root, context.environment.limits);
    const retryStamp = await retryStampOf(context.environment.directory);
    const responses: WbxElement[] = [];
    for (const one of asked) responses.push(response(context, one, await estimate(context, one, retryStamp)));
    return { kind: 'document', root: el('GetItemEstimate:GetItemEstimate', responses) };
  },
};

/** @throws EasStatusError 103 for a filter that the class does not know */
async function estimate(context: EasContext, asked: AskedEstimate, retryStamp: number): Promise<Estimate> {
  const { environment, principal, device } = context;
  const { mailboxId } = principal;
  const collection = await locate(context, asked);
  if (collection === null) return { status: STATUS.invalidCollection, collection };
  const { easClass, folder, kind } = collection;
  const filterType = asked.filterTypeFor(easClass);
  if (filterType !== null && !isFilterTypeFor(easClass, filterType)) {
    throw new EasStatusError(103, `FilterType ${filterType} for ${easClass}`);
  }
  const name = partnershipDevice(device.id, collection);
  const partnership = await environment.sync.store.read(mailboxId).partnership(folder.id, name);
  if (partnership === null || asked.key === START_KEY) return { status: STATUS.notPrimed, collection };
  const now = environment.sync.clock.now();
  const wanted = (options: string): number =>
    wantedKeyOf(easClass, filterType === null ? parseOptions(options) : { filterType }, now);
  const query = { mailboxId, folderId: folder.id, device: name, key: asked.key, retryStamp, wantedKeyOf: wanted };
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

import { GatewayError } from '../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import { noteHeld } from '../../../src/sync/note-held.ts';
import type { EasCommand, EasContext } from '../command.ts';
import { noteRefusal } from '../note-refusal.ts';
import { factsOf, quirksOf } from '../quirks.ts';
import { EasStatusError } from '../status.ts';
import { partnershipDevice } from '../translate/view.ts';
import { el, type WbxElement } from '../wbxml/element.ts';
import { MOVE_STATUS, type MoveOutcome, moveOne } from './move-items/move-item.ts';
import { type AskedMove, readMoves } from './move-items/moves-request.ts';

/**
 * MS-ASCMD §2.2.1.12: moves items between folders, one after the other, in one transaction: a store that fails leaves
 * nothing half. An item that cannot be moved does not keep the others from it.
 */
export const MOVE_ITEMS: EasCommand = {
  name: 'MoveItems',
  protocolError: null,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(101, 'MoveItems has no document');
    if (context.line.isProbe) throw new EasStatusError(108, 'a probe has nothing to move');
    const asked = readMoves(body.root, context.environment.limits);
    const outcomes = await carryOut(context, asked);
    context.logFields.moved = outcomes.filter(({ arrived }) => arrived !== null).length;
    return { kind: 'document', root: el('Move:MoveItems', outcomes.map(response)) };
  },
};

async function carryOut(context: EasContext, asked: readonly AskedMove[]): Promise<MoveOutcome[]> {
  const { environment, principal, logFields } = context;
  try {
    return await environment.sync.store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
      const folders = await tx.folders();
      const outcomes: MoveOutcome[] = [];
      for (const move of asked) outcomes.push(await moveOne(tx, context, folders, move));
      if (keepsMovedItems(context)) await noteArrivals(tx, context, outcomes);
      return outcomes;
    });
  } catch (error) {
    const isTransient =
      error instanceof GatewayError && (error.code === 'store-unavailable' || error.code === 'storage-full');
    if (!isTransient) throw error;
    noteRefusal(logFields, error);
    return asked.map((move) => ({ asked: move, status: MOVE_STATUS.locked, movedId: null, arrived: null }));
  }
}

/** Most clients let go of the item and wait for the Add. */
function keepsMovedItems({ device, version }: EasContext): boolean {
  return quirksOf(factsOf(device, version)).keepsMovedItems === true;
}

async function noteArrivals(tx: SyncWriter, { device }: EasContext, outcomes: readonly MoveOutcome[]): Promise<void> {
  const arrivals = outcomes.flatMap(({ arrived }) => (arrived === null ? [] : [arrived]));
  const byCollection = Map.groupBy(arrivals, ({ collection }) => collection.id);
  for (const [first, ...others] of byCollection.values()) {
    const { collection } = first!;
    const itemIds = [first!, ...others].map(({ item }) => item.id);
    await noteHeld(tx, collection.folder.id, partnershipDevice(device.id, collection), itemIds);
  }
}

function response({ asked, status, movedId }: MoveOutcome): WbxElement {
  return el(
    'Move:Response',
    el('Move:SrcMsgId', asked.item),
    el('Move:Status', status),
    movedId === null ? null : el('Move:DstMsgId', movedId),
  );
}

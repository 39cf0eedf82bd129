import type { Item } from '../domain/item.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import type { SyncContext } from './context.ts';
import type { ConflictRule } from './request.ts';
import type { Sized } from './translator.ts';

/**
 * The device changed an item that someone else has changed since. Whatever is written here is signed by nobody: the
 * outcome is not what the device holds, so it must come back to it.
 */
export async function settleChange<C, R extends Sized>(
  context: SyncContext<C, R>,
  tx: SyncWriter,
  item: Item,
  data: C,
  rule: ConflictRule,
): Promise<'done' | 'conflict'> {
  const { translator, rules, me } = context;
  const signer = tx.signed(rules.signerAfterConflict(me));
  if (rule === 'client-wins') {
    await keepLoser(context, tx, item, data, 'server', rule);
    await translator.change(signer, item, data);
    return 'done';
  }
  await keepLoser(context, tx, item, data, 'client', rule);
  if (rule === 'merge' && (await translator.merge(signer, item, data))) return 'done';
  if (rule === 'keep-both') await translator.keepCopy(signer, item, data);
  return 'conflict';
}

/**
 * The device deleted an item that someone else has changed since. Unless the client wins the edit does: nothing is
 * lost, and the device, which has let go of the item, gets it back as a new one. Returns whether the item is to be removed.
 */
export async function deleteWins<C, R extends Sized>(
  context: SyncContext<C, R>,
  tx: SyncWriter,
  item: Item,
  data: C,
  rule: ConflictRule,
): Promise<boolean> {
  if (rule !== 'client-wins') return false;
  await keepLoser(context, tx, item, data, 'server', rule);
  return true;
}

async function keepLoser<C, R extends Sized>(
  { translator, clock, target }: SyncContext<C, R>,
  tx: SyncWriter,
  item: Item,
  data: C,
  side: 'client' | 'server',
  rule: ConflictRule,
): Promise<void> {
  const version = await translator.losing(tx, item, data, side);
  if (version === null) return;
  const { device } = target;
  await tx.keepConflictLoser({
    folderId: item.folderId,
    itemId: item.id,
    device,
    at: clock.now(),
    side,
    rule,
    ...version,
  });
}

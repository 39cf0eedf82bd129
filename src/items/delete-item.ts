import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import { CLIENT_ORIGIN, type Origin } from '../domain/mailbox.ts';
import type { Principal } from '../domain/principal.ts';
import type { Precondition } from './precondition.ts';
import { requireRight } from './require-right.ts';
import type { ItemServices } from './services.ts';

export interface DeleteItemRequest {
  readonly principal: Principal;
  readonly folder: Folder;
  readonly name: string;
  readonly precondition?: Precondition;
  readonly origin?: Origin;
}

/**
 * Removes an item for good, leaving a tombstone in the change feed.
 * @throws GatewayError 'access-denied', 'item-not-found', whatever the precondition throws
 */
export async function deleteItem(services: ItemServices, request: DeleteItemRequest): Promise<void> {
  const { principal, folder, name } = request;
  requireRight(principal, folder, 'write');
  await services.store.write(folder.mailboxId, request.origin ?? CLIENT_ORIGIN, async (tx) => {
    const current = await tx.itemByName(folder.id, name);
    request.precondition?.(current);
    if (current === null) throw new GatewayError('item-not-found', { item: name }, `There is no item ${name}.`);
    await tx.deleteItem(current.id);
  });
}

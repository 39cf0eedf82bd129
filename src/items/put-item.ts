import type { Folder } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import { CLIENT_ORIGIN, type Origin } from '../domain/mailbox.ts';
import type { Principal } from '../domain/principal.ts';
import { checkName } from './names.ts';
import type { Precondition } from './precondition.ts';
import { judgeContent, putContent } from './put-content.ts';
import { requireRight } from './require-right.ts';
import type { ItemServices } from './services.ts';

export interface PutItemRequest {
  readonly principal: Principal;
  readonly folder: Folder;
  readonly name: string;
  readonly content: Uint8Array;
  /** As the client declared it, without parameters; '' when it declared none. */
  readonly contentType: string;
  readonly precondition?: Precondition;
  readonly origin?: Origin;
}

export interface PutItemResult {
  readonly item: Item;
  /** False when an item of that name was there before. */
  readonly created: boolean;
}

/**
 * Stores content under a name, creating or replacing. Writing the bytes that are already there changes nothing, so a
 * request that is sent again after a lost answer leaves no second revision.
 * @throws GatewayError 'access-denied', 'name-invalid', 'item-too-large', 'content-unsupported', 'content-invalid',
 *   'object-invalid', 'component-unsupported', 'uid-conflict', 'quota-exceeded', whatever the precondition throws
 */
export async function putItem(services: ItemServices, request: PutItemRequest): Promise<PutItemResult> {
  const { principal, folder, name, content } = request;
  requireRight(principal, folder, 'write');
  checkName(name);
  const judged = judgeContent(
    folder,
    content,
    request.contentType,
    services.limits,
    Math.floor(services.clock.now() / 1000),
  );
  return services.store.write(folder.mailboxId, request.origin ?? CLIENT_ORIGIN, async (tx) => {
    const current = await tx.itemByName(folder.id, name);
    request.precondition?.(current);
    return { item: await putContent(tx, folder, name, judged, current), created: current === null };
  });
}

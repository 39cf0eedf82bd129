import { type Content, contentLength } from '../domain/content.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import { CLIENT_ORIGIN, type Origin } from '../domain/mailbox.ts';
import type { Principal } from '../domain/principal.ts';
import type { NewContent } from '../store/mailbox-store.ts';
import { describeContent } from './describe-content.ts';
import { checkName } from './names.ts';
import type { Precondition } from './precondition.ts';
import { requireRight } from './require-right.ts';
import type { ItemServices } from './services.ts';
import { checkKeepsUid, checkUidIsFree } from './uid-rule.ts';
import { replaceIfDifferent } from './whole-content.ts';

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
  checkSize(content, services.limits.maxItemBytes);
  const described: NewContent = { content, ...describeContent(folder, content, request.contentType) };
  return services.store.write(folder.mailboxId, request.origin ?? CLIENT_ORIGIN, async (tx) => {
    const current = await tx.itemByName(folder.id, name);
    request.precondition?.(current);
    if (current !== null) checkKeepsUid(folder, current, described.index.uid);
    await checkUidIsFree(tx, folder, described.index.uid, current?.id ?? null);
    if (current === null) {
      return { item: await tx.createItem({ ...described, folderId: folder.id, name }), created: true };
    }
    return { item: await replaceIfDifferent(tx, current, described), created: false };
  });
}

/** @throws GatewayError 'item-too-large' */
export function checkSize(content: Content, limit: number): void {
  const size = contentLength(content);
  if (size <= limit) return;
  throw new GatewayError(
    'item-too-large',
    { size, limit },
    `The item has ${size} bytes; at most ${limit} bytes are taken.`,
  );
}

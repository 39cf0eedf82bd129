import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import { type Item, revisionTag } from '../domain/item.ts';
import { CLIENT_ORIGIN, type Origin } from '../domain/mailbox.ts';
import type { Principal } from '../domain/principal.ts';
import type { MailboxWriter } from '../store/mailbox-store.ts';
import { checkName } from './names.ts';
import type { Precondition } from './precondition.ts';
import { checkTaken } from './relocate-item.ts';
import { requireRight } from './require-right.ts';
import type { ItemServices } from './services.ts';
import { checkKeepsUid, checkUidIsFree } from './uid-rule.ts';
import { readWhole } from './whole-content.ts';

export interface TransferItemRequest {
  readonly principal: Principal;
  readonly from: Folder;
  readonly name: string;
  readonly to: Folder;
  readonly newName: string;
  /** False: an item at the destination is a 'revision-mismatch' (RFC 4918 §10.6). */
  readonly overwrite: boolean;
  /** Judges the source. */
  readonly precondition?: Precondition;
  readonly origin?: Origin;
}

export interface TransferItemResult {
  readonly item: Item;
  /** False when an item at the destination was replaced. */
  readonly created: boolean;
}

/**
 * Moves an item; it keeps its id. An item that it replaces is removed with a tombstone.
 * @throws GatewayError 'access-denied', 'name-invalid', 'item-not-found', 'revision-mismatch', 'uid-conflict',
 *   'component-unsupported', 'content-unsupported', 'protected' when source and destination are the same
 */
export function moveItem(services: ItemServices, request: TransferItemRequest): Promise<TransferItemResult> {
  requireRight(request.principal, request.from, 'write');
  return transfer(services, request, (tx, source) => tx.moveItem(source.id, request.to.id, request.newName));
}

/**
 * Copies an item; the copy has an id of its own. Throws as `moveItem`; the UID conflict is judged with the source in place.
 */
export function copyItem(services: ItemServices, request: TransferItemRequest): Promise<TransferItemResult> {
  requireRight(request.principal, request.from, 'read');
  return transfer(services, request, async (tx, source) => {
    const { kind, uid, rangeStart, rangeEnd, filterKey, contentType, flags } = source;
    return tx.createItem({
      folderId: request.to.id,
      name: request.newName,
      content: await readWhole(tx, source),
      contentType,
      flags,
      index: { kind, uid, rangeStart, rangeEnd, filterKey },
    });
  });
}

async function transfer(
  services: ItemServices,
  request: TransferItemRequest,
  carryOut: (tx: MailboxWriter, source: Item) => Promise<Item>,
): Promise<TransferItemResult> {
  const { principal, from, to, name, newName } = request;
  requireRight(principal, to, 'write');
  checkName(newName);
  if (from.mailboxId !== to.mailboxId) throw new TypeError('transfer between mailboxes is not one transaction');
  if (from.id === to.id && name === newName) {
    const reason = 'source and destination are the same';
    throw new GatewayError('protected', { what: name, reason }, `${name} stays where it is: ${reason}.`);
  }
  return services.store.write(from.mailboxId, request.origin ?? CLIENT_ORIGIN, async (tx) => {
    const source = await tx.itemByName(from.id, name);
    request.precondition?.(source);
    if (source === null) throw new GatewayError('item-not-found', { item: name }, `There is no item ${name}.`);
    checkTaken(to, source);
    const replaced = await tx.itemByName(to.id, newName);
    if (replaced !== null && !request.overwrite) {
      throw new GatewayError(
        'revision-mismatch',
        { expected: 'nothing', actual: revisionTag(replaced) },
        `${newName} exists and overwriting was not allowed.`,
      );
    }
    if (replaced) {
      checkKeepsUid(to, replaced, source.uid);
      await tx.deleteItem(replaced.id);
    }
    const item = await carryOut(tx, source);
    // Judged on the outcome: what was replaced is gone, a moved source is the item itself.
    await checkUidIsFree(tx, to, item.uid, item.id);
    return { item, created: replaced === null };
  });
}

import { GatewayError, isGatewayError } from '../domain/errors.ts';
import type { FolderId } from '../domain/folder.ts';
import type { ItemId } from '../domain/item.ts';
import type { Mailbox, MailboxId, Stamp } from '../domain/mailbox.ts';

/** The refusals every store adapter gives, in one wording. */
export function folderNotFound(id: FolderId): GatewayError<'folder-not-found'> {
  return new GatewayError('folder-not-found', { folder: String(id) }, `Folder ${id} does not exist.`);
}

/** A missing mailbox reads as a missing folder, so that nobody learns which mailboxes exist. */
export function mailboxNotFound(id: MailboxId): GatewayError<'folder-not-found'> {
  return new GatewayError('folder-not-found', { folder: `mailbox ${id}` }, `Mailbox ${id} does not exist.`);
}

export function itemNotFound(id: ItemId): GatewayError<'item-not-found'> {
  return new GatewayError('item-not-found', { item: String(id) }, `Item ${id} does not exist.`);
}

export function nameTaken(name: string): GatewayError<'name-taken'> {
  return new GatewayError('name-taken', { name }, `The name "${name}" is taken; choose another.`);
}

export function cursorExpired(cursor: Stamp): GatewayError<'cursor-expired'> {
  return new GatewayError('cursor-expired', { cursor: String(cursor) }, `Cursor ${cursor} has expired; start from 0.`);
}

export function unavailable(reason: string): GatewayError<'store-unavailable'> {
  return new GatewayError('store-unavailable', { reason }, reason);
}

export function storageFull(): GatewayError<'storage-full'> {
  const reason = 'The disk with the data folder is full, so this was not written; free some space and try again.';
  return new GatewayError('storage-full', { reason }, reason);
}

/**
 * Whether an error comes from the store's circumstances, so that a write may have been left half done. A limit of the disk is
 * none: it refuses one thing before anything is written, and what needs no space goes on.
 */
export function isStoreFailure(error: unknown): boolean {
  if (isGatewayError(error, 'storage-full')) return error.facts.isLimit !== true;
  return isGatewayError(error, 'store-unavailable');
}

/** Refuses growth beyond the mailbox's quota; what shrinks or stays passes even when the mailbox is over its limit. */
export function checkQuota(mailbox: Mailbox, moreBytes: number, moreItems: number): void {
  const { quotaBytes, quotaItems } = mailbox;
  if (quotaItems !== null && moreItems > 0 && mailbox.itemCount + moreItems > quotaItems) {
    const text = `The mailbox is full: it may hold ${quotaItems} items.`;
    throw new GatewayError('quota-exceeded', { limit: quotaItems, unit: 'items' }, text);
  }
  if (quotaBytes !== null && moreBytes > 0 && mailbox.usedBytes + moreBytes > quotaBytes) {
    const text = `The mailbox is full: it may hold ${quotaBytes} bytes.`;
    throw new GatewayError('quota-exceeded', { limit: quotaBytes, unit: 'bytes' }, text);
  }
}

import { type Content, chunksOf, contentLength } from '../../domain/content.ts';
import { flagRevsAfter } from '../../domain/flag-revs.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { Item, ItemFlags, ItemId, ItemIndex } from '../../domain/item.ts';
import type { Stamp } from '../../domain/mailbox.ts';
import type { NewContent, NewItem } from '../mailbox-store.ts';
import { checkQuota, folderNotFound, itemNotFound, nameTaken } from '../refusals.ts';
import { type MailboxDraft, nameKey, type PresenceRow, type StoredItem } from './mailbox-state.ts';
import { raiseFolder, stampFolder } from './stamps.ts';

export function createItem(draft: MailboxDraft, fresh: NewItem, by: number | null, now: number): Item {
  if (draft.folders.get(fresh.folderId) === undefined) throw folderNotFound(fresh.folderId);
  checkName(draft, fresh.folderId, fresh.name);
  const size = contentLength(fresh.content);
  if (fresh.exceeds !== 'quota') checkQuota(draft.row, size, 1);
  const id = draft.row.nextItem;
  draft.row = { ...draft.row, nextItem: id + 1 };
  count(draft, size, 1);
  const stamp = stampFolder(draft, fresh.folderId);
  const item: Item = {
    mailboxId: draft.row.id,
    id,
    folderId: fresh.folderId,
    name: fresh.name,
    size,
    contentType: fresh.contentType,
    ...indexOf(fresh.index),
    entered: stamp,
    rev: stamp,
    contentRev: stamp,
    by,
    createdAt: now,
    modifiedAt: now,
    flags: { ...fresh.flags },
    flagRevs: {},
  };
  draft.names.set(nameKey(item.folderId, item.name), id);
  log(draft, item, stamp, { before: null, after: item.filterKey, leftName: null });
  return putItem(draft, item, copied(fresh.content, size));
}

export function replaceContent(
  draft: MailboxDraft,
  id: ItemId,
  fresh: NewContent,
  by: number | null,
  now: number,
): Item {
  const { item } = storedIn(draft, id);
  const size = contentLength(fresh.content);
  const growth = size - item.size;
  checkQuota(draft.row, growth, 0);
  count(draft, growth, 0);
  const stamp = stampFolder(draft, item.folderId);
  const index = indexOf(fresh.index);
  const changed = { ...item, ...index, contentType: fresh.contentType, size };
  const written: Item = { ...changed, rev: stamp, contentRev: stamp, by, modifiedAt: now };
  if (item.filterKey !== written.filterKey) {
    log(draft, written, stamp, { before: item.filterKey, after: written.filterKey, leftName: null });
  }
  return putItem(draft, written, copied(fresh.content, size));
}

export function setFlags(draft: MailboxDraft, id: ItemId, flags: ItemFlags, by: number | null, now: number): Item {
  const { item, content } = storedIn(draft, id);
  const stamp = stampFolder(draft, item.folderId);
  const flagRevs = flagRevsAfter(item, flags, stamp);
  return putItem(draft, { ...item, flags: { ...flags }, flagRevs, rev: stamp, by, modifiedAt: now }, content);
}

export function moveItem(
  draft: MailboxDraft,
  id: ItemId,
  to: { folderId: FolderId; name: string },
  by: number | null,
): Item {
  const { item, content } = storedIn(draft, id);
  if (draft.folders.get(to.folderId) === undefined) throw folderNotFound(to.folderId);
  if (item.folderId === to.folderId && item.name === to.name) return item;
  checkName(draft, to.folderId, to.name);
  draft.names.delete(nameKey(item.folderId, item.name));
  draft.names.set(nameKey(to.folderId, to.name), id);
  const key = item.filterKey;
  const left = stampFolder(draft, item.folderId);
  if (item.folderId === to.folderId) {
    log(draft, { ...item, by }, left, { before: key, after: key, leftName: item.name });
    // The removal of the old name and the change are two entries of one feed, so each has its own stamp.
    return putItem(draft, { ...item, name: to.name, rev: stampFolder(draft, to.folderId), by }, content);
  }
  log(draft, { ...item, by }, left, { before: key, after: null, leftName: item.name });
  const moved: Item = { ...item, ...to, entered: left, rev: left, by };
  raiseFolder(draft, to.folderId, left);
  log(draft, moved, left, { before: null, after: key, leftName: null });
  return putItem(draft, moved, content);
}

export function deleteItem(draft: MailboxDraft, id: ItemId, by: number | null): void {
  removeItem(draft, storedIn(draft, id).item, by);
}

export function removeItem(draft: MailboxDraft, item: Item, by: number | null): void {
  const stamp = stampFolder(draft, item.folderId);
  log(draft, { ...item, by }, stamp, { before: item.filterKey, after: null, leftName: item.name });
  draft.names.delete(nameKey(item.folderId, item.name));
  draft.items.delete(item.id);
  count(draft, -item.size, -1);
}

function storedIn(draft: MailboxDraft, id: ItemId): StoredItem {
  const stored = draft.items.get(id);
  if (stored === undefined) throw itemNotFound(id);
  return stored;
}

function putItem(draft: MailboxDraft, item: Item, content: Uint8Array): Item {
  draft.items.set(item.id, { item, content });
  return item;
}

function checkName(draft: MailboxDraft, folderId: FolderId, name: string): void {
  if (draft.names.get(nameKey(folderId, name)) !== undefined) throw nameTaken(name);
}

function count(draft: MailboxDraft, bytes: number, items: number): void {
  const { usedBytes, itemCount } = draft.row;
  draft.row = { ...draft.row, usedBytes: usedBytes + bytes, itemCount: itemCount + items };
}

function log(
  draft: MailboxDraft,
  item: Item,
  stamp: Stamp,
  row: Pick<PresenceRow, 'before' | 'after' | 'leftName'>,
): void {
  const { id: itemId, folderId, entered: stay, by } = item;
  draft.presence.set(`${folderId}/${stamp}`, { folderId, stamp, itemId, stay, by, ...row });
}

/** A copy that nobody else holds. No Buffer, whose `slice` would hand out the store's own bytes. */
function copied(content: Content, size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunksOf(content)) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Only the fields of the index, whatever else the object given holds. */
function indexOf({ kind, uid, rangeStart, rangeEnd, filterKey }: ItemIndex): ItemIndex {
  return { kind, uid, rangeStart, rangeEnd, filterKey };
}

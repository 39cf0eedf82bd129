import { contentLength } from '../../domain/content.ts';
import { flagRevsAfter } from '../../domain/flag-revs.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { Item, ItemFlags, ItemId } from '../../domain/item.ts';
import type { NewContent, NewItem } from '../mailbox-store.ts';
import { checkQuota, folderNotFound, itemNotFound, nameTaken } from '../refusals.ts';
import { writeContent } from './content.ts';
import { selectItem, selectMailbox } from './reader.ts';
import { jsonText } from './rows.ts';
import { countUsage, logPresence, raiseFolder, stampFolder, type Transaction, takeId } from './transaction.ts';

const INSERT = `INSERT INTO item (mailbox_id, item_id, folder_id, name, size, content_type, kind, uid, range_start,
  range_end, filter_key, entered, rev, content_rev, by, created_at, modified_at, flags)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?12, ?13, ?14, ?14, ?15)`;

export function createItem(tx: Transaction, fresh: NewItem): Item {
  const { connection, mailboxId, by } = tx;
  const { folderId, name, content, contentType, flags } = fresh;
  const { kind, uid, rangeStart, rangeEnd, filterKey } = fresh.index;
  const now = tx.now();
  const size = contentLength(content);
  checkName(tx, folderId, name);
  if (fresh.exceeds !== 'quota') checkQuota(selectMailbox(connection, mailboxId), size, 1);
  const rev = stampFolder(tx, folderId);
  const id = takeId(tx, 'next_item');
  const index = [kind, uid, rangeStart, rangeEnd, filterKey] as const;
  const flagText = jsonText(flags);
  connection.run(INSERT, mailboxId, id, folderId, name, size, contentType, ...index, rev, by, now, flagText);
  tx.step('item-written');
  writeContent(connection, mailboxId, id, content);
  tx.step('content-written');
  countUsage(tx, size, 1);
  logPresence(tx, { folderId, stamp: rev, itemId: id, stay: rev, before: null, after: filterKey, leftName: null });
  return itemIn(tx, id);
}

const REPLACE = `UPDATE item SET size = ?3, content_type = ?4, kind = ?5, uid = ?6, range_start = ?7, range_end = ?8,
  filter_key = ?9, rev = ?10, content_rev = ?10, by = ?11, modified_at = ?12 WHERE mailbox_id = ?1 AND item_id = ?2`;

export function replaceContent(tx: Transaction, id: ItemId, { content, contentType, index }: NewContent): Item {
  const { connection, mailboxId, by } = tx;
  const item = itemIn(tx, id);
  const size = contentLength(content);
  const growth = size - item.size;
  checkQuota(selectMailbox(connection, mailboxId), growth, 0);
  const { kind, uid, rangeStart, rangeEnd, filterKey } = index;
  const { folderId, entered: stay } = item;
  const stamp = stampFolder(tx, folderId);
  const values = [size, contentType, kind, uid, rangeStart, rangeEnd, filterKey, stamp, by, tx.now()] as const;
  connection.run(REPLACE, mailboxId, id, ...values);
  tx.step('item-written');
  writeContent(connection, mailboxId, id, content);
  tx.step('content-written');
  countUsage(tx, growth, 0);
  if (item.filterKey !== filterKey) {
    logPresence(tx, { folderId, stamp, itemId: id, stay, before: item.filterKey, after: filterKey, leftName: null });
  }
  return itemIn(tx, id);
}

export function setFlags(tx: Transaction, id: ItemId, flags: ItemFlags): Item {
  const item = itemIn(tx, id);
  const stamp = stampFolder(tx, item.folderId);
  const revs = jsonText(flagRevsAfter(item, flags, stamp));
  const sql = `UPDATE item SET flags = ?3, flag_revs = ?4, rev = ?5, by = ?6, modified_at = ?7
    WHERE mailbox_id = ?1 AND item_id = ?2`;
  tx.connection.run(sql, tx.mailboxId, id, jsonText(flags), revs, stamp, tx.by, tx.now());
  tx.step('item-written');
  return itemIn(tx, id);
}

export function moveItem(tx: Transaction, id: ItemId, folderId: FolderId, name: string): Item {
  const item = itemIn(tx, id);
  if (item.folderId === folderId && item.name === name) return item;
  checkName(tx, folderId, name);
  const { filterKey: key, entered: stay } = item;
  const left = stampFolder(tx, item.folderId);
  const leaving = { folderId: item.folderId, stamp: left, itemId: id, stay, before: key, leftName: item.name };
  if (item.folderId === folderId) {
    logPresence(tx, { ...leaving, after: key });
    // The removal of the old name and the change are two entries of one feed, so each has its own stamp.
    const sql = 'UPDATE item SET name = ?, rev = ?, by = ? WHERE mailbox_id = ? AND item_id = ?';
    tx.connection.run(sql, name, stampFolder(tx, folderId), tx.by, tx.mailboxId, id);
  } else {
    raiseFolder(tx, folderId, left);
    logPresence(tx, { ...leaving, after: null });
    logPresence(tx, { folderId, stamp: left, itemId: id, stay: left, before: null, after: key, leftName: null });
    const sql = `UPDATE item SET folder_id = ?3, name = ?4, entered = ?5, rev = ?5, by = ?6
      WHERE mailbox_id = ?1 AND item_id = ?2`;
    tx.connection.run(sql, tx.mailboxId, id, folderId, name, left, tx.by);
  }
  tx.step('item-written');
  return itemIn(tx, id);
}

export function deleteItem(tx: Transaction, id: ItemId): void {
  const { connection, mailboxId } = tx;
  const { folderId, name, filterKey, entered: stay, size } = itemIn(tx, id);
  const stamp = stampFolder(tx, folderId);
  connection.run('DELETE FROM item WHERE mailbox_id = ? AND item_id = ?', mailboxId, id);
  tx.step('item-written');
  connection.run('DELETE FROM item_content WHERE mailbox_id = ? AND item_id = ?', mailboxId, id);
  tx.step('content-written');
  countUsage(tx, -size, -1);
  logPresence(tx, { folderId, stamp, itemId: id, stay, before: filterKey, after: null, leftName: name });
}

function itemIn({ connection, mailboxId }: Transaction, id: ItemId): Item {
  const item = selectItem(connection, mailboxId, id);
  if (item === null) throw itemNotFound(id);
  return item;
}

// Looked up before writing, so that a refusal caught inside the work has changed nothing.
function checkName({ connection, mailboxId }: Transaction, folderId: FolderId, name: string): void {
  const sql = 'SELECT 1 FROM item WHERE mailbox_id = ? AND folder_id = ? AND name = ?';
  if (connection.get(sql, mailboxId, folderId, name) !== undefined) throw nameTaken(name);
  const folder = 'SELECT 1 FROM folder WHERE mailbox_id = ? AND folder_id = ?';
  if (connection.get(folder, mailboxId, folderId) === undefined) throw folderNotFound(folderId);
}

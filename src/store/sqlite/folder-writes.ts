import type { Folder, FolderId, FolderPatch, NewFolder } from '../../domain/folder.ts';
import { HOME_OF } from '../../domain/item-class.ts';
import type { Stamp } from '../../domain/mailbox.ts';
import { checkNoCycle, checkParentClass, patchProperties } from '../folder-rules.ts';
import { folderNotFound, nameTaken } from '../refusals.ts';
import { selectFolder, selectFolders } from './rows.ts';
import { countUsage, stillOpen, type Transaction, takeId, takeStamps } from './transaction.ts';

/** Items of a deleted folder that are removed in one go before the event loop gets a turn. */
const SLICE = 2_000;

const INSERT = `INSERT INTO folder (mailbox_id, folder_id, parent_id, item_class, home, role, name, display_name,
  components, created_at, rev, last, pruned) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, 0)`;

export function createFolder(tx: Transaction, folder: NewFolder): Folder {
  const { connection, mailboxId } = tx;
  const { parentId, itemClass, role, name, displayName } = folder;
  const home = HOME_OF[itemClass];
  const parent = parentId === null ? null : folderIn(tx, parentId);
  checkParentClass(itemClass, parent);
  checkFolderName(tx, folder, 0);
  if (role !== null && selectFolders(connection, mailboxId, 'role = ?2', role).length > 0) throw nameTaken(role);
  const stamp = takeStamps(tx);
  const id = takeId(tx, 'next_folder');
  const components = JSON.stringify(folder.components);
  const named = [parentId ?? 0, itemClass, home, role, name, displayName, components] as const;
  connection.run(INSERT, mailboxId, id, ...named, tx.now(), stamp);
  writeProperties(tx, id, patchProperties({}, folder.properties));
  noteFolder(tx, id, stamp);
  return folderIn(tx, id);
}

export function updateFolder(tx: Transaction, id: FolderId, patch: FolderPatch): Folder {
  const folder = folderIn(tx, id);
  const parentId = patch.parentId === undefined ? folder.parentId : patch.parentId;
  if (parentId !== null && parentId !== folder.parentId) {
    folderIn(tx, parentId);
    checkNoCycle(id, parentId, (at) => folderIn(tx, at).parentId);
  }
  const name = patch.name ?? folder.name;
  checkFolderName(tx, { itemClass: folder.itemClass, parentId, name }, id);
  const displayName = patch.displayName === undefined ? folder.displayName : patch.displayName;
  const components = JSON.stringify(patch.components ?? folder.components);
  const stamp = takeStamps(tx);
  const sql = `UPDATE folder SET parent_id = ?3, name = ?4, display_name = ?5, components = ?6, rev = ?7, last = ?7
    WHERE mailbox_id = ?1 AND folder_id = ?2`;
  tx.connection.run(sql, tx.mailboxId, id, parentId ?? 0, name, displayName, components, stamp);
  if (patch.properties !== undefined) writeProperties(tx, id, patchProperties(folder.properties, patch.properties));
  noteFolder(tx, id, stamp);
  return folderIn(tx, id);
}

/** Removes the folder, all below it and all in it, in slices between which readers get their turn. */
export async function deleteFolder(tx: Transaction, id: FolderId): Promise<void> {
  const { connection, mailboxId } = tx;
  const folder = folderIn(tx, id);
  for (const below of selectFolders(connection, mailboxId, 'parent_id = ?2', id)) await deleteFolder(tx, below.id);
  while (removeSlice(stillOpen(tx), id) === SLICE) await new Promise((resolve) => setImmediate(resolve));
  const stamp = takeStamps(tx);
  connection.run('DELETE FROM folder_property WHERE mailbox_id = ? AND folder_id = ?', mailboxId, id);
  connection.run('DELETE FROM folder WHERE mailbox_id = ? AND folder_id = ?', mailboxId, id);
  const sql = 'INSERT INTO folder_log (mailbox_id, stamp, folder_id, name) VALUES (?, ?, ?, ?)';
  connection.run(sql, mailboxId, stamp, id, folder.name);
  noteFolder(tx, id, stamp);
}

// Statements over a slice all name the same items: the first of the folder, up to the last id of the slice.
function removeSlice(tx: Transaction, folderId: FolderId): number {
  const { connection, mailboxId, by } = tx;
  const edge = `SELECT count(*), max(item_id), sum(size) FROM
    (SELECT item_id, size FROM item WHERE mailbox_id = ? AND folder_id = ? ORDER BY item_id LIMIT ${SLICE})`;
  const [count, lastId, bytes] = (connection.get(edge, mailboxId, folderId) ?? [0]) as [number, number, number];
  if (count === 0) return 0;
  const first = takeStamps(tx, count);
  const slice = 'mailbox_id = ?1 AND folder_id = ?2 AND item_id <= ?3';
  const tombstones = `INSERT INTO presence
    (mailbox_id, folder_id, stamp, item_id, stay, before, after, by, left_name)
    SELECT mailbox_id, folder_id, ?4 + row_number() OVER (ORDER BY item_id) - 1, item_id, entered, filter_key, NULL,
      ?5, name FROM item WHERE ${slice}`;
  connection.run(tombstones, mailboxId, folderId, lastId, first, by);
  tx.step('log-written');
  const contents = `DELETE FROM item_content WHERE mailbox_id = ?1
    AND item_id IN (SELECT item_id FROM item WHERE ${slice})`;
  connection.run(contents, mailboxId, folderId, lastId);
  tx.step('content-written');
  connection.run(`DELETE FROM item WHERE ${slice}`, mailboxId, folderId, lastId);
  tx.step('item-written');
  countUsage(tx, -bytes, -count);
  return count;
}

function writeProperties(
  { connection, mailboxId }: Transaction,
  id: FolderId,
  properties: Record<string, string>,
): void {
  connection.run('DELETE FROM folder_property WHERE mailbox_id = ? AND folder_id = ?', mailboxId, id);
  const sql = 'INSERT INTO folder_property (mailbox_id, folder_id, name, value) VALUES (?, ?, ?, ?)';
  for (const [name, value] of Object.entries(properties)) connection.run(sql, mailboxId, id, name, value);
}

/** Notes that the folder itself changed at `stamp`. */
function noteFolder({ connection, mailboxId, touched }: Transaction, id: FolderId, stamp: Stamp): void {
  connection.run('UPDATE mailbox SET folders_last = ? WHERE mailbox_id = ?', stamp, mailboxId);
  touched.set(id, stamp);
}

function folderIn({ connection, mailboxId }: Transaction, id: FolderId): Folder {
  const folder = selectFolder(connection, mailboxId, id);
  if (folder === null) throw folderNotFound(id);
  return folder;
}

type NamedFolder = Pick<Folder, 'name' | 'parentId' | 'itemClass'>;

function checkFolderName({ connection, mailboxId }: Transaction, folder: NamedFolder, self: FolderId): void {
  const { itemClass, parentId, name } = folder;
  const condition = 'home = ?2 AND parent_id = ?3 AND name = ?4 AND folder_id <> ?5';
  const taken = selectFolders(connection, mailboxId, condition, HOME_OF[itemClass], parentId ?? 0, name, self);
  if (taken.length > 0) throw nameTaken(name);
}

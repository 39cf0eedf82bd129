import type { Folder, FolderId } from '../../domain/folder.ts';
import type { FlagRevs, Item, ItemFlags } from '../../domain/item.ts';
import type { CalendarKind, FolderRole, ItemClass, ItemKind } from '../../domain/item-class.ts';
import type { MailboxId } from '../../domain/mailbox.ts';
import type { Connection, Row } from './connection.ts';

/** The columns `itemOf` reads, in its order; `i` is the item table. */
export const ITEM_COLUMNS = `i.item_id, i.folder_id, i.name, i.size, i.content_type, i.kind, i.uid, i.range_start,
  i.range_end, i.filter_key, i.entered, i.rev, i.content_rev, i.by, i.created_at, i.modified_at, i.flags,
  i.flag_revs`;
export const ITEM_WIDTH = 18;

const NO_FLAGS: ItemFlags = {};
const NO_REVS: FlagRevs = {};

/** The casts state what the schema's STRICT columns hold: nothing but this adapter writes them. */
export function itemOf(mailboxId: MailboxId, row: Row): Item {
  const [flags, flagRevs] = row.slice(16, 18) as [string | null, string | null];
  return {
    mailboxId,
    id: row[0] as number,
    folderId: row[1] as number,
    name: row[2] as string,
    size: row[3] as number,
    contentType: row[4] as string,
    kind: row[5] as ItemKind,
    uid: row[6] as string | null,
    rangeStart: row[7] as number,
    rangeEnd: row[8] as number,
    filterKey: row[9] as number,
    entered: row[10] as number,
    rev: row[11] as number,
    contentRev: row[12] as number,
    by: row[13] as number | null,
    createdAt: row[14] as number,
    modifiedAt: row[15] as number,
    flags: flags === null ? NO_FLAGS : (JSON.parse(flags) as ItemFlags),
    flagRevs: flagRevs === null ? NO_REVS : (JSON.parse(flagRevs) as FlagRevs),
  };
}

/** Flags and their stamps as they are stored: null when there is none, which is by far the usual case. */
export function jsonText(values: ItemFlags | FlagRevs | undefined): string | null {
  return values === undefined || Object.keys(values).length === 0 ? null : JSON.stringify(values);
}

const FOLDER_COLUMNS = `folder_id, parent_id, item_class, role, name, display_name, components, created_at, rev, last,
  pruned`;

/** Folders of a mailbox that meet a condition (which refers to values from ?2 on), with their properties. */
export function selectFolders(
  connection: Connection,
  mailboxId: MailboxId,
  condition: string,
  ...values: (string | number)[]
): Folder[] {
  const sql = `SELECT ${FOLDER_COLUMNS} FROM folder WHERE mailbox_id = ?1 AND ${condition}`;
  return connection
    .all(sql, mailboxId, ...values)
    .map((row) => folderOf(mailboxId, row, propertiesOf(connection, mailboxId, row[0] as number)));
}

/** All folders of a mailbox with their properties, in two statements. */
export function selectAllFolders(connection: Connection, mailboxId: MailboxId): Folder[] {
  const properties = new Map<FolderId, Record<string, string>>();
  const found = connection.all('SELECT folder_id, name, value FROM folder_property WHERE mailbox_id = ?', mailboxId);
  for (const [id, name, value] of found as [FolderId, string, string][]) {
    const of = properties.get(id) ?? Object.create(null);
    properties.set(id, of);
    of[name] = value;
  }
  const rows = connection.all(`SELECT ${FOLDER_COLUMNS} FROM folder WHERE mailbox_id = ?`, mailboxId);
  return rows.map((row) => folderOf(mailboxId, row, { ...properties.get(row[0] as number) }));
}

export function selectFolder(connection: Connection, mailboxId: MailboxId, id: FolderId): Folder | null {
  return selectFolders(connection, mailboxId, 'folder_id = ?2', id)[0] ?? null;
}

function propertiesOf(connection: Connection, mailboxId: MailboxId, id: FolderId): Folder['properties'] {
  const sql = 'SELECT name, value FROM folder_property WHERE mailbox_id = ? AND folder_id = ?';
  return Object.fromEntries(connection.all(sql, mailboxId, id) as [string, string][]);
}

function folderOf(mailboxId: MailboxId, row: Row, properties: Folder['properties']): Folder {
  const parent = row[1] as number;
  return {
    mailboxId,
    id: row[0] as number,
    parentId: parent === 0 ? null : parent,
    itemClass: row[2] as ItemClass,
    role: row[3] as FolderRole | null,
    name: row[4] as string,
    displayName: row[5] as string | null,
    components: JSON.parse(row[6] as string) as CalendarKind[],
    properties,
    createdAt: row[7] as number,
    rev: row[8] as number,
    last: row[9] as number,
    pruned: row[10] as number,
  };
}

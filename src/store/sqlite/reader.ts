import type { Folder, FolderId } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { Home } from '../../domain/item-class.ts';
import type { Mailbox, MailboxId, Stamp } from '../../domain/mailbox.ts';
import { compareFolders } from '../folder-rules.ts';
import type { ListQuery, MailboxReader } from '../mailbox-store.ts';
import { folderNotFound, mailboxNotFound } from '../refusals.ts';
import type { Connection } from './connection.ts';
import { streamContent } from './content.ts';
import { folderFeed, itemFeed } from './feed.ts';
import { itemsByNames, listPage, selectItems } from './list.ts';
import { itemOf, selectAllFolders, selectFolder, selectFolders } from './rows.ts';

/**
 * Reads one mailbox. Every method but `content` does its whole work before it returns to the event loop, and this
 * process is the only writer: so several statements of one method see one state.
 */
export class SqliteReader implements MailboxReader {
  readonly mailboxId: MailboxId;
  readonly #access: () => Connection;

  /** `access` is asked at every use, so that a finished transaction can refuse. */
  constructor(mailboxId: MailboxId, access: () => Connection) {
    this.mailboxId = mailboxId;
    this.#access = access;
  }

  async mailbox(): Promise<Mailbox> {
    return selectMailbox(this.#access(), this.mailboxId);
  }

  async folders(): Promise<readonly Folder[]> {
    return selectAllFolders(this.#access(), this.mailboxId).sort(compareFolders);
  }

  async folder(id: FolderId): Promise<Folder | null> {
    return selectFolder(this.#access(), this.mailboxId, id);
  }

  async folderByName(home: Home, parentId: FolderId | null, name: string): Promise<Folder | null> {
    const condition = 'home = ?2 AND parent_id = ?3 AND name = ?4';
    return selectFolders(this.#access(), this.mailboxId, condition, home, parentId ?? 0, name)[0] ?? null;
  }

  async item(id: ItemId): Promise<Item | null> {
    return selectItem(this.#access(), this.mailboxId, id);
  }

  async itemByName(folderId: FolderId, name: string): Promise<Item | null> {
    const sql = `${selectItems(false)} WHERE i.mailbox_id = ? AND i.folder_id = ? AND i.name = ?`;
    const row = this.#access().get(sql, this.mailboxId, folderId, name);
    if (row !== undefined) return itemOf(this.mailboxId, row);
    this.#checkFolder(folderId);
    return null;
  }

  async itemsByUid(uid: string, folderId?: FolderId): Promise<readonly Item[]> {
    if (folderId !== undefined) this.#checkFolder(folderId);
    const sql = `${selectItems(false, 'item i INDEXED BY item_uid')}
      WHERE i.mailbox_id = ?1 AND i.uid = ?2 AND (?3 IS NULL OR i.folder_id = ?3)`;
    const rows = this.#access().all(sql, this.mailboxId, uid, folderId ?? null);
    return rows.map((row) => itemOf(this.mailboxId, row));
  }

  async list(folderId: FolderId, query: ListQuery) {
    this.#checkFolder(folderId);
    return listPage(this.#access(), this.mailboxId, folderId, query);
  }

  async itemsByNames(folderId: FolderId, names: readonly string[], withContent: boolean) {
    this.#checkFolder(folderId);
    return itemsByNames(this.#access(), this.mailboxId, folderId, names, withContent);
  }

  async changes(folderId: FolderId, since: Stamp, limit: number, withContent: boolean, floor?: Stamp) {
    return itemFeed(this.#access(), this.mailboxId, folderId, { since, limit, floor }, withContent);
  }

  async folderChanges(since: Stamp, limit: number, floor?: Stamp) {
    return folderFeed(this.#access(), this.mailboxId, { since, limit, floor });
  }

  content(id: ItemId, range?: { start: number; end: number }): AsyncIterable<Uint8Array> {
    return streamContent(this.#access, this.mailboxId, id, range);
  }

  #checkFolder(id: FolderId): void {
    const sql = 'SELECT 1 FROM folder WHERE mailbox_id = ? AND folder_id = ?';
    if (this.#access().get(sql, this.mailboxId, id) === undefined) throw folderNotFound(id);
  }
}

export function selectItem(connection: Connection, mailboxId: MailboxId, id: ItemId): Item | null {
  const row = connection.get(`${selectItems(false)} WHERE i.mailbox_id = ? AND i.item_id = ?`, mailboxId, id);
  return row === undefined ? null : itemOf(mailboxId, row);
}

/** Throws 'folder-not-found' when the mailbox does not exist or is being removed. */
export function selectMailbox(connection: Connection, mailboxId: MailboxId): Mailbox {
  const sql = `SELECT head, used_bytes, item_count, quota_bytes, quota_items FROM mailbox
    WHERE mailbox_id = ? AND removing = 0`;
  const row = connection.get(sql, mailboxId);
  if (row === undefined) throw mailboxNotFound(mailboxId);
  const [head, usedBytes, itemCount] = row as [number, number, number];
  const [quotaBytes, quotaItems] = row.slice(3) as [number | null, number | null];
  return { id: mailboxId, head, usedBytes, itemCount, quotaBytes, quotaItems };
}

import type { FolderId, FolderPatch, NewFolder } from '../../domain/folder.ts';
import type { ItemFlags, ItemId } from '../../domain/item.ts';
import type { MailboxWriter, NewContent, NewItem } from '../mailbox-store.ts';
import { createFolder, deleteFolder, updateFolder } from './folder-writes.ts';
import { createItem, deleteItem, moveItem, replaceContent, setFlags } from './item-writes.ts';
import { SqliteReader } from './reader.ts';
import type { Transaction } from './transaction.ts';

/** Writes one mailbox inside one transaction; what it reads is what the transaction sees. */
export class SqliteWriter extends SqliteReader implements MailboxWriter {
  readonly #open: () => Transaction;

  /** `open` gives the transaction, and throws once it is over. */
  constructor(transaction: Transaction, open: () => Transaction) {
    super(transaction.mailboxId, () => open().connection);
    this.#open = open;
  }

  async createFolder(folder: NewFolder) {
    return createFolder(this.#open(), folder);
  }

  async updateFolder(id: FolderId, patch: FolderPatch) {
    return updateFolder(this.#open(), id, patch);
  }

  async deleteFolder(id: FolderId) {
    return deleteFolder(this.#open(), id);
  }

  async createItem(item: NewItem) {
    return createItem(this.#open(), item);
  }

  async replaceContent(id: ItemId, content: NewContent) {
    return replaceContent(this.#open(), id, content);
  }

  async setFlags(id: ItemId, flags: ItemFlags) {
    return setFlags(this.#open(), id, flags);
  }

  async moveItem(id: ItemId, folderId: FolderId, name: string) {
    return moveItem(this.#open(), id, folderId, name);
  }

  async deleteItem(id: ItemId) {
    return deleteItem(this.#open(), id);
  }
}

import { GatewayError } from '../../domain/errors.ts';
import type { FolderId, FolderPatch, NewFolder } from '../../domain/folder.ts';
import type { ItemFlags, ItemId } from '../../domain/item.ts';
import type { MailboxWriter, NewContent, NewItem } from '../mailbox-store.ts';
import { isStoreFailure } from './errors.ts';
import { createFolder, deleteFolder, updateFolder } from './folder-writes.ts';
import { createItem, deleteItem, moveItem, replaceContent, setFlags } from './item-writes.ts';
import { SqliteReader } from './reader.ts';
import { stillOpen, type Transaction } from './transaction.ts';

/** Writes one mailbox inside one transaction; what it reads is what the transaction sees. */
export class SqliteWriter extends SqliteReader implements MailboxWriter {
  readonly #transaction: Transaction;

  constructor(transaction: Transaction) {
    super(transaction.mailboxId, () => stillOpen(transaction).connection);
    this.#transaction = transaction;
  }

  async createFolder(folder: NewFolder) {
    return this.#run((tx) => createFolder(tx, folder));
  }

  async updateFolder(id: FolderId, patch: FolderPatch) {
    return this.#run((tx) => updateFolder(tx, id, patch));
  }

  async deleteFolder(id: FolderId) {
    return this.#run((tx) => deleteFolder(tx, id));
  }

  async createItem(item: NewItem) {
    return this.#run((tx) => createItem(tx, item));
  }

  async replaceContent(id: ItemId, content: NewContent) {
    return this.#run((tx) => replaceContent(tx, id, content));
  }

  async setFlags(id: ItemId, flags: ItemFlags) {
    return this.#run((tx) => setFlags(tx, id, flags));
  }

  async moveItem(id: ItemId, folderId: FolderId, name: string) {
    return this.#run((tx) => moveItem(tx, id, folderId, name));
  }

  async deleteItem(id: ItemId) {
    return this.#run((tx) => deleteItem(tx, id));
  }

  /**
   * Refusals are made before anything is written, so the work may catch them and go on. Any other failure may have left
   * a write half done: then the whole transaction is lost, even if the work catches the error.
   */
  async #run<T>(write: (tx: Transaction) => T | Promise<T>): Promise<T> {
    const tx = stillOpen(this.#transaction);
    try {
      const result = write(tx);
      if (!(result instanceof Promise)) return result;
      tx.pending += 1;
      return await result.finally(() => {
        tx.pending -= 1;
      });
    } catch (error) {
      if (!(error instanceof GatewayError) || isStoreFailure(error)) tx.broken ??= { error };
      throw error;
    }
  }
}

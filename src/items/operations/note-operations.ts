import type { Folder, FolderId, FolderPatch } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { MailboxWriter } from '../../store/mailbox-store.ts';
import { messageFacts } from './message-facts.ts';
import type { Operation } from './operation.ts';
import { type AnyWriter, wrappedWriter } from './wrapped-writer.ts';

export interface NoteOptions {
  /** Whether subjects of messages are noted. */
  readonly withSubjects: boolean;
}

const MOST_COUNTED = 5_000;
const PAGE = 500;

/**
 * The same writer, which puts what it removes and moves into `notes`. What lies in an Outbox is not noted: it comes and goes
 * with every message sent, and the mail log tells of it.
 */
export function notingWriter<W extends MailboxWriter>(tx: W, notes: Operation[], options: NoteOptions): W {
  const noted = new NotingCalls(tx, notes, options);
  const own = {
    deleteItem: (id: ItemId) => noted.deleteItem(id),
    moveItem: (id: ItemId, folderId: FolderId, name: string) => noted.moveItem(id, folderId, name),
    deleteFolder: (id: FolderId) => noted.deleteFolder(id),
    updateFolder: (id: FolderId, patch: FolderPatch) => noted.updateFolder(id, patch),
    signed: (by: number | null) => notingWriter((tx as AnyWriter).signed!(by), notes, options),
  };
  return wrappedWriter(tx, own);
}

class NotingCalls {
  readonly #tx: MailboxWriter;
  readonly #notes: Operation[];
  readonly #options: NoteOptions;
  readonly #paths = new Map<FolderId, string>();

  constructor(tx: MailboxWriter, notes: Operation[], options: NoteOptions) {
    this.#tx = tx;
    this.#notes = notes;
    this.#options = options;
  }

  async deleteItem(id: ItemId): Promise<void> {
    const note = await this.#itemNote('DELETE', id, null);
    await this.#tx.deleteItem(id);
    if (note !== null) this.#notes.push(note);
  }

  async moveItem(id: ItemId, folderId: FolderId, name: string): Promise<Item> {
    const note = await this.#itemNote('MOVE', id, folderId);
    const moved = await this.#tx.moveItem(id, folderId, name);
    if (note !== null) this.#notes.push(note);
    return moved;
  }

  async deleteFolder(id: FolderId): Promise<void> {
    const folder = await this.#path(id);
    const items = await this.#count(id);
    await this.#tx.deleteFolder(id);
    this.#paths.clear();
    this.#notes.push({ kind: 'DELETE_FOLDER', folderId: id, folder, to: null, items });
  }

  async updateFolder(id: FolderId, patch: FolderPatch): Promise<Folder> {
    const isMoved = ['parentId', 'name', 'displayName'].some((key) => key in patch);
    const before = isMoved ? await this.#path(id) : '';
    const updated = await this.#tx.updateFolder(id, patch);
    // Also those of all below it.
    this.#paths.clear();
    if (!isMoved) return updated;
    const to = await this.#path(id);
    if (to !== before) {
      this.#notes.push({ kind: 'MOVE_FOLDER', folderId: id, folder: before, to, items: await this.#count(id) });
    }
    return updated;
  }

  /** Null: nothing is there, nothing moves, or it is of no interest. */
  async #itemNote(kind: 'DELETE' | 'MOVE', id: ItemId, toId: FolderId | null): Promise<Operation | null> {
    const item = await this.#tx.item(id);
    if (item === null || item.folderId === toId) return null;
    if ((await this.#tx.folder(item.folderId))?.role === 'outbox') return null;
    const folder = await this.#path(item.folderId);
    const to = toId === null ? null : await this.#path(toId);
    const message = item.kind === 'MESSAGE' ? await messageFacts(this.#tx, item, this.#options.withSubjects) : null;
    return { kind, itemId: id, name: item.name, folder, to, size: item.size, message };
  }

  /** Folders are read once however many of their items go. */
  async #path(id: FolderId): Promise<string> {
    const known = this.#paths.get(id) ?? (await this.#readPath(id));
    this.#paths.set(id, known);
    return known;
  }

  async #readPath(id: FolderId): Promise<string> {
    const names: string[] = [];
    for (let at: FolderId | null = id; at !== null; ) {
      const folder: Folder | null = await this.#tx.folder(at);
      if (folder === null) break;
      names.unshift(folder.displayName ?? folder.name);
      at = folder.parentId;
    }
    return names.join('/');
  }

  async #count(id: FolderId): Promise<number | null> {
    let count = 0;
    for (let after: ItemId | null = null; count <= MOST_COUNTED; ) {
      const page = await this.#tx.list(id, { limit: PAGE, withContent: false, ...(after !== null && { after }) });
      count += page.items.length;
      if (page.next === null) return count;
      after = page.next;
    }
    return null;
  }
}

import { isGatewayError } from '../../domain/errors.ts';
import type { Folder, FolderId } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { MailboxId, Stamp } from '../../domain/mailbox.ts';
import type { MailboxReader, MailboxStore } from '../../store/mailbox-store.ts';
import { readWhole } from '../whole-content.ts';
import { type ContactEntry, contactEntry, entryBytes } from './contact-entry.ts';
import { matchesName, nameQuery } from './name-match.ts';

/** Finds contacts of one mailbox by name or address. */
export interface ContactSearch {
  /** Those that this text finds, in no particular order. Only contacts that have an address are known here. */
  find(mailboxId: MailboxId, text: string): Promise<readonly ContactEntry[]>;
  /** What is held in memory, all mailboxes together. */
  readonly heldBytes: number;
}

export interface ContactSearchOptions {
  /** What may be held of all mailboxes together; those that nobody asked about for longest go first. */
  readonly maxBytes: number;
}

const DEFAULT_CONTACT_SEARCH: ContactSearchOptions = { maxBytes: 64 * 1024 * 1024 };

/** Changes read at once. */
const PAGE = 200;
/** Contacts up to this size are read together, larger ones one by one: a photo may have megabytes. */
const SMALL_BYTES = 64 * 1024;

/**
 * Contacts by what they are found by. The first question about a mailbox reads its contacts, later ones only what the change feed
 * tells since: the index of a store's rows knows no names, and to read ten thousand cards takes a second.
 */
export function createContactSearch(
  store: Pick<MailboxStore, 'read'>,
  options: ContactSearchOptions = DEFAULT_CONTACT_SEARCH,
): ContactSearch {
  const books = new Map<MailboxId, AddressBook>();
  const heldBytes = (): number => [...books.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const makeRoom = (): void => {
    let held = heldBytes();
    for (const [mailboxId, book] of books) {
      if (held <= options.maxBytes) return;
      books.delete(mailboxId);
      held -= book.bytes;
    }
  };
  return {
    async find(mailboxId, text) {
      const book = books.get(mailboxId) ?? new AddressBook();
      // The last one asked about stands last.
      books.delete(mailboxId);
      books.set(mailboxId, book);
      await book.refresh(store.read(mailboxId));
      makeRoom();
      // One request may ask a hundred times, and each look through a large book takes some milliseconds.
      if (book.size > PAGE) await turn();
      return book.find(text);
    },
    get heldBytes() {
      return heldBytes();
    },
  };
}

interface IndexedFolder {
  cursor: Stamp;
  readonly entries: Map<ItemId, ContactEntry>;
}

/** The contacts of one mailbox. */
class AddressBook {
  bytes = 0;
  readonly #folders = new Map<FolderId, IndexedFolder>();
  /** Ends when the refreshes that were asked for so far have ended. */
  #refreshing: Promise<void> = Promise.resolve();

  get size(): number {
    return [...this.#folders.values()].reduce((sum, { entries }) => sum + entries.size, 0);
  }

  find(text: string): ContactEntry[] {
    const query = nameQuery(text);
    const found: ContactEntry[] = [];
    for (const { entries } of this.#folders.values()) {
      for (const entry of entries.values()) if (matchesName(entry.keys, query)) found.push(entry);
    }
    return found;
  }

  /** Takes in what changed; one at a time, and each question sees what was there when it was asked. */
  refresh(reader: MailboxReader): Promise<void> {
    const run = this.#refreshing.then(() => this.#refresh(reader));
    this.#refreshing = run.catch(() => {});
    return run;
  }

  async #refresh(reader: MailboxReader): Promise<void> {
    const folders = (await reader.folders()).filter(({ itemClass }) => itemClass === 'contacts');
    const present = new Set(folders.map(({ id }) => id));
    for (const id of [...this.#folders.keys()]) if (!present.has(id)) this.#forget(id);
    for (const folder of folders) {
      if (this.#folders.get(folder.id)?.cursor !== folder.last) await this.#readChanges(reader, folder);
    }
  }

  async #readChanges(reader: MailboxReader, folder: Folder): Promise<void> {
    try {
      await this.#follow(reader, folder.id);
    } catch (error) {
      if (isGatewayError(error, 'folder-not-found')) return this.#forget(folder.id);
      if (!isGatewayError(error, 'cursor-expired')) throw error;
      this.#forget(folder.id);
      await this.#follow(reader, folder.id);
    }
  }

  async #follow(reader: MailboxReader, id: FolderId): Promise<void> {
    const folder = this.#folders.get(id) ?? { cursor: 0, entries: new Map<ItemId, ContactEntry>() };
    this.#folders.set(id, folder);
    let floor: Stamp | undefined;
    for (;;) {
      const page = await reader.changes(id, folder.cursor, PAGE, false, floor);
      const items = page.entries.flatMap((change) => (change.kind === 'changed' ? [change.item] : []));
      const entries = await entriesOf(reader, id, items);
      for (const change of page.entries) {
        const itemId = change.kind === 'removed' ? change.itemId : change.item.id;
        this.#put(folder, itemId, entries.get(itemId) ?? null);
      }
      floor = page.floor;
      folder.cursor = page.next;
      if (!page.more) return;
      await turn();
    }
  }

  #put({ entries }: IndexedFolder, itemId: ItemId, entry: ContactEntry | null): void {
    const before = entries.get(itemId);
    if (before !== undefined) this.bytes -= entryBytes(before);
    if (entry === null) entries.delete(itemId);
    else {
      entries.set(itemId, entry);
      this.bytes += entryBytes(entry);
    }
  }

  #forget(id: FolderId): void {
    for (const entry of this.#folders.get(id)?.entries.values() ?? []) this.bytes -= entryBytes(entry);
    this.#folders.delete(id);
  }
}

/** What these items are found by; those that are gone meanwhile are missing, and come as removed next time. */
async function entriesOf(
  reader: MailboxReader,
  folderId: FolderId,
  items: readonly Item[],
): Promise<Map<ItemId, ContactEntry>> {
  const entries = new Map<ItemId, ContactEntry>();
  const add = (itemId: ItemId, content: Uint8Array): void => {
    const entry = contactEntry(folderId, itemId, content);
    if (entry !== null) entries.set(itemId, entry);
  };
  const names = items.filter(({ size }) => size <= SMALL_BYTES).map(({ name }) => name);
  const small = await reader.itemsByNames(folderId, names, true);
  for (const { item, content } of small) if (content !== undefined) add(item.id, content);
  for (const item of items.filter(({ size }) => size > SMALL_BYTES)) {
    const content = await wholeOrNull(reader, item);
    if (content !== null) add(item.id, content);
  }
  return entries;
}

async function wholeOrNull(reader: MailboxReader, item: Item): Promise<Uint8Array | null> {
  try {
    return await readWhole(reader, item);
  } catch (error) {
    if (isGatewayError(error, 'item-not-found')) return null;
    throw error;
  }
}

/** Lets other requests go on between two pages: stores in this process answer without giving up their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

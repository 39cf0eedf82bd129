import type { FolderId, NewFolder } from '../../src/domain/folder.ts';
import type { Item, ItemIndex } from '../../src/domain/item.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { CommittedChange, MailboxWriter, NewItem } from '../../src/store/mailbox-store.ts';
import type { Stores } from '../../src/store/stores.ts';
import type { FakeClock } from '../support/fake-clock.ts';

/** What an adapter gives the contract suites. */
export interface StoreUnderTest extends Omit<Stores, 'storeId'> {
  readonly clock: FakeClock;
  readonly published: CommittedChange[];
  /** Closes and opens again on the same data; absent where nothing outlives a close. */
  readonly reopen?: () => Promise<StoreUnderTest>;
}

export type OpenStore = () => Promise<StoreUnderTest>;

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(content: Uint8Array | undefined): string {
  return new TextDecoder().decode(content);
}

export function newFolder(name: string, more: Partial<NewFolder> = {}): NewFolder {
  const defaults = { parentId: null, itemClass: 'calendar', role: null, displayName: null } as const;
  return { ...defaults, name, components: ['VEVENT'], properties: {}, ...more };
}

export function newIndex(more: Partial<ItemIndex> = {}): ItemIndex {
  return { kind: 'VEVENT', uid: null, rangeStart: 0, rangeEnd: 3600, filterKey: 3600, ...more };
}

export function newItem(folderId: FolderId, name: string, content = name, index: Partial<ItemIndex> = {}): NewItem {
  return { folderId, name, content: bytes(content), contentType: 'text/calendar', index: newIndex(index) };
}

/** A mailbox with one calendar folder, and short ways to write to it. */
export async function mailboxWithFolder(store: StoreUnderTest) {
  const mailboxId = await store.mailboxes.createMailbox();
  const write = <T>(work: (tx: MailboxWriter) => Promise<T>, origin = CLIENT_ORIGIN): Promise<T> =>
    store.mailboxes.write(mailboxId, origin, work);
  const folder = await write((tx) => tx.createFolder(newFolder('work')));
  const add = (name: string, content = name, index: Partial<ItemIndex> = {}): Promise<Item> =>
    write((tx) => tx.createItem(newItem(folder.id, name, content, index)));
  const read = store.mailboxes.read(mailboxId);
  const last = async (id: FolderId = folder.id): Promise<number> => (await read.folder(id))!.last;
  return { mailboxId, folder, write, add, read, last };
}

/** The same over a store that is opened for it. */
export async function openedWithFolder(open: OpenStore) {
  const store = await open();
  return { store, ...(await mailboxWithFolder(store)) };
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

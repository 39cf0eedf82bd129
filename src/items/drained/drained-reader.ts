import type { ChangePage } from '../../domain/changes.ts';
import type { Folder, FolderId } from '../../domain/folder.ts';
import type { Item, ItemId } from '../../domain/item.ts';
import type { Stamp } from '../../domain/mailbox.ts';
import type { ItemPage, ItemWithContent, ListQuery, MailboxReader } from '../../store/mailbox-store.ts';
import { cursorExpired, folderNotFound, itemNotFound } from '../../store/refusals.ts';
import { type Drain, drainStamp, type Explanation, explanationsIn } from './explanation.ts';

/** Told of each folder whose emptied content was read. */
export type OnEmptied = (folderId: FolderId) => void;

/**
 * A mailbox as one client is shown it that is to lose what it holds: the folders are there, and in each stands nothing but what
 * explains it. Nothing of what is really in them is read.
 */
export class DrainedReader implements MailboxReader {
  readonly #real: MailboxReader;
  readonly #drain: Drain;
  readonly #onEmptied: OnEmptied;

  constructor(real: MailboxReader, drain: Drain, onEmptied: OnEmptied) {
    this.#real = real;
    this.#drain = drain;
    this.#onEmptied = onEmptied;
  }

  mailbox() {
    return this.#real.mailbox();
  }

  async folders(): Promise<readonly Folder[]> {
    return (await this.#real.folders()).map((folder) => this.#drained(folder));
  }

  async folder(id: FolderId): Promise<Folder | null> {
    const folder = await this.#real.folder(id);
    return folder === null ? null : this.#drained(folder);
  }

  async folderByName(...named: Parameters<MailboxReader['folderByName']>): Promise<Folder | null> {
    const folder = await this.#real.folderByName(...named);
    return folder === null ? null : this.#drained(folder);
  }

  async item(id: ItemId): Promise<Item | null> {
    return (await this.#byId(id))?.item ?? null;
  }

  async itemByName(folderId: FolderId, name: string): Promise<Item | null> {
    return (await this.#in(folderId)).find(({ item }) => item.name === name)?.item ?? null;
  }

  async itemsByUid(uid: string, folderId?: FolderId): Promise<readonly Item[]> {
    const ids = folderId === undefined ? (await this.#real.folders()).map(({ id }) => id) : [folderId];
    const all = await Promise.all(ids.map((id) => this.#in(id)));
    return all.flat().flatMap(({ item }) => (item.uid === uid ? [item] : []));
  }

  async list(folderId: FolderId, { after = 0, withContent, kind, range }: ListQuery): Promise<ItemPage> {
    const found = (await this.#in(folderId)).filter(({ item }) => {
      const touches = item.rangeStart <= (range?.end ?? Infinity) && item.rangeEnd >= (range?.start ?? -Infinity);
      return item.id > after && (kind ?? item.kind) === item.kind && touches;
    });
    return { items: found.map((one) => this.#given(one, withContent)), next: null };
  }

  async itemsByNames(
    folderId: FolderId,
    names: readonly string[],
    withContent: boolean,
  ): Promise<readonly ItemWithContent[]> {
    const found = (await this.#in(folderId)).filter(({ item }) => names.includes(item.name));
    return found.map((one) => this.#given(one, withContent));
  }

  async changes(
    folderId: FolderId,
    since: Stamp,
    _limit: number,
    withContent: boolean,
  ): Promise<ChangePage & { contents?: ReadonlyMap<ItemId, Uint8Array> }> {
    const stamp = drainStamp(this.#drain);
    // What the client knows of before is to be forgotten as a whole, so that it compares.
    if (since !== 0 && since !== stamp) throw cursorExpired(since);
    const found = since === stamp ? [] : await this.#in(folderId);
    const entries = found.map(({ item }) => ({ kind: 'changed', stamp, item }) as const);
    const page = { entries, next: stamp, more: false };
    if (!withContent) return page;
    return { ...page, contents: new Map(found.map((one) => [one.item.id, this.#read(one)])) };
  }

  folderChanges(...query: Parameters<MailboxReader['folderChanges']>) {
    return this.#real.folderChanges(...query);
  }

  async *content(id: ItemId, range?: { start: number; end: number }): AsyncGenerator<Uint8Array> {
    const found = await this.#byId(id);
    if (found === null) throw itemNotFound(id);
    yield this.#read(found).subarray(range?.start ?? 0, range?.end);
  }

  /** What stands in a folder. @throws GatewayError 'folder-not-found' */
  async #in(folderId: FolderId): Promise<readonly Explanation[]> {
    const folder = await this.#real.folder(folderId);
    if (folder === null) throw folderNotFound(folderId);
    return explanationsIn(folder, this.#drain);
  }

  async #byId(id: ItemId): Promise<Explanation | null> {
    for (const folder of await this.#real.folders()) {
      const found = explanationsIn(folder, this.#drain).find(({ item }) => item.id === id);
      if (found !== undefined) return found;
    }
    return null;
  }

  #given(one: Explanation, withContent: boolean): ItemWithContent {
    return withContent ? { item: one.item, content: this.#read(one) } : { item: one.item };
  }

  #read({ item, content }: Explanation): Uint8Array {
    this.#onEmptied(item.folderId);
    return content;
  }

  #drained(folder: Folder): Folder {
    const stamp = drainStamp(this.#drain);
    return { ...folder, last: stamp, pruned: stamp - 1 };
  }
}

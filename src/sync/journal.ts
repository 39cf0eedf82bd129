import type { FolderId } from '../domain/folder.ts';
import type { CommandList, JournalEntry, SyncWriter } from '../store/sync-state-store.ts';
import type { ClientCommand } from './request.ts';

/** The commands done under the previous key and the carried Adds, read once and written entry by entry. */
export class Journal {
  readonly #tx: SyncWriter;
  readonly #place: JournalPlace;
  readonly #entries: Map<string, JournalEntry>;
  readonly #carried: Map<string, JournalEntry>;
  /** Whether the stored list is the one in `#entries`. */
  #isBegun: boolean;

  private constructor(
    tx: SyncWriter,
    place: JournalPlace,
    lists: { entries: readonly JournalEntry[]; carried: readonly JournalEntry[]; isBegun: boolean },
  ) {
    this.#tx = tx;
    this.#place = place;
    this.#entries = new Map(lists.entries.map((entry) => [entry.name, entry]));
    this.#carried = new Map(lists.carried.map((entry) => [entry.name, entry]));
    this.#isBegun = lists.isBegun;
  }

  /**
   * @param isRepeat Whether the stored journal goes on; otherwise the device has acknowledged it and a new one begins.
   * @param wantsCarried Whether carried Adds are needed.
   */
  static async open(tx: SyncWriter, place: JournalPlace, isRepeat: boolean, wantsCarried: boolean): Promise<Journal> {
    const read = (list: CommandList) => tx.commands(place.folderId, place.device, list);
    const entries = isRepeat ? await read('journal') : [];
    const carried = wantsCarried ? await read('carried') : [];
    return new Journal(tx, place, { entries, carried, isBegun: isRepeat });
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): Iterable<JournalEntry> {
    return this.#entries.values();
  }

  get(name: string): JournalEntry | undefined {
    return this.#entries.get(name);
  }

  carried(name: string): JournalEntry | undefined {
    return this.#carried.get(name);
  }

  /** Empties the stored list for a new key; an answer that keeps its key keeps the list of the key before. */
  async begin(): Promise<void> {
    if (this.#isBegun) return;
    this.#isBegun = true;
    await this.#tx.clearCommands(this.#place.folderId, this.#place.device, 'journal');
  }

  async put(entry: JournalEntry): Promise<void> {
    await this.begin();
    this.#entries.set(entry.name, entry);
    await this.#tx.putCommand(this.#place.folderId, this.#place.device, 'journal', entry);
  }

  async dropCarried(name: string): Promise<void> {
    this.#carried.delete(name);
    await this.#tx.removeCommand(this.#place.folderId, this.#place.device, 'carried', name);
  }
}

interface JournalPlace {
  readonly folderId: FolderId;
  readonly device: string;
}

/** What a command is known by: an Add by the id its client gave, the others by kind and item. */
export function nameOfCommand(command: ClientCommand<unknown>): string {
  return command.kind === 'add' ? `add ${command.clientId}` : `${command.kind} ${command.itemId}`;
}

export function deletionOf(itemId: number): string {
  return `delete ${itemId}`;
}

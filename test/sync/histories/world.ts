import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FolderId } from '../../../src/domain/folder.ts';
import type { Item, ItemId } from '../../../src/domain/item.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../../../src/domain/mailbox.ts';
import type { Turns } from '../../../src/domain/turns.ts';
import type { MailboxReader, MailboxStore, MailboxWriter, NewContent } from '../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../src/store/memory/open.ts';
import { openSqliteStores } from '../../../src/store/sqlite/open.ts';
import type { SyncReader, SyncStateStore } from '../../../src/store/sync-state-store.ts';
import { AnswerCache } from '../../../src/sync/answer-cache.ts';
import type { Rules } from '../../../src/sync/rules.ts';
import type { SyncServices } from '../../../src/sync/services.ts';
import { bytes, newFolder, newIndex } from '../../contract/store-under-test.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { seededRandom } from '../../support/random.ts';
import { Disagreement } from './disagreement.ts';
import { type Shown, shownOf, TextTranslator } from './text-translator.ts';

/** An item as an answer holds it; what is absent stays on the device as it is. */
export interface Rendered extends Partial<Shown> {
  readonly size: number;
}

export type Adapter = 'memory' | 'sqlite';

/** A crash of the process, as the caller sees it: no answer. */
export class Crash extends Error {}

/** One mailbox in a real store, the engine over it, and what the test knows that neither of them may. */
export class World {
  readonly mailboxes: MailboxStore;
  readonly services: SyncServices<Rendered>;
  readonly translator: TextTranslator;
  readonly clock = fakeClock();
  readonly close: () => Promise<void>;
  mailboxId: MailboxId = 0;
  folders: readonly FolderId[] = [];
  /** What the date filter counts in. */
  now = 20;
  /** Raised when everything unrenderable is to be tried again. */
  retryStamp = 0;
  /** Items whose rendering threw. */
  readonly failures: ItemId[] = [];
  /** The next transaction of a Sync is lost just before it commits. */
  crashes = false;
  /** What somebody else does while the next Sync renders ahead, before the item of this place is rendered. */
  disturbance: { place: number; readonly work: () => Promise<void> } | null = null;
  #names = 0;
  #crashAtCommit = false;
  readonly #isSqlite: boolean;

  constructor(adapter: Adapter, seed: number, rules: Rules | undefined) {
    this.#isSqlite = adapter === 'sqlite';
    const random = seededRandom(seed).bytes;
    const opened = this.#isSqlite
      ? openSqlite(this.clock, random, () => this.#onCommit())
      : openMemory(this.clock, random);
    this.mailboxes = opened.mailboxes;
    this.close = opened.close;
    this.translator = new TextTranslator(() => `n${++this.#names}`);
    const onRenderFailure = (_: unknown, itemId: ItemId) => this.failures.push(itemId);
    const store = this.#watched(opened.syncState);
    const answers = new AnswerCache<Rendered>();
    const services = { store, clock: this.clock, random, answers, onRenderFailure, turns: () => this.#turns() };
    this.services = rules === undefined ? services : { ...services, rules };
  }

  async begin(folders: number): Promise<void> {
    this.mailboxId = await this.mailboxes.createMailbox();
    const made: FolderId[] = [];
    for (let n = 0; n < folders; n += 1) {
      made.push((await this.write((tx) => tx.createFolder(newFolder(`f${n}`)))).id);
    }
    this.folders = made;
  }

  get read(): SyncReader {
    return this.services.store.read(this.mailboxId);
  }

  async addFolder(): Promise<void> {
    const { id } = await this.write((tx) => tx.createFolder(newFolder(this.nextName())));
    this.folders = [...this.folders, id];
  }

  async removeFolder(id: FolderId): Promise<void> {
    await this.write((tx) => tx.deleteFolder(id));
    this.folders = this.folders.filter((other) => other !== id);
  }

  /** A write as another protocol makes it. */
  write<T>(work: (tx: MailboxWriter) => Promise<T>): Promise<T> {
    return this.mailboxes.write(this.mailboxId, CLIENT_ORIGIN, work);
  }

  async items(folderId: FolderId): Promise<readonly Item[]> {
    const page = await this.mailboxes.read(this.mailboxId).list(folderId, { limit: 500, withContent: false });
    return page.items.map(({ item }) => item);
  }

  async contents(folderId: FolderId): Promise<ReadonlyMap<ItemId, { item: Item; shown: Shown }>> {
    const page = await this.mailboxes.read(this.mailboxId).list(folderId, { limit: 500, withContent: true });
    return new Map(
      page.items.map(({ item, content }) => [
        item.id,
        { item, shown: shownOf(item, Buffer.from(content!).toString()) },
      ]),
    );
  }

  nextName(): string {
    return `n${++this.#names}`;
  }

  #turns(): Turns {
    const world = this;
    return {
      get isOver() {
        return world.disturbance !== null && world.disturbance.place-- <= 0;
      },
      async give() {
        const work = world.disturbance?.work;
        world.disturbance = null;
        await work?.();
      },
    };
  }

  #onCommit(): void {
    if (!this.#crashAtCommit) return;
    this.#crashAtCommit = false;
    throw new Crash();
  }

  /** The store, which can crash, and which counts what was committed and not what was tried. */
  #watched(store: SyncStateStore): SyncStateStore {
    return {
      read: (mailboxId) => store.read(mailboxId),
      write: async (mailboxId, origin, work) => {
        let noted = this.translator.beginNotes();
        const isLost = this.crashes;
        this.crashes = false;
        const result = await store.write(mailboxId, origin, async (tx) => {
          noted = this.translator.beginNotes();
          const value = await work(tx);
          if (isLost && !this.#isSqlite) throw new Crash();
          this.#crashAtCommit = isLost;
          return value;
        });
        this.translator.commitNotes(noted);
        return result;
      },
    };
  }
}

interface OpenedStores {
  readonly mailboxes: MailboxStore;
  readonly syncState: SyncStateStore;
  readonly close: () => Promise<void>;
}

function openMemory(clock: FakeClock, random: (length: number) => Uint8Array): OpenedStores {
  const stores = createMemoryStores({ clock, random, publish: () => undefined });
  return { ...stores, close: () => stores.mailboxes.close() };
}

function openSqlite(clock: FakeClock, random: (length: number) => Uint8Array, onCommit: () => void): OpenedStores {
  const dir = mkdtempSync(join(tmpdir(), 'causeway-sync-'));
  const onStep = (point: string) => {
    if (point === 'before-commit') onCommit();
  };
  const stores = openSqliteStores({ path: join(dir, 'a.db'), clock, random, publish: () => undefined, onStep });
  const close = async (): Promise<void> => {
    const found = await stores.mailboxes.verify();
    await stores.close();
    rmSync(dir, { recursive: true });
    if (found.length > 0) throw new Disagreement(`the store is not sound: ${found.join(' ')}`);
  };
  return { mailboxes: stores.mailboxes, syncState: stores.syncState, close };
}

export function contentOf(text: string, filterKey: number): NewContent {
  return { content: bytes(text), contentType: 'text/plain', index: newIndex({ filterKey }) };
}

export async function textOf(reader: MailboxReader, id: ItemId): Promise<string> {
  let text = '';
  for await (const chunk of reader.content(id)) text += Buffer.from(chunk).toString();
  return text;
}

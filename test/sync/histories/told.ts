import type { FolderId } from '../../../src/domain/folder.ts';
import type { Item, ItemId } from '../../../src/domain/item.ts';
import type { Stamp } from '../../../src/domain/mailbox.ts';
import type { ServerCommand, SyncAnswer, SyncRequest } from '../../../src/sync/request.ts';
import { mustHold } from './disagreement.ts';
import type { Edit } from './text-translator.ts';
import type { Rendered, World } from './world.ts';

/** What an answer said last of an item that the device has not named since. */
interface Telling {
  readonly rev: Stamp;
  /** The stamp that began the stay in which it was told as new; null when the device held it before. */
  readonly stay: Stamp | null;
  /** By the feed, as new and at its newest, in the backlog that is being read. */
  readonly isOfBacklog: boolean;
  /** An answer that left nothing over has come since. */
  readonly isSettled: boolean;
}

/** Stamps of what was written between an answer that left nothing over and the first request after it. */
interface Backlog {
  readonly after: Stamp;
  /** Null before that request. */
  readonly upTo: Stamp | null;
}

/**
 * What a device was told since key 0, kept apart from what it holds: an answer that tells it in vain is a fault, although the device
 * ends equal to its store. What it named in a request, or was named as the outcome of its Add, is judged from the next telling on.
 */
export class Told {
  readonly #items = new Map<ItemId, Telling>();
  readonly #touched = new Set<ItemId>();
  #backlog: Backlog | null = null;
  /** All stamps up to here were there at key 0. */
  #start: Stamp | null = null;

  /** Key 0: the device holds nothing. */
  forget(): void {
    this.#items.clear();
    this.#touched.clear();
    this.#backlog = null;
    this.#start = null;
  }

  /** A request leaves, whether or not it arrives. @param head The mailbox's last stamp */
  noteRequest({ commands }: SyncRequest<Edit>, head: Stamp): void {
    for (const command of commands) if (command.kind !== 'add') this.#touch(command.itemId);
    if (this.#backlog?.upTo === null) this.#backlog = { ...this.#backlog, upTo: head };
  }

  /** The device's state was moved to the mailbox's last stamp, with or without its knowing. */
  noteDrained(head: Stamp): void {
    if (this.#backlog !== null) this.#backlog = { after: head, upTo: null };
  }

  /**
   * Judges an answer that arrives, before the device takes it in, and notes what it says. Nothing else may have been written since the
   * answer was made, unless it came from memory.
   */
  async judge(world: World, request: SyncRequest<Edit>, answer: SyncAnswer<Rendered>, name: string): Promise<void> {
    const { folderId } = request;
    if (request.key === '0') {
      this.#start = (await world.read.partnership(folderId, request.device))?.current.processed ?? null;
    }
    for (const { kind, itemId } of answer.outcomes) if (kind === 'add' && itemId !== null) this.#touch(itemId);
    for (const command of answer.commands) {
      if (!('rendered' in command)) {
        await this.#judgeRemoval(world, request, command, name);
        this.#items.delete(command.itemId);
        continue;
      }
      await this.#judgeTelling(world, request, command.item, command.kind, name);
    }
    if (answer.hasMore || !request.wantsChanges) return;
    // What is in quarantine is left over, even where the device was sent the revision before that was noticed.
    const left = (await world.read.partnership(folderId, request.device))?.current.exceptions ?? [];
    const kept = new Set(left.map(({ itemId }) => itemId));
    for (const [id, telling] of this.#items) this.#items.set(id, { ...telling, isSettled: !kept.has(id) });
    this.#backlog = { after: (await world.read.mailbox()).head, upTo: null };
  }

  async #judgeTelling(
    world: World,
    { folderId, merged, device }: SyncRequest<Edit>,
    { id, rev, entered }: Item,
    kind: 'add' | 'change',
    name: string,
  ): Promise<void> {
    const known = this.#items.get(id);
    if (kind === 'change' && known?.rev === rev) {
      mustHold(!known.isSettled, () => `item ${id} is told again after all was told, ${name}`);
      const isSeen = !known.isOfBacklog || !(await isEntryKnown(world, folderId, device, entered));
      mustHold(isSeen, () => `item ${id} of a backlog is told twice, ${name}`);
    }
    const { after, upTo } = this.#backlog ?? NO_BACKLOG;
    // What came from one of several folders that are read as one to another did not enter.
    const isOfBacklog = kind === 'add' && merged === undefined && entered > after && rev <= (upTo ?? 0);
    const stay = kind === 'add' ? entered : (known?.stay ?? null);
    this.#items.set(id, { rev, stay, isOfBacklog, isSettled: false });
  }

  async #judgeRemoval(
    world: World,
    { folderId, merged }: SyncRequest<Edit>,
    { kind, itemId }: ServerCommand<Rendered>,
    name: string,
  ): Promise<void> {
    const item = await world.read.item(itemId);
    if (merged !== undefined || item?.folderId !== folderId) return;
    const known = this.#items.get(itemId);
    const isStay = kind === 'delete' && known?.stay === item.entered;
    mustHold(!isStay, () => `item ${itemId} is deleted in the very stay that was told, ${name}`);
    if (known !== undefined || this.#touched.has(itemId) || this.#start === null) return;
    if ((await world.read.folder(folderId))!.pruned > this.#start) return;
    const rows = await world.read.feedRows(folderId, this.#start, 10_000);
    const hasMoved = rows.some((row) => row.itemId === itemId && row.log !== null);
    mustHold(hasMoved, () => `item ${itemId} is taken away, which was never given, ${name}`);
  }

  #touch(itemId: ItemId): void {
    this.#items.delete(itemId);
    this.#touched.add(itemId);
  }
}

const NO_BACKLOG: Backlog = { after: Number.POSITIVE_INFINITY, upTo: null };

/** Whether the log says still that an item entered, and not by the device's own Add. */
async function isEntryKnown(world: World, folderId: FolderId, device: string, entered: Stamp): Promise<boolean> {
  const entry = await world.read.logRowAt(folderId, entered);
  const partnership = await world.read.partnership(folderId, device);
  return entry !== null && entry.by !== partnership?.number;
}

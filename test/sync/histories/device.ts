import { isDeepStrictEqual } from 'node:util';
import { LOWEST_KEY } from '../../../src/domain/edge.ts';
import type { FolderId } from '../../../src/domain/folder.ts';
import type { Item, ItemId } from '../../../src/domain/item.ts';
import type { ClientCommand, ConflictRule, SyncOutcome, SyncRequest } from '../../../src/sync/request.ts';
import { mustHold } from './disagreement.ts';
import { type Edit, type Shown, shownOfAdd } from './text-translator.ts';
import { Told } from './told.ts';
import type { Rendered, World } from './world.ts';

export type Pending = ClientCommand<Edit> & { readonly data: Edit };

export interface Counts {
  syncs: number;
  lost: number;
  unknownDeletes: number;
  redundantChanges: number;
  vainPings: number;
  commands: number;
  /** Changes that told of the flags alone. */
  parts: number;
}

export interface Asked {
  readonly windowSize: number;
  readonly maxBytes: number;
  readonly wantsChanges: boolean;
  /** New items wait for a later request. */
  readonly holdsBack: boolean;
  /** Somebody writes while the answer is rendered ahead. */
  readonly isDisturbed?: boolean;
}

/** One device's view of one folder, or of all as one: what it holds, what its user did, and what it asks for. */
export class DeviceView {
  key = '0';
  filter: number | null = null;
  readonly items = new Map<ItemId, Shown>();
  readonly told = new Told();
  /** What it held before an edit that was refused, until it is told what the item really is. */
  readonly #agreed = new Map<ItemId, Shown>();
  pending: Pending[] = [];
  /** A request that may arrive a second time. */
  late: SyncRequest<Edit> | null = null;
  /** A request with commands is on its way: they are in every request until it is answered. */
  #hasSent = false;
  readonly keysSeen = new Set<string>();
  readonly device: number;
  readonly folderId: FolderId;
  readonly rule: ConflictRule;
  /** Whether the folder shows the items of all others too. */
  isMerging: boolean;

  constructor(device: number, folderId: FolderId, rule: ConflictRule, isMerging = false) {
    this.device = device;
    this.folderId = folderId;
    this.rule = rule;
    this.isMerging = isMerging;
  }

  /** Folders beside its own whose items it shows. */
  merged(world: World): { readonly merged?: readonly FolderId[] } {
    return this.isMerging ? { merged: world.folders.filter((id) => id !== this.folderId) } : {};
  }

  get name(): string {
    return `phone ${this.device}`;
  }

  options(): string {
    return JSON.stringify({ filter: this.filter });
  }

  request(world: World, asked: Asked): SyncRequest<Edit> {
    // Only Adds can wait: what was edited goes with the next request, or the edit's base would be lost.
    const canWait = !this.#hasSent && this.pending.every(({ kind }) => kind === 'add');
    const commands = this.key === '0' || (asked.holdsBack && canWait) ? [] : [...this.pending];
    if (commands.length > 0) this.#hasSent = true;
    const body = {
      mailboxId: world.mailboxId,
      folderId: this.folderId,
      ...this.merged(world),
      device: this.name,
      key: this.key,
      commands,
      options: this.options(),
      wantedKey: wantedKey(world, this.filter),
      windowSize: asked.windowSize,
      maxBytes: asked.maxBytes,
      wantsChanges: asked.wantsChanges,
      conflictRule: this.rule,
      retryStamp: world.retryStamp,
    };
    return { ...body, fingerprint: JSON.stringify({ ...body, wantedKey: 0, retryStamp: 0 }) };
  }

  /** What the next edit of the item is judged by: what was refused is not what anybody else could have changed. */
  baseOf(itemId: ItemId): Shown {
    return this.#agreed.get(itemId) ?? this.items.get(itemId)!;
  }

  startAgain(): void {
    this.#hasSent = false;
    this.key = '0';
    this.items.clear();
    this.told.forget();
    this.#agreed.clear();
    this.pending = this.pending.filter(({ kind }) => kind === 'add');
  }

  /** Takes an answer in; whatever no device could do with it is a failure. */
  adopt(request: SyncRequest<Edit>, outcome: SyncOutcome<Rendered>, counts: Counts): void {
    if (outcome.kind === 'lost') {
      counts.lost += 1;
      this.startAgain();
      return;
    }
    this.key = outcome.key;
    this.#hasSent = false;
    for (const [at, { kind, itemId, status }] of outcome.outcomes.entries()) {
      const { base, ...data } = request.commands[at]!.data;
      if (itemId === null) continue;
      if (kind === 'add') this.items.set(itemId, shownOfAdd({ ...data, base }));
      else if (kind === 'change' && status === 'refused') this.#agreed.set(itemId, base!);
      else this.#agreed.delete(itemId);
    }
    const told = new Set<ItemId>();
    for (const command of outcome.commands) {
      counts.commands += 1;
      const { itemId } = command;
      mustHold(!told.has(itemId), () => `two commands for item ${itemId} in one answer`);
      told.add(itemId);
      const isHeld = this.items.has(itemId);
      if ('rendered' in command) {
        mustHold(command.kind !== 'add' || !isHeld, () => `an Add for held item ${itemId}, ${this.name}`);
        mustHold(command.kind !== 'change' || isHeld, () => `a Change for unheld item ${itemId}, ${this.name}`);
        const { size: _, ...told } = command.rendered;
        const held = this.items.get(itemId);
        if (held === undefined)
          mustHold(told.text !== undefined, () => `a part of unheld item ${itemId}, ${this.name}`);
        const shown = { text: '', mark: '', isRead: false, ...held, ...told };
        if (isDeepStrictEqual(held, shown)) counts.redundantChanges += 1;
        if (told.text === undefined) counts.parts += 1;
        this.items.set(itemId, shown);
        if (told.text !== undefined) this.#agreed.delete(itemId);
      } else {
        this.#agreed.delete(itemId);
        if (!isHeld) counts.unknownDeletes += 1;
        this.items.delete(itemId);
      }
    }
    this.pending = this.pending.filter((command) => !request.commands.includes(command));
  }

  /** Compares the device with a full listing of the folder, as a peer that keeps full lists would. */
  async compare(world: World): Promise<void> {
    const partnership = await world.read.partnership(this.folderId, this.name);
    if (partnership?.current.key !== this.key) return;
    const lowest = wantedKey(world, this.filter);
    const held = new Map(partnership.current.exceptions.map((entry) => [entry.itemId, entry.isHeld]));
    const wanted = new Set<ItemId>();
    for (const { item, shown } of await this.#shown(world)) {
      if (item.filterKey < lowest) continue;
      wanted.add(item.id);
      const isHeld = held.get(item.id);
      if (isHeld !== undefined) {
        mustHold(isHeld === this.items.has(item.id), () => `quarantine is wrong about item ${item.id}, ${this.name}`);
        continue;
      }
      mustHold(this.items.has(item.id), () => `item ${item.id} is missing, ${this.name}`);
      const own = this.items.get(item.id);
      const words = () => `${JSON.stringify(own)} for ${JSON.stringify(shown)}`;
      mustHold(isDeepStrictEqual(own, shown), () => `item ${item.id} is stale, ${this.name}: ${words()}`);
    }
    for (const id of this.items.keys()) mustHold(wanted.has(id), () => `item ${id} is too many, ${this.name}`);
    for (const id of held.keys()) mustHold(wanted.has(id), () => `item ${id} leaks in quarantine, ${this.name}`);
  }

  async #shown(world: World): Promise<{ readonly item: Item; readonly shown: Shown }[]> {
    const { merged = [] } = this.merged(world);
    const shown: { readonly item: Item; readonly shown: Shown }[] = [];
    for (const id of [this.folderId, ...merged]) shown.push(...(await world.contents(id)).values());
    return shown;
  }
}

export function wantedKey(world: World, filter: number | null): number {
  return filter === null ? LOWEST_KEY : world.now - filter;
}

import type { FolderId } from '../../../src/domain/folder.ts';
import type { ItemId } from '../../../src/domain/item.ts';
import { hasChanges } from '../../../src/sync/has-changes.ts';
import type { ConflictRule, SyncOutcome, SyncRequest } from '../../../src/sync/request.ts';
import type { Rules } from '../../../src/sync/rules.ts';
import { synchronise } from '../../../src/sync/synchronise.ts';
import { type Asked, type Counts, DeviceView, type Pending, wantedKey } from './device.ts';
import { mustHold } from './disagreement.ts';
import type { History, Operation } from './operations.ts';
import type { Edit, Shown } from './text-translator.ts';
import { type Adapter, Crash, contentOf, type Rendered, World } from './world.ts';

const RULES: readonly ConflictRule[] = ['server-wins', 'client-wins', 'keep-both', 'merge'];
const FILTERS = [null, 3, 6, 12] as const;
const DISTURBANCES = ['edit', 'edit', 'mark', 'date', 'remove', 'move', 'create', 'prune'] as const;
const MERGING_DISTURBANCES = [
  'edit',
  'mark',
  'date',
  'remove',
  'move',
  'moveWithin',
  'create',
  'addFolder',
  'removeFolder',
] as const;
const PLAIN: Asked = { windowSize: 512, maxBytes: 1e9, wantsChanges: true, holdsBack: false };

/** Plays a history over the real engine and a real store. Throws a Disagreement when a rule of the model is broken. */
export async function runHistory(history: History, adapter: Adapter, rules?: Rules): Promise<Counts> {
  const world = new World(adapter, history.seed, rules);
  try {
    await world.begin(history.folders);
    const play = new Play(world, history);
    for (const operation of history.operations) await play.step(operation);
    await play.quiesce();
    await play.quiesce();
    return play.counts;
  } finally {
    await world.close();
  }
}

class Play {
  readonly counts: Counts = {
    ...{ syncs: 0, lost: 0, unknownDeletes: 0, redundantChanges: 0, vainPings: 0, commands: 0, parts: 0 },
  };
  readonly #world: World;
  readonly #disturbances: readonly Operation['kind'][];
  #views: readonly DeviceView[];
  /** Who is in the middle of a Sync: the folder that it is about stays. */
  #syncing: DeviceView | null = null;
  #texts = 0;

  constructor(world: World, { devices, merging, rule }: History) {
    this.#world = world;
    const views = world.folders.flatMap((folderId) =>
      Array.from({ length: devices }, (_, device) => new DeviceView(device, folderId, RULES[rule]!)),
    );
    const main = world.folders[0]!;
    const mergers = Array.from({ length: merging }, (_, n) => new DeviceView(devices + n, main, RULES[rule]!, true));
    this.#views = [...views, ...mergers];
    this.#disturbances = merging > 0 ? MERGING_DISTURBANCES : DISTURBANCES;
  }

  async step({ kind, draw }: Operation): Promise<void> {
    const view = this.#views[draw[1] % this.#views.length]!;
    if (kind === 'sync') await this.#syncSomehow(view, draw);
    else if (kind === 'quiesce') await this.quiesce();
    else if (kind === 'storm') for (let n = 0; n < 3 + (draw[2] % 5); n += 1) await this.#lose(view, PLAIN);
    else if (kind === 'late') await this.#lateDuplicate(view);
    else if (!this.#onDevice(kind, view, draw)) await this.#onServer(kind, draw);
  }

  /** Lets every device catch up, and compares each with the store. */
  async quiesce(): Promise<void> {
    const world = this.#world;
    world.translator.unrenderable.clear();
    world.retryStamp += 1;
    for (const view of this.#views) {
      for (let round = 0; ; round += 1) {
        mustHold(round < 600, () => `${view.name} never comes to rest`);
        if (round > 0 && view.key !== '0' && view.pending.length === 0 && !(await this.#ping(view))) break;
        await this.#exchange(view, { ...PLAIN, windowSize: 1 + (round % 4) });
      }
      await view.compare(world);
    }
  }

  async #syncSomehow(view: DeviceView, [, , how, size]: Operation['draw']): Promise<void> {
    const asked: Asked = {
      windowSize: 1 + (size % 5) * (size % 3 === 0 ? 20 : 1),
      maxBytes: size % 7 === 0 ? 9 : 1e9,
      wantsChanges: view.pending.length === 0 || size % 13 !== 0,
      holdsBack: size % 11 === 0,
      isDisturbed: size % 5 === 3,
    };
    this.#syncing = view;
    if (asked.isDisturbed) this.#disturb(size);
    const luck = how % 100;
    if (luck < 18) await this.#lose(view, asked);
    else if (luck < 22) this.counts.syncs += 1;
    else if (luck < 28) await this.#parallel(view, asked, size);
    else if (luck < 32) await this.#crash(view, asked, size % 2 === 0);
    else {
      const request = await this.#exchange(view, asked);
      if (size % 3 === 0) view.late = request;
    }
    this.#world.disturbance = null;
    this.#syncing = null;
  }

  /** Before one of the first items is rendered ahead, somebody writes: perhaps to an item that was rendered already. */
  #disturb(size: number): void {
    const kind = this.#disturbances[Math.floor(size / 5) % this.#disturbances.length]!;
    const draw = [size, 0, Math.floor(size / 7), Math.floor(size / 11)] as const;
    this.#world.disturbance = { place: Math.floor(size / 13) % 4, work: () => this.#onServer(kind, draw) };
  }

  /** The usual case: an answer that arrives. */
  async #exchange(view: DeviceView, asked: Asked): Promise<SyncRequest<Edit>> {
    const world = this.#world;
    const request = view.request(world, asked);
    const partnership = await world.read.partnership(view.folderId, view.name);
    const current = partnership?.current;
    const isAlone = request.commands.length === 0 && !asked.isDisturbed;
    const isPlain = isAlone && request.wantsChanges && current?.key === request.key;
    const pinged = isPlain && current.options === request.options ? await this.#ping(view) : null;
    const outcome = await this.#send(request);
    if (outcome.kind === 'answer' && pinged !== null) {
      mustHold(pinged || outcome.commands.length === 0, () => `a Ping said no before a Sync that had something`);
      if (pinged && outcome.commands.length === 0) {
        this.counts.vainPings += 1;
        mustHold(!outcome.hasMore && !(await this.#ping(view)), () => 'a Ping said yes twice for nothing');
      }
    }
    const isCached =
      outcome.kind === 'answer' && current !== undefined && outcome.key === current.key && !outcome.isEmpty;
    if (outcome.kind === 'answer' && current?.key === request.key) {
      mustHold(outcome.commands.length <= request.windowSize, () => 'an answer exceeds its window');
    }
    await this.#adopt(view, request, outcome);
    if (outcome.kind === 'answer') await this.#check(view, request, outcome, isCached);
    return request;
  }

  async #check(
    view: DeviceView,
    request: SyncRequest<Edit>,
    answer: Extract<SyncOutcome<Rendered>, { kind: 'answer' }>,
    isCached: boolean,
  ): Promise<void> {
    if (answer.hasMore || isCached || request.key === '0' || !request.wantsChanges) return;
    mustHold(!(await this.#ping(view)), () => `a Ping says yes after a complete answer, ${view.name}`);
    if (view.pending.length === 0) await view.compare(this.#world);
  }

  async #lose(view: DeviceView, asked: Asked): Promise<void> {
    const request = view.request(this.#world, asked);
    await this.#send(request);
    view.late = request;
  }

  async #parallel(view: DeviceView, asked: Asked, choice: number): Promise<void> {
    const request = view.request(this.#world, asked);
    const both = await Promise.all([this.#send(request), this.#send(request)]);
    await this.#adopt(view, request, both[choice % 2]!);
  }

  async #adopt(view: DeviceView, request: SyncRequest<Edit>, outcome: SyncOutcome<Rendered>): Promise<void> {
    if (outcome.kind === 'answer') await view.told.judge(this.#world, request, outcome, view.name);
    view.adopt(request, outcome, this.counts);
  }

  /** The process ends around the commit: the device gets no answer, and the cache is gone. */
  async #crash(view: DeviceView, asked: Asked, isBefore: boolean): Promise<void> {
    const world = this.#world;
    world.crashes = isBefore;
    try {
      await this.#send(view.request(world, asked));
    } catch (error) {
      const isCrash = error instanceof Crash || (error instanceof Error && error.cause instanceof Crash);
      if (!isCrash) throw error;
    }
    world.crashes = false;
    world.services.answers.clear();
  }

  async #lateDuplicate(view: DeviceView): Promise<void> {
    const { late } = view;
    view.late = null;
    if (late !== null && late.key !== '0') await this.#send(late);
  }

  async #send(request: SyncRequest<Edit>): Promise<SyncOutcome<Rendered>> {
    this.counts.syncs += 1;
    const { read } = this.#world;
    const view = this.#views.find(({ name, folderId }) => name === request.device && folderId === request.folderId)!;
    view.told.noteRequest(request, (await read.mailbox()).head);
    const outcome = await synchronise(this.#world.services, request, this.#world.translator);
    if (outcome.kind === 'lost') return outcome;
    if (outcome.isEmpty) view.told.noteDrained((await read.mailbox()).head);
    const before = (await read.partnership(view.folderId, view.name))!;
    mustHold(before.previous?.key !== outcome.key, () => 'an answer came with the key before it');
    mustHold(outcome.outcomes.length === request.commands.length, () => 'a command has no outcome');
    return outcome;
  }

  async #ping(view: DeviceView): Promise<boolean> {
    const world = this.#world;
    const { mailboxId, retryStamp } = world;
    const wantedKeyOf = (options: string) =>
      wantedKey(world, (JSON.parse(options) as { filter: number | null }).filter);
    const target = { mailboxId, folderId: view.folderId, ...view.merged(world), device: view.name };
    const query = { ...target, wantedKeyOf, retryStamp };
    const hasNews = await hasChanges(world.services, query, world.translator);
    if (!hasNews) view.told.noteDrained((await world.read.mailbox()).head);
    return hasNews;
  }

  /** What the device's user does; false when the operation is not one of those. */
  #onDevice(kind: Operation['kind'], view: DeviceView, [, , c, d]: Operation['draw']): boolean {
    if (kind === 'regroup') view.isMerging = !view.isMerging;
    else if (kind === 'filter') view.filter = FILTERS[c % FILTERS.length]!;
    else if (kind === 'startAgain') view.startAgain();
    else if (kind === 'addOnDevice') view.pending.push(this.#add(view, c));
    else if (kind === 'changeOnDevice') this.#change(view, c, d);
    else if (kind === 'markOnDevice') this.#mark(view, c);
    else if (kind === 'removeOnDevice') this.#remove(view, c);
    else if (kind === 'alterPending') this.#alter(view, c);
    else if (kind === 'dropPending') drop(view, c);
    else return false;
    return true;
  }

  #text(view: DeviceView): string {
    this.#texts += 1;
    return `d${view.device}.${this.#texts}`;
  }

  #word(): string {
    this.#texts += 1;
    return `s${this.#texts}`;
  }

  #add(view: DeviceView, c: number): Pending {
    const clientId = `c${++this.#texts}`;
    const text = this.#text(view);
    const place = { folderId: view.folderId, device: view.device };
    const data = {
      ...place,
      text,
      date: this.#world.now - (c % 16),
      base: null,
      isInvalid: c % 29 === 0,
      origin: text,
    };
    return { kind: 'add', clientId, hash: text, data };
  }

  #change(view: DeviceView, c: number, d: number): void {
    const itemId = pick([...view.items.keys()], c);
    if (itemId === undefined) return;
    const base = takeBack(view, itemId) ?? view.baseOf(itemId);
    const text = this.#text(view);
    const date = d % 3 === 0 ? this.#world.now - (d % 14) : null;
    const data = { folderId: view.folderId, device: view.device, text, date, base, isInvalid: c % 31 === 0 };
    view.items.set(itemId, { ...base, text });
    view.pending.push({ kind: 'change', itemId, hash: text, data });
  }

  #mark(view: DeviceView, c: number): void {
    const itemId = pick([...view.items.keys()], c);
    if (itemId === undefined) return;
    const base = takeBack(view, itemId) ?? view.baseOf(itemId);
    const text = this.#text(view);
    const place = { folderId: view.folderId, device: view.device };
    const data = { ...place, text, isMark: true, date: null, base, isInvalid: c % 31 === 0 };
    view.items.set(itemId, { ...base, mark: text });
    view.pending.push({ kind: 'change', itemId, hash: text, data });
  }

  #remove(view: DeviceView, c: number): void {
    const itemId = pick([...view.items.keys()], c);
    if (itemId === undefined) return;
    const base = takeBack(view, itemId) ?? view.baseOf(itemId);
    view.items.delete(itemId);
    const data = { folderId: view.folderId, device: view.device, text: '', date: null, base };
    view.pending.push({ kind: 'delete', itemId, data });
  }

  #alter(view: DeviceView, c: number): void {
    const at = view.pending.length === 0 ? 0 : c % view.pending.length;
    const command = view.pending[at];
    if (command === undefined || command.kind === 'delete') return;
    const text = this.#text(view);
    const { base, isMark } = command.data;
    if (command.kind === 'change')
      view.items.set(command.itemId, { ...base!, [isMark === true ? 'mark' : 'text']: text });
    const data = { ...command.data, text, isInvalid: (c % 11 === 0) !== (command.data.isInvalid === true) };
    // Another aspect of the item: what the lost request said of the first is not said again.
    const altered = command.kind === 'add' && c % 3 === 0 ? { ...data, isMark: isMark !== true } : data;
    view.pending[at] = { ...command, hash: text, data: altered };
  }

  async #onServer(kind: Operation['kind'], [a, , c, d]: Operation['draw']): Promise<void> {
    const world = this.#world;
    const { unrenderable } = world.translator;
    const folderId = world.folders[a % world.folders.length]!;
    if (kind === 'addFolder') await world.addFolder();
    else if (kind === 'removeFolder') await this.#removeFolder(folderId);
    else if (kind === 'time') world.now += 1 + (c % 4);
    else if (kind === 'upgrade') {
      for (const id of [...unrenderable]) if ((id + c) % 2 === 1) unrenderable.delete(id);
      world.retryStamp += 1;
    } else if (kind === 'prune') {
      const { head } = await world.read.mailbox();
      await world.mailboxes.prune(world.mailboxId, Math.floor((head * (c % 100)) / 100));
    } else if (kind === 'create') {
      const text = `s${++this.#texts}`;
      const content = contentOf(text, world.now - (c % 14) + (d % 3));
      const { id } = await world.write((tx) => tx.createItem({ folderId, name: world.nextName(), ...content }));
      if (d % 23 === 0) unrenderable.add(id);
    } else {
      const item = pick(await world.items(folderId), c);
      if (item !== undefined) await this.#onItem(kind, item.id, item.filterKey, d);
    }
  }

  /** The main folder stays. What was done in one that goes is over. */
  async #removeFolder(folderId: FolderId): Promise<void> {
    if (folderId === this.#world.folders[0] || folderId === this.#syncing?.folderId) return;
    this.#views = this.#views.filter((view) => view.folderId !== folderId);
    await this.#world.removeFolder(folderId);
  }

  async #onItem(kind: Operation['kind'], id: ItemId, filterKey: number, d: number): Promise<void> {
    const world = this.#world;
    const { unrenderable } = world.translator;
    if (kind === 'remove') await world.write((tx) => tx.deleteItem(id));
    else if (kind === 'move' || kind === 'moveWithin') {
      const to = world.folders[d % world.folders.length]!;
      const item = await world.read.item(id);
      if (item === null || item.folderId === to) return;
      await world.write((tx) => tx.moveItem(id, to, world.nextName()));
      // There and back, before anybody looks.
      if (Math.floor(d / 7) % 4 === 0) await world.write((tx) => tx.moveItem(id, item.folderId, world.nextName()));
    } else if (kind === 'rename') {
      const { folderId } = (await world.read.item(id))!;
      await world.write((tx) => tx.moveItem(id, folderId, world.nextName()));
    } else if (kind === 'mark') {
      const { flags } = (await world.read.item(id))!;
      const next = d % 3 === 0 ? { ...flags, read: flags.read !== true } : { ...flags, categories: [this.#word()] };
      await world.write((tx) => tx.setFlags(id, next));
    } else {
      const date = kind === 'date' ? world.now - (d % 14) : filterKey;
      await world.write((tx) => tx.replaceContent(id, contentOf(`s${++this.#texts}`, date)));
      if (kind === 'breakItem') unrenderable.add(id);
      if (kind === 'mendItem') unrenderable.delete(id);
    }
  }
}

function pick<T>(from: readonly T[], at: number): T | undefined {
  return from.length === 0 ? undefined : from[at % from.length];
}

/** Takes a pending Change of the item back, and gives what the device held before it. */
function takeBack(view: DeviceView, itemId: ItemId): Shown | null {
  const at = view.pending.findIndex((command) => command.kind === 'change' && command.itemId === itemId);
  return at < 0 ? null : view.pending.splice(at, 1)[0]!.data.base;
}

function drop(view: DeviceView, c: number): void {
  const command = pick(view.pending, c);
  if (command === undefined) return;
  view.pending = view.pending.filter((one) => one !== command);
  if (command.kind !== 'add') view.items.set(command.itemId, command.data.base!);
}

import assert from 'node:assert/strict';
import type { SyncPhone, ToldCollection, ToldSync } from '../../../../../support/eas/sync-phone.ts';
import { dataXml, syncXml, toldOf } from '../../../../../support/eas/sync-phone.ts';
import type { Random } from '../../../../../support/random.ts';

export type Kind = 'inbox' | 'contacts' | 'calendar';

/** One command that the device's user caused and no answer has confirmed. */
interface Pending {
  readonly kind: 'Add' | 'Change' | 'Delete';
  /** ClientId of an Add, else ServerId. */
  readonly id: string;
  /** What the item says then. */
  readonly text: string;
  readonly xml: string;
}

/** What a phone holds of one collection. An item is what tells it from others: a name, or a subject and its read state. */
export class HeldCollection {
  key = '0';
  filter = 0;
  /** The server is known to have the filter. */
  isFilterKnown = false;
  pending: Pending[] = [];
  readonly items = new Map<string, string>();
  readonly id: string;
  readonly kind: Kind;

  constructor(id: string, kind: Kind) {
    this.id = id;
    this.kind = kind;
  }

  startAgain(): void {
    this.key = '0';
    this.items.clear();
    this.isFilterKnown = false;
    this.pending = this.pending.filter(({ kind }) => kind === 'Add');
  }
}

interface Sent {
  readonly body: string | null;
  /** What was asked for, with the pending commands that went along. */
  readonly asked: ReadonlyMap<HeldCollection, readonly Pending[]>;
}

/** A phone that keeps to the protocol, on a network that does not. */
export class HistoryPhone {
  readonly collections: readonly HeldCollection[];
  readonly #phone: SyncPhone;
  readonly #random: Random;
  readonly #name: string;
  readonly #conflict: string;
  #texts = 0;
  /** Keys of the last request that surely arrived, which empty and partial ones build upon; null: nobody knows. */
  #last: Map<HeldCollection, string> | null = null;
  /** The last answer was empty: an empty request may follow. */
  #mayBeEmpty = false;

  constructor(name: string, phone: SyncPhone, collections: readonly HeldCollection[], random: Random) {
    this.#name = name;
    this.#phone = phone;
    this.collections = collections;
    this.#random = random;
    this.#conflict = random.chance(0.5) ? '<Conflict>0</Conflict>' : '<Conflict>1</Conflict>';
  }

  /** The user does something. */
  edit(): void {
    const random = this.#random;
    const held = random.pick(this.collections);
    if (held.key === '0') return;
    const items = [...held.items.keys()].filter((id) => held.pending.every((pending) => pending.id !== id));
    const text = `${this.#name}.${++this.#texts}`;
    const choice = random.below(3);
    if (held.kind === 'inbox') {
      this.#editMail(held, items);
    } else if (choice === 0 || items.length === 0) {
      held.pending.push(added(held, `c${this.#texts}`, text));
    } else if (choice === 1) {
      const id = random.pick(items);
      held.items.set(id, text);
      held.pending.push({ kind: 'Change', id, text, xml: changeXml(id, dataOf(held.kind, text)) });
    } else this.#remove(held, random.pick(items));
  }

  /** Filters are changed in place. */
  chooseFilter(): void {
    const held = this.collections.find(({ kind }) => kind === 'inbox')!;
    held.filter = this.#random.pick([0, 1, 2, 3]);
    held.isFilterKnown = false;
  }

  /** The next request by the phone's own rules: whole, partial or empty. */
  request(top = ''): Sent {
    const random = this.#random;
    const isQuiet = this.collections.every(({ pending, isFilterKnown, kind }) => {
      return pending.length === 0 && (isFilterKnown || kind !== 'inbox');
    });
    const last = this.#last;
    if (isQuiet && last !== null && top === '') {
      if (this.#mayBeEmpty && random.chance(0.5)) return { body: null, asked: mapOf([...last.keys()]) };
      if (random.chance(0.5)) return this.#partial(last);
    }
    const asked = this.collections.filter((held) => held.pending.length > 0 || random.chance(0.7));
    return this.#whole(asked.length === 0 ? this.collections : asked, top);
  }

  /** A request for everything, with everything said. */
  wholeRequest(): Sent {
    return this.#whole(this.collections, '');
  }

  async send({ body }: Sent): Promise<ToldSync> {
    return toldOf(await this.#phone.phone.post('Sync', body));
  }

  /** Nobody knows whether it arrived. */
  lose({ body }: Sent): void {
    if (body === null) return;
    this.#last = null;
    this.#mayBeEmpty = false;
  }

  /** Takes an answer in; whatever no phone could do with it is a failure. */
  adopt({ body, asked }: Sent, told: ToldSync): void {
    assert.equal(told.http, 200);
    if (told.status !== null) {
      assert.ok(told.status === 13, `status ${told.status}`);
      this.#last = null;
      this.#mayBeEmpty = false;
      return;
    }
    if (body !== null) this.#last = new Map([...asked.keys()].map((held) => [held, held.key]));
    const hasCommands = [...asked.values()].some((pending) => pending.length > 0);
    this.#mayBeEmpty = told.isEmpty && !hasCommands;
    if (hasCommands) this.#last = null;
    const seen = new Set<string>();
    for (const collection of told.collections) {
      assert.ok(!seen.has(collection.id), 'a collection is answered twice');
      seen.add(collection.id);
      const held = [...asked.keys()].find(({ id }) => id === collection.id);
      assert.ok(held !== undefined, 'a collection that was not asked for is answered');
      this.#adoptCollection(held, asked.get(held)!, collection);
    }
    for (const [held, pending] of asked) {
      assert.ok(pending.length === 0 || seen.has(held.id), 'commands without an answer');
      if (held.key !== '0') held.isFilterKnown = true;
    }
  }

  #adoptCollection(held: HeldCollection, sent: readonly Pending[], told: ToldCollection): void {
    if (told.status === 3) {
      held.startAgain();
      return;
    }
    assert.equal(told.status, 1, `collection ${told.id}`);
    const wasStart = held.key === '0';
    held.key = told.key;
    if (wasStart) assert.deepEqual([told.commands, told.responses], [[], []]);
    for (const { kind, clientId, serverId, status } of told.responses) {
      if (kind !== 'Add') continue;
      assert.equal(status, 1, 'an Add is refused');
      held.items.set(serverId, sent.find(({ id }) => id === clientId)!.text);
    }
    held.pending = held.pending.filter((pending) => !sent.includes(pending));
    const ids = new Set<string>();
    for (const { kind, serverId, data } of told.commands) {
      assert.ok(!ids.has(serverId), `two commands for ${serverId}`);
      ids.add(serverId);
      const isHeld = held.items.has(serverId);
      if (kind === 'Add') assert.ok(!isHeld, `an Add for held ${serverId}, ${this.#name}`);
      if (kind === 'Change') assert.ok(isHeld, `a Change for unheld ${serverId}, ${this.#name}`);
      if (data === null) held.items.delete(serverId);
      else held.items.set(serverId, textOfItem(held.kind, dataXml(data), held.items.get(serverId)));
    }
  }

  #editMail(held: HeldCollection, items: readonly string[]): void {
    if (items.length === 0) return;
    const id = this.#random.pick(items);
    if (this.#random.chance(0.2)) {
      this.#remove(held, id);
      return;
    }
    const [subject, read] = held.items.get(id)!.split('|');
    const isRead = read === '1' ? '0' : '1';
    held.items.set(id, `${subject}|${isRead}`);
    const xml = changeXml(id, `<e:Read>${isRead}</e:Read>`);
    held.pending.push({ kind: 'Change', id, text: `${subject}|${isRead}`, xml });
  }

  #remove(held: HeldCollection, id: string): void {
    held.items.delete(id);
    held.pending.push({ kind: 'Delete', id, text: '', xml: `<Delete><ServerId>${id}</ServerId></Delete>` });
  }

  #whole(collections: readonly HeldCollection[], top: string): Sent {
    const asked = new Map(collections.map((held) => [held, held.key === '0' ? [] : [...held.pending]]));
    const list = collections.map((held) => this.#collectionXml(held, asked.get(held)!)).join('');
    return { body: syncXml(`<Collections>${list}</Collections>${this.#window()}${top}`), asked };
  }

  /** Names what changed since the last request, and perhaps more. */
  #partial(last: ReadonlyMap<HeldCollection, string>): Sent {
    const named = this.collections.filter((held) => {
      const before = last.get(held);
      return before !== undefined ? before !== held.key || this.#random.chance(0.2) : this.#random.chance(0.3);
    });
    const list = named.map((held) => this.#collectionXml(held, [])).join('');
    const content = list === '' ? '<WindowSize>20</WindowSize>' : `<Collections>${list}</Collections>${this.#window()}`;
    return { body: syncXml(`<Partial/>${content}`), asked: mapOf([...new Set([...last.keys(), ...named])]) };
  }

  #window(): string {
    return this.#random.chance(0.3) ? `<WindowSize>${1 + this.#random.below(6)}</WindowSize>` : '';
  }

  #collectionXml(held: HeldCollection, pending: readonly Pending[]): string {
    const random = this.#random;
    const window = random.chance(0.5) ? `<WindowSize>${1 + random.below(4)}</WindowSize>` : '';
    const saysOptions = !held.isFilterKnown || random.chance(0.2);
    const filter = held.kind === 'inbox' ? `<FilterType>${held.filter}</FilterType>` : '';
    const options = saysOptions ? `<Options>${filter}${this.#conflict}</Options>` : '';
    const commands = pending.length === 0 ? '' : `<Commands>${pending.map(({ xml }) => xml).join('')}</Commands>`;
    return `<Collection><SyncKey>${held.key}</SyncKey><CollectionId>${held.id}</CollectionId>${window}${options}${commands}</Collection>`;
  }
}

function mapOf(collections: readonly HeldCollection[]): Map<HeldCollection, readonly Pending[]> {
  return new Map(collections.map((held) => [held, []]));
}

function added({ kind }: HeldCollection, id: string, text: string): Pending {
  const data = `<ApplicationData>${dataOf(kind, text)}</ApplicationData>`;
  return { kind: 'Add', id, text, xml: `<Add><ClientId>${id}</ClientId>${data}</Add>` };
}

function changeXml(id: string, data: string): string {
  return `<Change><ServerId>${id}</ServerId><ApplicationData>${data}</ApplicationData></Change>`;
}

function dataOf(kind: Kind, text: string): string {
  if (kind === 'contacts') return `<c:FirstName>${text}</c:FirstName>`;
  return `<cal:Subject>${text}</cal:Subject><cal:StartTime>20260105T100000Z</cal:StartTime><cal:EndTime>20260105T110000Z</cal:EndTime>`;
}

/** A Change of mail tells of what changed alone: the rest is as it was. */
function textOfItem(kind: Kind, xml: string, before = '|'): string {
  const value = (name: string): string | undefined => new RegExp(`<${name}[^>]*>([^<]*)<`).exec(xml)?.[1];
  if (kind === 'contacts') return value('FirstName') ?? '';
  if (kind === 'calendar') return value('Subject') ?? '';
  const [subject, read] = before.split('|');
  return `${value('Subject') ?? subject}|${value('Read') ?? read}`;
}

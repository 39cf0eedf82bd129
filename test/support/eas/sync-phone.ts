import { isElement, type WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import { child, childElements, childText } from '../../../protocols/activesync/wbxml/read-element.ts';
import { wbxmlToXml } from '../../../protocols/activesync/wbxml/to-xml.ts';
import type { Phone, PhoneAnswer } from './phone.ts';

/** What a test asks of one collection. */
export interface AskedOf {
  readonly id: string;
  /** In place of the key that the phone has. */
  readonly key?: string;
  /** XML of what comes behind CollectionId: GetChanges, WindowSize, Options, Commands. */
  readonly xml?: string;
}

export interface ToldCommand {
  readonly kind: string;
  readonly serverId: string;
  readonly clientId: string | null;
  readonly status: number | null;
  readonly data: WbxElement | null;
}

export interface ToldCollection {
  readonly id: string;
  readonly key: string;
  readonly status: number;
  readonly hasMore: boolean;
  readonly responses: readonly ToldCommand[];
  readonly commands: readonly ToldCommand[];
}

export interface ToldSync {
  readonly http: number;
  readonly isEmpty: boolean;
  /** Of the whole answer; null where it says none. */
  readonly status: number | null;
  readonly limit: number | null;
  readonly collections: readonly ToldCollection[];
  readonly xml: string;
}

/** A phone that keeps keys and items by what Sync tells it. */
export class SyncPhone {
  readonly phone: Phone;
  readonly keys = new Map<string, string>();
  /** By CollectionId, then by ServerId: ApplicationData as XML. */
  readonly held = new Map<string, Map<string, string>>();
  /** ApplicationData behind `held`, of which a Change of mail replaces a part. */
  readonly #data = new Map<string, WbxElement>();

  constructor(phone: Phone) {
    this.phone = phone;
  }

  key(id: string): string {
    return this.keys.get(id) ?? '0';
  }

  items(id: string): Map<string, string> {
    const items = this.held.get(id) ?? new Map<string, string>();
    this.held.set(id, items);
    return items;
  }

  /** The document for these collections; `top` is what comes behind Collections. */
  document(collections: readonly AskedOf[], top = ''): string {
    const list = collections.map(({ id, key, xml = '' }) => {
      const given = key ?? this.key(id);
      return `<Collection><SyncKey>${given}</SyncKey><CollectionId>${id}</CollectionId>${xml}</Collection>`;
    });
    return syncXml(`<Collections>${list.join('')}</Collections>${top}`);
  }

  /** Sends it and takes the answer in. */
  async sync(collections: readonly AskedOf[], top = ''): Promise<ToldSync> {
    const told = await this.send(this.document(collections, top));
    this.adopt(told);
    return told;
  }

  /** Sends a request whose answer is lost, unless the caller takes it in. */
  async send(body: string | null): Promise<ToldSync> {
    return toldOf(await this.phone.post('Sync', body));
  }

  /** From key 0 until there is no more. */
  async begin(id: string, start = '', xml = ''): Promise<void> {
    this.keys.delete(id);
    this.items(id).clear();
    await this.sync([{ id, xml: start }]);
    await this.drain(id, xml);
  }

  /** Asks until there is no more; returns how many answers that took. */
  async drain(id: string, xml = ''): Promise<number> {
    for (let answers = 1; ; answers += 1) {
      const [told] = (await this.sync([{ id, xml }])).collections;
      if (told?.hasMore !== true) return answers;
    }
  }

  adopt({ collections }: ToldSync): void {
    for (const told of collections) {
      if (told.status !== 1) {
        if (told.status === 3) this.keys.delete(told.id);
        continue;
      }
      this.keys.set(told.id, told.key);
      const items = this.items(told.id);
      for (const { kind, serverId, data } of told.commands) {
        if (kind === 'Add' || kind === 'Change') {
          const whole = kind === 'Add' ? data! : merged(this.#data.get(serverId), data!);
          this.#data.set(serverId, whole);
          items.set(serverId, dataXml(whole));
        } else items.delete(serverId);
      }
    }
  }
}

/** What a phone holds after a Change: of mail what it does not name stays, other items are replaced. */
function merged(held: WbxElement | undefined, change: WbxElement): WbxElement {
  const told = change.children.filter(isElement);
  if (held === undefined || !told.every(({ name }) => /^Email2?:/.test(name))) return change;
  const kept = held.children.filter(isElement).map((field) => told.find(({ name }) => name === field.name) ?? field);
  return { ...held, children: [...kept, ...told.filter((field) => !kept.includes(field))] };
}

export function syncXml(content: string): string {
  return `<Sync xmlns="AirSync:" xmlns:b="AirSyncBase:" xmlns:e="Email:" xmlns:c="Contacts:" xmlns:cal="Calendar:" xmlns:t="Tasks:" xmlns:n="Notes:">${content}</Sync>`;
}

/** What lies in ApplicationData, without the element itself. */
export function dataXml(data: WbxElement): string {
  return wbxmlToXml(data)
    .replace(/^(?:<[?!][^>]*>)+/, '')
    .replace(/^<ApplicationData[^>]*?(?:\/>|>)/, '')
    .replace(/<\/ApplicationData>$/, '');
}

export function toldOf({ status: http, body, root, xml }: PhoneAnswer): ToldSync {
  const isEmpty = body.length === 0;
  const list = root === null ? null : child(root, 'AirSync:Collections');
  const number = (element: WbxElement | null, name: 'AirSync:Status' | 'AirSync:Limit') => {
    const text = element === null ? null : childText(element, name);
    return text === null ? null : Number(text);
  };
  const commandsIn = (collection: WbxElement, name: 'AirSync:Commands' | 'AirSync:Responses'): ToldCommand[] => {
    const container = child(collection, name);
    return (container?.children ?? []).filter(isElement).map((command) => ({
      kind: command.name.slice(command.name.indexOf(':') + 1),
      serverId: childText(command, 'AirSync:ServerId') ?? '',
      clientId: childText(command, 'AirSync:ClientId'),
      status: number(command, 'AirSync:Status'),
      data: child(command, 'AirSync:ApplicationData'),
    }));
  };
  const collections = (list === null ? [] : childElements(list)).map((collection) => ({
    id: childText(collection, 'AirSync:CollectionId') ?? '',
    key: childText(collection, 'AirSync:SyncKey') ?? '',
    status: number(collection, 'AirSync:Status') ?? 0,
    hasMore: child(collection, 'AirSync:MoreAvailable') !== null,
    responses: commandsIn(collection, 'AirSync:Responses'),
    commands: commandsIn(collection, 'AirSync:Commands'),
  }));
  return {
    http,
    isEmpty,
    status: number(root, 'AirSync:Status'),
    limit: number(root, 'AirSync:Limit'),
    collections,
    xml,
  };
}

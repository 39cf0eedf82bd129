import type { EasEnvironment } from '../../../../protocols/activesync/environment.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import { createFolder } from '../../../../src/items/folders.ts';
import type { SyncReader } from '../../../../src/store/sync-state-store.ts';
import { FolderTree } from '../../../support/eas/folder-tree.ts';
import type { Phone } from '../../../support/eas/phone.ts';
import { SyncPhone } from '../../../support/eas/sync-phone.ts';
import { mailWithFile } from '../commands/mail-samples.ts';
import { card, event, mail } from '../commands/sync/support.ts';
import { type EasServer, type EasServerOptions, startEas } from '../support.ts';

export type Version = '12.1' | '14.0' | '14.1';
export const VERSIONS: readonly Version[] = ['12.1', '14.0', '14.1'];

/** A mailbox in use, and a phone that has synchronised it. */
export interface Scene {
  readonly server: EasServer;
  readonly version: Version;
  readonly phone: Phone;
  readonly sync: SyncPhone;
  readonly tree: FolderTree;
  readonly folders: Readonly<Record<'inbox' | 'contacts' | 'calendar' | 'tasks' | 'deleted' | 'junk', Folder>> & {
    /** Of mail, made by the user, in which nothing lies. */
    readonly project: Folder;
  };
  /** What fails from now on, by `sync.method`, `items.method`, `directory.method`; `*` is every method. */
  readonly faults: Map<string, Error>;
  /** Puts in what the request names: `{inbox}` a CollectionId, `{key inbox}` its key, `{tree}` the hierarchy’s, `{mail}` … ids. */
  fill(xml: string): string;
  /** What is stored of both people, by name. */
  state(): Promise<ReadonlyMap<string, string>>;
}

/** Collections that the phone holds when the request comes. */
const HELD = ['inbox', 'contacts', 'calendar'] as const;

export async function withScene(
  version: Version,
  options: EasServerOptions,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const faults = new Map<string, Error>();
  const raw: EasEnvironment[] = [];
  const change = (environment: EasEnvironment): EasEnvironment => {
    const changed = options.change?.(environment) ?? environment;
    raw.push(changed);
    return withFaults(changed, faults);
  };
  const server = await startEas({ ...options, change });
  try {
    await work(await prepared(server, version, faults, raw[0]!));
  } finally {
    await server.close();
  }
}

async function prepared(
  server: EasServer,
  version: Version,
  faults: Map<string, Error>,
  { sync: { store } }: EasEnvironment,
): Promise<Scene> {
  const items = {
    mail: await server.put('inbox', 'mail', mail('Hello')),
    file: await server.put('inbox', 'file', mailWithFile(Buffer.from('0123456789'))),
    card: await server.put('contacts', 'card', card('u1', 'Ada Lovelace')),
    event: await server.put('calendar', 'event', event('u2', 'Plan')),
  };
  const facts = { itemClass: 'mail', displayName: null, components: [], properties: {} } as const;
  const project = await createFolder(server.environment.items, {
    ...{ principal: server.anna, parentId: null, name: 'Project', ...facts },
  });
  const [inbox, contacts, calendar, tasks, deleted, junk] = await Promise.all(
    (['inbox', 'contacts', 'calendar', 'tasks', 'deleted', 'junk'] as const).map((role) => server.folder(role)),
  );
  const folders = {
    ...{ inbox: inbox!, contacts: contacts!, calendar: calendar!, tasks: tasks!, deleted: deleted!, junk: junk! },
    project,
  };
  const phone = server.phone({ version });
  const sync = new SyncPhone(phone);
  const tree = new FolderTree(phone);
  await tree.sync();
  for (const role of HELD) await sync.begin(`${folders[role].id}`);
  const names = new Map<string, () => string>();
  for (const [name, { id }] of Object.entries(folders)) {
    names.set(name, () => `${id}`);
    names.set(`key ${name}`, () => sync.key(`${id}`));
  }
  const homes = { mail: inbox!, file: inbox!, card: contacts!, event: calendar! };
  for (const name of ['mail', 'file', 'card', 'event'] as const) {
    names.set(name, () => `${homes[name].id}:${items[name]}`);
  }
  names.set('tree', () => tree.key);
  const fill = (xml: string): string => xml.replaceAll(/\{([a-z ]+)\}/g, (text, name) => names.get(name)?.() ?? text);
  const state = async (): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>();
    await addState(found, '', store.read(server.anna.mailboxId));
    await addState(found, 'bert’s ', store.read(server.bert.mailboxId));
    return found;
  };
  return { server, version, phone, sync, tree, folders, faults, fill, state };
}

async function addState(state: Map<string, string>, whose: string, reader: SyncReader): Promise<void> {
  const add = (name: string, value: unknown): unknown => state.set(whose + name, JSON.stringify(value));
  add('head', (await reader.mailbox()).head);
  const folders = await reader.folders();
  for (const folder of folders) {
    const { last, ...facts } = folder;
    add(`folder ${folder.id}`, facts);
    add(`stamp of folder ${folder.id}`, last);
    for (let after = 0; ; ) {
      const page = await reader.list(folder.id, { after, limit: 500, withContent: true });
      for (const entry of page.items) {
        const { entered, rev, contentRev, flagRevs, by, ...item } = entry.item;
        add(`item ${item.id}`, [item, contentOf(entry)]);
        add(`stamps of item ${item.id}`, [entered, rev, contentRev, flagRevs, by]);
      }
      if (page.next === null) break;
      after = page.next;
    }
  }
  for (const { name, value } of await reader.documents('')) add(`document ${name}`, value);
  for (const device of await reader.devices()) add(`device ${device.id}`, device);
  const nameOf = (id: number): string => {
    const folder = folders.find((candidate) => candidate.id === id);
    return folder?.role ?? folder?.name ?? `${id}`;
  };
  for (const entry of await reader.partnerships()) {
    add(`partnership ${entry.device} ${nameOf(entry.folderId)}`, entry);
  }
  for (const [at, loser] of (await reader.conflictLosers()).entries()) add(`loser ${at}`, loser);
}

function contentOf({ content }: { readonly content?: Uint8Array | null | undefined }): string | null {
  return content === null || content === undefined ? null : Buffer.from(content).toString('base64');
}

/** What differs: `+item` for one more, `-item` for one less, `~item` for another one. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(name) === after.get(name)) continue;
    const sign = before.has(name) ? (after.has(name) ? '~' : '-') : '+';
    // What is new has a new stamp too.
    if (sign !== '~' && /(^|\s)stamps? of /.test(name)) continue;
    found.add(sign + name.replace(/(item|folder|loser) \d+$/, '$1'));
  }
  return [...found].sort();
}

function withFaults(environment: EasEnvironment, faults: ReadonlyMap<string, Error>): EasEnvironment {
  return {
    ...environment,
    items: { ...environment.items, store: breakable(environment.items.store, 'items', faults) },
    sync: { ...environment.sync, store: breakable(environment.sync.store, 'sync', faults) },
    directory: breakable(environment.directory, 'directory', faults),
    mail: breakable(environment.mail, 'mail', faults),
  };
}

/** The same, whose methods reject as long as `faults` says so; readers and writers that come out of it, too. */
function breakable<T extends object>(target: T, name: string, faults: ReadonlyMap<string, Error>): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const isReader = key === 'read';
        const fault = faults.get(`${name}.${String(key)}`) ?? (isReader ? undefined : faults.get(`${name}.*`));
        if (fault !== undefined) return Promise.reject(fault);
        const result: unknown = Reflect.apply(value, target, args);
        return isReader ? breakable(result as object, name, faults) : result;
      };
    },
  });
}

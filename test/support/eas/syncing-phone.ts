import assert from 'node:assert/strict';
import type { WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import { child, childElements, textOf } from '../../../protocols/activesync/wbxml/read-element.ts';
import { wbxFromXml } from '../../protocols/activesync/wbxml/from-xml.ts';
import { FolderTree } from './folder-tree.ts';
import { HeldItems } from './held-items.ts';
import { Phone, type PhoneOptions } from './phone.ts';
import { askOptions, type Offered, provision, textAt } from './set-up.ts';
import { syncXml, type ToldCollection, type ToldCommand, toldOf } from './sync-phone.ts';

type EasClass = 'Email' | 'Calendar' | 'Contacts' | 'Tasks' | 'Notes';

/** MS-ASCMD §2.2.3.186.3: the class of what lies in a folder of a type. */
const CLASSES: Readonly<Record<string, EasClass>> = {
  ...{ 2: 'Email', 3: 'Email', 4: 'Email', 5: 'Email', 6: 'Email', 12: 'Email' },
  ...{
    7: 'Tasks',
    15: 'Tasks',
    8: 'Calendar',
    13: 'Calendar',
    9: 'Contacts',
    14: 'Contacts',
    10: 'Notes',
    17: 'Notes',
  },
};

const BODY = '<b:BodyPreference><b:Type>1</b:Type><b:TruncationSize>32768</b:TruncationSize></b:BodyPreference>';
const WINDOW = 25;
/** More answers than this in a row: the server never comes to an end. */
const MOST_ANSWERS = 100;

export interface Woken {
  readonly status: string;
  readonly folders: readonly string[];
}

/**
 * A phone with a state: folders, keys, and items by ServerId, changed by nothing but answers to its requests, and strict
 * about them (see `HeldItems` and `FolderTree`).
 */
export class SyncingPhone {
  readonly wire: Phone;
  readonly tree: FolderTree;
  readonly #keys = new Map<string, string>();
  readonly #held = new Map<string, HeldItems>();
  #clientIds = 0;

  constructor(options: PhoneOptions) {
    this.wire = new Phone(options);
    this.tree = new FolderTree(this.wire);
  }

  /** What a phone does when an account is added, up to the list of folders. */
  async setUp(): Promise<Offered> {
    const offered = await askOptions(this.wire);
    await provision(this.wire);
    await this.syncFolders();
    return offered;
  }

  async syncFolders(): Promise<void> {
    assert.equal(await this.tree.sync(), '1', 'FolderSync');
  }

  /** The id of the folder of this type (and name). */
  folder(type: number, name?: string): string {
    return this.tree.idOf(type, name);
  }

  /** Ids of every folder that it was told of. */
  get folders(): string[] {
    return [...this.tree.folders.keys()];
  }

  held(id: string): HeldItems {
    const held = this.#held.get(id) ?? new HeldItems(this.#classOf(id) === 'Email');
    this.#held.set(id, held);
    return held;
  }

  key(id: string): string {
    return this.#keys.get(id) ?? '0';
  }

  /** Begins collections from key 0 and fetches all there is. */
  async begin(...ids: readonly string[]): Promise<void> {
    // MS-ASCMD §2.2.3.29.2: Collections without any are status 4.
    if (ids.length === 0) return;
    for (const id of ids) {
      this.#keys.delete(id);
      this.#held.delete(id);
    }
    await this.#exchange(ids.map((id) => this.#collection(id, '', true)));
    await this.pull(...ids);
  }

  /** Synchronises until there is no more; returns the commands that came. */
  async pull(...ids: readonly string[]): Promise<ToldCommand[]> {
    const all: ToldCommand[] = [];
    let open = [...ids];
    for (let answers = 1; open.length > 0; answers += 1) {
      assert.ok(answers <= MOST_ANSWERS, `still more after ${MOST_ANSWERS} answers`);
      const told = await this.#exchange(open.map((id) => this.#collection(id)));
      all.push(...told.flatMap(({ commands }) => commands));
      open = told.filter(({ hasMore }) => hasMore).map(({ id }) => id);
    }
    return all;
  }

  /** Sends commands to one collection, as XML in the prefixes of `syncXml`; returns what was answered to them. */
  async send(id: string, commands: string): Promise<readonly ToldCommand[]> {
    const [told] = await this.#exchange([this.#collection(id, `<Commands>${commands}</Commands>`)]);
    assert.ok(told, 'commands are answered');
    if (told.hasMore) await this.pull(id);
    return told.responses;
  }

  /** Adds an item; returns its ServerId. */
  async add(id: string, xml: string): Promise<string> {
    this.#clientIds += 1;
    const clientId = `c${this.#clientIds}`;
    const data = `<ApplicationData>${xml}</ApplicationData>`;
    const [answer] = await this.send(id, `<Add><ClientId>${clientId}</ClientId>${data}</Add>`);
    assert.deepEqual([answer?.kind, answer?.clientId, answer?.status], ['Add', clientId, 1]);
    this.held(id).own(answer!.serverId, applicationData(data));
    return answer!.serverId;
  }

  /** Changes an item; a Change that went well is not answered for itself (MS-ASCMD §2.2.3.154). */
  async change(id: string, serverId: string, xml: string): Promise<void> {
    const data = `<ApplicationData>${xml}</ApplicationData>`;
    assert.deepEqual(await this.send(id, `<Change><ServerId>${serverId}</ServerId>${data}</Change>`), []);
    this.held(id).own(serverId, applicationData(data));
  }

  /** Deletes an item, which goes to Deleted Items where it is mail. */
  async remove(id: string, serverId: string): Promise<void> {
    assert.deepEqual(await this.send(id, `<Delete><ServerId>${serverId}</ServerId></Delete>`), []);
    assert.ok(this.held(id).items.delete(serverId), `${serverId} was not held`);
  }

  /** Waits for news of these folders. */
  async ping(ids: readonly string[], seconds = 480): Promise<Woken> {
    const folders = ids.map((id) => `<Folder><Id>${id}</Id><Class>${this.#classOf(id)}</Class></Folder>`).join('');
    const xml = `<Ping xmlns="Ping:"><HeartbeatInterval>${seconds}</HeartbeatInterval><Folders>${folders}</Folders></Ping>`;
    const root = await this.wire.command('Ping', xml);
    const changed = child(root, 'Ping:Folders');
    return {
      status: textAt(root, 'Ping:Status'),
      folders: changed === null ? [] : childElements(changed, 'Ping:Folder').map(textOf),
    };
  }

  /** Moves a message; returns the ServerId that it has then. Where a phone looks next: it forgets it here, and is told of it there. */
  async move(serverId: string, from: string, to: string): Promise<string> {
    const move = `<Move><SrcMsgId>${serverId}</SrcMsgId><SrcFldId>${from}</SrcFldId><DstFldId>${to}</DstFldId></Move>`;
    const root = await this.wire.command('MoveItems', `<MoveItems xmlns="Move:">${move}</MoveItems>`);
    assert.equal(textAt(root, 'Move:Response', 'Move:Status'), '3', 'MS-ASCMD §2.2.3.177.10: 3 is success');
    return textAt(root, 'Move:Response', 'Move:DstMsgId');
  }

  #classOf(id: string): EasClass {
    const easClass = CLASSES[this.tree.folders.get(id)?.type ?? ''];
    assert.ok(easClass, `${id} is no folder of a class`);
    return easClass;
  }

  #collection(id: string, commands = '', isFirst = false): string {
    const easClass = this.#classOf(id);
    const filter = easClass === 'Email' ? '<FilterType>0</FilterType>' : '';
    const named = this.wire.options.version === '12.1' ? `<Class>${easClass}</Class>` : '';
    const asked = isFirst
      ? ''
      : `${easClass === 'Email' ? '<DeletesAsMoves>1</DeletesAsMoves>' : ''}<GetChanges>1</GetChanges><WindowSize>${WINDOW}</WindowSize>` +
        `<Options>${filter}${BODY}</Options>${commands}`;
    return `<Collection>${named}<SyncKey>${this.key(id)}</SyncKey><CollectionId>${id}</CollectionId>${asked}</Collection>`;
  }

  /** One Sync; an empty answer says that nothing is new. */
  async #exchange(collections: readonly string[]): Promise<readonly ToldCollection[]> {
    const xml = syncXml(`<Collections>${collections.join('')}</Collections>`);
    const told = toldOf(await this.wire.post('Sync', xml));
    assert.equal(told.http, 200, 'Sync');
    assert.ok(told.status === null || told.status === 1, `Sync: status ${told.status}`);
    for (const { id, key, status, commands } of told.collections) {
      assert.equal(status, 1, `Sync of ${id}`);
      this.#keys.set(id, key);
      this.held(id).apply(commands);
    }
    return told.collections;
  }
}

function applicationData(xml: string): WbxElement {
  const root = wbxFromXml(syncXml(xml));
  return child(root, 'AirSync:ApplicationData')!;
}

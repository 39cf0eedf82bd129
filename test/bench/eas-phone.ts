import { el, isElement, type WbxElement } from '../../protocols/activesync/wbxml/element.ts';
import { childElements, childText } from '../../protocols/activesync/wbxml/read-element.ts';
import type { Phone } from '../support/eas/phone.ts';

/** One folder's synchronisation by a phone that asks as large clients do. */
export class FolderSession {
  key = '0';
  readonly #phone: Phone;
  readonly #collectionId: string;
  readonly #options: WbxElement | null;

  constructor(phone: Phone, collectionId: string, options: WbxElement | null) {
    this.#phone = phone;
    this.#collectionId = collectionId;
    this.#options = options;
  }

  /** Begins with key 0. */
  async prime(): Promise<void> {
    this.key = '0';
    const answer = await this.#phone.command('Sync', this.#request(null));
    this.key = keyOf(answer);
  }

  /** One Sync; how many commands came, and whether there are more. An empty answer is none. */
  async sync(windowSize = 512): Promise<{ commands: number; more: boolean; bytes: number }> {
    const answer = await this.#phone.post('Sync', this.#request(windowSize));
    if (answer.status !== 200) throw new Error(`Sync: HTTP ${answer.status}`);
    if (answer.root === null) return { commands: 0, more: false, bytes: 0 };
    const collection = collectionOf(answer.root);
    if (childText(collection, 'AirSync:Status') !== '1') throw new Error(`Sync: ${answer.xml.slice(0, 500)}`);
    this.key = keyOf(answer.root);
    const [commands] = childElements(collection, 'AirSync:Commands');
    return {
      commands: commands?.children.filter(isElement).length ?? 0,
      more: childElements(collection, 'AirSync:MoreAvailable').length > 0,
      bytes: answer.body.length,
    };
  }

  #request(windowSize: number | null): WbxElement {
    return syncRequest(this.key, this.#collectionId, windowSize, this.#options);
  }
}

/** A Sync of one collection; without a window it asks for no changes. */
export function syncRequest(
  key: string,
  collectionId: string,
  windowSize: number | null,
  options: WbxElement | null,
): WbxElement {
  return el(
    'AirSync:Sync',
    el(
      'AirSync:Collections',
      el(
        'AirSync:Collection',
        el('AirSync:SyncKey', key),
        el('AirSync:CollectionId', collectionId),
        ...(windowSize === null ? [] : [el('AirSync:GetChanges', 1), el('AirSync:WindowSize', windowSize)]),
        ...(options === null ? [] : [options]),
      ),
    ),
  );
}

function collectionOf(sync: WbxElement): WbxElement {
  const [collections] = childElements(sync, 'AirSync:Collections');
  const [collection] = collections === undefined ? [] : childElements(collections, 'AirSync:Collection');
  if (collection === undefined) throw new Error(`Sync: status ${childText(sync, 'AirSync:Status')}`);
  return collection;
}

function keyOf(sync: WbxElement): string {
  return childText(collectionOf(sync), 'AirSync:SyncKey') ?? '';
}

/** Collection ids by folder type (MS-ASCMD §2.2.3.186.3): 2 Inbox, 8 Calendar, 9 Contacts. */
export async function foldersOf(phone: Phone): Promise<ReadonlyMap<string, string>> {
  const request = el('FolderHierarchy:FolderSync', el('FolderHierarchy:SyncKey', 0));
  const answer = await phone.command('FolderSync', request);
  const [changes] = childElements(answer, 'FolderHierarchy:Changes');
  return new Map(
    childElements(changes!, 'FolderHierarchy:Add').map((add) => [
      childText(add, 'FolderHierarchy:Type')!,
      childText(add, 'FolderHierarchy:ServerId')!,
    ]),
  );
}

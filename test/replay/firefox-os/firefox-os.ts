import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import type { ElementName } from '../../../protocols/activesync/wbxml/elements.ts';
import { childElements, requiredChild } from '../../../protocols/activesync/wbxml/read-element.ts';
import { Phone, type PhoneAnswer } from '../../support/eas/phone.ts';
import { textAt, textIf } from '../../support/eas/set-up.ts';
import { type ToldCollection, type ToldCommand, toldOf } from '../../support/eas/sync-phone.ts';
import { PASSWORD } from '../gateway.ts';
import { OWNER } from './mailbox.ts';
import { type Mapped, preparedRequest } from './prepared-request.ts';

/** Ids of the other server that stand in the recorded requests. */
export const RECORDED = {
  inbox: 'mail%2Ff9076117921f026bff08000083ecc375',
  other: 'mail%2Fe8c6f31b921f026bff08000083ecc375',
  created: 'mail%2F0e82b404a31f026b280a000083ecc375',
  primed: '-1',
} as const;

export interface ToldFolder {
  readonly id: string;
  readonly type: string;
}

/** The recorded phone: sends its requests with our ids and keys, and keeps what it needs for the next one. */
export class FirefoxOs {
  readonly phone: Phone;
  readonly #captures: string;
  folders: readonly ToldFolder[] = [];
  hierarchyKey = '0';
  key = '0';

  constructor(captures: string, port: number) {
    this.#captures = captures;
    this.phone = new Phone({ origin: `http://127.0.0.1:${port}`, user: OWNER, password: PASSWORD, version: '14.1' });
  }

  folder(type: number): string {
    const found = this.folders.find((folder) => folder.type === String(type));
    assert.ok(found, `a folder of type ${type}`);
    return found.id;
  }

  /** Sends one recorded body. `name` is that of its file, `NNN-Command`. */
  send(name: string, mapped: readonly Mapped[] = []): Promise<PhoneAnswer> {
    return this.phone.post(name.slice(4), preparedRequest(`${this.#captures}/${name}.req.wbxml`, mapped));
  }

  async document(name: string, mapped: readonly Mapped[] = []): Promise<WbxElement> {
    const answer = await this.send(name, mapped);
    assert.equal(answer.status, 200, `HTTP status of ${name}`);
    assert.ok(answer.root, `${name} is answered by a document`);
    return answer.root;
  }

  /** The list of folders from the beginning; the keys of collections must outlive it. */
  async allFolders(name: string): Promise<void> {
    const root = await this.document(name);
    assert.equal(textAt(root, 'FolderHierarchy:Status'), '1');
    this.hierarchyKey = textAt(root, 'FolderHierarchy:SyncKey');
    assert.notEqual(this.hierarchyKey, '');
    const changes = requiredChild(root, 'FolderHierarchy:Changes');
    this.folders = childElements(changes, 'FolderHierarchy:Add').map((add) => ({
      id: textAt(add, 'FolderHierarchy:ServerId'),
      type: textAt(add, 'FolderHierarchy:Type'),
    }));
    assert.equal(textAt(changes, 'FolderHierarchy:Count'), String(this.folders.length));
  }

  /** A first Sync: the phone takes the key and nothing else. */
  async prime(name: string, folder: Mapped): Promise<void> {
    const told = one(await this.send(name, [folder]), name);
    assert.deepEqual([told.status, told.commands.length, told.hasMore], [1, 0, false], name);
    assert.ok(told.key !== '' && told.key !== '0', 'a key');
    this.key = told.key;
  }

  async estimate(name: string, folder: Mapped): Promise<number> {
    const root = await this.document(name, [folder, this.keyInstead(RECORDED.primed)]);
    const answer = requiredChild(root, 'GetItemEstimate:Response');
    assert.equal(textAt(answer, 'GetItemEstimate:Status'), '1', name);
    const collection = requiredChild(answer, 'GetItemEstimate:Collection');
    assert.equal(textIf(collection, 'GetItemEstimate:CollectionId'), folder.ours);
    return Number(textAt(collection, 'GetItemEstimate:Estimate'));
  }

  /** A later Sync: what it tells, nothing for an empty answer. */
  async sync(name: string, mapped: readonly Mapped[]): Promise<readonly ToldCommand[]> {
    return this.#take(await this.send(name, mapped), name);
  }

  /** The empty body that the phone sends whenever the last answer was empty. */
  async emptySync(): Promise<readonly ToldCommand[]> {
    return this.#take(await this.phone.post('Sync', null), 'an empty Sync');
  }

  #take(answer: PhoneAnswer, name: string): readonly ToldCommand[] {
    if (answer.status === 200 && answer.body.length === 0) return [];
    const told = one(answer, name);
    assert.equal(told.status, 1, name);
    this.key = told.key;
    return told.commands;
  }

  keyInstead(recorded: string): Mapped {
    return mapped('AirSync:SyncKey', recorded, this.key);
  }

  hierarchyKeyInstead(recorded: string): Mapped {
    return mapped('FolderHierarchy:SyncKey', recorded, this.hierarchyKey);
  }

  /** Until so many messages lie in the folder: what was sent arrives when the sender's turn comes. */
  async waitForMail(primeName: string, estimateName: string, folder: Mapped, count: number): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) {
      await this.prime(primeName, folder);
      if ((await this.estimate(estimateName, asEstimate(folder))) === count) return;
      await pause(20);
    }
    assert.fail(`${count} messages did not arrive`);
  }
}

export function mapped(element: ElementName, recorded: string, ours: string): Mapped {
  return { element, recorded, ours };
}

/** The same folder in GetItemEstimate, which has an element of its own for it. */
export function asEstimate({ recorded, ours }: Mapped): Mapped {
  return mapped('GetItemEstimate:CollectionId', recorded, ours);
}

function one(answer: PhoneAnswer, name: string): ToldCollection {
  assert.equal(answer.status, 200, `HTTP status of ${name}`);
  const { collections, status, xml } = toldOf(answer);
  assert.ok(collections.length === 1 && (status === null || status === 1), `${name}: ${xml}`);
  return collections[0]!;
}

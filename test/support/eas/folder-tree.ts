import assert from 'node:assert/strict';
import type { WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import { childElements, childText, requiredChild, textOf } from '../../../protocols/activesync/wbxml/read-element.ts';
import type { Phone } from './phone.ts';

export interface TreeFolder {
  readonly parentId: string;
  readonly name: string;
  readonly type: string;
}

/** The folder hierarchy as a phone keeps it: key and folders, changed by answers alone. */
export class FolderTree {
  readonly phone: Phone;
  /** Whether it drops what lies below a folder that it removes itself. */
  readonly dropsBelow: boolean;
  key = '0';
  folders = new Map<string, TreeFolder>();

  constructor(phone: Phone, dropsBelow = false) {
    this.phone = phone;
    this.dropsBelow = dropsBelow;
  }

  /** One FolderSync; returns its Status. */
  async sync(): Promise<string> {
    return this.#take(await this.phone.command('FolderSync', folderSync(this.key)));
  }

  /** The id of the folder of this type, that of this name where one is given. */
  idOf(type: number, name?: string): string {
    const found = [...this.folders].find(
      ([, folder]) => folder.type === String(type) && (name === undefined || folder.name === name),
    );
    assert.ok(found, `no folder ${type} ${name ?? ''}`);
    return found[0];
  }

  /** Sends FolderCreate and takes the answer; returns its Status. */
  async create(type: number, name: string, parentId = '0'): Promise<string> {
    const root = await this.phone.command('FolderCreate', folderCreate(this.key, type, name, parentId));
    return this.takeCreated(root, type, name, parentId);
  }

  takeCreated(root: WbxElement, type: number, name: string, parentId: string): string {
    const status = this.#newKey(root);
    if (status !== '1') return status;
    const id = textOf(requiredChild(root, 'FolderHierarchy:ServerId'));
    assert.ok(!this.folders.has(id), `${id} is held already`);
    this.folders.set(id, { parentId, name, type: String(type) });
    return status;
  }

  async update(id: string, name: string, parentId: string): Promise<string> {
    return this.takeUpdated(await this.phone.command('FolderUpdate', folderUpdate(this.key, id, name, parentId)), {
      ...{ id, name, parentId },
    });
  }

  takeUpdated(root: WbxElement, { id, name, parentId }: { id: string; name: string; parentId: string }): string {
    const status = this.#newKey(root);
    if (status === '1') this.folders.set(id, { ...this.folders.get(id)!, name, parentId });
    return status;
  }

  async delete(id: string): Promise<string> {
    return this.takeDeleted(await this.phone.command('FolderDelete', folderDelete(this.key, id)), id);
  }

  takeDeleted(root: WbxElement, id: string): string {
    const status = this.#newKey(root);
    if (status === '1') this.#remove(id);
    return status;
  }

  #remove(id: string): void {
    const below = [...this.folders].filter(([, { parentId }]) => parentId === id);
    this.folders.delete(id);
    if (this.dropsBelow) for (const [child] of below) this.#remove(child);
  }

  #newKey(root: WbxElement): string {
    const status = textOf(requiredChild(root, statusName(root)));
    if (status !== '1') return status;
    this.key = textOf(requiredChild(root, 'FolderHierarchy:SyncKey'));
    assert.ok(this.key.length > 0 && this.key.length <= 64, 'MS-ASCMD §2.2.3.181: at most 64 characters');
    return status;
  }

  /** Holds the answer to what a phone can do: no Add of what it holds, no Update of what it does not, no child without parent. */
  #take(root: WbxElement): string {
    const isFirst = this.key === '0';
    const status = this.#newKey(root);
    if (status !== '1') return status;
    if (isFirst) this.folders.clear();
    const [count, ...changes] = childElements(requiredChild(root, 'FolderHierarchy:Changes'));
    assert.equal(textOf(count!), String(changes.length), 'Count');
    for (const change of changes) this.#apply(change);
    for (const [id, { parentId }] of this.folders) {
      assert.ok(parentId === '0' || this.folders.has(parentId), `${id} lies in ${parentId}, which is not there`);
    }
    return status;
  }

  #apply(change: WbxElement): void {
    const id = childText(change, 'FolderHierarchy:ServerId')!;
    if (change.name === 'FolderHierarchy:Delete') {
      const below = [...this.folders.values()].filter(({ parentId }) => parentId === id);
      assert.deepEqual(below, [], `${id} is removed before what lies in it`);
      this.folders.delete(id);
      return;
    }
    const folder = {
      parentId: childText(change, 'FolderHierarchy:ParentId')!,
      name: childText(change, 'FolderHierarchy:DisplayName')!,
      type: childText(change, 'FolderHierarchy:Type')!,
    };
    assert.equal(this.folders.has(id), change.name === 'FolderHierarchy:Update', `${change.name} of ${id}`);
    assert.ok(folder.parentId === '0' || this.folders.has(folder.parentId), `${id} comes before ${folder.parentId}`);
    this.folders.set(id, folder);
  }
}

function statusName(root: WbxElement) {
  assert.match(root.name, /^FolderHierarchy:Folder/);
  return 'FolderHierarchy:Status' as const;
}

/** Requests, in the XML of `wbxFromXml`. */
export const folderSync = (key: string): string => document('FolderSync', { SyncKey: key });
export const folderCreate = (key: string, type: number | string, name: string, parentId = '0'): string =>
  document('FolderCreate', { SyncKey: key, ParentId: parentId, DisplayName: name, Type: String(type) });
export const folderUpdate = (key: string, id: string, name: string, parentId = '0'): string =>
  document('FolderUpdate', { SyncKey: key, ServerId: id, ParentId: parentId, DisplayName: name });
export const folderDelete = (key: string, id: string): string =>
  document('FolderDelete', { SyncKey: key, ServerId: id });

function document(name: string, children: Readonly<Record<string, string>>): string {
  const content = Object.entries(children).map(([child, text]) => `<${child}>${escaped(text)}</${child}>`);
  return `<${name} xmlns="FolderHierarchy:">${content.join('')}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

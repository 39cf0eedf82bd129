import assert from 'node:assert/strict';
import { isElement, type WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import type { ElementName } from '../../../protocols/activesync/wbxml/elements.ts';
import { textOf } from '../../../protocols/activesync/wbxml/read-element.ts';
import { wbxmlToXml } from '../../../protocols/activesync/wbxml/to-xml.ts';
import type { ToldCommand } from './sync-phone.ts';

/** One item as a phone keeps it: the elements that it was told, or sent itself. */
export class HeldItem {
  readonly fields = new Map<string, WbxElement>();
  /** Whether the phone wrote any of it: what it wrote it holds as it wrote it. */
  isOwn = false;

  /** The text of an element, null where the item has none. */
  text(name: ElementName): string | null {
    const field = this.fields.get(name);
    return field === undefined ? null : textOf(field);
  }

  element(name: ElementName): WbxElement {
    const field = this.fields.get(name);
    assert.ok(field, `no ${name} among ${[...this.fields.keys()].join(', ')}`);
    return field;
  }

  /** An element as XML without the prologue; '' where the item has none or an empty one. */
  xml(name: string): string {
    const field = this.fields.get(name);
    return field === undefined || field.children.length === 0 ? '' : wbxmlToXml(field).replace(/^(?:<[?!][^>]*>)+/, '');
  }

  take(data: WbxElement): void {
    for (const field of data.children.filter(isElement)) this.fields.set(field.name, field);
  }
}

/**
 * The items of one collection, held to what a phone can do with commands: an Add of an item that it holds, a Change or a
 * Delete of one that it does not, and two commands for one item in one answer are errors.
 */
export class HeldItems {
  readonly items = new Map<string, HeldItem>();
  /** Mail programs change the marks that they are told and keep the rest; everything else is replaced by a Change. */
  readonly #changesParts: boolean;

  constructor(changesParts: boolean) {
    this.#changesParts = changesParts;
  }

  apply(commands: readonly ToldCommand[]): void {
    const ids = commands.map(({ serverId }) => serverId);
    assert.equal(new Set(ids).size, ids.length, `two commands for one item: ${ids.join(' ')}`);
    for (const command of commands) this.#applyOne(command);
  }

  /** Takes what the phone itself sent. */
  own(serverId: string, data: WbxElement): void {
    const item = this.items.get(serverId) ?? new HeldItem();
    item.take(data);
    item.isOwn = true;
    this.items.set(serverId, item);
  }

  /** The one item whose element has this text. */
  only(name: ElementName, text: string): [serverId: string, item: HeldItem] {
    const found = [...this.items].filter(([, item]) => item.text(name) === text);
    assert.equal(found.length, 1, `${found.length} items have ${name} ${JSON.stringify(text)}`);
    return found[0]!;
  }

  #applyOne({ kind, serverId, data }: ToldCommand): void {
    const held = this.items.get(serverId);
    if (kind === 'Add') {
      assert.equal(held, undefined, `Add of ${serverId}, which the phone holds`);
      this.#put(serverId, new HeldItem(), data);
      return;
    }
    assert.ok(held, `${kind} of ${serverId}, which the phone does not hold`);
    if (kind === 'Change') this.#put(serverId, this.#changesParts ? held : new HeldItem(), data);
    else if (kind === 'Delete' || kind === 'SoftDelete') this.items.delete(serverId);
    else assert.fail(`a server sends no ${kind}`);
  }

  #put(serverId: string, item: HeldItem, data: WbxElement | null): void {
    assert.ok(data, `${serverId} comes without ApplicationData`);
    item.take(data);
    this.items.set(serverId, item);
  }
}

import assert from 'node:assert/strict';
import { isElement, type WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import { textOf } from '../../../protocols/activesync/wbxml/read-element.ts';
import type { HeldItem } from '../../support/eas/held-items.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { withoutNames } from './zone.ts';

/** Asserts that two devices hold the same: every collection that both have, item by item, value by value. */
export function sameItems(one: SyncingPhone, two: SyncingPhone): void {
  const shared = one.folders.filter((id) => two.tree.folders.has(id));
  assert.ok(shared.length > 0);
  const isSameVersion = one.wire.options.version === two.wire.options.version;
  for (const id of shared) {
    const [left, right] = [one.held(id).items, two.held(id).items];
    const name = one.tree.folders.get(id)!.name;
    assert.deepEqual([...left.keys()].sort(), [...right.keys()].sort(), `items of ${name}`);
    for (const [serverId, item] of left) {
      const other = right.get(serverId)!;
      if (isSameVersion && !item.isOwn && !other.isOwn) sameFields(`${name} ${serverId}`, item, other);
      const isOwn = item.isOwn || other.isOwn;
      sameValues(`${name} ${serverId}`, comparable(item, isOwn), comparable(other, isOwn));
    }
  }
}

/** The time stamp of an event is the server's, whatever a phone says (MS-ASCAL §2.2.2.18). */
function comparable({ fields }: HeldItem, isOwn: boolean): WbxElement[] {
  return [...fields.values()].filter(({ name }) => !(isOwn && name === 'Calendar:DtStamp'));
}

/** Neither device wrote any of it and both speak one version: no element is missing on either side. An empty one says what a missing one says. */
function sameFields(place: string, one: HeldItem, two: HeldItem): void {
  const names = ({ fields }: HeldItem) =>
    [...fields.values()].filter(({ children }) => children.length > 0).map(({ name }) => name);
  assert.deepEqual(names(one).sort(), names(two).sort(), `elements of ${place}`);
}

/**
 * What both have must be equal. A device that wrote an item does not have what the server adds to it, so that elements
 * of one side alone are passed over here; of lists both must have the same number.
 */
function sameValues(place: string, one: readonly WbxElement[], two: readonly WbxElement[]): void {
  for (const name of new Set(one.map((element) => element.name))) {
    const [left, right] = [one, two].map((elements) => elements.filter((element) => element.name === name));
    if (right!.length === 0) continue;
    assert.equal(left!.length, right!.length, `number of ${name} of ${place}`);
    for (const [index, element] of left!.entries()) sameValue(`${place}, ${name}`, element, right![index]!);
  }
}

function sameValue(place: string, one: WbxElement, two: WbxElement): void {
  const [left, right] = [one, two].map(({ children }) => children.filter(isElement));
  if (left!.length > 0 && right!.length > 0) sameValues(place, left!, right!);
  else if (left!.length + right!.length === 0) assert.equal(shown(one), shown(two), place);
}

function shown(element: WbxElement): string {
  const isBytes = element.children.some((content) => typeof content !== 'string');
  if (isBytes) return JSON.stringify(element.children);
  // A server names the zone whose rules a phone sent; the names mean nothing (MS-ASDTYPE §2.7.6).
  return element.name === 'Calendar:Timezone' ? withoutNames(textOf(element)) : textOf(element);
}

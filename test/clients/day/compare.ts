import assert from 'node:assert/strict';
import type { HeldItem } from '../../support/eas/held-items.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';

/** Asserts that two devices hold the same: every collection that both have, item by item, value by value. */
export function sameItems(one: SyncingPhone, two: SyncingPhone): void {
  const shared = one.folders.filter((id) => two.tree.folders.has(id));
  assert.ok(shared.length > 0);
  for (const id of shared) {
    const [left, right] = [one.held(id).items, two.held(id).items];
    const name = one.tree.folders.get(id)!.name;
    assert.deepEqual([...left.keys()].sort(), [...right.keys()].sort(), `items of ${name}`);
    for (const [serverId, item] of left) sameItem(`${name} ${serverId}`, item, right.get(serverId)!);
  }
}

/** What one device wrote itself it holds as it wrote it; all that both hold is the same. */
function sameItem(place: string, one: HeldItem, two: HeldItem): void {
  for (const name of one.fields.keys()) {
    if (two.fields.has(name)) assert.equal(one.xml(name), two.xml(name), `${name} of ${place}`);
  }
}

// A client that takes anything would find nothing: what it must refuse, it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { el } from '../../../protocols/activesync/wbxml/element.ts';
import { HeldItems } from './held-items.ts';
import type { ToldCommand } from './sync-phone.ts';

const subject = (text: string) => el('AirSync:ApplicationData', el('Email:Subject', text));

function told(kind: string, serverId: string, data: ToldCommand['data'] = null): ToldCommand {
  return { kind, serverId, data, clientId: null, status: null };
}

function holding(changesParts = false): HeldItems {
  const held = new HeldItems(changesParts);
  held.apply([told('Add', '1:1', subject('One'))]);
  return held;
}

test('an Add of an item that is held is an error, also of one that the phone added', () => {
  const held = holding();
  assert.throws(() => held.apply([told('Add', '1:1', subject('One'))]), /Add of 1:1, which the phone holds/);
  held.own('1:2', subject('Two'));
  assert.throws(() => held.apply([told('Add', '1:2', subject('Two'))]), /1:2, which the phone holds/);
});

test('a Change, Delete or SoftDelete of an item that is not held is an error', () => {
  const held = holding();
  for (const command of [told('Change', '1:2', subject('x')), told('Delete', '1:2'), told('SoftDelete', '1:2')]) {
    assert.throws(() => held.apply([command]), /1:2, which the phone does not hold/);
  }
  held.apply([told('Delete', '1:1')]);
  assert.throws(() => held.apply([told('Delete', '1:1')]), /does not hold/);
});

test('two commands for one item in one answer are an error, in two answers they are not', () => {
  const held = holding();
  const [change, remove] = [told('Change', '1:1', subject('x')), told('Delete', '1:1')];
  assert.throws(() => held.apply([change, remove]), /two commands for one item/);
  held.apply([change]);
  held.apply([remove]);
  assert.equal(held.items.size, 0);
});

test('an Add or Change without ApplicationData, and a command that no server sends, are errors', () => {
  const held = holding();
  assert.throws(() => held.apply([told('Add', '1:2')]), /without ApplicationData/);
  assert.throws(() => held.apply([told('Change', '1:1')]), /without ApplicationData/);
  assert.throws(() => held.apply([told('Fetch', '1:1')]), /a server sends no Fetch/);
});

test('a Change replaces an item, but of mail it leaves what it does not name', () => {
  const read = el('AirSync:ApplicationData', el('Email:Read', true));
  for (const [changesParts, expected] of [
    [false, null],
    [true, 'One'],
  ] as const) {
    const held = holding(changesParts);
    held.apply([told('Change', '1:1', read)]);
    const item = held.items.get('1:1')!;
    assert.deepEqual([item.text('Email:Read'), item.text('Email:Subject')], ['1', expected]);
  }
});

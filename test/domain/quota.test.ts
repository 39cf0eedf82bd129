import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quotaInForce, shareOf } from '../../src/domain/quota.ts';

test('what is set for a mailbox takes the place of what holds for others, each part by itself', () => {
  const others = { bytes: 5, items: 7 };
  assert.deepEqual(quotaInForce({ bytes: null, items: null }, others), others);
  assert.deepEqual(quotaInForce({ bytes: 'none', items: 0 }, others), { bytes: null, items: 0 });
});

test('the greater share counts; without a quota there is none, and what may hold nothing is full', () => {
  assert.equal(shareOf({ bytes: 50, items: 9 }, { bytes: 100, items: 10 }), 900);
  assert.equal(shareOf({ bytes: 50, items: 9 }, { bytes: null, items: null }), null);
  assert.equal(shareOf({ bytes: 0, items: 0 }, { bytes: 0, items: 10 }), 1000);
  assert.equal(shareOf({ bytes: 1999, items: 0 }, { bytes: 1000, items: null }), 1999);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUserFound } from '../../src/admin/user-search.ts';

const USER = { address: 'søren@example.org', displayName: 'Søren Straße' };

test('a user is found by any part of the address or the name, letters compared as every search does', () => {
  for (const typed of ['', ' soren ', 'SØREN@ex', 'strasse', 'Straße', 'aß', 'example.org']) {
    assert.equal(isUserFound(USER, typed), true, typed);
  }
  for (const typed of ['sören x', 'org søren', 'zz']) assert.equal(isUserFound(USER, typed), false, typed);
  assert.equal(isUserFound({ ...USER, displayName: null }, 'strasse'), false);
});

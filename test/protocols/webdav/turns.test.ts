import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '../../../protocols/webdav/turns.ts';
import { ClientGone } from '../../../protocols/webdav/xml/multistatus.ts';

test('giving a turn lets what waits go first', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('other'));
  await new Turns({ elapsed: () => 0 }, () => false).give();
  order.push('own');
  assert.deepEqual(order, ['other', 'own']);
});

test('nothing is computed on for a client that went away', async () => {
  await assert.rejects(new Turns({ elapsed: () => 0 }, () => true).give(), ClientGone);
});

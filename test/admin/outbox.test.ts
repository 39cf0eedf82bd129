import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { Outgoing } from '../../src/mail/outgoing.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

type Stores = ReturnType<typeof adminBench>['stores'];

const ENVELOPE: Outgoing = {
  sender: ANN.address,
  messageId: '1@example.org',
  sentItemId: null,
  operation: null,
  queuedAt: Date.UTC(2026, 0, 2, 3, 4),
  triedAt: null,
  nextTryAt: null,
  isNoticed: true,
  recipients: [
    { address: 'x@elsewhere.example', state: 'waiting', tries: 2, reason: 'come \u001b[31mback' },
    { address: 'y@elsewhere.example', state: 'done', tries: 1, reason: null },
  ],
};

async function keep(stores: Stores, itemId: number, more: Partial<Outgoing> = {}): Promise<void> {
  const user = await stores.directory.user('ann', 'example.org');
  await stores.syncState.write(user!.mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.putDocument(`outgoing/${itemId}`, { ...ENVELOPE, ...more }),
  );
}

test('"outbox list" tells what waits, for whom and why, and no reason steers the terminal', async () => {
  const { causeway, stores, administration } = cliBench();
  await administration.userAdd(ANN);
  assert.deepEqual(await causeway(['outbox', 'list']), { code: 0, out: 'nothing waits\n', err: '' });
  await keep(stores, 7);
  await keep(stores, 8, { queuedAt: Date.UTC(2026, 0, 1), nextTryAt: Date.UTC(2026, 0, 3, 5) });
  const { out } = await causeway(['outbox', 'list', ANN.address]);
  assert.equal(
    out,
    [
      'ann@example.org  8  since 2026-01-01 00:00  next 2026-01-03 05:00  <1@example.org>\n',
      '    x@elsewhere.example  2 attempts: come ?[31mback\n',
      'ann@example.org  7  since 2026-01-02 03:04  next when there is a relay  <1@example.org>\n',
      '    x@elsewhere.example  2 attempts: come ?[31mback\n',
    ].join(''),
  );
  const json = JSON.parse((await causeway(['outbox', 'list', '--json'])).out);
  assert.deepEqual(
    json.map(({ itemId }: { itemId: number }) => itemId),
    [8, 7],
  );
  assert.equal((await causeway(['outbox', 'list', 'nobody@example.org'])).code, 2);
});

test('"outbox retry" makes everything due, and says when it goes out', async () => {
  const { causeway, stores, administration } = cliBench();
  await administration.userAdd(ANN);
  assert.equal((await causeway(['outbox', 'retry'])).out, 'nothing waits\n');
  await keep(stores, 7);
  await keep(stores, 8);
  assert.equal((await causeway(['outbox', 'retry'])).out, '2 messages are tried again when the server starts\n');
  for (const { nextTryAt } of await administration.outboxList({ address: null }))
    assert.equal(typeof nextTryAt, 'number');
});

test('in a running server retrying looks through the Outboxes at once', async () => {
  let scans = 0;
  const outbox = {
    scan: async () => {
      scans += 1;
    },
  };
  const { administration, stores } = adminBench({ outbox });
  await administration.userAdd(ANN);
  await keep(stores, 7);
  assert.deepEqual(await administration.outboxRetry({ address: ANN.address }), { messages: 1, isNow: true });
  assert.equal(scans, 1);
});

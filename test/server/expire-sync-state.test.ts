import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { expireSyncStateTask } from '../../src/server/tick/expire-sync-state.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { expireSyncState } from '../../src/sync/expire-sync-state.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { keepingLog } from './support/start.ts';

const DAY = 86_400_000;

/** Two users; each has an operation done and a conflict lost when the clock starts. */
async function expiring() {
  const clock = fakeClock();
  const logged = keepingLog();
  const random = (length: number) => new Uint8Array(length);
  const { mailboxes, syncState, directory } = createMemoryStores({ clock, random, publish: () => {} });
  const ids = [await mailboxes.createMailbox(), await mailboxes.createMailbox()];
  for (const mailboxId of ids) {
    const person = { localPart: `u${mailboxId}`, domain: 'd', displayName: null, role: null, passwordHash: '' };
    await directory.addUser({ ...person, mailboxId });
    await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      await tx.putDoneOperation({ name: 'o', at: clock.now(), result: 1 });
      const facts = { folderId: 1, itemId: 1, device: 'p', side: 'client', rule: 'server-wins' } as const;
      await tx.keepConflictLoser({ ...facts, at: clock.now(), contentType: 't/x', content: new Uint8Array(1) });
    });
  }
  const task = expireSyncStateTask({
    expireSyncState: (mailboxId) => expireSyncState({ store: syncState, clock }, mailboxId),
    directory,
    log: logged.log,
  });
  const left = (): Promise<number[][]> =>
    Promise.all(
      ids.map(async (id) => {
        const read = syncState.read(id);
        return [(await read.doneOperation('o')) === null ? 0 : 1, (await read.conflictLosers()).length];
      }),
    );
  return { clock, logged, mailboxes, ids, task, left };
}

test('operations are forgotten after 7 days and lost versions after 30, in every mailbox', async () => {
  const { clock, task, left, logged } = await expiring();
  for (const [days, expected] of [
    [7, [1, 1]],
    [1, [0, 1]],
    [22, [0, 1]],
    [1, [0, 0]],
  ] as const) {
    clock.advance(days * DAY);
    await task.run(() => false);
    assert.deepEqual(await left(), [expected, expected]);
  }
  assert.deepEqual(
    logged.find('dropped old operations and conflicts').map(({ operations, losers }) => [operations, losers]),
    [
      [0, 0],
      [2, 0],
      [0, 0],
      [0, 2],
    ],
  );
});

test('one mailbox that cannot be written does not keep the others from forgetting', async () => {
  const { clock, task, logged, mailboxes, ids } = await expiring();
  await mailboxes.removeMailbox(ids[0]!);
  clock.advance(31 * DAY);
  await task.run(() => false);
  assert.equal(logged.lines.filter(({ level, mailboxId }) => level === 'error' && mailboxId === ids[0]).length, 1);
  assert.equal(logged.find('dropped old operations and conflicts')[0]?.operations, 1);
});

test('forgetting ends early when the server stops', async () => {
  const { clock, task, left } = await expiring();
  clock.advance(31 * DAY);
  let asks = 0;
  await task.run(() => ++asks > 1);
  assert.deepEqual(await left(), [
    [0, 0],
    [1, 1],
  ]);
});

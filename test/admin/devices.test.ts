import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { NO_POLICY } from '../../src/store/device-store.ts';
import { partnershipOf } from '../contract/partnership-fixture.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

/** Ann with a phone and a tablet; the phone does not get items 4 and 5 of its calendar. */
async function benchWithDevices() {
  const bench = adminBench();
  await bench.administration.userAdd(ANN);
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  const { syncState } = bench.stores;
  const calendar = (await syncState.read(mailboxId).folders()).find(({ role }) => role === 'calendar')!;
  const { current } = partnershipOf(calendar.id, 'phone');
  const exceptions = [
    { itemId: 4, isHeld: true, tried: 2, reason: 'failed' as const },
    { itemId: 5, isHeld: false, tried: 2, reason: 'repeats' as const },
    { itemId: 6, isHeld: false, tried: -1 },
  ];
  await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    for (const [at, id] of ['tablet', 'phone'].entries()) {
      const known = { id, aliases: [id], shownId: id.toUpperCase(), type: 'T', agent: 'A/1', version: '14.1' };
      const seen = { firstSeenAt: 0, lastSeenAt: Date.UTC(2026, 0, 1, 9, 29 + at), remoteAddress: '192.0.2.1' };
      const owner = 'ann@example.org';
      await tx.putDevice({ ...known, ...seen, owner, protocol: 'activesync', information: {}, policy: NO_POLICY });
    }
    await tx.putPartnership(partnershipOf(calendar.id, 'phone/t', { current: { ...current, exceptions } }));
    await tx.putPartnership(partnershipOf(calendar.id, 'tablet', { current: { ...current, exceptions: [] } }));
  });
  return { ...cliBench(bench), mailboxId };
}

test('"device list" shows the devices, with --json all that is known', async () => {
  const { causeway } = await benchWithDevices();
  const { out, code } = await causeway(['device', 'list', 'ann@example.org']);
  assert.equal(code, 0);
  assert.match(
    out,
    /^ann@example.org {2}PHONE {3}T {2}activesync 14\.1 {2}allowed {2}2026-01-01 09:30 {2}192\.0\.2\.1 {2}in use\nann@example.org {2}TABLET /,
  );
  const json = JSON.parse((await causeway(['device', 'list', 'ann@example.org', '--json'])).out);
  assert.deepEqual([json[0].device, json[0].folders, json[1].agent], ['PHONE', 1, 'A/1']);
});

test('"device remove" forgets the device, its partnerships and nothing else', async () => {
  const { causeway, stores, mailboxId } = await benchWithDevices();
  assert.equal((await causeway(['device', 'remove', 'ann@example.org', 'Phone'])).code, 0);
  const reader = stores.syncState.read(mailboxId);
  assert.deepEqual(
    (await reader.devices()).map(({ id }) => id),
    ['tablet'],
  );
  assert.deepEqual(
    (await reader.partnerships()).map(({ device }) => device),
    ['tablet'],
  );
  const again = await causeway(['device', 'remove', 'ann@example.org', 'PHONE']);
  assert.equal(again.code, 2);
  assert.match(again.err, /There is no device PHONE; "device list" shows which are\./);
});

test('"quarantine list" names device, folder, item and reason', async () => {
  const { causeway } = await benchWithDevices();
  const { out } = await causeway(['quarantine', 'list', 'ann@example.org']);
  assert.equal(
    out,
    'PHONE  Calendar  4  showing it failed; the log has the error; the device keeps an earlier revision\n' +
      'PHONE  Calendar  5  the device repeated its request over it\n',
  );
  assert.equal((await causeway(['quarantine', 'list', 'ann@example.org', '--device', 'tablet'])).out, '');
});

test('"quarantine retry" and "quarantine clear" take items off the list, one or all of a device', async () => {
  const { causeway, stores, mailboxId } = await benchWithDevices();
  const tried = async () => {
    const [partnership] = await stores.syncState.read(mailboxId).partnerships('phone/t');
    return partnership!.current.exceptions.map((exception) => exception.tried);
  };
  const retried = await causeway(['quarantine', 'retry', 'ann@example.org', '--device', 'PHONE', '--item', '4']);
  assert.equal(retried.out, '1 to be tried again\n');
  assert.deepEqual(await tried(), [-1, 2, -1]);
  assert.equal((await causeway(['quarantine', 'clear', 'ann@example.org'])).out, '1 cleared\n');
  assert.deepEqual(await tried(), [-1, Number.MAX_SAFE_INTEGER, -1]);
  assert.equal((await causeway(['quarantine', 'list', 'ann@example.org'])).out, '');
  const wrong = await causeway(['quarantine', 'clear', 'ann@example.org', '--item', 'x']);
  assert.match(wrong.err, /"x" is not the number of an item/);
});

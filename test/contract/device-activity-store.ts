import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { NO_ACTIVITY } from '../../src/store/activity-rules.ts';
import type { RecentActivity, WakeReason } from '../../src/store/device-activity-store.ts';
import { type Device, NO_POLICY } from '../../src/store/device-store.ts';
import type { OpenStore, StoreUnderTest } from './store-under-test.ts';

const PHONE = 'phone';
const HEX = '70686f6e65';

async function fixture(open: OpenStore) {
  const store = await open();
  const mailboxId = await store.mailboxes.createMailbox();
  await register(store, mailboxId, PHONE, [PHONE, HEX]);
  const { deviceActivity } = store;
  const add = (activity: Partial<RecentActivity>, alias = PHONE) =>
    deviceActivity.add([{ mailboxId, alias, activity: { ...NO_ACTIVITY, ...activity } }]);
  return { store, mailboxId, deviceActivity, add, of: (id = PHONE) => deviceActivity.of(mailboxId, id) };
}

async function register(store: StoreUnderTest, mailboxId: number, id: string, aliases = [id]): Promise<void> {
  const device: Device = {
    ...{ id, protocol: 'activesync', aliases, shownId: id, type: 'SmartPhone', agent: 'Phone/1', version: '14.1' },
    ...{ information: {}, firstSeenAt: 10, lastSeenAt: 20, remoteAddress: '192.0.2.7', policy: NO_POLICY },
  };
  await store.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
}

const errorsOf = (...times: number[]) => times.map((at) => ({ at, what: `error ${at}` }));
const wokenAt = (...times: number[]) => times.map((at) => ({ at, why: { kind: 'left' } as const }));

const REASONS: readonly WakeReason[] = [
  { kind: 'changed', folders: [3, 71] },
  { kind: 'changed', folders: [] },
  ...(['folders', 'time-over', 'newer', 'called', 'stopping', 'failed', 'left'] as const).map((kind) => ({ kind })),
];

/** Everything a DeviceActivityStore must do, run whole over every adapter. */
export function deviceActivityStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: DeviceActivityStore`, () => {
    test('what came about of a device is read as it was written, every reason of a wake-up, by every alias', async () => {
      const { add, of } = await fixture(open);
      assert.deepEqual(await of(), NO_ACTIVITY);
      const wakeUps = REASONS.map((why, at) => ({ at: 100 - at, why }));
      const errors = [{ at: 7, what: 'Sync, HTTP 507: “voll” \u{1f4a5}\n\\' }];
      const activity = { errors, goodAt: 8, heartbeatSeconds: 540, wakeUps };
      await add(activity, HEX);
      assert.deepEqual(await of(), activity);
    });

    test('news come before what is known, and the last twenty of each are kept', async () => {
      const { add, of } = await fixture(open);
      for (let at = 0; at < 25; at += 1)
        await add({ errors: errorsOf(at), wakeUps: wokenAt(at), heartbeatSeconds: at });
      const { errors, wakeUps, heartbeatSeconds } = await of();
      const newest = Array.from({ length: 20 }, (_, at) => 24 - at);
      assert.deepEqual([errors, wakeUps, heartbeatSeconds], [errorsOf(...newest), wokenAt(...newest), 24]);
    });

    test('a success counts after the last error, until there is another, and says nothing of how it waits', async () => {
      const { add, of } = await fixture(open);
      await add({ errors: errorsOf(5), wakeUps: wokenAt(6), heartbeatSeconds: 60 });
      assert.equal((await of()).goodAt, null);
      await add({ goodAt: 7 });
      await add({ goodAt: 9 });
      assert.deepEqual(await of(), { errors: errorsOf(5), goodAt: 7, wakeUps: wokenAt(6), heartbeatSeconds: 60 });
      await add({ errors: errorsOf(10) });
      assert.equal((await of()).goodAt, null);
      await add({ errors: errorsOf(11), goodAt: 12 });
      assert.equal((await of()).goodAt, 12);
    });

    test('that a device which never failed goes well is not kept', async () => {
      const { add, of } = await fixture(open);
      await add({ goodAt: 7 });
      assert.deepEqual(await of(), NO_ACTIVITY);
      await add({ goodAt: 8, wakeUps: wokenAt(8), heartbeatSeconds: 60 });
      await add({ goodAt: 9 });
      const { goodAt, wakeUps } = await of();
      assert.deepEqual([goodAt, wakeUps], [8, wokenAt(8)]);
    });

    test('an error told late, under another spelling, does not undo a success that came after it', async () => {
      const { add, of } = await fixture(open);
      await add({ errors: errorsOf(3), goodAt: 7 });
      await add({ errors: errorsOf(5) }, HEX);
      assert.equal((await of()).goodAt, 7);
      await add({ errors: errorsOf(7) }, HEX);
      assert.equal((await of()).goodAt, null);
    });

    test('news of many devices, some of which are not there, are taken at once', async () => {
      const { store, mailboxId, deviceActivity, of } = await fixture(open);
      const other = await store.mailboxes.createMailbox();
      await register(store, mailboxId, 'tablet');
      await register(store, other, PHONE);
      const news = (mailbox: number, alias: string, at: number) => {
        return { mailboxId: mailbox, alias, activity: { ...NO_ACTIVITY, errors: errorsOf(at) } };
      };
      await deviceActivity.add([
        ...[news(mailboxId, PHONE, 1), news(mailboxId, 'nobody', 2), news(9_999, PHONE, 3), news(other, PHONE, 4)],
        ...[news(mailboxId, HEX, 5), news(mailboxId, 'tablet', 6)],
      ]);
      assert.deepEqual((await of()).errors, errorsOf(5, 1));
      assert.deepEqual((await of('tablet')).errors, errorsOf(6));
      assert.deepEqual((await deviceActivity.of(other, PHONE)).errors, errorsOf(4));
      assert.deepEqual(await of('nobody'), NO_ACTIVITY);
      assert.deepEqual(await deviceActivity.of(9_999, PHONE), NO_ACTIVITY);
    });

    test('it goes with the device, not with another of the mailbox, and does not come back with its id', async () => {
      const { store, mailboxId, add, of } = await fixture(open);
      await register(store, mailboxId, 'phone2');
      await add({ errors: errorsOf(1) });
      await add({ errors: errorsOf(2) }, 'phone2');
      await store.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.removeDevice(PHONE));
      await add({ errors: errorsOf(3) });
      assert.deepEqual([await of(), (await of('phone2')).errors], [NO_ACTIVITY, errorsOf(2)]);
      await register(store, mailboxId, PHONE);
      assert.deepEqual(await of(), NO_ACTIVITY);
    });

    test('it goes with the mailbox', async () => {
      const { store, mailboxId, add, of } = await fixture(open);
      await add({ errors: errorsOf(1) });
      await store.mailboxes.removeMailbox(mailboxId);
      await add({ errors: errorsOf(2) });
      assert.deepEqual(await of(), NO_ACTIVITY);
    });

    test('a device written anew keeps it', async () => {
      const { store, mailboxId, add, of } = await fixture(open);
      await add({ errors: errorsOf(1) });
      await register(store, mailboxId, PHONE, [PHONE, HEX, 'more']);
      await add({ errors: errorsOf(2) }, 'more');
      assert.deepEqual((await of()).errors, errorsOf(2, 1));
    });

    test('what is kept outlives the store that kept it, where anything does', async () => {
      const { store, mailboxId, add } = await fixture(open);
      await add({ errors: errorsOf(1), wakeUps: wokenAt(2), heartbeatSeconds: 3 });
      const later = (await store.reopen?.()) ?? store;
      const kept = { errors: errorsOf(1), goodAt: null, wakeUps: wokenAt(2), heartbeatSeconds: 3 };
      assert.deepEqual(await later.deviceActivity.of(mailboxId, PHONE), kept);
    });
  });
}

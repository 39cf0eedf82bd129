import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLIENT_ORIGIN, type MailboxId } from '../../src/domain/mailbox.ts';
import type { DeviceFilter, DeviceQuery } from '../../src/store/device-register.ts';
import { type Device, type DeviceAccessState, NO_POLICY, type WipeState } from '../../src/store/device-store.ts';
import type { OpenStore, StoreUnderTest } from './store-under-test.ts';

/** A device with the facts the register looks at. */
export function registered(id: string, owner: string, lastSeenAt: number, more: Partial<Device> = {}): Device {
  return {
    ...{ id, aliases: [id], shownId: id.toUpperCase(), protocol: 'activesync', type: 'SmartPhone', agent: 'Phone/1' },
    ...{ version: '14.1', information: {}, firstSeenAt: 1, lastSeenAt, remoteAddress: '192.0.2.7', policy: NO_POLICY },
    owner,
    ...more,
  };
}

export function decided(state: DeviceAccessState): Pick<Device, 'access'> {
  return { access: { state, by: 'rule', who: null, why: '', at: 1 } };
}

export async function put(store: StoreUnderTest, mailboxId: MailboxId, ...devices: Device[]): Promise<void> {
  await store.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    for (const device of devices) await tx.putDevice(device);
  });
}

/** Two people with a phone each, and a calendar program of Ann's. */
async function fixture(open: OpenStore) {
  const store = await open();
  const ann = await store.mailboxes.createMailbox();
  const bob = await store.mailboxes.createMailbox();
  const model = { information: { Model: 'Größe 7', OS: 'Android 14' } };
  const dav = { protocol: 'webdav', agent: 'DAVx5/4.3', remoteAddress: '2001:db8::1' };
  await put(
    store,
    ann,
    registered('appl1', 'ann@example.org', 30, model),
    registered('dav', 'ann@example.org', 10, dav),
  );
  await put(store, bob, registered('appl2', 'bob@other.example', 20, decided('blocked')));
  const list = async (query: Partial<DeviceQuery> = {}) => {
    const page = await store.devices.list({ order: 'contact', after: null, limit: 500, ...query });
    return page.devices.map(({ device }) => device.id);
  };
  return { store, ann, bob, list };
}

/** Everything a DeviceRegister must do, run whole over every adapter. */
export function deviceRegisterContract(name: string, open: OpenStore): void {
  describe(`${name}: DeviceRegister`, () => {
    test('lists the devices of all mailboxes, newest contact first or by owner', async () => {
      const { list } = await fixture(open);
      assert.deepEqual(await list(), ['appl1', 'appl2', 'dav']);
      assert.deepEqual(await list({ order: 'owner' }), ['appl1', 'dav', 'appl2']);
    });

    test('gives devices as they were written, with their mailbox', async () => {
      const { store, ann } = await fixture(open);
      const { devices } = await store.devices.list({ order: 'contact', after: null, limit: 1 });
      assert.deepEqual(devices, [{ mailboxId: ann, device: await store.syncState.read(ann).deviceByAlias('appl1') }]);
    });

    test('filters by mailbox, domain, protocol and access, all at once', async () => {
      const { ann, bob, list } = await fixture(open);
      const cases: readonly [DeviceFilter, readonly string[]][] = [
        [{ mailboxId: ann }, ['appl1', 'dav']],
        [{ domain: 'other.example' }, ['appl2']],
        [{ protocol: 'webdav' }, ['dav']],
        [{ access: 'blocked' }, ['appl2']],
        [{ access: 'allowed' }, ['appl1', 'dav']],
        [{ access: 'allowed', protocol: 'activesync', domain: 'example.org', mailboxId: ann, text: 'appl' }, ['appl1']],
        [{ mailboxId: bob, access: 'allowed' }, []],
      ];
      for (const [filter, expected] of cases) {
        assert.deepEqual(await list(filter), expected, JSON.stringify(filter));
        assert.deepEqual(new Set(await list({ ...filter, order: 'owner' })), new Set(expected));
      }
    });

    test('finds devices by the state of their wipe, or those that have one', async () => {
      const { store, ann, bob, list } = await fixture(open);
      const wiping = (state: WipeState) => {
        const wipe = { state, kind: 'full', method: 'full', by: 'admin', why: 'lost', at: 1, consentBy: null } as const;
        const times = { toldAt: null, sentAt: null, endedAt: null, endedBy: null, endedWhy: null, remoteAddress: null };
        return { wipe: { ...wipe, ...times } };
      };
      await put(store, ann, registered('appl1', 'ann@example.org', 30, wiping('pending')));
      await put(store, bob, registered('appl2', 'bob@other.example', 20, wiping('silent')));
      const cases: readonly [DeviceFilter, readonly string[]][] = [
        [{ wipe: null }, ['appl1', 'appl2']],
        [{ wipe: 'pending' }, ['appl1']],
        [{ wipe: 'sent' }, []],
        [{ wipe: null, domain: 'other.example' }, ['appl2']],
        [{ wipe: 'pending', mailboxId: bob }, []],
        [{ wipe: null, text: 'appl1' }, ['appl1']],
      ];
      for (const [filter, expected] of cases) {
        assert.deepEqual(await list(filter), expected, JSON.stringify(filter));
        assert.deepEqual(await list({ ...filter, order: 'owner' }), expected, JSON.stringify(filter));
        assert.equal(await store.devices.count(filter), expected.length);
      }
      await put(store, ann, registered('appl1', 'ann@example.org', 30));
      assert.deepEqual(await list({ wipe: null }), ['appl2']);
    });

    test('finds words anywhere in owner, id, type, agent, information and address, whatever their case', async () => {
      const { list } = await fixture(open);
      const cases: readonly [string, readonly string[]][] = [
        ['APPL', ['appl1', 'appl2']],
        ['pl2', ['appl2']],
        ['größe', ['appl1']],
        ['davx5/4', ['dav']],
        ['2001:db8', ['dav']],
        ['ann@ phone/1', ['appl1']],
        ['x5', ['dav']],
        ['ann x5', ['dav']],
        ['"', []],
        ['appl%', []],
        ['* OR appl', []],
        ['   ', ['appl1', 'appl2', 'dav']],
      ];
      for (const [text, expected] of cases) assert.deepEqual(await list({ text }), expected, text);
    });

    test('counts what it would list', async () => {
      const { store, ann } = await fixture(open);
      const filters: DeviceFilter[] = [{}, { mailboxId: ann }, { text: 'appl' }, { access: 'blocked', text: 'a' }];
      const counts = await Promise.all(filters.map((filter) => store.devices.count(filter)));
      assert.deepEqual(counts, [3, 2, 2, 1]);
    });

    test('pages follow one another without a gap, also among equals', async () => {
      const { store, ann } = await fixture(open);
      await put(store, ann, ...Array.from({ length: 7 }, (_, n) => registered(`same${n}`, 'ann@example.org', 30)));
      for (const order of ['contact', 'owner'] as const) {
        for (const text of ['', 'same', 's']) {
          const whole = await store.devices.list({ order, after: null, limit: 500, text });
          const ids: string[] = [];
          let after: string | null = null;
          do {
            const page = await store.devices.list({ order, after, limit: 3, text });
            ids.push(...page.devices.map(({ device }) => device.id));
            after = page.next;
          } while (after !== null);
          assert.deepEqual(
            ids,
            whole.devices.map(({ device }) => device.id),
            `${order} ${text}`,
          );
        }
      }
    });

    test('a device that changes, goes, or whose mailbox goes is found so at once', async () => {
      const { store, ann, bob, list } = await fixture(open);
      await put(store, bob, registered('appl2', 'bob@other.example', 90, { agent: 'Renamed' }));
      assert.deepEqual(await list({ text: 'renamed', access: 'allowed' }), ['appl2']);
      assert.deepEqual(await list({ text: 'phone/1', mailboxId: bob }), []);
      assert.deepEqual((await list())[0], 'appl2');
      await store.syncState.write(ann, CLIENT_ORIGIN, (tx) => tx.removeDevice('appl1'));
      assert.deepEqual(await list({ text: 'größe' }), []);
      await store.mailboxes.removeMailbox(ann);
      assert.deepEqual(await list(), ['appl2']);
      assert.deepEqual(await list({ text: 'davx5' }), []);
    });

    test('a write that fails leaves the register as it was', async () => {
      const { store, ann, list } = await fixture(open);
      const failing = store.syncState.write(ann, CLIENT_ORIGIN, async (tx) => {
        await tx.putDevice(registered('other', 'ann@example.org', 99));
        throw new RangeError('stop');
      });
      await assert.rejects(failing, RangeError);
      assert.deepEqual(await list({ text: 'other' }), ['appl2']);
    });

    test('counts by protocol and access', async () => {
      const { store } = await fixture(open);
      assert.deepEqual(await store.devices.counts(), [
        { protocol: 'activesync', byAccess: { allowed: 1, quarantined: 0, blocked: 1 } },
        { protocol: 'webdav', byAccess: { allowed: 1, quarantined: 0, blocked: 0 } },
      ]);
    });

    test('refuses a cursor that is none, and a limit out of range', async () => {
      const { store, list } = await fixture(open);
      for (const after of ['x', 'W10', Buffer.from('["a",1]').toString('base64url')]) {
        await assert.rejects(list({ after }), { code: 'content-invalid' });
      }
      await assert.rejects(list({ limit: 0 }), TypeError);
      await assert.rejects(store.devices.list({ order: 'owner', after: null, limit: 501 }), TypeError);
    });
  });
}

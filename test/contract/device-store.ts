import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { type Device, NO_POLICY } from '../../src/store/device-store.ts';
import type { SyncWriter } from '../../src/store/sync-state-store.ts';
import { entryOf, partnershipOf } from './partnership-fixture.ts';
import { mailboxWithFolder, type OpenStore } from './store-under-test.ts';

/** Everything a DeviceReader and a DeviceWriter must do, run whole over every adapter. */
export function deviceStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: DeviceReader, DeviceWriter`, () => {
    describe('devices', () => deviceContract(open));
    describe('removal', () => removalContract(open));
    describe('documents', () => documentContract(open));
    describe('operations done once', () => operationContract(open));
    describe('transactions', () => transactionContract(open));
  });
}

async function fixture(open: OpenStore) {
  const store = await open();
  const { mailboxId, folder } = await mailboxWithFolder(store);
  const { syncState } = store;
  const sync = <T>(work: (tx: SyncWriter) => Promise<T>): Promise<T> => syncState.write(mailboxId, CLIENT_ORIGIN, work);
  const put = (...devices: Device[]): Promise<void> =>
    sync(async (tx) => {
      for (const device of devices) await tx.putDevice(device);
    });
  return { store, mailboxId, folder, sync, put, read: syncState.read(mailboxId) };
}

function deviceOf(id: string, more: Partial<Device> = {}): Device {
  return {
    ...{ id, protocol: 'activesync', aliases: [id], shownId: id.toUpperCase(), type: 'SmartPhone', agent: 'Phone/1' },
    ...{ version: '14.1', information: { Model: 'M', FriendlyName: 'Ada’s phone' }, firstSeenAt: 10, lastSeenAt: 20 },
    ...{ remoteAddress: '192.0.2.7', policy: { ...NO_POLICY, offeredKey: 4_294_967_295, offeredHash: 'h' } },
    ...more,
  };
}

function deviceContract(open: OpenStore): void {
  test('a device is read as it was written, by every alias', async () => {
    const { put, read } = await fixture(open);
    const device = deviceOf('abc', { aliases: ['abc', '616263'] });
    await put(device);
    assert.deepEqual(await read.deviceByAlias('abc'), device);
    assert.deepEqual(await read.deviceByAlias('616263'), device);
    assert.equal(await read.deviceByAlias('61626'), null);
  });

  test('aliases are compared as they are: the caller gives them in lower case', async () => {
    const { put, read } = await fixture(open);
    await put(deviceOf('abc'));
    assert.equal(await read.deviceByAlias('ABC'), null);
    assert.equal(await read.deviceByAlias('a%'), null);
  });

  test('devices are listed by id', async () => {
    const { put, read } = await fixture(open);
    await put(deviceOf('b'), deviceOf('a'), deviceOf('a2'));
    assert.deepEqual(await read.devices(), [deviceOf('a'), deviceOf('a2'), deviceOf('b')]);
  });

  test('an alias of another device rejects with name-taken, and writes nothing', async () => {
    const { put, read } = await fixture(open);
    await put(deviceOf('abc', { aliases: ['abc', 'x'] }));
    await assert.rejects(put(deviceOf('def', { aliases: ['def', 'x'] })), { code: 'name-taken', facts: { name: 'x' } });
    assert.equal(await read.deviceByAlias('def'), null);
    assert.equal((await read.deviceByAlias('x'))?.id, 'abc');
  });

  test('a refused device leaves the work free to go on', async () => {
    const { put, sync, read } = await fixture(open);
    await put(deviceOf('abc', { aliases: ['abc', 'x'] }));
    await sync(async (tx) => {
      await assert.rejects(tx.putDevice(deviceOf('def', { aliases: ['def', 'x'] })), { code: 'name-taken' });
      await tx.putDevice(deviceOf('def'));
    });
    assert.equal((await read.deviceByAlias('def'))?.id, 'def');
  });

  test('a replaced device has new facts, and drops the aliases it no longer has', async () => {
    const { put, read } = await fixture(open);
    await put(deviceOf('abc', { aliases: ['abc', 'old'] }));
    const policy = { key: 7, offeredKey: null, hash: 'h', offeredHash: null, answer: 1 };
    const again = deviceOf('abc', { aliases: ['abc', 'new'], lastSeenAt: 99, version: null, policy });
    await put(again);
    assert.deepEqual(await read.devices(), [again]);
    assert.deepEqual(await read.deviceByAlias('new'), again);
    assert.equal(await read.deviceByAlias('old'), null);
    await put(deviceOf('def', { aliases: ['def', 'old'] }));
    assert.equal((await read.deviceByAlias('old'))?.id, 'def');
  });

  test('a device without its own id among its aliases is a mistake of the caller', async () => {
    const { put } = await fixture(open);
    await assert.rejects(put(deviceOf('abc', { aliases: ['x'] })), TypeError);
  });

  test('a device that is changed after it was put does not change in the store', async () => {
    const { put, read } = await fixture(open);
    const information: Record<string, string> = { Model: 'M' };
    await put(deviceOf('abc', { information }));
    information.Model = 'N';
    assert.deepEqual((await read.deviceByAlias('abc'))?.information, { Model: 'M' });
  });
}

function removalContract(open: OpenStore): void {
  test('a removed device goes with its aliases, documents, operations and partnerships, and nothing of others', async () => {
    const { folder, put, sync, read } = await fixture(open);
    const [mine, others] = [
      ['a_c', 'a_c/tasks'],
      ['abc', 'a_', 'a_c2', 'a_c2/tasks', 'b/a_c/x'],
    ];
    await put(deviceOf('a_c', { aliases: ['a_c', 'x'] }), deviceOf('abc'));
    await sync(async (tx) => {
      for (const device of [...mine, ...others]) {
        await tx.putPartnership(partnershipOf(folder.id, device));
        await tx.putCommand(folder.id, device, 'journal', entryOf('e'));
        await tx.putDocument(`${device}/d`, 1);
        await tx.putDoneOperation({ name: `${device}/o`, at: 1, result: null });
      }
      await tx.putDocument('a_c', 'of nobody');
    });
    await sync((tx) => tx.removeDevice('a_c'));
    assert.deepEqual(ids(await read.devices()), ['abc']);
    assert.equal(await read.deviceByAlias('x'), null);
    assert.deepEqual((await read.partnerships()).map(({ device }) => device).sort(), [...others].sort());
    for (const device of mine) {
      assert.deepEqual(await read.commands(folder.id, device, 'journal'), []);
      assert.equal(await read.document(`${device}/d`), null);
      assert.equal(await read.doneOperation(`${device}/o`), null);
    }
    for (const device of others) {
      assert.equal((await read.commands(folder.id, device, 'journal')).length, 1);
      assert.equal(await read.document(`${device}/d`), 1);
      assert.notEqual(await read.doneOperation(`${device}/o`), null);
    }
    assert.equal(await read.document('a_c'), 'of nobody');
  });

  test('aliases of a removed device are free again', async () => {
    const { put, sync, read } = await fixture(open);
    await put(deviceOf('abc', { aliases: ['abc', 'x'] }));
    await sync((tx) => tx.removeDevice('abc'));
    await put(deviceOf('x', { aliases: ['x', 'abc'] }));
    assert.equal((await read.deviceByAlias('abc'))?.id, 'x');
  });

  test('a device that is not there is removed without complaint', async () => {
    const { sync, read } = await fixture(open);
    await sync((tx) => tx.removeDevice('abc'));
    assert.deepEqual(await read.devices(), []);
  });
}

function documentContract(open: OpenStore): void {
  test('a document is read as it was written, replaced, and removed by null', async () => {
    const { sync, read } = await fixture(open);
    assert.equal(await read.document('d'), null);
    for (const value of [{ a: [1, { b: null }], ü: 'é\u{1f600}' }, 'text', 0, false]) {
      await sync((tx) => tx.putDocument('d', value));
      assert.deepEqual(await read.document('d'), value);
    }
    await sync((tx) => tx.putDocument('d', null));
    assert.equal(await read.document('d'), null);
    assert.deepEqual(await read.documents(''), []);
  });

  test('documents are found by the beginning of their name, in order of the name', async () => {
    const { sync, read } = await fixture(open);
    await sync(async (tx) => {
      for (const name of ['a/2', 'a/\u{1f600}', 'a/\uff21', 'a0', 'A/1', 'a/1', 'b/1', 'a']) {
        await tx.putDocument(name, name);
      }
    });
    const found = async (prefix: string) => (await read.documents(prefix)).map(({ name, value }) => [name, value]);
    const all = ['a/1', 'a/2', 'a/\uff21', 'a/\u{1f600}'];
    assert.deepEqual(
      await found('a/'),
      all.map((name) => [name, name]),
    );
    assert.equal((await found('')).length, 8);
    assert.deepEqual(await found('c'), []);
  });

  test('wildcards in the beginning of a name mean themselves', async () => {
    const { sync, read } = await fixture(open);
    await sync((tx) => tx.putDocument('a_c/1', 1));
    await sync((tx) => tx.putDocument('abc/1', 2));
    await sync((tx) => tx.putDocument('a*c/1', 3));
    const values = async (prefix: string) => (await read.documents(prefix)).map(({ value }) => value);
    assert.deepEqual(await values('a_c/'), [1]);
    assert.deepEqual(await values('a*'), [3]);
    assert.deepEqual(await values('%'), []);
  });
}

function operationContract(open: OpenStore): void {
  test('an operation is read as it was written, and replaced', async () => {
    const { sync, read } = await fixture(open);
    assert.equal(await read.doneOperation('p/o'), null);
    for (const operation of [
      { name: 'p/o', at: 5, result: { status: 1, ids: ['x'] } },
      { name: 'p/o', at: 6, result: null },
    ]) {
      await sync((tx) => tx.putDoneOperation(operation));
      assert.deepEqual(await read.doneOperation('p/o'), operation);
    }
  });

  test('an operation is removed by its name', async () => {
    const { sync, read } = await fixture(open);
    await sync((tx) => tx.putDoneOperation({ name: 'a', at: 5, result: 1 }));
    await sync((tx) => tx.putDoneOperation({ name: 'b', at: 5, result: 2 }));
    await sync((tx) => tx.removeDoneOperation('a'));
    assert.equal(await read.doneOperation('a'), null);
    assert.deepEqual(await read.doneOperation('b'), { name: 'b', at: 5, result: 2 });
  });

  test('operations done before a moment are dropped and counted', async () => {
    const { sync, read } = await fixture(open);
    await sync(async (tx) => {
      for (const at of [99, 98, 100, 101]) await tx.putDoneOperation({ name: `o${at}`, at, result: at });
    });
    assert.equal(await sync((tx) => tx.dropDoneOperations(100)), 2);
    assert.equal(await sync((tx) => tx.dropDoneOperations(100)), 0);
    const left = [];
    for (const at of [98, 99, 100, 101]) left.push((await read.doneOperation(`o${at}`))?.result ?? null);
    assert.deepEqual(left, [null, null, 100, 101]);
  });
}

async function putOneOfEach(tx: SyncWriter): Promise<void> {
  await tx.putDevice(deviceOf('abc'));
  await tx.putDocument('abc/d', 1);
  await tx.putDoneOperation({ name: 'abc/o', at: 1, result: 1 });
}

function transactionContract(open: OpenStore): void {
  test('what a failed transaction wrote was seen by itself only, and is gone', async () => {
    const { sync, read } = await fixture(open);
    const work = sync(async (tx) => {
      await putOneOfEach(tx);
      assert.deepEqual(ids(await tx.devices()), ['abc']);
      assert.equal((await tx.deviceByAlias('abc'))?.id, 'abc');
      assert.equal((await tx.documents('abc/')).length, 1);
      assert.equal((await tx.doneOperation('abc/o'))?.result, 1);
      throw new RangeError('no');
    });
    await assert.rejects(work, RangeError);
    assert.deepEqual(await read.devices(), []);
    assert.equal(await read.deviceByAlias('abc'), null);
    assert.deepEqual(await read.documents(''), []);
    assert.equal(await read.doneOperation('abc/o'), null);
  });

  test('what a failed transaction removed is there again', async () => {
    const { sync, read } = await fixture(open);
    await sync(putOneOfEach);
    const work = sync(async (tx) => {
      await tx.removeDevice('abc');
      assert.equal(await tx.deviceByAlias('abc'), null);
      throw new RangeError('no');
    });
    await assert.rejects(work, RangeError);
    assert.equal((await read.deviceByAlias('abc'))?.id, 'abc');
    assert.equal(await read.document('abc/d'), 1);
    assert.equal((await read.doneOperation('abc/o'))?.result, 1);
  });

  test('devices take no stamp and publish nothing', async () => {
    const { store, sync, read } = await fixture(open);
    const [{ head }, published] = [await read.mailbox(), store.published.length];
    await sync(putOneOfEach);
    await sync((tx) => tx.removeDevice('abc'));
    assert.equal((await read.mailbox()).head, head);
    assert.equal(store.published.length, published);
  });

  test('another mailbox sees nothing, and may have the same names', async () => {
    const { store, sync, read } = await fixture(open);
    await sync(putOneOfEach);
    const otherId = await store.mailboxes.createMailbox();
    const other = store.syncState.read(otherId);
    assert.deepEqual(await other.devices(), []);
    assert.equal(await other.deviceByAlias('abc'), null);
    assert.deepEqual(await other.documents(''), []);
    assert.equal(await other.document('abc/d'), null);
    assert.equal(await other.doneOperation('abc/o'), null);
    await store.syncState.write(otherId, CLIENT_ORIGIN, async (tx) => {
      await putOneOfEach(tx);
      await tx.dropDoneOperations(10);
      await tx.removeDevice('abc');
    });
    assert.deepEqual(ids(await read.devices()), ['abc']);
    assert.equal(await read.document('abc/d'), 1);
    assert.equal((await read.doneOperation('abc/o'))?.result, 1);
  });

  test('a removed mailbox leaves nothing of its devices', async () => {
    const { store, mailboxId, sync, read } = await fixture(open);
    await sync(putOneOfEach);
    await store.mailboxes.removeMailbox(mailboxId);
    assert.deepEqual(await read.devices(), []);
    assert.equal(await read.deviceByAlias('abc'), null);
    assert.deepEqual(await read.documents(''), []);
    assert.equal(await read.doneOperation('abc/o'), null);
  });

  test('what was kept of a finished transaction refuses to write', async () => {
    const { sync } = await fixture(open);
    const kept = await sync(async (tx) => ({ tx }));
    await assert.rejects(kept.tx.putDocument('d', 1), TypeError);
    await assert.rejects(kept.tx.devices(), TypeError);
  });

  test('devices outlive a close, where anything does', async () => {
    const { store, mailboxId, sync } = await fixture(open);
    await sync(putOneOfEach);
    const again = (await store.reopen?.()) ?? store;
    const read = again.syncState.read(mailboxId);
    assert.deepEqual(await read.devices(), [deviceOf('abc')]);
    assert.equal(await read.document('abc/d'), 1);
    assert.equal((await read.doneOperation('abc/o'))?.result, 1);
    assert.deepEqual(await again.mailboxes.verify(), []);
  });
}

function ids(devices: readonly Device[]): string[] {
  return devices.map(({ id }) => id);
}

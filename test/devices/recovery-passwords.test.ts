import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DEVICE_POLICIES_SETTING } from '../../src/config/device-policies.ts';
import { DEVICE_POLICY_SETTING } from '../../src/config/device-policy.ts';
import { createRecoveryPasswords } from '../../src/devices/recovery-passwords.ts';
import { createTextSeal } from '../../src/devices/sealed-text.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import type { Device, DeviceWipe } from '../../src/store/device-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import type { Stores } from '../../src/store/stores.ts';
import { registered } from '../contract/device-register.ts';
import { keepingLog, temporaryFolder } from '../server/support/start.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';

const ANN = 'ann@example.org';
const ON = { settings: { PasswordRecoveryEnabled: '1' } };
const ADAPTERS = ['memory', 'sqlite'] as const;

async function bench(t: TestContext, adapter: (typeof ADAPTERS)[number] = 'memory') {
  const clock = fakeClock();
  const random = seededRandom(9).bytes;
  const folder = temporaryFolder(t);
  const parts = { clock, random, publish() {} };
  const sqlite =
    adapter === 'sqlite' ? openSqliteStores({ ...parts, path: join(folder, 'store.db'), log: SILENT_LOG }) : null;
  if (sqlite !== null) t.after(() => sqlite.close());
  const stores: Pick<Stores, 'syncState' | 'directory' | 'mailboxes'> = sqlite ?? createMemoryStores(parts);
  const { syncState, directory, mailboxes } = stores;
  const logged = keepingLog();
  const over = (key: number) =>
    createRecoveryPasswords({
      ...{ syncState, directory, clock, log: logged.log },
      seal: createTextSeal(Buffer.alloc(32, key), random),
    });
  const mailboxId = await mailboxes.createMailbox();
  const put = async (device: Device) => {
    await syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
    return device;
  };
  const device = await put(registered('phone', ANN, 1));
  const policy = (value: unknown) => directory.setSetting(DEVICE_POLICY_SETTING, value, 'test');
  const documents = async () => (await syncState.read(mailboxId).documents('')).map(({ name }) => name);
  return { ...stores, recovery: over(1), over, clock, folder, logged, mailboxId, put, device, policy, documents };
}

const none = (why: RegExp) => (error: Error & { code?: string }) => {
  assert.deepEqual([error.code, why.test(error.message)], ['item-not-found', true], error.message);
  return true;
};

for (const adapter of ADAPTERS) {
  test(`${adapter}: a password is kept for its device, replaced by a later one, taken away by an empty one`, async (t) => {
    const { recovery, mailboxId, device, put, policy, clock, documents } = await bench(t, adapter);
    await policy(ON);
    const tablet = await put(registered('tablet', ANN, 1));
    await recovery.deposit(mailboxId, device, 'first');
    await recovery.deposit(mailboxId, tablet, 'other');
    const [first, later] = [clock.now(), clock.now() + 60_000];
    assert.deepEqual(await recovery.read(mailboxId, device), { password: 'first', depositedAt: first });
    clock.advance(60_000);
    await recovery.deposit(mailboxId, device, 'second');
    assert.deepEqual(await recovery.read(mailboxId, device), { password: 'second', depositedAt: later });
    assert.equal(await recovery.depositedAt(mailboxId, device), later);
    assert.deepEqual(await recovery.read(mailboxId, tablet), { password: 'other', depositedAt: first });
    await recovery.deposit(mailboxId, device, '');
    await assert.rejects(recovery.read(mailboxId, device), none(/has not deposited one/));
    assert.equal(await recovery.depositedAt(mailboxId, device), null);
    assert.deepEqual(await documents(), ['tablet/recovery-password']);
  });

  test(`${adapter}: it goes with its device, and a device of the same name finds nothing`, async (t) => {
    const { recovery, mailboxId, device, put, policy, syncState, documents } = await bench(t, adapter);
    await policy(ON);
    await recovery.deposit(mailboxId, device, 'secret');
    await syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.removeDevice(device.id));
    assert.deepEqual(await documents(), []);
    await put(device);
    await assert.rejects(recovery.read(mailboxId, device), none(/has not deposited one/));
  });

  test(`${adapter}: it is forgotten once no policy asks for it, and only then`, async (t) => {
    const { recovery, mailboxId, device, put, directory, policy, documents, logged } = await bench(t, adapter);
    await policy(ON);
    const tablet = await put(registered('tablet', ANN, 1));
    for (const one of [device, tablet]) await recovery.deposit(mailboxId, one, 'secret');
    assert.equal(await recovery.forgetUnasked(mailboxId), 0);
    await directory.setSetting(DEVICE_POLICIES_SETTING, { devices: { [ANN]: { tablet: {} } } }, 'test');
    await assert.rejects(recovery.read(mailboxId, tablet), none(/does not ask for one/));
    assert.deepEqual(await documents(), ['phone/recovery-password', 'tablet/recovery-password']);
    assert.deepEqual([await recovery.forgetUnasked(mailboxId), await recovery.forgetUnasked(mailboxId)], [1, 0]);
    assert.deepEqual(await documents(), ['phone/recovery-password']);
    assert.deepEqual(
      logged.find('recovery password forgotten').map(({ log, user, device: about }) => [log, user, about]),
      [['security', ANN, tablet.shownId]],
    );
    assert.equal((await recovery.read(mailboxId, device)).password, 'secret');
  });
}

test('while the policy is off nothing is shown nor said to be there; on again before the daily work, it is there', async (t) => {
  const { recovery, mailboxId, device, policy } = await bench(t);
  assert.equal(await recovery.areKeptFor(device), false);
  await policy(ON);
  assert.equal(await recovery.areKeptFor(device), true);
  await recovery.deposit(mailboxId, device, 'secret');
  await policy({ settings: { DevicePasswordEnabled: '1' } });
  assert.deepEqual([await recovery.areKeptFor(device), await recovery.depositedAt(mailboxId, device)], [false, null]);
  await assert.rejects(recovery.read(mailboxId, device), none(/does not ask for one \(PasswordRecoveryEnabled\)/));
  await policy(ON);
  assert.equal((await recovery.read(mailboxId, device)).password, 'secret');
});

test('what another key sealed, or was put under another device, is not opened; the file that is missing is named', async (t) => {
  const { recovery, over, mailboxId, device, put, policy, syncState } = await bench(t);
  await policy(ON);
  await recovery.deposit(mailboxId, device, 'secret');
  await assert.rejects(over(2).read(mailboxId, device), none(/another key than recovery\.key/));
  const tablet = await put(registered('tablet', ANN, 1));
  await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    await tx.putDocument('tablet/recovery-password', await tx.document('phone/recovery-password'));
  });
  await assert.rejects(recovery.read(mailboxId, tablet), none(/another key/));
});

test('of a device that was removed or wiped while it deposited, nothing is kept', async (t) => {
  const { recovery, mailboxId, device, put, policy, syncState, documents } = await bench(t);
  await policy(ON);
  const gone = { code: 'store-unavailable', message: /removed or wiped meanwhile/ };
  await put({ ...device, wipe: { state: 'acknowledged' } as DeviceWipe });
  await assert.rejects(recovery.deposit(mailboxId, device, 'secret'), gone);
  await syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.removeDevice(device.id));
  await assert.rejects(recovery.deposit(mailboxId, device, 'secret'), gone);
  assert.deepEqual(await documents(), []);
});

test('the store and the log hold no word of it; the log says that it came and went', async (t) => {
  const { recovery, mailboxId, device, policy, logged, folder } = await bench(t, 'sqlite');
  await policy(ON);
  await recovery.deposit(mailboxId, device, 'Zeppelinfahrt');
  await recovery.read(mailboxId, device);
  await recovery.deposit(mailboxId, device, '');
  for (const name of ['store.db', 'store.db-wal']) {
    const content = readFileSync(join(folder, name));
    assert.ok(!content.includes('Zeppelinfahrt') && !content.includes(Buffer.from('Zeppelinfahrt').toString('base64')));
  }
  assert.ok(!JSON.stringify(logged.lines).includes('Zeppelin'));
  assert.deepEqual(
    logged.lines.map(({ log, message, user, device: about }) => [log, message, user, about]),
    [
      ['security', 'device deposited a recovery password', ANN, device.shownId],
      ['security', 'device took its recovery password away', ANN, device.shownId],
    ],
  );
});

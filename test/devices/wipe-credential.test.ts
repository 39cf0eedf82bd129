import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeviceGate } from '../../src/devices/device-gate.ts';
import { markSilentWipes } from '../../src/devices/silent-wipes.ts';
import { beginWipe } from '../../src/devices/wipe.ts';
import { isPassword, keepCredential, wipeCredentials } from '../../src/devices/wipe-credential.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';

async function bench() {
  const clock = fakeClock();
  const stores = createMemoryStores({ clock, random: (length) => new Uint8Array(length), publish() {} });
  const mailboxId = await stores.mailboxes.createMailbox();
  const gate = createDeviceGate({ ...stores, clock, log: SILENT_LOG });
  const ann = { userId: 1, localPart: 'ann', domain: 'example.org', displayName: null, mailboxId, isAdmin: false };
  const come = (id: string, credential: string) => {
    const contact = { protocol: 'activesync', aliases: [id] as [string], shownId: id, type: '', agent: '' };
    return gate.admit({ ...ann, credential }, { ...contact, version: null, remoteAddress: '' });
  };
  const keep = (hash: string, isMeant = isPassword) => keepCredential(stores.syncState, mailboxId, hash, isMeant);
  const wipe = (id: string) =>
    stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      const word = { who: 'admin', why: 'lost', at: clock.now() };
      const how = { kind: 'full', method: 'full', needsConsent: false } as const;
      await tx.putDevice(beginWipe((await tx.deviceByAlias(id))!, word, how));
    });
  const kept = async () => {
    const all = await wipeCredentials(stores.syncState.read(mailboxId));
    return all.flatMap(({ device, passwordHash }) => (passwordHash === null ? [] : [{ device, passwordHash }]));
  };
  return { clock, stores, mailboxId, come, keep, wipe, kept };
}

test('the hash that a device came with last is kept when it is replaced, and counts only once its wipe is under way', async () => {
  const { come, keep, wipe, kept } = await bench();
  await come('phone', 'password:1');
  await keep('first');
  assert.deepEqual(await kept(), []);
  await wipe('phone');
  assert.deepEqual(await kept(), [{ device: 'phone', passwordHash: 'first' }]);
});

test('a hash kept earlier stays: the device never came with the later one', async () => {
  const { come, keep, wipe, kept } = await bench();
  await come('phone', 'password:1');
  await keep('first');
  await come('tablet', 'password:2');
  await keep('second');
  await wipe('phone');
  await wipe('tablet');
  assert.deepEqual(await kept(), [
    { device: 'phone', passwordHash: 'first' },
    { device: 'tablet', passwordHash: 'second' },
  ]);
});

test('a device that is let in with another credential needs no earlier one', async () => {
  const { come, keep, wipe, kept } = await bench();
  await come('phone', 'password:1');
  await keep('first');
  await come('phone', 'password:2');
  await wipe('phone');
  assert.deepEqual(await kept(), []);
});

test('only what the hash stands behind is kept: a password of its own is not the account’s', async () => {
  const { come, keep, wipe, kept, stores, mailboxId } = await bench();
  await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.putAppPassword({
      ...{ id: '9', digest: 'd', label: 'Phone', protocols: null, createdAt: 0, createdBy: 'ann' },
      ...{ device: null, lastUsedAt: null, lastUsedFrom: null, revokedAt: null },
    }),
  );
  await come('phone', 'app:9');
  await keep('first');
  await wipe('phone');
  assert.deepEqual(await kept(), []);
  await keep('own', (credential) => credential === 'app:9');
  assert.deepEqual(await kept(), [{ device: 'phone', passwordHash: 'own' }]);
});

test('the daily work marks each silent wipe once, after the days that are set', async () => {
  const { clock, stores, come, wipe, mailboxId } = await bench();
  const lines: string[] = [];
  const write = (_: unknown, message: string) => void lines.push(message);
  const parts = { ...stores, clock, log: { debug: write, info: write, warn: write, error: write } };
  for (const id of ['phone', 'tablet', 'other']) await come(id, 'password:1');
  await wipe('phone');
  await wipe('tablet');
  await stores.directory.setSetting('devices.wipe', { silentAfterDays: 2 }, 'test');
  clock.advance(2 * 86_400_000 - 1);
  assert.equal(await markSilentWipes(parts, stores.devices), 0);
  clock.advance(1);
  assert.equal(await markSilentWipes(parts, stores.devices), 2);
  assert.equal(await markSilentWipes(parts, stores.devices), 0);
  assert.deepEqual(lines, Array(2).fill('device does not answer its wipe'));
  const states = (await stores.syncState.read(mailboxId).devices()).map(({ id, wipe: one }) => [id, one?.state]);
  assert.deepEqual(states, [
    ['other', undefined],
    ['phone', 'silent'],
    ['tablet', 'silent'],
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_ACCESS_SETTING } from '../../src/config/device-access.ts';
import { revokeAppPasswords, revokeAppPasswordsOf, tellRevoked } from '../../src/devices/app-passwords.ts';
import type { DeviceContact } from '../../src/devices/contact.ts';
import { createDeviceGate } from '../../src/devices/device-gate.ts';
import { webClient } from '../../src/devices/web-client.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { appCredential, type Principal, passwordCredential } from '../../src/domain/principal.ts';
import type { Log } from '../../src/observe/log.ts';
import type { AppPassword } from '../../src/store/app-password-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';

const MINUTE = 60_000;

interface Line {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

async function bench() {
  const clock = fakeClock();
  const stores = createMemoryStores({ clock, random: (length) => new Uint8Array(length), publish() {} });
  const lines: Line[] = [];
  const write: Log['info'] = (fields, message) => void lines.push({ fields, message });
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const parts = { ...stores, clock, log };
  const gate = createDeviceGate(parts);
  const mailboxId = await stores.mailboxes.createMailbox();
  const base = { userId: 1, localPart: 'ann', domain: 'example.org', displayName: null, mailboxId, isAdmin: false };
  const by = (id: string): Principal => ({ ...base, credential: appCredential(id) });
  const byPassword: Principal = { ...base, credential: passwordCredential(3) };
  const put = (id: string, more: Partial<AppPassword> = {}) => {
    const made = { id, digest: id, label: `for ${id}`, protocols: null, createdAt: 1, createdBy: 'ann', ...more };
    const entry = { device: null, lastUsedAt: null, lastUsedFrom: null, revokedAt: null, ...made };
    return stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putAppPassword(entry));
  };
  await put('p1');
  const reader = stores.syncState.read(mailboxId);
  const reason = async (principal: Principal, contact: DeviceContact, isProbe = false) =>
    (await gate.admit(principal, contact, isProbe)).refusal?.reason ?? null;
  const refusals = () => lines.filter(({ message }) => message === 'an app password was refused');
  return { clock, stores, lines, parts, gate, mailboxId, by, byPassword, put, reader, reason, refusals };
}

function phone(id: string, more: Partial<DeviceContact> = {}): DeviceContact {
  const facts = { protocol: 'activesync', shownId: id, type: 'T', agent: 'A/1', version: '14.1' };
  return { ...facts, aliases: [id], remoteAddress: '192.0.2.1', ...more };
}

test('the first device that an app password lets in is the only one, by every spelling of its id', async () => {
  const { by, reason, reader, refusals } = await bench();
  assert.equal(await reason(by('p1'), phone('abc')), null);
  assert.deepEqual((await reader.appPassword('p1'))?.device, { protocol: 'activesync', id: 'abc', kin: null });
  assert.equal(await reason(by('p1'), phone('616263', { aliases: ['616263', 'abc'] })), null);
  assert.equal(await reason(by('p1'), phone('def')), 'other-device');
  assert.equal(await reader.deviceByAlias('def'), null);
  const { user, device, boundTo, appPassword } = refusals()[0]!.fields;
  assert.deepEqual([user, device, boundTo, appPassword], ['ann@example.org', 'def', 'abc', 'p1']);
});

test('of two devices that come first at once one is let in', async () => {
  const { by, reason, reader, refusals } = await bench();
  const reasons = await Promise.all(['abc', 'def'].map((id) => reason(by('p1'), phone(id))));
  assert.deepEqual(reasons, [null, 'other-device']);
  assert.deepEqual(
    (await reader.devices()).map(({ id }) => id),
    ['abc'],
  );
  assert.equal(refusals().length, 1);
});

test('an app password for some protocols does for no other, at OPTIONS neither', async () => {
  const { gate, by, put, reason, reader } = await bench();
  await put('p2', { protocols: ['webdav'] });
  assert.equal(await reason(by('p2'), phone('abc')), 'password-misfit');
  assert.match((await gate.protocolRefusal(by('p2'), 'activesync'))?.message ?? '', /for webdav, not for activesync/);
  assert.equal(await gate.protocolRefusal(by('p2'), 'webdav'), null);
  assert.equal((await reader.appPassword('p2'))?.device, null);
  assert.equal(await reason(by('p2'), webClient('webdav', 'DAVx5/4', '192.0.2.1')), null);
});

test('a device keeps by what it was let in last, for whoever must know it later', async () => {
  const { gate, by, byPassword, reader } = await bench();
  for (const [principal, credential] of [
    [byPassword, 'password:3'],
    [by('p1'), 'app:p1'],
  ] as const) {
    await gate.admit(principal, phone('abc'));
    assert.equal((await reader.deviceByAlias('abc'))?.credential, credential);
  }
});

test('the last use is written at most every ten minutes, unless the address is another', async () => {
  const { gate, by, reader, clock } = await bench();
  const use = async (remoteAddress = '192.0.2.1') => {
    await gate.admit(by('p1'), phone('abc', { remoteAddress }));
    const { lastUsedAt, lastUsedFrom } = (await reader.appPassword('p1'))!;
    return [lastUsedAt, lastUsedFrom];
  };
  const at = clock.now();
  assert.deepEqual(await use(), [at, '192.0.2.1']);
  clock.advance(9 * MINUTE);
  assert.deepEqual(await use(), [at, '192.0.2.1']);
  assert.deepEqual(await use('192.0.2.9'), [at + 9 * MINUTE, '192.0.2.9']);
  clock.advance(10 * MINUTE);
  assert.deepEqual(await use('192.0.2.9'), [at + 19 * MINUTE, '192.0.2.9']);
});

test('a device that is not let in takes no app password for itself, nor costs a write a request', async () => {
  const { by, reason, reader, stores, parts, put } = await bench();
  const rules = [{ match: { type: 'Bad' }, access: 'quarantine' }];
  await stores.directory.setSetting(DEVICE_ACCESS_SETTING, { rules, maximumPerUser: 1 }, 'test');
  assert.equal(await reason(by('p1'), phone('abc', { type: 'Bad' })), 'quarantined');
  assert.equal((await reader.appPassword('p1'))?.device, null);
  const write = () => Promise.reject(new Error('a write'));
  const gate = createDeviceGate({ ...parts, syncState: { ...stores.syncState, write } });
  assert.equal((await gate.admit(by('p1'), phone('abc', { type: 'Bad' }))).refusal?.reason, 'quarantined');
  await put('p2');
  assert.equal(await reason(by('p2'), phone('def')), 'too-many');
  assert.equal((await reader.appPassword('p2'))?.device, null);
});

test('a probe passes before the first use and leaves the app password free; afterwards it would read for a thief', async () => {
  const { by, reason, reader } = await bench();
  assert.equal(await reason(by('p1'), phone('validate'), true), null);
  assert.equal((await reader.appPassword('p1'))?.device, null);
  await reason(by('p1'), phone('abc'));
  assert.equal(await reason(by('p1'), phone('validate'), true), 'other-device');
});

test('the same program at two people’s hands is two clients when each has an app password', async () => {
  const { by, byPassword, put, reason, reader } = await bench();
  await put('p2');
  for (const principal of [by('p1'), by('p2'), byPassword]) {
    const contact = webClient('webdav', 'DAVx5/4.3', '192.0.2.1', principal.credential);
    assert.equal(await reason(principal, contact), null);
  }
  const ids = (await reader.devices()).map(({ id }) => id);
  assert.deepEqual(ids, ['webdav:davx5', 'webdav:davx5:p1', 'webdav:davx5:p2']);
});

test('the programs of one Apple device share its account; another program does not', async () => {
  const { by, reason } = await bench();
  const { credential } = by('p1');
  const come = (agent: string) => reason(by('p1'), webClient('webdav', agent, '192.0.2.1', credential));
  for (const program of ['accountsd', 'dataaccessd', 'remindd']) {
    assert.equal(await come(`iOS/17.0 (21A329) ${program}/1.0`), null, program);
  }
  for (const agent of ['macOS/13.4 (22F66) CalendarAgent/988', 'DAVx5/4.3', '']) {
    assert.equal(await come(agent), 'other-device', agent);
  }
});

test('another program is another client, whatever the version', async () => {
  const { by, reason } = await bench();
  const { credential } = by('p1');
  const come = (agent: string) => reason(by('p1'), webClient('webdav', agent, '192.0.2.1', credential));
  assert.equal(await come('DAVx5/4.3'), null);
  assert.equal(await come('DAVx5/4.4'), null);
  assert.equal(await come('Evolution/3.48'), 'other-device');
});

test('an app password that ended between sign-in and gate is refused', async () => {
  const { by, put, reason } = await bench();
  await put('p2', { revokedAt: 5 });
  assert.equal(await reason(by('p2'), phone('abc')), 'password-misfit');
  assert.equal(await reason(by('gone'), phone('abc')), 'password-misfit');
});

test('a refusal is told once in ten minutes for the same client', async () => {
  const { by, reason, refusals, clock } = await bench();
  await reason(by('p1'), phone('abc'));
  for (const id of ['def', 'def', 'ghi']) await reason(by('p1'), phone(id));
  assert.equal(refusals().length, 2);
  clock.advance(10 * MINUTE);
  await reason(by('p1'), phone('def'));
  assert.equal(refusals().length, 3);
});

test('a disk too full to note a use keeps no device out but the wrong one', async () => {
  const { parts, by, stores, gate } = await bench();
  const write = () => Promise.reject(new GatewayError('storage-full', { reason: 'test' }));
  const full = createDeviceGate({ ...parts, syncState: { ...stores.syncState, write } });
  assert.equal((await full.admit(by('p1'), phone('abc'))).refusal, null);
  await gate.admit(by('p1'), phone('abc'));
  assert.equal((await full.admit(by('p1'), phone('def'))).refusal?.reason, 'other-device');
});

test('revokeAppPasswordsOf ends what is bound to a device or let it in last, and nothing else', async () => {
  const { parts, gate, by, put, reader, mailboxId, lines } = await bench();
  for (const id of ['p2', 'p3', 'p4']) await put(id);
  const mac = (id: string, program: string) =>
    webClient('webdav', `macOS/13 ${program}/1`, '192.0.2.1', by(id).credential);
  await gate.admit(by('p1'), phone('abc'));
  await gate.admit(by('p2'), phone('abc'));
  await gate.admit(by('p3'), mac('p3', 'accountsd'));
  await gate.admit(by('p3'), mac('p3', 'CalendarAgent'));
  await gate.admit(by('p4'), phone('def'));
  const { clock, log, syncState } = parts;
  const revokeOf = async (device: string) => {
    const revoke = syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => revokeAppPasswordsOf(tx, device, clock.now()));
    tellRevoked(log, await revoke, 'with its device');
    return (await revoke).length;
  };
  assert.equal(await revokeOf('abc'), 2);
  assert.equal(await revokeOf('webdav:macos-calendaragent:p3'), 1);
  assert.equal(await revokeOf('nothing'), 0);
  const valid = (await reader.appPasswords()).filter(({ revokedAt }) => revokedAt === null);
  assert.deepEqual(
    valid.map(({ id }) => id),
    ['p4'],
  );
  assert.equal(lines.filter(({ message }) => message === 'app password revoked').length, 3);
});

test('the last twenty that ended are kept, and what a device was let in by last', async () => {
  const { stores, mailboxId, put, reader, gate, by } = await bench();
  await gate.admit(by('p1'), phone('abc'));
  await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => revokeAppPasswords(tx, 0, () => true));
  for (let n = 0; n < 25; n += 1) {
    await put(`q${n}`);
    const which = ({ id }: AppPassword) => id === `q${n}`;
    await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => revokeAppPasswords(tx, n, which));
  }
  const ended = (await reader.appPasswords()).filter(({ revokedAt }) => revokedAt !== null);
  const kept = Array.from({ length: 20 }, (_, n) => `q${n + 5}`);
  assert.deepEqual(ended.map(({ id }) => id).toSorted(), ['p1', ...kept].toSorted());
});

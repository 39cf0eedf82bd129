import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_ACCESS_SETTING } from '../../src/config/device-access.ts';
import { USER_GROUPS_SETTING } from '../../src/config/user-groups.ts';
import { applyAccess } from '../../src/devices/apply-access.ts';
import type { DeviceContact } from '../../src/devices/contact.ts';
import { createDeviceGate } from '../../src/devices/device-gate.ts';
import { noticingGate } from '../../src/devices/noticing-gate.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { Log } from '../../src/observe/log.ts';
import type { Device } from '../../src/store/device-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';

async function bench() {
  const clock = fakeClock();
  const stores = createMemoryStores({ clock, random: (length) => new Uint8Array(length), publish() {} });
  const lines: string[] = [];
  const write = (_: unknown, message: string) => void lines.push(message);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const parts = { ...stores, clock, log };
  const gate = createDeviceGate(parts);
  const mailboxId = await stores.mailboxes.createMailbox();
  const ann = { userId: 1, localPart: 'ann', domain: 'example.org', displayName: null, mailboxId, isAdmin: false };
  const set = (key: string, value: unknown) => stores.directory.setSetting(key, value, 'test');
  const device = (id = 'abc') => stores.syncState.read(mailboxId).deviceByAlias(id);
  const put = (changed: Device) => stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(changed));
  return { clock, stores, lines, parts, gate, ann, set, device, put };
}

function contactOf(id = 'abc', more: Partial<DeviceContact> = {}): DeviceContact {
  const facts = {
    protocol: 'activesync',
    shownId: id.toUpperCase(),
    type: 'iPhone',
    agent: 'Apple/1',
    version: '14.1',
  };
  return { ...facts, aliases: [id], remoteAddress: '192.0.2.1', ...more };
}

test('a client is registered at its first contact, with its owner, and let in', async () => {
  const { gate, ann, device, lines, clock } = await bench();
  const { refusal } = await gate.admit(ann, contactOf());
  const kept = (await device())!;
  assert.equal(refusal, null);
  assert.deepEqual([kept.owner, kept.firstSeenAt, kept.access?.state], ['ann@example.org', clock.now(), 'allowed']);
  assert.deepEqual(lines, ['device registered']);
});

test('a contact is written at most every ten minutes, unless the client says something new of itself', async () => {
  const { gate, ann, device, clock } = await bench();
  const at = clock.now();
  await gate.admit(ann, contactOf());
  clock.advance(9 * 60_000);
  await gate.admit(ann, contactOf());
  assert.equal((await device())!.lastSeenAt, at);
  await gate.admit(ann, contactOf('abc', { remoteAddress: '192.0.2.9' }));
  assert.equal((await device())!.lastSeenAt, at + 9 * 60_000);
  clock.advance(10 * 60_000);
  await gate.admit(ann, contactOf('abc', { remoteAddress: '192.0.2.9' }));
  assert.equal((await device())!.lastSeenAt, at + 19 * 60_000);
});

test('spellings of one id are one device; another protocol is another', async () => {
  const { gate, ann, stores } = await bench();
  await gate.admit(ann, contactOf());
  await gate.admit(ann, contactOf('616263', { aliases: ['616263', 'abc'] }));
  assert.deepEqual(
    (await stores.syncState.read(ann.mailboxId).devices()).map(({ aliases }) => aliases),
    [['abc', '616263']],
  );
  await assert.rejects(gate.admit(ann, contactOf('abc', { protocol: 'webdav' })), { code: 'name-taken' });
});

test('the first rule that fits decides, by every part it names', async () => {
  const { gate, ann, set, put, device } = await bench();
  await gate.admit(ann, contactOf());
  await put({ ...(await device())!, information: { Model: 'iPhone7C2', OS: 'iOS 9.3' } });
  await set(USER_GROUPS_SETTING, { staff: ['ann@example.org'], others: ['bob@example.org'] });
  const all = {
    type: 'iphone',
    model: 'iphone7*',
    os: 'ios 9*',
    agent: 'apple/*',
    user: 'ANN@*',
    domain: 'example.org',
  };
  const match = { ...all, protocol: 'activesync', group: 'staff' };
  const allow = { match, access: 'allow' };
  await set(DEVICE_ACCESS_SETTING, { rules: [allow, { match: {}, access: 'block' }] });
  assert.equal((await gate.admit(ann, contactOf())).refusal, null);
  const others = { type: 'x', model: 'x', os: 'x', agent: 'x', user: 'x', domain: 'x', protocol: 'x', group: 'others' };
  for (const [part, other] of Object.entries(others)) {
    await set(DEVICE_ACCESS_SETTING, { rules: [{ ...allow, match: { ...match, [part]: other } }], default: 'block' });
    assert.equal((await gate.admit(ann, contactOf())).refusal?.reason, 'blocked', part);
  }
});

test('a device that a rule holds back is registered, told why, and let in when the rule goes', async () => {
  const { gate, ann, set, device, lines } = await bench();
  await set(DEVICE_ACCESS_SETTING, { rules: [{ access: 'quarantine', why: 'new devices are looked at' }] });
  const { refusal } = await gate.admit(ann, contactOf());
  assert.equal(refusal?.reason, 'quarantined');
  assert.match(refusal.message, /new devices are looked at/);
  await gate.admit(ann, contactOf());
  assert.deepEqual([(await device())!.access?.state, lines], ['quarantined', ['device quarantined']]);
  await set(DEVICE_ACCESS_SETTING, {});
  assert.equal((await gate.admit(ann, contactOf())).refusal, null);
  assert.equal((await device())!.access?.state, 'allowed');
});

test('an administrator’s word wins over every rule', async () => {
  const { gate, ann, set, put, device } = await bench();
  await gate.admit(ann, contactOf());
  for (const [state, rule, reason] of [
    ['allowed', 'block', undefined],
    ['blocked', 'allow', 'blocked'],
  ] as const) {
    await set(DEVICE_ACCESS_SETTING, { default: rule });
    await put({ ...(await device())!, access: { state, by: 'administrator', who: 'a', why: '', at: 1 } });
    assert.equal((await gate.admit(ann, contactOf())).refusal?.reason, reason);
  }
});

test('a device too many is not registered; blocked ones do not count, known ones stay', async () => {
  const { gate, ann, set, device, put } = await bench();
  await set(DEVICE_ACCESS_SETTING, { maximumPerUser: 1 });
  await gate.admit(ann, contactOf('abc'));
  const { refusal } = await gate.admit(ann, contactOf('def'));
  assert.equal(refusal?.reason, 'too-many');
  assert.equal(await device('def'), null);
  assert.equal((await gate.admit(ann, contactOf('abc'))).refusal, null);
  await put({ ...(await device())!, access: { state: 'blocked', by: 'administrator', who: 'a', why: '', at: 1 } });
  assert.equal((await gate.admit(ann, contactOf('def'))).refusal, null);
});

test('a protocol that is switched off for a person refuses before anything is registered', async () => {
  const { gate, ann, set, device } = await bench();
  const on = { match: { protocol: 'activesync', group: 'staff' }, on: true };
  await set(DEVICE_ACCESS_SETTING, { protocols: [on, { match: { domain: 'example.org' }, on: false }] });
  assert.equal((await gate.admit(ann, contactOf())).refusal?.reason, 'protocol-off');
  assert.equal(await device(), null);
  await set(USER_GROUPS_SETTING, { staff: ['ann@example.org'] });
  assert.equal((await gate.admit(ann, contactOf())).refusal, null);
  assert.equal((await gate.protocolRefusal(ann, 'webdav'))?.reason, 'protocol-off');
});

test('a probe is answered as its device would be, and leaves nothing', async () => {
  const { gate, ann, set, device } = await bench();
  await set(DEVICE_ACCESS_SETTING, { default: 'block' });
  assert.equal((await gate.admit(ann, contactOf(), true)).refusal?.reason, 'blocked');
  assert.equal(await device(), null);
});

test('a setting that is none is logged once, and the last good one stays in force', async () => {
  const { gate, ann, set, lines } = await bench();
  await set(DEVICE_ACCESS_SETTING, { default: 'block' });
  await set(DEVICE_ACCESS_SETTING, { default: 'perhaps' });
  for (const id of ['abc', 'abc']) assert.equal((await gate.admit(ann, contactOf(id))).refusal?.reason, 'blocked');
  assert.equal(lines.filter((line) => /cannot be used/.test(line)).length, 1);
});

test('new rules are applied to every registered device at once, and those that changed are told', async () => {
  const { gate, ann, set, parts, stores, device, put } = await bench();
  for (const id of ['abc', 'def', 'ghi']) await gate.admit(ann, contactOf(id, { type: id }));
  await put({ ...(await device('ghi'))!, access: { state: 'allowed', by: 'administrator', who: 'a', why: '', at: 1 } });
  await set(DEVICE_ACCESS_SETTING, { rules: [{ match: { type: 'abc' }, access: 'allow' }], default: 'block' });
  const { changed } = await applyAccess(parts, stores.devices);
  assert.deepEqual(
    changed.map(({ device: { id } }) => id),
    ['def'],
  );
  assert.equal(await stores.devices.count({ access: 'blocked' }), 1);
  assert.deepEqual(await applyAccess(parts, stores.devices), { changed: [], off: [] });
  await set(DEVICE_ACCESS_SETTING, { protocols: [{ match: { protocol: 'activesync' }, on: false }] });
  const { off } = await applyAccess(parts, stores.devices);
  assert.equal(off.length, 3);
});

test('a disk too full to note a contact keeps nobody out but whom the rules keep out', async () => {
  const { parts, ann, set, device } = await bench();
  const write = () => Promise.reject(new GatewayError('storage-full', { reason: 'test' }));
  const gate = createDeviceGate({ ...parts, syncState: { ...parts.syncState, write } });
  assert.equal((await gate.admit(ann, contactOf())).refusal, null);
  await set(DEVICE_ACCESS_SETTING, { default: 'block' });
  assert.equal((await gate.admit(ann, contactOf())).refusal?.reason, 'blocked');
  assert.equal(await device(), null);
});

test('a quarantine that is left to the owner ends by the owner’s word, for as long as the rules leave it so', async () => {
  const { gate, ann, set, put, device } = await bench();
  const state = async () => (await gate.admit(ann, contactOf())).device.access?.state;
  await set(DEVICE_ACCESS_SETTING, { default: 'quarantine', defaultApproval: 'user' });
  const { refusal } = await gate.admit(ann, contactOf());
  assert.match(refusal!.message, /its user .*or an administrator/);
  assert.equal((await device())!.access?.approval, 'user');
  await put({ ...(await device())!, access: { state: 'allowed', by: 'user', who: 'ann@example.org', why: '', at: 1 } });
  assert.equal(await state(), 'allowed');
  await set(DEVICE_ACCESS_SETTING, {});
  assert.equal(await state(), 'allowed');
  await set(DEVICE_ACCESS_SETTING, { rules: [{ access: 'quarantine', approval: 'user' }], default: 'block' });
  assert.deepEqual([await state(), (await device())!.access?.by], ['allowed', 'user']);
  await set(DEVICE_ACCESS_SETTING, { default: 'block' });
  assert.equal(await state(), 'blocked');
  await set(DEVICE_ACCESS_SETTING, { default: 'quarantine' });
  assert.equal(await state(), 'quarantined');
  assert.equal((await device())!.access?.approval, undefined);
});

test('whoever is to be told of a quarantined device is told when it comes, of no other and of no probe', async () => {
  const { gate, ann, set } = await bench();
  const told: string[] = [];
  const noticing = noticingGate(gate, async (_, { id }) => void told.push(id));
  await set(DEVICE_ACCESS_SETTING, { rules: [{ match: { type: 'odd' }, access: 'quarantine' }] });
  await noticing.admit(ann, contactOf('abc', { type: 'odd' }));
  await noticing.admit(ann, contactOf('def'));
  await noticing.admit(ann, contactOf('ghi', { type: 'odd' }), true);
  assert.deepEqual(told, ['abc']);
});

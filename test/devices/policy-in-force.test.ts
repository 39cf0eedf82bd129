import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_POLICIES_SETTING, readStoredPolicies } from '../../src/config/device-policies.ts';
import { DEVICE_POLICY_SETTING } from '../../src/config/device-policy.ts';
import { USER_GROUPS_SETTING } from '../../src/config/user-groups.ts';
import { isPolicyRequired, policiesInForce, policyFor } from '../../src/devices/policy-in-force.ts';
import { policyHash, policyStanding } from '../../src/devices/policy-standing.ts';
import type { Log } from '../../src/observe/log.ts';
import { NO_POLICY } from '../../src/store/device-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { registered } from '../contract/device-register.ts';
import { fakeClock } from '../support/fake-clock.ts';

const ANN = 'ann@example.org';

function bench() {
  const { directory } = createMemoryStores({
    clock: fakeClock(),
    random: (length) => new Uint8Array(length),
    publish() {},
  });
  const lines: string[] = [];
  const write = (_: unknown, message: string) => void lines.push(message);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  let reads = 0;
  const counted = {
    ...directory,
    setting: (key: string) => {
      reads += 1;
      return directory.setting(key);
    },
  };
  const set = (key: string, value: unknown) => directory.setSetting(key, value, 'test');
  const from = async (device = registered('phone', ANN, 1)) =>
    policyFor(await policiesInForce(counted, log), device).from;
  return { directory: counted, log, lines, set, from, reads: () => reads };
}

test('the most specific policy is in force; who is in several groups has that of the first by name', async () => {
  const { set, from } = bench();
  assert.deepEqual(await from(), { kind: 'everybody' });
  await set(USER_GROUPS_SETTING, { b: [ANN], a: [ANN], c: [ANN], none: [] });
  const stored = { domains: { 'example.org': {} } };
  await set(DEVICE_POLICIES_SETTING, stored);
  assert.deepEqual(await from(), { kind: 'domain', name: 'example.org' });
  await set(DEVICE_POLICIES_SETTING, { ...stored, groups: { c: {}, b: {}, gone: {} } });
  assert.deepEqual(await from(), { kind: 'group', name: 'b' });
  await set(DEVICE_POLICIES_SETTING, { ...stored, groups: { b: {} }, users: { [ANN]: {} } });
  assert.deepEqual(await from(), { kind: 'user', address: ANN });
  const devices = { [ANN]: { '70686f6e65': {} }, 'bob@example.org': { phone: {} } };
  await set(DEVICE_POLICIES_SETTING, { users: { [ANN]: {} }, devices });
  assert.deepEqual(await from(), { kind: 'user', address: ANN });
  const device = registered('phone', ANN, 1, { aliases: ['phone', '70686f6e65'] });
  assert.deepEqual(await from(device), { kind: 'device', address: ANN, device: '70686f6e65' });
});

test('names that every object has are no policies', async () => {
  const { set, from } = bench();
  await set(DEVICE_POLICIES_SETTING, { users: {} });
  for (const owner of ['constructor', 'toString@constructor', '']) {
    assert.deepEqual(await from(registered('constructor', owner, 1)), { kind: 'everybody' });
  }
});

test('policies are read once for any number of requests, and anew when a setting or a group changes', async () => {
  const { directory, log, set } = bench();
  await set(DEVICE_POLICIES_SETTING, { groups: { a: { required: true } } });
  const first = await policiesInForce(directory, log);
  assert.equal(await policiesInForce(directory, log), first);
  await set(USER_GROUPS_SETTING, { a: [ANN] });
  const second = await policiesInForce(directory, log);
  assert.notEqual(second, first);
  assert.equal(second.groupOf.get(ANN), 'a');
  await set(DEVICE_POLICY_SETTING, { required: true });
  assert.equal((await policiesInForce(directory, log)).everybody.required, true);
});

test('what is no policy is logged once, and the last ones that were good stay in force', async () => {
  const { set, from, lines } = bench();
  await set(DEVICE_POLICIES_SETTING, { users: { [ANN]: {} } });
  await set(DEVICE_POLICIES_SETTING, { users: { [ANN]: { required: 'yes' } }, groops: {} });
  assert.deepEqual(await from(), { kind: 'user', address: ANN });
  await from();
  assert.deepEqual(lines, ['Some device policies cannot be used']);
  const problems: string[] = [];
  readStoredPolicies({ users: { [ANN]: { required: 'yes' } }, groops: {}, devices: { [ANN]: [] } }, problems);
  assert.deepEqual(problems, [
    '"groops" is no part of devices.policies',
    `devices of ${ANN} is no object`,
    `${ANN} of users: required is neither true nor false`,
  ]);
});

test('a device is exempt from a required policy by what it says of itself', async () => {
  const { directory, log, set } = bench();
  await set(DEVICE_POLICY_SETTING, { required: true, exempt: [{ agent: 'Outlook/1*' }] });
  const { everybody } = await policiesInForce(directory, log);
  assert.equal(isPolicyRequired(everybody, registered('phone', ANN, 1)), true);
  assert.equal(isPolicyRequired(everybody, registered('pc', ANN, 1, { agent: 'Outlook/16.0 (x)' })), false);
});

test('how far a device came with its policy is told by what it acknowledged and what it said', async () => {
  const { directory, log, set } = bench();
  await set(DEVICE_POLICY_SETTING, { settings: { AllowCamera: false } });
  const { everybody } = await policiesInForce(directory, log);
  const hash = policyHash(everybody);
  const standing = (policy: Partial<typeof NO_POLICY>) =>
    policyStanding({ policy: { ...NO_POLICY, ...policy } }, everybody);
  assert.equal(standing({}), 'none');
  assert.equal(standing({ answer: 3 }), 'refused');
  assert.equal(standing({ key: 1, hash, answer: 1 }), 'current');
  assert.equal(standing({ key: 1, hash, answer: null }), 'current');
  assert.equal(standing({ key: 1, hash, answer: 2 }), 'partly');
  assert.equal(standing({ key: 1, hash, answer: 4 }), 'external');
  assert.equal(standing({ key: 1, hash: 'x', answer: 1 }), 'outdated');
});

test('a setting that a version never gets does not change the name of what it gets', async () => {
  const { directory, log, set } = bench();
  await set(DEVICE_POLICY_SETTING, { settings: { AllowCamera: false, AllowWiFi: false } });
  const { everybody } = await policiesInForce(directory, log);
  const camera = policyHash({ ...everybody, settings: { AllowCamera: '0' } });
  assert.equal(
    policyHash(everybody, (name) => name === 'AllowCamera'),
    camera,
  );
  assert.notEqual(policyHash(everybody), camera);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeviceFacts, deviceStatus, pushWords } from '../../src/admin/device-words.ts';
import type { DeviceAccess } from '../../src/store/device-store.ts';
import { registered } from '../contract/device-register.ts';

const DAY_MS = 86_400_000;
const NEVER = { state: 'never', since: null, heartbeatSeconds: null, wakeUps: [] } as const;
const WAITS = { ...NEVER, state: 'waiting', since: 1 } as const;

test('a device stands as the gravest that is known of it says', () => {
  const status = (facts: Partial<DeviceFacts> = {}, access?: Partial<DeviceAccess>) => {
    const decision: DeviceAccess = { state: 'allowed', by: 'rule', who: null, why: '', at: 1, ...access };
    const device = registered('phone', 'ann@example.org', 100, { access: decision });
    return deviceStatus(device, { standing: 'current', isFailing: false, waiting: NEVER, now: 100, ...facts });
  };
  const failed = { isFailing: true };
  assert.equal(status(), 'in use');
  assert.equal(status({ now: 100 + 14 * DAY_MS }), 'not seen for 14 days');
  assert.equal(status(failed), 'its last request failed');
  assert.equal(status({ ...failed, waiting: WAITS }), 'waits for changes');
  assert.equal(status({ waiting: WAITS, standing: 'outdated' }), 'fetches a new policy at its next request');
  assert.equal(status({ standing: 'refused' }), 'refused its policy');
  assert.equal(status({ standing: 'none' }), 'in use');
  const quarantined = { state: 'quarantined' } as const;
  assert.equal(status({ standing: 'refused' }, quarantined), 'waits until an administrator lets it in');
  assert.equal(status({}, { ...quarantined, approval: 'user' }), 'waits until its user lets it in');
  assert.equal(status(failed, { state: 'blocked' }), 'blocked');
});

test('every end of waiting is told in words, with the folders by their names', () => {
  const kinds = ['folders', 'time-over', 'newer', 'called', 'stopping', 'failed', 'left'] as const;
  const reasons = [...kinds.map((kind) => ({ kind })), { kind: 'changed', folders: [1, 2] } as const];
  const wakeUps = reasons.map((why, at) => ({ at, why }));
  const { state, wakeUps: told } = pushWords({ ...NEVER, wakeUps }, (id) => `folder ${id}`);
  assert.equal(state, 'never');
  assert.equal(told.at(-1)?.why, 'something changed in folder 1, folder 2');
  assert.equal(new Set(told.map(({ why }) => why)).size, reasons.length);
});

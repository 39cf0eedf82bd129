import { createHash } from 'node:crypto';
import type { DevicePolicy } from '../config/device-policy.ts';
import type { Device } from '../store/device-store.ts';

/**
 * How far a device has come with its policy. 'none': it never fetched one; 'current': it acknowledged this one; 'partly', 'refused',
 * 'external': what it said to it; 'outdated': it has another one and fetches this at its next request.
 */
export type PolicyStanding = 'none' | 'current' | 'partly' | 'refused' | 'external' | 'outdated';

/** What devices answer (MS-ASPROV §2.2.2.54.1), by its number. */
const ANSWERS: Readonly<Record<number, PolicyStanding>> = { 2: 'partly', 3: 'refused', 4: 'external' };

/**
 * Names the settings of a policy: devices that acknowledged another set must fetch it.
 * @param isSent Leaves out what a device is never sent, so that it does not fetch for ever.
 */
export function policyHash({ settings }: DevicePolicy, isSent: (setting: string) => boolean = () => true): string {
  const demanded = Object.entries(settings).filter(([name]) => isSent(name));
  const sorted = demanded.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 16);
}

/** By what it acknowledged and what it said of it. */
export function policyStanding({ policy: state }: Pick<Device, 'policy'>, policy: DevicePolicy): PolicyStanding {
  if (state.key === null) return ANSWERS[state.answer ?? 0] ?? 'none';
  if (state.hash !== policyHash(policy)) return 'outdated';
  return ANSWERS[state.answer ?? 0] ?? 'current';
}

import type { DeviceWaiting, WakeReason } from '../devices/device-activity.ts';
import type { PolicyStanding } from '../devices/policy-standing.ts';
import type { FolderId } from '../domain/folder.ts';
import type { Device, WipeState } from '../store/device-store.ts';
import type { DevicePush } from './calls/devices.ts';

const DAY_MS = 86_400_000;
/** Phones that are used come every day; some are off over a holiday. */
const QUIET_DAYS = 14;

/** Where nothing graver is known of it. */
export const FAILING = 'its last request failed';

const POLICY_WORDS: Readonly<Partial<Record<PolicyStanding, string>>> = {
  refused: 'refused its policy',
  outdated: 'fetches a new policy at its next request',
};

const WIPE_WORDS: Readonly<Record<WipeState, string | null>> = {
  'waiting-for-consent': 'a wipe of it waits for another person’s consent',
  pending: 'will be wiped when it comes',
  sent: 'was sent its wipe and has not answered yet',
  acknowledged: 'was wiped',
  failed: 'says that its wipe failed',
  silent: 'does not answer its wipe',
  cancelled: null,
};

/** What is known of a device's way, from which its status is told. */
export interface DeviceFacts {
  readonly standing: PolicyStanding;
  /** Whether its last request failed. */
  readonly isFailing: boolean;
  readonly waiting: DeviceWaiting;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How a device stands, the gravest first. */
export function deviceStatus(device: Device, { standing, isFailing, waiting, now }: DeviceFacts): string {
  const { access, lastSeenAt, wipe } = device;
  const wipeWords = wipe === undefined ? null : WIPE_WORDS[wipe.state];
  if (wipeWords !== null) return wipeWords;
  if (access?.state === 'blocked') return 'blocked';
  if (access?.state === 'quarantined') {
    return access.approval === 'user' ? 'waits until its user lets it in' : 'waits until an administrator lets it in';
  }
  const policy = POLICY_WORDS[standing];
  if (policy !== undefined) return policy;
  if (waiting.state === 'waiting') return 'waits for changes';
  if (isFailing) return FAILING;
  const days = Math.floor((now - lastSeenAt) / DAY_MS);
  return days >= QUIET_DAYS ? `not seen for ${days} days` : 'in use';
}

/** How a device waits to be told, in words. */
export function pushWords({ wakeUps, ...waiting }: DeviceWaiting, nameOf: (id: FolderId) => string): DevicePush {
  return { ...waiting, wakeUps: wakeUps.map(({ at, why }) => ({ at, why: wakeWords(why, nameOf) })) };
}

const WAKE_WORDS = {
  folders: 'folders came, went or were renamed',
  'time-over': 'its time was over',
  newer: 'a newer request took its place',
  called: 'it was called: something was decided about it, or its policy is another one',
  stopping: 'the server stopped',
  failed: 'the server could not look for changes',
  left: 'the device closed the connection',
} as const satisfies Readonly<Record<Exclude<WakeReason['kind'], 'changed'>, string>>;

function wakeWords(why: WakeReason, nameOf: (id: FolderId) => string): string {
  return why.kind === 'changed' ? `something changed in ${why.folders.map(nameOf).join(', ')}` : WAKE_WORDS[why.kind];
}

import { GatewayError } from '../domain/errors.ts';
import type { Device, DeviceWipe, WipeKind, WipeMethod, WipeState } from '../store/device-store.ts';

/** Wipes of a device that are kept after they are over. */
const KEPT = 20;

/** For how long a device that never fetched a policy is told to come for its wipe before it is taken for one that knows none. */
const PATIENCE_MS = 10 * 60_000;

/** States in which the device, when it comes, gets its wipe and nothing else. */
const UNDER_WAY: ReadonlySet<WipeState> = new Set(['pending', 'sent', 'failed', 'silent']);

/** The wipe that is to be done to a device; null for none. */
export function wipeUnderWay({ wipe }: Pick<Device, 'wipe'>): DeviceWipe | null {
  return wipe !== undefined && UNDER_WAY.has(wipe.state) ? wipe : null;
}

/** Whether the device was wiped, and nobody has let it come again yet. */
export function isWiped({ wipe }: Pick<Device, 'wipe'>): boolean {
  return wipe?.state === 'acknowledged';
}

/** Somebody's word on a device. */
export interface WipeWord {
  readonly who: string;
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** @throws GatewayError 'wipe-refused' when there is a wipe already */
export function beginWipe(
  device: Device,
  { who, why, at }: WipeWord,
  how: { readonly kind: WipeKind; readonly method: WipeMethod; readonly needsConsent: boolean },
): Device {
  const { wipe } = device;
  if (isWiped(device)) throw refused(device, 'it was wiped already; clear that first');
  if (wipe !== undefined && wipe.state !== 'cancelled') throw refused(device, `it has a wipe already (${wipe.state})`);
  if (why.trim() === '') throw refused(device, 'the reason is missing');
  const begun: DeviceWipe = {
    ...{ state: how.needsConsent ? 'waiting-for-consent' : 'pending', kind: how.kind, method: how.method },
    ...{ by: who, why: why.trim(), at, consentBy: null, toldAt: null, sentAt: null, endedAt: null },
    ...{ endedBy: null, endedWhy: null, remoteAddress: null },
  };
  return { ...device, wipe: begun, ...(wipe === undefined ? {} : { wipeHistory: historyWith(device, wipe) }) };
}

/** The second person's yes. @throws GatewayError 'wipe-refused' */
export function consentToWipe(device: Device, { who }: Pick<WipeWord, 'who'>): Device {
  const wipe = device.wipe;
  if (wipe?.state !== 'waiting-for-consent') throw refused(device, 'no wipe of it waits for consent');
  if (wipe.by === who) throw refused(device, `${who} asked for it, so somebody else has to consent`);
  return { ...device, wipe: { ...wipe, state: 'pending', consentBy: who } };
}

/** Takes back what was not sent. @throws GatewayError 'wipe-refused' */
export function cancelWipe(device: Device, { who, why, at }: WipeWord): Device {
  const wipe = device.wipe;
  const isOpen = wipe?.state === 'waiting-for-consent' || wipeUnderWay(device) !== null;
  if (wipe === undefined || !isOpen) throw refused(device, 'no wipe of it is under way');
  if (wipe.sentAt !== null) throw refused(device, 'the wipe was sent to it, so it cannot be taken back');
  if (why.trim() === '') throw refused(device, 'the reason is missing');
  return {
    ...device,
    wipe: { ...wipe, state: 'cancelled', endedAt: at, endedBy: who, endedWhy: why.trim() },
  };
}

/**
 * Lets a device come again: after it was wiped, when it said that it could not, or when it never answered what it was sent.
 * @throws GatewayError 'wipe-refused'
 */
export function clearWipe(device: Device, { who, why, at }: WipeWord): Device {
  const { wipe, ...rest } = device;
  if (wipe === undefined || wipe.state === 'cancelled') throw refused(device, 'there is no wipe of it to clear');
  const isUnsent = wipe.sentAt === null && wipe.state !== 'acknowledged';
  if (isUnsent) throw refused(device, 'its wipe was not sent yet; cancel it instead');
  if (wipe.state === 'sent') throw refused(device, 'it has been sent its wipe and may still answer');
  if (why.trim() === '') throw refused(device, 'the reason is missing');
  const over = { ...wipe, endedAt: wipe.endedAt ?? at, endedBy: who, endedWhy: why.trim() };
  return { ...rest, wipeHistory: historyWith(device, over) };
}

/**
 * The device came and was told that there is a wipe for it. One that never in its life fetched a policy, and does not do so now
 * that it has been told for a while, knows neither policies nor wipes: its folders are emptied instead. The same object when
 * nothing changed.
 */
export function toldOfWipe(device: Device, at: number): Device {
  const wipe = wipeUnderWay(device);
  if (wipe === null) return device;
  if (wipe.toldAt === null) return { ...device, wipe: { ...wipe, toldAt: at } };
  const isDeaf = wipe.sentAt === null && !hasProvisioned(device) && at - wipe.toldAt >= PATIENCE_MS;
  return isDeaf && wipe.method === 'full' ? { ...device, wipe: { ...wipe, method: 'drain' } } : device;
}

/** Whether the device ever asked for a policy: then it knows a wipe as well (MS-ASPROV §3.1.5.1). */
export function hasProvisioned({ policy }: Pick<Device, 'policy'>): boolean {
  return policy.key !== null || policy.offeredKey !== null || policy.answer !== null;
}

/** The device is about to be sent its wipe, or to see its first folder emptied. @param method By which it is done now. */
export function wipeSent(device: Device, at: number, method: WipeMethod): Device {
  const wipe = wipeUnderWay(device);
  if (wipe === null) return device;
  const isSame = wipe.state === 'sent' && wipe.method === method;
  if (isSame) return device;
  const { toldAt, sentAt } = wipe;
  return { ...device, wipe: { ...wipe, method, state: 'sent', toldAt: toldAt ?? at, sentAt: sentAt ?? at } };
}

/** What the device said of its wipe. Of one that it was never sent nothing is believed. */
export function wipeAnswered(
  device: Device,
  { isDone, at, remoteAddress }: { readonly isDone: boolean; readonly at: number; readonly remoteAddress: string },
): Device {
  const wipe = wipeUnderWay(device);
  if (wipe === null || wipe.sentAt === null) return device;
  return {
    ...device,
    wipe: { ...wipe, state: isDone ? 'acknowledged' : 'failed', endedAt: at, remoteAddress },
  };
}

/** A wipe on which nothing moved for so long is told as silent; it is carried out all the same when the device comes. */
export function silentAfter(device: Device, at: number, days: number): Device {
  const { wipe } = device;
  if (wipe?.state !== 'pending' && wipe?.state !== 'sent') return device;
  const since = Math.max(wipe.at, wipe.toldAt ?? 0, wipe.sentAt ?? 0);
  return at - since < days * 86_400_000 ? device : { ...device, wipe: { ...wipe, state: 'silent' } };
}

/** @throws GatewayError 'wipe-refused' when forgetting the device would forget its wipe */
export function checkForgettable(device: Device): void {
  if (isWiped(device)) throw refused(device, 'it was wiped and is kept out by that; clear the wipe first');
  // What waits for consent is in the way as well: its user could call off by this what an administrator asked for.
  if (wipeUnderWay(device) === null && device.wipe?.state !== 'waiting-for-consent') return;
  throw refused(device, 'a wipe of it is under way, which would be forgotten; cancel it or wait until it is done');
}

export function wipeRefused(device: Pick<Device, 'shownId'>, reason: string): GatewayError<'wipe-refused'> {
  const { shownId } = device;
  return new GatewayError('wipe-refused', { device: shownId, reason }, `Not done for ${shownId}: ${reason}.`);
}

const refused = wipeRefused;

function historyWith({ wipeHistory = [] }: Device, wipe: DeviceWipe): readonly DeviceWipe[] {
  return [...wipeHistory, wipe].slice(-KEPT);
}

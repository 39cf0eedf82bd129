import { appPasswordOf, type Principal } from '../domain/principal.ts';
import type { Log } from '../observe/log.ts';
import type { AppPassword, AppPasswordReader, BoundDevice } from '../store/app-password-store.ts';
import type { Device } from '../store/device-store.ts';
import { CONTACT_MS, type DeviceContact } from './contact.ts';
import type { DeviceRefusal } from './device-gate.ts';

/** The app password that a request was signed in by. */
export interface Presented {
  readonly id: string;
  /** Null: it was removed since the sign-in. */
  readonly password: AppPassword | null;
}

/** Null of whom the account's own password let in. Read again in the transaction that binds: two devices may come first at once. */
export async function presentedBy(
  reader: Pick<AppPasswordReader, 'appPassword'>,
  { credential }: Principal,
): Promise<Presented | null> {
  const id = appPasswordOf(credential);
  return id === null ? null : { id, password: await reader.appPassword(id) };
}

/** Why this password does not do for this protocol; null when it does. */
export function protocolMisfit(presented: Presented | null, protocol: string): DeviceRefusal | null {
  if (presented === null) return null;
  const { password } = presented;
  if (password === null || password.revokedAt !== null) {
    return { reason: 'password-misfit', message: 'This app password was revoked; make another one.' };
  }
  if (password.protocols === null || password.protocols.includes(protocol)) return null;
  const message = `This app password is for ${password.protocols.join(' and ')}, not for ${protocol}; make one for it.`;
  return { reason: 'password-misfit', message };
}

/** Why this password does not do for this client; null when it does: it has no device yet, or this is the one. */
export function clientMisfit(
  presented: Presented | null,
  contact: DeviceContact,
  found: Device | null,
): DeviceRefusal | null {
  const misfit = protocolMisfit(presented, contact.protocol);
  const bound = presented?.password?.device ?? null;
  if (misfit !== null || bound === null || isBoundDevice(bound, contact, found)) return misfit;
  const message = 'This app password belongs to another device since its first use; make one for this device.';
  return { reason: 'other-device', message };
}

function isBoundDevice(bound: BoundDevice, contact: DeviceContact, found: Device | null): boolean {
  if (bound.protocol !== contact.protocol) return false;
  const isKin = bound.kin !== null && bound.kin === (contact.kin ?? null);
  return isKin || bound.id === found?.id || contact.aliases.includes(bound.id);
}

/** Whether it is the password that turned the client away, and not a rule. */
export function isMisfit(refusal: DeviceRefusal | null): refusal is DeviceRefusal {
  return refusal?.reason === 'password-misfit' || refusal?.reason === 'other-device';
}

/** The password after it let this device in: bound to it at first, its last use noted. */
export function used(password: AppPassword, contact: DeviceContact, deviceId: string, now: number): AppPassword {
  const { protocol, kin = null, remoteAddress: lastUsedFrom } = contact;
  return { ...password, device: password.device ?? { protocol, id: deviceId, kin }, lastUsedAt: now, lastUsedFrom };
}

/** Whether what is kept of its use is true enough to go without a write. */
export function isUseKept(presented: Presented | null, { remoteAddress }: DeviceContact, now: number): boolean {
  const password = presented?.password ?? null;
  if (password === null) return true;
  const isBound = password.device !== null && password.lastUsedAt !== null;
  return isBound && password.lastUsedFrom === remoteAddress && now - password.lastUsedAt < CONTACT_MS;
}

/** Refusals that were told lately: a program asks again and again. */
const MOST_TOLD = 1_000;

/** Writes a line of the security log for an app password in the wrong hands, at most every ten minutes for the same client. */
export function misfitLog(log: Log, now: () => number): (user: string, what: MisfitFacts) => void {
  const told = new Map<string, number>();
  return (user, { presented, contact, refusal }) => {
    const { protocol, shownId: device, agent, remoteAddress: address } = contact;
    const key = JSON.stringify([user, presented.id, protocol, contact.aliases[0], refusal.reason]);
    if (now() - (told.get(key) ?? Number.NEGATIVE_INFINITY) < CONTACT_MS) return;
    if (told.size >= MOST_TOLD) told.clear();
    told.set(key, now());
    const label = presented.password?.label ?? null;
    const boundTo = presented.password?.device?.id ?? null;
    const fields = { user, device, protocol, agent, address, appPassword: presented.id, label, boundTo };
    log.warn({ ...fields, why: refusal.message }, 'an app password was refused');
  };
}

export interface MisfitFacts {
  readonly presented: Presented;
  readonly contact: DeviceContact;
  readonly refusal: DeviceRefusal;
}

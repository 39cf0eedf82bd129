import { addressOf } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import { GatewayError } from '../domain/errors.ts';
import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import type { Principal } from '../domain/principal.ts';
import type { Log } from '../observe/log.ts';
import type { Device, DeviceAccess, DeviceReader } from '../store/device-store.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import { nameTaken } from '../store/refusals.ts';
import type { SyncStateStore, SyncWriter } from '../store/sync-state-store.ts';
import { accessInForce } from './access-in-force.ts';
import { type DeviceContact, firstContact, isUpToDate, laterContact } from './contact.ts';
import { type AccessInForce, decideAccess, isProtocolOn } from './decide-access.ts';
import {
  clientMisfit,
  isMisfit,
  isUseKept,
  misfitLog,
  type Presented,
  presentedBy,
  protocolMisfit,
  used,
} from './presented-password.ts';
import { isWiped, wipeUnderWay } from './wipe.ts';
import { credentialDocument } from './wipe-credential.ts';

export interface DeviceGateParts {
  readonly syncState: SyncStateStore;
  readonly directory: Pick<DirectoryStore, 'setting' | 'settingHistory'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Why a device is turned away, with a sentence for its user. 'wipe-under-way' comes before all that rules and people say of the
 * device: it may fetch its wipe and say what became of it, and nothing else.
 */
export interface DeviceRefusal {
  /** 'password-misfit': an app password of another protocol, or one that was revoked; 'other-device': one of another device. */
  readonly reason:
    | 'protocol-off'
    | 'too-many'
    | 'blocked'
    | 'quarantined'
    | 'password-misfit'
    | 'other-device'
    | 'wipe-under-way'
    | 'wiped';
  readonly message: string;
}

export interface Admission {
  /** As it is registered; of one that is not, as it would be. */
  readonly device: Device;
  readonly refusal: DeviceRefusal | null;
}

/** Where every client of every protocol passes: it is registered, and the access rules are asked. */
export interface DeviceGate {
  /** @param isProbe Somebody only looks whether there is a server: nothing is kept. */
  admit(principal: Principal, contact: DeviceContact, isProbe?: boolean): Promise<Admission>;
  /**
   * Somebody came with what is good for a wipe only: the device, when it is one of `devices` and its wipe is under way. Nothing
   * is registered.
   */
  admitToWipe(principal: Principal, contact: DeviceContact, devices: ReadonlySet<string>): Promise<Device | null>;
  /** Null when this person may use the protocol, with this password. */
  protocolRefusal(principal: Principal, protocol: string): Promise<DeviceRefusal | null>;
}

export function createDeviceGate(parts: DeviceGateParts): DeviceGate {
  const { syncState, directory, clock, log } = parts;
  const tellMisfit = misfitLog(log, () => clock.now());
  return {
    async admit(principal, contact, isProbe = false) {
      const inForce = await accessInForce(directory, log);
      const owner = addressOf(principal);
      const now = clock.now();
      const off = offRefusal(owner, contact.protocol, inForce);
      const reader = syncState.read(principal.mailboxId);
      const found = isProbe ? null : await findDevice(reader, contact);
      if (off !== null && (found === null || wipeUnderWay(found) === null))
        return probed(firstContact(contact, owner, now), off, inForce, now);
      const presented = await presentedBy(reader, principal);
      const meeting = { principal, contact, owner, now, inForce };
      const admission = isProbe
        ? probe(meeting, presented)
        : (keptAdmission(meeting, presented, found) ?? (await meetOrGoOn(parts, meeting, found)));
      const { refusal } = admission;
      if (presented !== null && isMisfit(refusal)) tellMisfit(owner, { presented, contact, refusal });
      else if (!isProbe) tell(log, found, admission);
      return admission;
    },
    admitToWipe: (principal, contact, devices) => admitToWipe(parts, principal, contact, devices),
    async protocolRefusal(principal, protocol) {
      const off = offRefusal(addressOf(principal), protocol, await accessInForce(directory, log));
      return off ?? protocolMisfit(await presentedBy(syncState.read(principal.mailboxId), principal), protocol);
    },
  };
}

async function admitToWipe(
  { syncState, clock }: DeviceGateParts,
  principal: Principal,
  contact: DeviceContact,
  devices: ReadonlySet<string>,
): Promise<Device | null> {
  const found = await findDevice(syncState.read(principal.mailboxId), contact);
  if (found === null || !devices.has(found.id) || wipeUnderWay(found) === null) return null;
  const now = clock.now();
  const owner = addressOf(principal);
  if (isUpToDate(found, contact, owner, now)) return found;
  return syncState.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const current = await tx.deviceByAlias(found.id);
    if (current === null || wipeUnderWay(current) === null) return null;
    const met = laterContact(current, contact, owner, now);
    await tx.putDevice(met);
    return met;
  });
}

/** One contact, and by what it is judged. */
interface Meeting {
  readonly principal: Principal;
  readonly contact: DeviceContact;
  readonly owner: string;
  readonly now: number;
  readonly inForce: AccessInForce;
}

/** A password that has its device goes with no probe: whoever took it would read as one. */
function probe({ contact, owner, now, inForce }: Meeting, presented: Presented | null): Admission {
  return probed(firstContact(contact, owner, now), clientMisfit(presented, contact, null), inForce, now);
}

/** The admission that needs no write; null when there is something to be noted. */
function keptAdmission(meeting: Meeting, presented: Presented | null, found: Device | null): Admission | null {
  const { principal, contact, owner, now, inForce } = meeting;
  const misfit = clientMisfit(presented, contact, found);
  if (misfit !== null) return probed(found ?? firstContact(contact, owner, now), misfit, inForce, now);
  if (found === null || !isUpToDate(found, contact, owner, now)) return null;
  if (decideAccess(found, inForce, now) !== found.access) return null;
  if ((principal.credential ?? found.credential) !== found.credential) return null;
  const refusal = refusalOf(found);
  return refusal !== null || isUseKept(presented, contact, now) ? { device: found, refusal } : null;
}

async function meetOrGoOn(parts: DeviceGateParts, meeting: Meeting, found: Device | null): Promise<Admission> {
  const { principal, contact, owner, now, inForce } = meeting;
  try {
    return await parts.syncState.write(principal.mailboxId, CLIENT_ORIGIN, (tx) => meet(tx, meeting));
  } catch (error) {
    // Nobody is kept from reading because a contact cannot be noted; the rules hold all the same.
    if (!(error instanceof GatewayError) || error.code !== 'storage-full') throw error;
    parts.log.warn({ user: owner, device: contact.shownId, error }, 'a contact of a device could not be noted');
    const met = found === null ? firstContact(contact, owner, now) : laterContact(found, contact, owner, now);
    return probed(met, null, inForce, now);
  }
}

/** A contact that changes what is kept. Reads again: two first requests may have come at once. */
async function meet(tx: SyncWriter, { principal, contact, owner, now, inForce }: Meeting): Promise<Admission> {
  const current = await findDevice(tx, contact);
  const contacted = current === null ? firstContact(contact, owner, now) : laterContact(current, contact, owner, now);
  const presented = await presentedBy(tx, principal);
  const misfit = clientMisfit(presented, contact, current);
  if (misfit !== null) return probed(contacted, misfit, inForce, now);
  const { credential } = principal;
  const met = credential === undefined ? contacted : { ...contacted, credential };
  const device = { ...met, access: decideAccess(met, inForce, now) };
  if (current === null) {
    const { maximumPerUser } = inForce.rules;
    const others = await tx.devices();
    const count = others.filter((other) => other.access?.state !== 'blocked' && !isWiped(other)).length;
    if (maximumPerUser !== null && count >= maximumPerUser) return { device, refusal: tooMany(maximumPerUser) };
  }
  await tx.putDevice(device);
  // Let in with another credential, it needs no earlier one for a wipe.
  if (current !== null && current.credential !== device.credential)
    await tx.putDocument(credentialDocument(device.id), null);
  const refusal = refusalOf(device);
  // Who is not let in has not used it: the password stays free for the device that is.
  if (refusal === null && presented?.password)
    await tx.putAppPassword(used(presented.password, contact, device.id, now));
  return { device, refusal };
}

async function findDevice(reader: DeviceReader, { aliases, protocol }: DeviceContact): Promise<Device | null> {
  for (const alias of aliases) {
    const device = await reader.deviceByAlias(alias);
    // Nobody takes over another protocol's device by its name.
    if (device !== null && device.protocol !== protocol) throw nameTaken(alias);
    if (device !== null) return device;
  }
  return null;
}

function probed(met: Device, off: DeviceRefusal | null, inForce: AccessInForce, now: number): Admission {
  const device = { ...met, access: decideAccess(met, inForce, now) };
  return { device, refusal: off ?? refusalOf(device) };
}

function refusalOf(device: Device): DeviceRefusal | null {
  const { access } = device;
  if (wipeUnderWay(device) !== null) return { reason: 'wipe-under-way', message: 'This device is to be wiped.' };
  if (isWiped(device)) {
    const message = 'This device was wiped; it may come again when an administrator says so.';
    return { reason: 'wiped', message };
  }
  if (access === undefined || access.state === 'allowed') return null;
  const why = access.why === '' ? '' : `: ${access.why}`;
  return access.state === 'blocked'
    ? { reason: 'blocked', message: `This device may not be used here${why}.` }
    : { reason: 'quarantined', message: `This device waits until ${approverOf(access)} lets it in${why}.` };
}

function approverOf({ approval }: DeviceAccess): string {
  return approval === 'user' ? 'its user (on the page /me) or an administrator' : 'an administrator';
}

function offRefusal(owner: string, protocol: string, inForce: AccessInForce): DeviceRefusal | null {
  if (isProtocolOn(owner, protocol, inForce)) return null;
  return { reason: 'protocol-off', message: `An administrator has switched ${protocol} off for ${owner}.` };
}

function tooMany(maximum: number): DeviceRefusal {
  const message = `You have ${maximum} ${maximum === 1 ? 'device' : 'devices'} already, and may not have more; ask an administrator to remove one.`;
  return { reason: 'too-many', message };
}

/** A decision is told once, when it is made. */
function tell(log: Log, before: Device | null, { device, refusal }: Admission): void {
  if (refusal === null && before !== null && before.access?.state === (device.access?.state ?? 'allowed')) return;
  const { owner: user, shownId, protocol, type, agent, remoteAddress } = device;
  const facts = { user, device: shownId, protocol, type, agent, remoteAddress };
  if (refusal?.reason === 'too-many') log.warn({ ...facts }, 'a device was turned away: its user has too many');
  else if (before?.access?.state === device.access?.state) return;
  else if (refusal !== null) log.warn({ ...facts, why: device.access?.why }, `device ${device.access?.state}`);
  else if (before === null) log.info({ ...facts }, 'device registered');
}

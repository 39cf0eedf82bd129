import type { Device } from '../store/device-store.ts';
import { NO_POLICY } from '../store/device-store.ts';

/** What a request tells of the client it comes from. */
export interface DeviceContact {
  /** In that protocol's own word. */
  readonly protocol: string;
  /** Every spelling of its id that is known, in lower case, without a slash; the first names it when it is new. */
  readonly aliases: readonly [string, ...string[]];
  /** The id as it is shown to people. */
  readonly shownId: string;
  /** What kind of device it says it is; '' when it does not say. */
  readonly type: string;
  readonly agent: string;
  readonly version: string | null;
  readonly remoteAddress: string;
  /** What all programs of its device have in common in their names, where several of them use one account. */
  readonly kin?: string;
}

/** For how long a last contact may be out of date: writing it at every request would cost a transaction each. */
export const CONTACT_MS = 10 * 60_000;

/** A device that nobody has seen before. */
export function firstContact(contact: DeviceContact, owner: string, now: number): Device {
  const { protocol, aliases, shownId, type, agent, version, remoteAddress } = contact;
  return {
    ...{ id: aliases[0], protocol, aliases, shownId, type, agent, version, remoteAddress, owner },
    ...{ information: {}, firstSeenAt: now, lastSeenAt: now, policy: NO_POLICY },
  };
}

/** The device after one more contact: what it does not say any more stays. */
export function laterContact(device: Device, contact: DeviceContact, owner: string, now: number): Device {
  return {
    ...device,
    aliases: [...new Set([...device.aliases, ...contact.aliases])],
    type: contact.type || device.type,
    agent: contact.agent || device.agent,
    version: contact.version ?? device.version,
    lastSeenAt: now,
    remoteAddress: contact.remoteAddress,
    owner,
  };
}

/** Whether what is kept is true enough to go without a write. */
export function isUpToDate(device: Device, contact: DeviceContact, owner: string, now: number): boolean {
  const later = laterContact(device, contact, owner, device.lastSeenAt);
  const isSame =
    later.aliases.length === device.aliases.length &&
    later.type === device.type &&
    later.agent === device.agent &&
    later.version === device.version &&
    later.remoteAddress === device.remoteAddress &&
    later.owner === device.owner;
  return isSame && now - device.lastSeenAt < CONTACT_MS;
}

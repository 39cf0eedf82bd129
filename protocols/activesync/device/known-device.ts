import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import { type Device, NO_POLICY } from '../../../src/store/device-store.ts';
import type { SyncReader } from '../../../src/store/sync-state-store.ts';
import type { EasEnvironment } from '../environment.ts';
import type { EasRequestLine } from '../query/request-line.ts';

/** For how long a device's last contact may be out of date: writing it at every request would cost a transaction each. */
const CONTACT_MS = 10 * 60_000;

/** What a request tells of the device it comes from, beside its line. */
export interface Contact {
  readonly userAgent: string;
  readonly remoteAddress: string;
}

/**
 * The device that a request comes from, registered at its first one; a probe's is made up and never kept. Spellings of one
 * id are one device.
 */
export async function knownDevice(
  { sync }: Pick<EasEnvironment, 'sync'>,
  principal: Principal,
  line: EasRequestLine,
  contact: Contact,
): Promise<Device> {
  const { store, clock } = sync;
  const now = clock.now();
  if (line.isProbe) return firstContact(line, contact, now);
  const found = await findDevice(store.read(principal.mailboxId), line);
  if (found !== null && isUpToDate(found, line, contact, now)) return found;
  return store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    // Read again: two first requests may have come at once.
    const current = await findDevice(tx, line);
    const device = current === null ? firstContact(line, contact, now) : later(current, line, contact, now);
    await tx.putDevice(device);
    return device;
  });
}

async function findDevice(reader: SyncReader, line: EasRequestLine): Promise<Device | null> {
  for (const alias of line.deviceIdAliases) {
    const device = await reader.deviceByAlias(alias);
    if (device !== null) return device;
  }
  return null;
}

function firstContact(line: EasRequestLine, contact: Contact, now: number): Device {
  return {
    id: line.deviceIdAliases[0]!,
    protocol: 'activesync',
    aliases: line.deviceIdAliases,
    shownId: line.deviceId,
    type: line.deviceType,
    agent: contact.userAgent,
    version: line.protocolVersion,
    information: {},
    firstSeenAt: now,
    lastSeenAt: now,
    remoteAddress: contact.remoteAddress,
    policy: NO_POLICY,
  };
}

function later(device: Device, line: EasRequestLine, contact: Contact, now: number): Device {
  return {
    ...device,
    aliases: [...new Set([...device.aliases, ...line.deviceIdAliases])],
    type: line.deviceType || device.type,
    agent: contact.userAgent || device.agent,
    version: line.protocolVersion ?? device.version,
    lastSeenAt: now,
    remoteAddress: contact.remoteAddress,
  };
}

function isUpToDate(device: Device, line: EasRequestLine, contact: Contact, now: number): boolean {
  const fresh = later(device, line, contact, device.lastSeenAt);
  const isSame =
    fresh.aliases.length === device.aliases.length &&
    fresh.type === device.type &&
    fresh.agent === device.agent &&
    fresh.version === device.version &&
    fresh.remoteAddress === device.remoteAddress;
  return isSame && now - device.lastSeenAt < CONTACT_MS;
}

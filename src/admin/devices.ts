import { revokeAppPasswordsOf, tellRevoked } from '../devices/app-passwords.ts';
import { administeredConflictRule } from '../devices/conflict-rule.ts';
import { type DeviceHistory, keptHistory } from '../devices/device-activity.ts';
import { deviceKind } from '../devices/device-kind.ts';
import { type PoliciesInForce, policiesInForce, policyFor } from '../devices/policy-in-force.ts';
import { policyStanding } from '../devices/policy-standing.ts';
import { checkForgettable } from '../devices/wipe.ts';
import { GatewayError } from '../domain/errors.ts';
import type { FolderId } from '../domain/folder.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import type { Device } from '../store/device-store.ts';
import type { SyncReader } from '../store/sync-state-store.ts';
import { clearQuarantine, listQuarantine, retryQuarantine } from '../sync/quarantine.ts';
import type { SyncTarget } from '../sync/request.ts';
import type { Administration } from './administration.ts';
import type { DeviceDetails, DeviceListPage, DeviceSummary } from './calls/devices.ts';
import type { QuarantineEntry } from './calls/quarantine.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { deviceStatus, pushWords } from './device-words.ts';
import { synchronisedOf } from './synchronised-folders.ts';
import { requireUser } from './users.ts';

type DeviceCalls = Pick<
  Administration,
  'deviceList' | 'deviceShow' | 'deviceRemove' | 'quarantineList' | 'quarantineRetry' | 'quarantineClear'
>;

/** The calls about people's devices and what these do not get. */
export function deviceCalls(parts: AdministrationParts): DeviceCalls {
  const { syncState } = parts.stores;

  const decide = async (
    { address, device, itemId }: { address: string; device: string | null; itemId: number | null },
    act: (target: SyncTarget, itemId?: number) => Promise<number>,
  ): Promise<number> => {
    const { mailboxId } = await requireUser(parts, address);
    let count = 0;
    for (const target of await targets(syncState.read(mailboxId), mailboxId, device)) {
      count += await act(target, itemId ?? undefined);
    }
    return count;
  };

  return {
    deviceList: (input) => listDevices(parts, input),

    async deviceShow({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      return detailsOf(parts, mailboxId, await requireDevice(syncState.read(mailboxId), name));
    },

    deviceRemove: (input) => removeDevice(parts, input),

    async quarantineList({ address, device }) {
      const { mailboxId } = await requireUser(parts, address);
      const reader = syncState.read(mailboxId);
      const id = device === null ? null : (await requireDevice(reader, device)).id;
      return quarantineOf(reader, mailboxId, id);
    },

    quarantineRetry: (input) => decide(input, (target, itemId) => retryQuarantine(syncState, target, itemId)),
    quarantineClear: (input) => decide(input, (target, itemId) => clearQuarantine(syncState, target, itemId)),
  };
}

async function listDevices(
  parts: AdministrationParts,
  { address, text, domain, protocol, access, ...rest }: Parameters<DeviceCalls['deviceList']>[0],
): Promise<DeviceListPage> {
  const { directory, devices: register, syncState } = parts.stores;
  const user = address === null ? null : await requireUser(parts, address);
  const page = await register.list({
    ...rest,
    ...(user === null ? {} : { mailboxId: user.mailboxId }),
    ...(text === null ? {} : { text }),
    ...(domain === null ? {} : { domain: domain.toLowerCase() }),
    ...(protocol === null ? {} : { protocol }),
    ...(access === null ? {} : { access }),
  });
  const devices: DeviceSummary[] = [];
  const policies = await policiesInForce(directory, parts.log);
  for (const { mailboxId, device } of page.devices) {
    const folders = (await targets(syncState.read(mailboxId), mailboxId, device.id)).length;
    const history = await historyOf(parts, mailboxId, device);
    devices.push(summaryOf(parts, { device, folders, policies, history }));
  }
  return { devices, next: page.next };
}

async function removeDevice(
  parts: AdministrationParts,
  { address, device }: Parameters<DeviceCalls['deviceRemove']>[0],
): Promise<void> {
  const { mailboxId } = await requireUser(parts, address);
  const { found, ended } = await parts.stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const removed = await requireDevice(tx, device);
    checkForgettable(removed);
    const revoked = await revokeAppPasswordsOf(tx, removed.id, parts.clock.now());
    await tx.removeDevice(removed.id);
    return { found: removed, ended: revoked };
  });
  parts.endRequests?.(mailboxId, found.id);
  parts.activity?.forget(mailboxId, found.aliases);
  configLog(parts.log)({ user: address, device }, 'device removed');
  tellRevoked(parts.log, ended, 'its device was removed');
}

async function targets(reader: SyncReader, mailboxId: MailboxId, device: string | null): Promise<SyncTarget[]> {
  const id = device === null ? null : (await requireDevice(reader, device)).id;
  const partnerships = await reader.partnerships();
  return partnerships
    .filter((partnership) => id === null || ownerOf(partnership.device) === id)
    .map(({ folderId, device: name }) => ({ mailboxId, folderId, device: name }));
}

/** A partnership's device is the device, or one of its views of a folder: `id/view`. */
export function ownerOf(device: string): string {
  return device.split('/')[0]!;
}

export async function requireDevice(reader: Pick<SyncReader, 'deviceByAlias'>, name: string): Promise<Device> {
  const device = await reader.deviceByAlias(name.toLowerCase());
  if (device !== null) return device;
  throw new GatewayError(
    'item-not-found',
    { item: name },
    `There is no device ${name}; "device list" shows which are.`,
  );
}

async function quarantineOf(reader: SyncReader, mailboxId: MailboxId, id: string | null): Promise<QuarantineEntry[]> {
  const entries = await listQuarantine(reader, mailboxId);
  const wanted = entries.filter((entry) => id === null || ownerOf(entry.device) === id);
  const nameOf = await folderNames(reader);
  const shownOf = await shownIds(reader);
  return wanted.map(({ folderId, itemId, isHeld, reason, device }) => {
    return { device: shownOf(ownerOf(device)), folder: nameOf(folderId), itemId, isHeld, reason };
  });
}

/** Ids of devices as these write them; of one that is forgotten its name in the mailbox. */
export async function shownIds(reader: Pick<SyncReader, 'devices'>): Promise<(id: string) => string> {
  const shown = new Map((await reader.devices()).map(({ id, shownId }) => [id, shownId]));
  return (id) => shown.get(id) ?? id;
}

/** What people call the folders of a mailbox. */
export async function folderNames(reader: SyncReader): Promise<(id: FolderId) => string> {
  const folders = new Map((await reader.folders()).map((folder) => [folder.id, folder.displayName ?? folder.name]));
  return (id) => folders.get(id) ?? String(id);
}

async function detailsOf(parts: AdministrationParts, mailboxId: MailboxId, device: Device): Promise<DeviceDetails> {
  const { syncState, directory } = parts.stores;
  const reader = syncState.read(mailboxId);
  const policies = await policiesInForce(directory, parts.log);
  const inForce = policyFor(policies, device);
  const partnerships = (await reader.partnerships()).filter((partnership) => ownerOf(partnership.device) === device.id);
  const nameOf = await folderNames(reader);
  const synchronised = await synchronisedOf(parts, reader, { mailboxId, device, partnerships, nameOf });
  const times = synchronised.flatMap(({ lastSyncAt }) => (lastSyncAt === null ? [] : [lastSyncAt]));
  const depositedAt = await parts.recovery.depositedAt(mailboxId, device);
  const lastSyncAt = times.length === 0 ? null : Math.max(...times);
  const history = await historyOf(parts, mailboxId, device);
  const summary = summaryOf(parts, { device, folders: partnerships.length, policies, history });
  return {
    ...summary,
    // A contact is written down once in ten minutes at most.
    lastSeenAt: Math.max(summary.lastSeenAt, lastSyncAt ?? 0),
    ...{ id: device.id, aliases: device.aliases, decision: device.access ?? null, policy: device.policy, synchronised },
    lastSyncAt,
    credential: device.credential ?? null,
    quarantine: await quarantineOf(reader, mailboxId, device.id),
    wipeDetails: device.wipe ?? null,
    wipeHistory: device.wipeHistory ?? [],
    conflictRule: device.conflictRule ?? null,
    conflictRuleInForce: await administeredConflictRule(directory, device),
    policyStanding: { from: inForce.from, state: policyStanding(device, inForce.policy) },
    recoveryPassword: depositedAt === null ? null : { depositedAt },
    errors: history.errors,
    push: pushWords(history.waiting, nameOf),
  };
}

function historyOf(
  { activity, stores }: AdministrationParts,
  mailboxId: MailboxId,
  device: Device,
): Promise<DeviceHistory> {
  return activity?.historyOf(mailboxId, device) ?? keptHistory(stores.deviceActivity, mailboxId, device);
}

interface Known {
  readonly device: Device;
  readonly folders: number;
  readonly policies: PoliciesInForce;
  readonly history: DeviceHistory;
}

function summaryOf({ clock }: AdministrationParts, { device, folders, policies, history }: Known): DeviceSummary {
  const { shownId, protocol, type, agent, version, information, firstSeenAt, lastSeenAt, remoteAddress } = device;
  const owner = device.owner ?? '';
  const lastError = history.errors[0] ?? null;
  const standing = policyStanding(device, policyFor(policies, device).policy);
  const status = deviceStatus(device, {
    ...{ standing, isFailing: history.isFailing, now: clock.now() },
    waiting: history.waiting,
  });
  return {
    ...{ owner, device: shownId, protocol, type, agent, version, information, firstSeenAt, lastSeenAt, remoteAddress },
    access: device.access?.state ?? 'allowed',
    ...{ kind: deviceKind(device), status, lastError, folders, wipe: device.wipe?.state ?? null },
  };
}

import { GatewayError } from '../domain/errors.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import type { Device } from '../store/device-store.ts';
import type { SyncReader } from '../store/sync-state-store.ts';
import { clearQuarantine, listQuarantine, retryQuarantine } from '../sync/quarantine.ts';
import type { SyncTarget } from '../sync/request.ts';
import type { Administration, DeviceSummary, QuarantineEntry } from './administration.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireUser } from './users.ts';

type DeviceCalls = Pick<
  Administration,
  'deviceList' | 'deviceRemove' | 'quarantineList' | 'quarantineRetry' | 'quarantineClear'
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
    async deviceList({ address }) {
      const { mailboxId } = await requireUser(parts, address);
      const reader = syncState.read(mailboxId);
      const partnerships = await reader.partnerships();
      const countOf = (id: string) => partnerships.filter(({ device }) => ownerOf(device) === id).length;
      return (await reader.devices()).map((device) => summaryOf(device, countOf(device.id)));
    },

    async deviceRemove({ address, device }) {
      const { mailboxId } = await requireUser(parts, address);
      await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
        const found = await requireDevice(tx, device);
        await tx.removeDevice(found.id);
      });
      configLog(parts.log)({ user: address, device }, 'device removed');
    },

    async quarantineList({ address, device }) {
      const { mailboxId } = await requireUser(parts, address);
      const reader = syncState.read(mailboxId);
      const id = device === null ? null : (await requireDevice(reader, device)).id;
      const entries = await listQuarantine(reader, mailboxId);
      const wanted = entries.filter((entry) => id === null || ownerOf(entry.device) === id);
      const folders = new Map((await reader.folders()).map((folder) => [folder.id, folder.displayName ?? folder.name]));
      return wanted.map(({ folderId, itemId, isHeld, reason, device: name }): QuarantineEntry => {
        return { device: ownerOf(name), folder: folders.get(folderId) ?? String(folderId), itemId, isHeld, reason };
      });
    },

    quarantineRetry: (input) => decide(input, (target, itemId) => retryQuarantine(syncState, target, itemId)),
    quarantineClear: (input) => decide(input, (target, itemId) => clearQuarantine(syncState, target, itemId)),
  };
}

async function targets(reader: SyncReader, mailboxId: MailboxId, device: string | null): Promise<SyncTarget[]> {
  const id = device === null ? null : (await requireDevice(reader, device)).id;
  const partnerships = await reader.partnerships();
  return partnerships
    .filter((partnership) => id === null || ownerOf(partnership.device) === id)
    .map(({ folderId, device: name }) => ({ mailboxId, folderId, device: name }));
}

/** A partnership's device is the device, or one of its views of a folder: `id/view`. */
function ownerOf(device: string): string {
  return device.split('/')[0]!;
}

async function requireDevice(reader: Pick<SyncReader, 'deviceByAlias'>, name: string): Promise<Device> {
  const device = await reader.deviceByAlias(name.toLowerCase());
  if (device !== null) return device;
  throw new GatewayError(
    'item-not-found',
    { item: name },
    `There is no device ${name}; "device list" shows which are.`,
  );
}

function summaryOf(device: Device, folders: number): DeviceSummary {
  const { shownId, protocol, type, agent, version, information, firstSeenAt, lastSeenAt, remoteAddress } = device;
  return {
    device: shownId,
    protocol,
    type,
    agent,
    version,
    information,
    firstSeenAt,
    lastSeenAt,
    remoteAddress,
    folders,
  };
}

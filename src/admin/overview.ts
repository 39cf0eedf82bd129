import { isGatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { DeviceCount } from '../store/device-register.ts';
import { DEVICE_ACCESS_STATES, type DeviceAccessState } from '../store/device-store.ts';
import type { MailboxStore } from '../store/mailbox-store.ts';
import { formatAddress, parseAddress } from './address.ts';
import { watchInForce } from './apply-quotas.ts';
import type { OpenFolder, Overview, ServiceCalls } from './calls/services.ts';
import type { AdministrationParts } from './create-administration.ts';

const MOST_LISTED = 1_000;
const MINUTES = 60;
const MINUTE_MS = 60_000;

/** The calls about who uses the server now. */
export function overviewCalls(
  parts: AdministrationParts,
): Pick<ServiceCalls, 'connectionList' | 'openFolderList' | 'overview'> {
  const { live, stores } = parts;
  return {
    async connectionList({ address }) {
      return live?.connections({ user: addressOf(address), most: MOST_LISTED }) ?? [];
    },

    async openFolderList({ address }) {
      const all = live?.foldersInUse({ user: addressOf(address), most: MOST_LISTED }) ?? [];
      const newest = all.toSorted((a, b) => b.at - a.at).slice(0, MOST_LISTED);
      const names = folderNames(stores.mailboxes);
      const named: OpenFolder[] = [];
      for (const { mailboxId, ...use } of newest) {
        named.push({ ...use, folder: (await names(mailboxId)).get(use.folderId) ?? null });
      }
      return named.toSorted((a, b) => (a.user === b.user ? b.at - a.at : a.user < b.user ? -1 : 1));
    },

    async overview() {
      const { watch } = await watchInForce(stores.directory);
      const [devices, warned, full] = await Promise.all([
        stores.devices.counts(),
        stores.usage.count(Math.ceil(watch.quota.warnAt * 1000)),
        stores.usage.count(1000),
      ]);
      return {
        devices: deviceFacts(devices),
        ...(live?.rates() ?? noRates(parts.clock.now())),
        parked: live?.parked ?? 0,
        connections: live?.connectionCount ?? 0,
        disk: parts.disk?.status ?? null,
        quotas: { warned, full },
        since: live?.since ?? null,
      };
    },
  };
}

function addressOf(address: string | null): string | null {
  return address === null ? null : formatAddress(parseAddress(address));
}

/** Of each mailbox once: its folders with those they lie in. */
function folderNames(mailboxes: Pick<MailboxStore, 'read'>) {
  const known = new Map<MailboxId, Promise<ReadonlyMap<number, string>>>();
  return (mailboxId: MailboxId): Promise<ReadonlyMap<number, string>> => {
    const names = known.get(mailboxId) ?? readNames(mailboxes, mailboxId);
    known.set(mailboxId, names);
    return names;
  };
}

async function readNames(
  mailboxes: Pick<MailboxStore, 'read'>,
  mailboxId: MailboxId,
): Promise<ReadonlyMap<number, string>> {
  try {
    const folders = new Map((await mailboxes.read(mailboxId).folders()).map((folder) => [folder.id, folder]));
    return new Map([...folders.values()].map((folder) => [folder.id, pathOf(folder, folders)]));
  } catch (error) {
    // The user was removed while the client was there.
    if (isGatewayError(error, 'folder-not-found')) return new Map();
    throw error;
  }
}

function pathOf(folder: Folder, folders: ReadonlyMap<number, Folder>): string {
  const names: string[] = [];
  for (let at: Folder | undefined = folder; at !== undefined; ) {
    names.unshift(at.displayName ?? at.name);
    at = at.parentId === null ? undefined : folders.get(at.parentId);
  }
  return names.join('/');
}

function deviceFacts(counts: readonly DeviceCount[]): Overview['devices'] {
  const sum = (state: DeviceAccessState) => counts.reduce((total, { byAccess }) => total + byAccess[state], 0);
  const byAccess = Object.fromEntries(DEVICE_ACCESS_STATES.map((state) => [state, sum(state)]));
  const all = ({ byAccess: of }: DeviceCount) => DEVICE_ACCESS_STATES.reduce((total, state) => total + of[state], 0);
  return {
    total: counts.reduce((total, count) => total + all(count), 0),
    byAccess: byAccess as Record<DeviceAccessState, number>,
    byProtocol: counts.map((count) => ({ protocol: count.protocol, devices: all(count) })),
  };
}

function noRates(now: number): Pick<Overview, 'syncsPerMinute' | 'errorsPerMinute' | 'minuteAt'> {
  const none = new Array<number>(MINUTES).fill(0);
  return { syncsPerMinute: none, errorsPerMinute: none, minuteAt: now - (now % MINUTE_MS) };
}

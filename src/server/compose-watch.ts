import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { applyQuotas, watchInForce } from '../admin/apply-quotas.ts';
import type { LiveDisk } from '../admin/watch.ts';
import { addressOf } from '../domain/address.ts';
import { deliverNotice } from '../mail/notices/deliver-notice.ts';
import { diskText, quotaText } from '../mail/notices/texts.ts';
import { SYSTEM } from '../observe/acting.ts';
import type { DebugLine } from '../observe/debug-switches.ts';
import { Reading } from '../observe/metrics/registry.ts';
import type { SqliteStores } from '../store/sqlite/open.ts';
import type { BackendParts } from './backend.ts';
import type { GatewayMeasures } from './gateway-measures.ts';
import { createDiskWatch, type DiskTrouble, type DiskWatch, type Space } from './watch/disk-watch.ts';
import { every } from './watch/every.ts';
import { Quiet } from './watch/quiet.ts';
import { createQuotaWatch } from './watch/quota-watch.ts';

/** Space goes fast where large messages come; to look costs microseconds. */
const DISK_MS = 10_000;
const QUOTA_MS = 60_000;

export interface OpenWatchParts extends BackendParts {
  readonly stores: SqliteStores;
  readonly debug: DebugLine;
  readonly measures: Pick<GatewayMeasures, 'registry' | 'onMail'>;
}

/** What watches over disk and quotas. */
export interface OpenWatch {
  readonly disk: DiskWatch;
  /** For the administration. */
  readonly live: LiveDisk;
  /** Free bytes for whoever asks what may still be stored. */
  freeBytes(): Promise<number>;
  close(): Promise<void>;
}

/** Begins to watch. Resolves when the disk was looked at once, so that its limits hold from the first request on. */
export async function openWatch(parts: OpenWatchParts): Promise<OpenWatch> {
  const { clock, log, stores, debug } = parts;
  const { directory, usage } = stores;
  const space = parts.space ?? (() => spaceOf(parts.settings.data));
  const settings = async () => (await watchInForce(directory)).watch;
  const { watch, problems } = await watchInForce(directory);
  if (problems.length > 0)
    log.error({ problems }, 'the limits of disk and mailboxes cannot be used; the usual ones hold');
  await applyQuotas(stores, watch, SYSTEM.user);
  const disk = createDiskWatch({ clock, log, space, settings, tell: diskTeller(parts) });
  const quota = createQuotaWatch({ clock, log, debug, usage, directory, settings, tell: quotaTeller(parts) });
  const diskTask = every(DISK_MS, 'disk', () => disk.look(), parts);
  const quotaTask = every(QUOTA_MS, 'quotas', () => quota.look(), parts);
  addMeasures(parts.measures, disk);
  await diskTask.now();
  return {
    disk,
    live: {
      get status() {
        return disk.status;
      },
      lookAnew: () => disk.look(true),
    },
    async freeBytes() {
      if (disk.refusesGrowth) return 0;
      return disk.status?.freeBytes ?? (await space()).freeBytes;
    },
    async close() {
      await Promise.all([diskTask.stop(), quotaTask.stop()]);
    },
  };
}

async function spaceOf(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Tells every administrator with a mailbox here. */
function diskTeller(parts: OpenWatchParts) {
  const { clock, log, stores, hostName, settings } = parts;
  const services = noticeServices(parts);
  const quiet = new Quiet<string>(clock);
  return async (trouble: DiskTrouble): Promise<void> => {
    quiet.forgetOld();
    for (const user of await stores.directory.users()) {
      const { mailboxId, role } = user;
      const key = `${trouble.state} ${mailboxId}`;
      // The disk is everybody's: not a matter of one domain.
      if (role?.domain !== null || quiet.has(key)) continue;
      const text = diskText({ ...trouble, hostName, folder: resolve(settings.data) });
      const notice = { ...text, kind: `disk-${trouble.state}`, mailboxId, to: addressOf(user) };
      try {
        quiet.keep(key, await deliverNotice(services, notice));
      } catch (error) {
        log.error({ mailboxId, error }, 'an administrator could not be told that the disk runs full; tried again');
      }
    }
  };
}

function quotaTeller(parts: OpenWatchParts): Parameters<typeof createQuotaWatch>[0]['tell'] {
  const services = noticeServices(parts);
  return (user, use) =>
    deliverNotice(services, { ...quotaText(use), kind: 'quota', mailboxId: user.mailboxId, to: addressOf(user) });
}

function noticeServices({ stores: { syncState }, clock, random, log, hostName, measures: { onMail } }: OpenWatchParts) {
  return { syncState, clock, random, log, hostName, onMail };
}

const STATES = { ok: 0, low: 1, full: 2 } as const;

function addMeasures({ registry }: Pick<GatewayMeasures, 'registry'>, disk: DiskWatch): void {
  const add = (name: string, help: string, read: () => number) =>
    registry.add(new Reading('gauge', { name, help }, read));
  add('causeway_disk_free_bytes', 'Free space where the data folder lies.', () => disk.status?.freeBytes ?? 0);
  add('causeway_disk_total_bytes', 'Whole space where the data folder lies.', () => disk.status?.totalBytes ?? 0);
  const state = 'Disk space: 0 enough, 1 below the soft limit, 2 below the hard one.';
  add('causeway_disk_state', state, () => STATES[disk.status?.state ?? 'ok']);
}

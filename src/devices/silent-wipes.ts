import { readWipeRules, WIPE_SETTING } from '../config/wipe-settings.ts';
import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import type { DeviceRegister } from '../store/device-register.ts';
import type { WipeState } from '../store/device-store.ts';
import type { DeviceGateParts } from './device-gate.ts';
import { silentAfter } from './wipe.ts';
import { wipeLog } from './wipe-log.ts';

const PAGE = 500;
const MAY_FALL_SILENT: readonly WipeState[] = ['pending', 'sent'];

/** Marks wipes on which nothing moved for the days that are set; the daily work. Gives how many. */
export async function markSilentWipes(
  { syncState, directory, clock, log }: DeviceGateParts,
  register: DeviceRegister,
): Promise<number> {
  const { silentAfterDays } = readWipeRules(await directory.setting(WIPE_SETTING));
  const lines = wipeLog(log);
  let count = 0;
  for (const wipe of MAY_FALL_SILENT) {
    let after: string | null = null;
    do {
      const page = await register.list({ order: 'owner', wipe, after, limit: PAGE });
      for (const { mailboxId, device: read } of page.devices) {
        if (silentAfter(read, clock.now(), silentAfterDays) === read) continue;
        const device = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
          const current = await tx.deviceByAlias(read.id);
          const silent = current === null ? null : silentAfter(current, clock.now(), silentAfterDays);
          if (silent === null || silent === current) return null;
          await tx.putDevice(silent);
          return silent;
        });
        if (device === null) continue;
        count += 1;
        lines.silent(device);
      }
      after = page.next;
    } while (after !== null);
  }
  return count;
}

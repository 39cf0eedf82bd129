import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { SyncWriter } from '../../../src/store/sync-state-store.ts';
import type { EasContext } from '../command.ts';

/**
 * Changes what is kept of the device, which is read again in the transaction. `also` writes what belongs to it in the same
 * one. Of a probe nothing is kept: `change` is only asked.
 * @param change May be called again after a serialisation failure; gives the same object when there is nothing to change.
 */
export async function updateDevice(
  { environment, principal, device, line }: EasContext,
  change: (device: Device) => Device,
  also: (tx: SyncWriter) => Promise<void> = async () => {},
): Promise<Device> {
  if (line.isProbe) return change(device);
  return environment.sync.store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const current = (await tx.deviceByAlias(device.id)) ?? device;
    const changed = change(current);
    if (changed !== current) await tx.putDevice(changed);
    await also(tx);
    return changed;
  });
}

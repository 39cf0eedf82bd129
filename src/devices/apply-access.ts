import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import type { DeviceRegister, RegisteredDevice } from '../store/device-register.ts';
import { accessInForce } from './access-in-force.ts';
import { decideAccess } from './decide-access.ts';
import type { DeviceGateParts } from './device-gate.ts';

const PAGE = 500;

/**
 * Decides anew about every registered device, after the rules changed. What would be decided at the next contact anyway is then in
 * the register at once. Gives those whose state changed.
 */
export async function applyAccess(
  { syncState, directory, clock, log }: DeviceGateParts,
  register: DeviceRegister,
): Promise<readonly RegisteredDevice[]> {
  const inForce = await accessInForce(directory, log);
  const changed: RegisteredDevice[] = [];
  let after: string | null = null;
  do {
    const page = await register.list({ order: 'owner', after, limit: PAGE });
    for (const { mailboxId, device: read } of page.devices) {
      if (decideAccess(read, inForce, clock.now()) === read.access) continue;
      const device = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
        const current = await tx.deviceByAlias(read.id);
        if (current === null) return null;
        const decided = { ...current, access: decideAccess(current, inForce, clock.now()) };
        await tx.putDevice(decided);
        return decided;
      });
      const before = read.access?.state ?? 'allowed';
      if (device !== null && device.access.state !== before) changed.push({ mailboxId, device });
    }
    after = page.next;
  } while (after !== null);
  return changed;
}

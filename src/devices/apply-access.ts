import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import type { DeviceRegister, RegisteredDevice } from '../store/device-register.ts';
import { accessInForce } from './access-in-force.ts';
import { decideAccess, isProtocolOn } from './decide-access.ts';
import type { DeviceGateParts } from './device-gate.ts';

const PAGE = 500;

export interface AppliedAccess {
  /** Those whose state changed. */
  readonly changed: readonly RegisteredDevice[];
  /** Those whose users may not use their protocol, whatever their state is. */
  readonly off: readonly RegisteredDevice[];
}

/**
 * Decides anew about every registered device, after the rules changed. What would be decided at the next contact anyway is then in
 * the register at once.
 */
export async function applyAccess(
  { syncState, directory, clock, log }: DeviceGateParts,
  register: DeviceRegister,
): Promise<AppliedAccess> {
  const inForce = await accessInForce(directory, log);
  const changed: RegisteredDevice[] = [];
  const off: RegisteredDevice[] = [];
  let after: string | null = null;
  do {
    const page = await register.list({ order: 'owner', after, limit: PAGE });
    for (const registered of page.devices) {
      const { mailboxId, device: read } = registered;
      if (!isProtocolOn(read.owner ?? '', read.protocol, inForce)) off.push(registered);
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
  return { changed, off };
}

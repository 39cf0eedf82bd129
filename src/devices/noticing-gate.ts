import type { Principal } from '../domain/principal.ts';
import type { Device } from '../store/device-store.ts';
import type { DeviceGate } from './device-gate.ts';

/**
 * The same gate, which has the owner told when a device comes that waits in quarantine.
 * @param tell Called at every request of such a device.
 */
export function noticingGate(
  gate: DeviceGate,
  tell: (principal: Principal, device: Device) => Promise<void>,
): DeviceGate {
  return {
    ...gate,
    async admit(principal, contact, isProbe = false) {
      const admission = await gate.admit(principal, contact, isProbe);
      if (!isProbe && admission.refusal?.reason === 'quarantined') await tell(principal, admission.device);
      return admission;
    },
  };
}

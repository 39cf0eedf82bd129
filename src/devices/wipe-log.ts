import type { Log } from '../observe/log.ts';
import type { Device, DeviceWipe } from '../store/device-store.ts';

/** Lines of the security log about wipes: who, which device of whom, and why. */
export interface WipeLog {
  initiated(device: Device): void;
  /** Somebody asked, and another person has to consent. */
  waiting(device: Device): void;
  cancelled(device: Device): void;
  cleared(device: Device, who: string, why: string): void;
  done(device: Device): void;
  failed(device: Device): void;
  silent(device: Device): void;
  sent(device: Device): void;
  drained(device: Device): void;
}

/** @param log Of security. */
export function wipeLog(log: Log): WipeLog {
  const facts = ({ owner: user, shownId, protocol, wipe }: Device) => {
    const { by, why, consentBy, kind, method } = wipe ?? ({} as Partial<DeviceWipe>);
    return { user, device: shownId, protocol, who: by, why, ...(consentBy ? { consentBy } : {}), kind, method };
  };
  return {
    initiated: (device) => log.warn(facts(device), 'device will be wiped'),
    waiting: (device) => log.warn(facts(device), 'wipe asked for: another person has to consent'),
    cancelled: (device) => {
      const { endedBy, endedWhy } = device.wipe ?? {};
      log.warn({ ...facts(device), who: endedBy, why: endedWhy }, 'wipe of the device cancelled');
    },
    cleared: (device, who, why) => log.warn({ ...facts(device), who, why }, 'wiped device may come again'),
    done: (device) => log.warn({ ...facts(device), address: device.wipe?.remoteAddress }, 'device was wiped'),
    failed: (device) =>
      log.error({ ...facts(device), address: device.wipe?.remoteAddress }, 'device says that its wipe failed'),
    silent: (device) => log.warn(facts(device), 'device does not answer its wipe'),
    sent: (device) => log.info({ ...facts(device), address: device.remoteAddress }, 'wipe sent to the device'),
    drained: (device) =>
      log.warn(
        { ...facts(device), address: device.remoteAddress },
        'device knows no wipe: its folders are shown to it as emptied',
      ),
  };
}

import { acting } from '../observe/acting.ts';
import { inLog } from '../observe/log-names.ts';
import { formatAddress } from './address.ts';
import type { RecoveryPasswordCalls } from './calls/recovery-passwords.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireDevice } from './devices.ts';
import { requireUser } from './users.ts';

/** The calls about recovery passwords. What is kept, for how long and why: docs/decisions/0023-recovery-passwords.md. */
export function recoveryPasswordCalls(parts: AdministrationParts): RecoveryPasswordCalls {
  const { stores, recovery, log } = parts;
  return {
    async recoveryPasswordShow({ address, device: name }) {
      const user = await requireUser(parts, address);
      const device = await requireDevice(stores.syncState.read(user.mailboxId), name);
      const { password, depositedAt } = await recovery.read(user.mailboxId, device);
      const about = { user: formatAddress(user), device: device.shownId };
      const { user: who, address: from } = acting();
      configLog(log)(about, 'recovery password shown');
      inLog(log, 'security').warn({ who, address: from, ...about }, 'recovery password shown');
      return { password, depositedAt };
    },
  };
}

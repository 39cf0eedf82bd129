import { DEVICE_POLICY_SETTING } from '../../src/config/device-policy.ts';
import { createRecoveryPasswords, type RecoveryPasswords } from '../../src/devices/recovery-passwords.ts';
import { createTextSeal } from '../../src/devices/sealed-text.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { type Log, SILENT_LOG } from '../../src/observe/log.ts';
import type { Stores } from '../../src/store/stores.ts';
import { seededRandom } from './random.ts';

/** Recovery passwords over these stores, sealed with the same key each time. */
export function recoveryOver(
  { syncState, directory }: Pick<Stores, 'syncState' | 'directory'>,
  clock: Clock,
  log: Log = SILENT_LOG,
): RecoveryPasswords {
  const seal = createTextSeal(Buffer.alloc(32, 5), seededRandom(23).bytes);
  return createRecoveryPasswords({ syncState, directory, clock, log, seal });
}

/** Asks everybody's devices for a recovery password, and deposits one as the device would. */
export async function depositFor(
  {
    stores,
    recovery,
  }: { readonly stores: Pick<Stores, 'syncState' | 'directory'>; readonly recovery: RecoveryPasswords },
  address: string,
  deviceId: string,
  password: string,
): Promise<void> {
  const [localPart = '', domain = ''] = address.split('@');
  const { mailboxId } = (await stores.directory.user(localPart, domain))!;
  await stores.directory.setSetting(DEVICE_POLICY_SETTING, { settings: { PasswordRecoveryEnabled: '1' } }, 'test');
  const device = (await stores.syncState.read(mailboxId).deviceByAlias(deviceId))!;
  await recovery.deposit(mailboxId, device, password);
}

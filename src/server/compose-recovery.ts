import { join } from 'node:path';
import { openKeyFile } from '../auth/key-file.ts';
import { createRecoveryPasswords, type RecoveryPasswords } from '../devices/recovery-passwords.ts';
import { createTextSeal } from '../devices/sealed-text.ts';
import type { SqliteStores } from '../store/sqlite/open.ts';
import type { BackendParts } from './backend.ts';

/** In the data folder, beside the store: what devices deposited is read with it alone. */
export const RECOVERY_KEY_FILE = 'recovery.key';

export interface RecoveryParts extends Pick<BackendParts, 'clock' | 'random' | 'log'> {
  /** The data folder. */
  readonly data: string;
  readonly stores: Pick<SqliteStores, 'syncState' | 'directory'>;
}

/** The recovery passwords of devices, and the key that they are sealed with, which is made when there is none. */
export async function openRecovery({ data, stores, clock, random, log }: RecoveryParts): Promise<RecoveryPasswords> {
  const path = join(data, RECOVERY_KEY_FILE);
  const remedy =
    'Bring it back from a backup; or remove it: a new one is made, and devices must deposit their recovery passwords anew.';
  const seal = createTextSeal(await openKeyFile({ path, random, remedy }), random);
  const { syncState, directory } = stores;
  return createRecoveryPasswords({ syncState, directory, clock, log, seal });
}

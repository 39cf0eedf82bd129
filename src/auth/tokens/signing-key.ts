import { join } from 'node:path';
import type { RandomBytes } from '../../domain/clock.ts';
import { openKeyFile } from '../key-file.ts';

/** In the data folder. Whoever removes it signs everybody out of the Admin API and the pages. */
export const KEY_FILE = 'sign-in.key';

/**
 * The key that tokens are made with, kept in the data folder for its owner alone; made at the first start. The caller has
 * the folder for itself.
 * @throws Error that names the file, the reason and the remedy
 */
export function openSigningKey(dataFolder: string, random: RandomBytes): Promise<Uint8Array> {
  return openKeyFile({ path: join(dataFolder, KEY_FILE), random, remedy: 'Remove it: a new one is made.' });
}

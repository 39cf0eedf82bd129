import { chmod, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RandomBytes } from '../../domain/clock.ts';

/** In the data folder. Whoever removes it signs everybody out of the Admin API and the pages. */
export const KEY_FILE = 'sign-in.key';

/** RFC 7518 §3.2: a key for HS256 is at least as long as its hash. */
const KEY_BYTES = 32;

/**
 * The key that tokens are made with, kept in the data folder for its owner alone; made at the first start. The caller has
 * the folder for itself.
 * @throws Error that names the file, the reason and the remedy
 */
export async function openSigningKey(dataFolder: string, random: RandomBytes): Promise<Uint8Array> {
  const path = join(dataFolder, KEY_FILE);
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read (${error.code}); make it readable for the server, or remove it.`);
  });
  if (found === null) return makeKey(path, random);
  if (found.length !== KEY_BYTES) {
    throw new Error(`${path} is no key: it has ${found.length} bytes, not ${KEY_BYTES}. Remove it; a new one is made.`);
  }
  await chmod(path, 0o600);
  return found;
}

/** Under another name first: half a key must never be taken for one. */
async function makeKey(path: string, random: RandomBytes): Promise<Uint8Array> {
  const key = random(KEY_BYTES);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return key;
}

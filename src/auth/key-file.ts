import { chmod, open, readFile, rename } from 'node:fs/promises';
import type { RandomBytes } from '../domain/clock.ts';

/** 256 bits: what HS256 needs at least (RFC 7518 §3.2), and what AES-256 takes. */
export const KEY_BYTES = 32;

export interface KeyFile {
  readonly path: string;
  readonly random: RandomBytes;
  /** What to do about a file that is there and no key; a sentence. */
  readonly remedy: string;
}

/**
 * A key of this server, kept in a file for its owner alone; made when there is none. The caller has the folder for itself.
 * @throws Error that names the file, the reason and the remedy
 */
export async function openKeyFile({ path, random, remedy }: KeyFile): Promise<Uint8Array> {
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read (${error.code}). Make it readable for the server. ${remedy}`);
  });
  if (found === null) return makeKey(path, random);
  if (found.length !== KEY_BYTES) {
    throw new Error(`${path} is no key: it has ${found.length} bytes, not ${KEY_BYTES}. ${remedy}`);
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

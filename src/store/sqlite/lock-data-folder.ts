import { chmodSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../../config/make-folder.ts';
import { unavailable } from '../refusals.ts';
import { translateError } from './errors.ts';

export interface DataFolderLock {
  release(): void;
}

/**
 * Makes this process the only one that works in a data folder. The lock is an open exclusive transaction on a small
 * database of its own: the kernel lets go of it when the process ends, however it ends.
 * Throws 'store-unavailable' when another process has it.
 */
export function lockDataFolder(dir: string): DataFolderLock {
  makeFolder(dir);
  const path = join(dir, 'lock.db');
  const ownerPath = join(dir, 'lock.owner');
  let db: DatabaseSync | null = null;
  try {
    closeSync(openSync(path, 'a', 0o600));
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    // Only ever read by someone who failed to get the lock, so that it may be stale does not matter.
    writeFileSync(ownerPath, `${process.pid}\n`, { mode: 0o600 });
    chmodSync(ownerPath, 0o600);
  } catch (error) {
    db?.close();
    if (isBusy(error)) {
      const owner = ownerOf(ownerPath);
      throw unavailable(`The data folder ${dir} is in use by ${owner}. Stop it, or choose another data folder.`);
    }
    throw translateError(error);
  }
  const held = db;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}

function ownerOf(path: string): string {
  try {
    return `process ${Number.parseInt(readFileSync(path, 'utf8'), 10)}`;
  } catch {
    // The owner may be between taking the lock and writing its number.
    return 'another process';
  }
}

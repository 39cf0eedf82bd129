import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, for its owner only, and those above it that are missing. Not by Node's recursive mkdir: it tries for ever
 * where the system answers ENOENT although the folder above is there, as `/proc` does.
 * @param path Absolute, or from the working folder.
 * @throws the system's error; EEXIST where there is something that is no folder
 */
export function makeFolder(path: string): void {
  const above = dirname(path);
  if (!existsSync(above)) makeFolder(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory();
    if (!isThere) throw error;
  }
}

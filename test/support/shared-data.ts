import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../shared/data');

/** Sample files of other programs, which lie beside the repository and are no part of it. */
export interface SharedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files of one folder (`ics`, `vcf`, `eml`); none when it is missing. */
export function sharedFiles(folder: string): SharedFile[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(path, name)) }));
}

/** For the options of a test that needs a folder of shared files: the reason to skip it, or false. */
export function skipWithout(folder: string): string | false {
  return existsSync(join(ROOT, folder)) ? false : `../shared/data/${folder} is not there`;
}

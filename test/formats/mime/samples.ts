import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../../../../shared/data');

/** Real files of one kind beside the repository; null where they are not there. */
export function sampleFiles(kind: 'eml' | 'vcf'): { readonly name: string; readonly bytes: Uint8Array }[] | null {
  const folder = join(DATA, kind);
  if (!existsSync(folder)) return null;
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** Why a test that reads them is skipped, false where it is not. */
export function skipWithout(kind: 'eml' | 'vcf'): string | false {
  return sampleFiles(kind) === null ? `../shared/data/${kind} is missing` : false;
}

import { existsSync, renameSync, rmSync } from 'node:fs';

/** The file of a log, or of its older parts: `mail.log`, `mail.1.log` (the newest of the old), `mail.2.log`, … */
export function partPath(folder: string, name: string, part: number): string {
  return `${folder}/${name}${part === 0 ? '' : `.${part}`}.log`;
}

/** Makes every part one older; the oldest of `keep` old ones goes. */
export function rotate(folder: string, name: string, keep: number): void {
  rmSync(partPath(folder, name, keep), { force: true });
  for (let part = keep - 1; part >= 0; part -= 1) {
    const path = partPath(folder, name, part);
    if (existsSync(path)) renameSync(path, partPath(folder, name, part + 1));
  }
}

/** Removes parts beyond `keep`, which are left when fewer are to be kept than before. */
export function removeBeyond(folder: string, name: string, keep: number): void {
  for (let part = keep + 1; existsSync(partPath(folder, name, part)); part += 1) rmSync(partPath(folder, name, part));
}

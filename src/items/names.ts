import { createHash } from 'node:crypto';
import { GatewayError } from '../domain/errors.ts';
import type { ItemKind } from '../domain/item-class.ts';

/** A path segment in UTF-8; longer ones break clients that keep the name as a file name. */
const MAX_NAME_BYTES = 255;

/**
 * Refuses names that cannot be one path segment. The name itself is kept exactly as the client chose it.
 * @throws GatewayError 'name-invalid'
 */
export function checkName(name: string): void {
  const reason = reasonAgainst(name);
  if (reason === null) return;
  throw new GatewayError(
    'name-invalid',
    { name, reason },
    `The name ${JSON.stringify(name)} cannot be used: ${reason}.`,
  );
}

function reasonAgainst(name: string): string | null {
  if (name === '') return 'it is empty';
  if (name === '.' || name === '..') return 'it is a relative path step';
  if (name.includes('/')) return 'it contains a slash';
  if (/[\u0000-\u001f\u007f]/u.test(name)) return 'it contains a control character';
  if (!name.isWellFormed()) return 'it is not valid Unicode';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  return null;
}

const EXTENSION: Readonly<Record<ItemKind, string>> = {
  VEVENT: 'ics',
  VTODO: 'ics',
  VJOURNAL: 'ics',
  VFREEBUSY: 'ics',
  VCARD: 'vcf',
  MESSAGE: 'eml',
  FILE: 'bin',
};

/**
 * The DAV name of an item that no DAV client named: its UID where that is harmless in a URL and a file name, else a
 * digest of it, so that the same object gets the same name again.
 */
export function nameForUid(uid: string, kind: ItemKind): string {
  const stem = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,199}$/u.test(uid)
    ? uid
    : createHash('sha256').update(uid).digest('hex').slice(0, 40);
  return `${stem}.${EXTENSION[kind]}`;
}

/** Leaves room for a number behind it. */
const MAX_FOLDER_STEM_BYTES = 200;

/**
 * The DAV name of a folder that was named for people only: as like that name as a path segment can be, and free.
 * @param isTaken Whether a sibling has the name.
 */
export function nameForFolder(shown: string, isTaken: (name: string) => boolean): string {
  const harmless = shown
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[/\u0000-\u001f\u007f]/gu, '-')
    .trim();
  let stem = '';
  for (const character of harmless) {
    if (Buffer.byteLength(stem + character) > MAX_FOLDER_STEM_BYTES) break;
    stem += character;
  }
  if (stem === '' || stem === '.' || stem === '..') stem = 'Folder';
  let name = stem;
  for (let n = 2; isTaken(name); n += 1) name = `${stem} ${n}`;
  return name;
}

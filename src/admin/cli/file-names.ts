import { createHash } from 'node:crypto';

/** Most file systems take 255 bytes; the rest is for a number behind the name. */
const MAX_FILE_BYTES = 240;
/** Names of devices on Windows, whatever their extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A file name for a DAV or shown name: what any file system could take amiss is percent-encoded, so that most names can
 * be read back with `decodeFileName`. Too long ones become a digest.
 */
export function encodeFileName(name: string): string {
  const encoded = name
    .replace(/[^\p{L}\p{N} ._@+()=,~'!&#$;-]/gu, percentEncoded)
    .replace(/^[. ]/, percentEncoded)
    .replace(/[. ]$/, percentEncoded);
  const safe = RESERVED.test(encoded) ? percentEncoded(encoded[0]!) + encoded.slice(1) : encoded;
  if (Buffer.byteLength(safe) <= MAX_FILE_BYTES && safe !== '') return safe;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  return `${createHash('sha256').update(name).digest('hex').slice(0, 40)}${extension}`;
}

/** The name that a file name stands for, or the file name itself where it is no encoded one. */
export function decodeFileName(fileName: string): string {
  try {
    return decodeURIComponent(fileName);
  } catch (error) {
    if (error instanceof URIError) return fileName;
    throw error;
  }
}

/**
 * Gives each name of one directory a file name of its own, also where the file system takes upper and lower case or two
 * ways of writing an accent for the same.
 */
export function createFileNamer(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const wanted = encodeFileName(name);
    const dot = wanted.lastIndexOf('.');
    const [stem, extension] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ''];
    let fileName = wanted;
    for (let n = 2; taken.has(folded(fileName)); n += 1) fileName = `${stem}~${n}${extension}`;
    taken.add(folded(fileName));
    return fileName;
  };
}

function folded(fileName: string): string {
  return fileName.normalize('NFC').toLowerCase();
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

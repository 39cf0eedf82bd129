import { ANYWHERE, type OpaqueValues } from '../../../src/recorder/replay/opaque-values.ts';
import type { Masker } from '../../../src/recorder/wire-format.ts';
import { EasQueryError } from '../query/error.ts';
import { base64Bytes, parseQuery } from '../query/parse-query.ts';

/** Parameters that hold what the server made, and of which kind (MS-ASHTTP §2.2.1.1.1.1.3). */
const OPAQUE_PARAMETERS: Readonly<Record<string, string>> = {
  collectionid: 'folder-id',
  itemid: 'item-id',
  longid: 'long-id',
  attachmentname: 'file-reference',
};
/** The same by their tags in a base64 query. */
const OPAQUE_TAGS: ReadonlyMap<number, string> = new Map([
  [0, 'file-reference'],
  [1, 'folder-id'],
  [3, 'item-id'],
  [4, 'long-id'],
]);
const PLAIN_PARAMETERS = new Set([
  ...['cmd', 'user', 'deviceid', 'devicetype', 'saveinsent', 'occurrence'],
  ...Object.keys(OPAQUE_PARAMETERS),
]);

/** The query with its policy key masked, and parameters that nobody knows. */
export function maskQuery(query: string, masker: Masker): string {
  const bytes = base64Bytes(query);
  if (bytes !== null) {
    const key = (recorded: number) => Number(masker.key(String(recorded)));
    return rebuilt(bytes, key, (_tag, value) => value) ?? masker.text(query);
  }
  return query.replaceAll(/([^=&]+)=([^&]*)/gu, (whole, name: string, value: string) =>
    PLAIN_PARAMETERS.has(name.toLowerCase()) ? whole : `${name}=${masker.text(value)}`,
  );
}

/** The query with the values of this run. */
export function bindQuery(query: string, opaque: OpaqueValues): string {
  const bytes = base64Bytes(query);
  if (bytes !== null) {
    const key = (recorded: number) => Number(opaque.actual('policy-key', ANYWHERE, String(recorded)));
    const value = (tag: number, recorded: Buffer) => {
      const kind = OPAQUE_TAGS.get(tag);
      return kind === undefined ? recorded : Buffer.from(opaque.actual(kind, ANYWHERE, recorded.toString('utf8')));
    };
    return rebuilt(bytes, key, value) ?? query;
  }
  return query.replaceAll(/(\w+)=([^&]*)/gu, (whole, name: string, value: string) => {
    const kind = OPAQUE_PARAMETERS[name.toLowerCase()];
    const recorded = kind === undefined ? null : decoded(value);
    if (kind === undefined || recorded === null) return whole;
    return `${name}=${encodeURIComponent(opaque.actual(kind, ANYWHERE, recorded))}`;
  });
}

/** Who the query says that it comes from; null where it does not, or cannot be read. */
export function userOfQuery(query: string): string | null {
  try {
    return parseQuery(query).user;
  } catch (error) {
    if (error instanceof EasQueryError) return null;
    throw error;
  }
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

/**
 * A base64 query with another key and other parameters; null when it ends early.
 * MS-ASHTTP §2.2.1.1.1.1: version, command, locale, then device id, key and type, then tagged values, each with its length.
 */
function rebuilt(
  bytes: Buffer,
  keyOf: (key: number) => number,
  partOf: (tag: number, value: Buffer) => Buffer,
): string | null {
  const pieces: Uint8Array[] = [bytes.subarray(0, 4)];
  let at = 4;
  const sized = (): Buffer => {
    const from = at + 1;
    at = from + (bytes[at] ?? bytes.length);
    return bytes.subarray(from, at);
  };
  const put = (value: Uint8Array) => pieces.push(Buffer.of(value.length), value);
  put(sized());
  const key = Buffer.from(sized());
  if (key.length === 4) key.writeUInt32LE(keyOf(key.readUInt32LE()));
  put(key);
  put(sized());
  while (at < bytes.length) {
    const tag = bytes[at]!;
    at += 1;
    pieces.push(Buffer.of(tag));
    put(partOf(tag, sized()));
  }
  return at === bytes.length ? Buffer.concat(pieces).toString('base64') : null;
}

import { parseBase64Query } from './base64-query.ts';
import { EasQueryError } from './error.ts';
import { parsePlainQuery, percentDecode } from './plain-query.ts';
import type { EasRequestLine } from './request-line.ts';

/** Far above what 255-byte values allow in either form. */
const MAX_LENGTH = 8 * 1024;

/**
 * Reads the query of a request, as it stands behind the `?` (not decoded): the plain form, or the base64 form of 12.1 and later
 * in either alphabet, padded or not, percent-escaped or not.
 * @throws EasQueryError
 */
export function parseQuery(rawQuery: string): EasRequestLine {
  if (rawQuery === '') throw new EasQueryError('missing', 'The request has no query.');
  if (rawQuery.length > MAX_LENGTH) throw new EasQueryError('too-long', `The query is longer than ${MAX_LENGTH}.`);
  const bytes = base64Bytes(rawQuery);
  return bytes === null ? parsePlainQuery(rawQuery) : parseBase64Query(bytes);
}

/** The bytes of a base64 query; null for a plain one, which has `=` between names and values. */
export function base64Bytes(rawQuery: string): Buffer | null {
  // A `+` that something on the way took for a space is one again.
  const text = percentDecode(rawQuery)
    .replaceAll(' ', '+')
    .replace(/={1,3}$/, '');
  if (!/^[A-Za-z0-9+/_-]+$/.test(text) || text.length % 4 === 1) return null;
  return Buffer.from(text, 'base64');
}

import { isUtf8 } from 'node:buffer';
import { normalisePassword } from './password-hash.ts';

/** What an Authorization header said. Both strings are NFC. */
export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export type CredentialsResult =
  | { readonly kind: 'credentials'; readonly credentials: Credentials }
  | { readonly kind: 'missing' | 'malformed' | 'unsupported-scheme' };

/** Longest header that is looked at, in characters; longer passwords would only make hashing dear. */
const MAX_HEADER = 2048;
const BASIC = /^basic[ \t]+([A-Za-z0-9+/_-]+={0,2})[ \t]*$/i;
/** Latin-1 (RFC 7617 §2.1 leaves the encoding open) with what Windows has in the place of its control characters, e.g. the euro sign. */
const OLD_CLIENTS = new TextDecoder('windows-1252');
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Reads `Authorization: Basic …` (RFC 7617). Old clients send Latin-1, on Windows with a few characters more, and none says
 * which it sends, so bytes that are valid UTF-8 are taken as that and all others as Windows-1252: such text that happens to be valid
 * UTF-8 is not written in any language.
 */
export function readBasicCredentials(authorization: string | undefined): CredentialsResult {
  if (authorization === undefined || authorization.trim() === '') return { kind: 'missing' };
  if (authorization.length > MAX_HEADER) return { kind: 'malformed' };
  if (!/^basic(?:[ \t]|$)/i.test(authorization.trim())) return { kind: 'unsupported-scheme' };
  const match = BASIC.exec(authorization.trim());
  if (match === null) return { kind: 'malformed' };
  const bytes = Buffer.from(match[1]!, 'base64');
  const text = isUtf8(bytes) ? bytes.toString('utf8') : OLD_CLIENTS.decode(bytes);
  const colon = text.indexOf(':');
  // RFC 7617 §2: the first colon ends the name; control characters are allowed in neither.
  if (colon < 0 || CONTROL.test(text)) return { kind: 'malformed' };
  const name = text.slice(0, colon).normalize('NFC');
  return { kind: 'credentials', credentials: { name, password: normalisePassword(text.slice(colon + 1)) } };
}

import { DavError } from './dav-error.ts';

/** Segments of a request path, percent-decoded and in NFC. */
export interface DavPath {
  readonly segments: readonly string[];
  readonly hasTrailingSlash: boolean;
}

const PLAIN_SEGMENT = /^[A-Za-z0-9._~-]*$/;
const PLAIN_PATH = /^[A-Za-z0-9._~/@:+-]*$/;

/**
 * Reads a path (no query). Names are compared in NFC, since macOS sends NFD.
 * @throws DavError 400 for wrong percent-encoding, encoded slashes, NUL, and `.`/`..` steps.
 */
export function parsePath(path: string): DavPath {
  if (!path.startsWith('/')) throw new DavError(400, 'The path does not begin with a slash.');
  const parts = path.split('/').filter((part) => part !== '');
  return { segments: parts.map(decodeSegment), hasTrailingSlash: path.endsWith('/') };
}

function decodeSegment(part: string): string {
  if (PLAIN_PATH.test(part) && part !== '.' && part !== '..') return part;
  let decoded: string;
  try {
    decoded = decodeURIComponent(part).normalize('NFC');
  } catch {
    throw new DavError(400, `The path segment ${part} is not valid percent-encoded UTF-8.`);
  }
  if (decoded.includes('/') || decoded.includes('\0') || decoded === '.' || decoded === '..') {
    throw new DavError(400, `The path segment ${part} does not name one thing.`);
  }
  return decoded;
}

/** Percent-encodes one name for use in an href; the result needs no XML escaping. */
export function encodeSegment(name: string): string {
  if (PLAIN_SEGMENT.test(name)) return name;
  // A well-formed string is certain here: names are checked when they are made.
  return encodeURIComponent(name.toWellFormed()).replaceAll('%40', '@').replaceAll("'", '%27');
}

/** The href of a collection-like resource: `/a/b/`. */
export function collectionHref(...segments: readonly string[]): string {
  return segments.length === 0 ? '/' : `/${segments.map(encodeSegment).join('/')}/`;
}

/**
 * The path of an href in a request: an absolute path or a URL of this server. Null when it is of another server or not
 * a URL at all.
 * @param host The request's Host (host[:port]).
 */
export function pathOfHref(href: string, host: string): string | null {
  const text = href.trim();
  if (text.startsWith('/') && !text.startsWith('//')) return text.split(/[?#]/, 1)[0]!;
  const match = /^https?:\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)/i.exec(text);
  if (match === null || stripDefaultPort(match[1]!) !== stripDefaultPort(host)) return null;
  return match[2] === '' ? '/' : match[2]!;
}

function stripDefaultPort(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}

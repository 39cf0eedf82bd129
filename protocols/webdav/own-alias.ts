import { addressOf } from '../../src/domain/address.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { DavError } from './dav-error.ts';
import { collectionHref, type DavPath, parsePath } from './path.ts';

/** The trees in which everybody has a place. */
const TREES: ReadonlySet<string> = new Set(['principals', 'calendars', 'addressbooks']);
/** What clients put between tree and user because the server they were written for did. */
const GUESSED_LEVELS: ReadonlySet<string> = new Set(['users', '__uids__']);

/**
 * Where a guess at one's own place leads: macOS tries `/principals/users/<user>/`, people type `/calendars/<address>/`.
 * Null for every other path, so that nobody learns whether another name exists.
 */
export function ownAliasOf({ localPart, domain }: Principal, path: string): string | null {
  const { segments, hasTrailingSlash } = read(path);
  const [tree = '', ...below] = segments;
  if (!TREES.has(tree) || below[0]?.toLowerCase() === domain) return null;
  const [name, ...rest] = GUESSED_LEVELS.has(below[0] ?? '') ? below.slice(1) : below;
  const asked = name?.toLowerCase();
  const isOwn = asked === localPart || asked === addressOf({ localPart, domain });
  if (!isOwn) return null;
  const href = collectionHref(tree, domain, localPart, ...rest);
  const isItem = rest.length > 1 && !hasTrailingSlash;
  return isItem ? href.slice(0, -1) : href;
}

/** None for a path that cannot be one; whoever answers the path says so. */
function read(path: string): DavPath {
  try {
    return parsePath(path);
  } catch (error) {
    if (error instanceof DavError) return { segments: [], hasTrailingSlash: false };
    throw error;
  }
}

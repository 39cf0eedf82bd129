import type { DavContext } from './context.ts';
import { collectionHref, parsePath } from './path.ts';

/** What clients put between tree and user because the server they were written for did. */
const GUESSED_LEVELS: ReadonlySet<string> = new Set(['users', '__uids__']);

/**
 * Where a guess at one's own place leads: macOS tries `/principals/users/<user>/`, people type `/calendars/<address>/`.
 * Null for every other path, so that nobody learns whether another name exists.
 */
export function ownAliasOf(context: DavContext, path: string): string | null {
  const { localPart, domain } = context.principal;
  const [tree, ...below] = parsePath(path).segments;
  if (tree === undefined || below[0]?.toLowerCase() === domain) {
    return null;
  }
  const [name, ...rest] = GUESSED_LEVELS.has(below[0] ?? '') ? below.slice(1) : below;
  const asked = name?.toLowerCase();
  const isOwn = asked === localPart || asked === `${localPart}@${domain}`;
  return isOwn ? collectionHref(tree, domain, localPart, ...rest) : null;
}

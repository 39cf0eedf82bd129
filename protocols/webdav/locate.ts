import { HOME_OF } from '../../src/domain/item-class.ts';
import { rightsOn } from '../../src/domain/principal.ts';
import type { DavContext } from './context.ts';
import { DavError, davCondition, nothingThere } from './dav-error.ts';
import { collectionHref, type DavPath, encodeSegment, parsePath } from './path.ts';
import {
  type CollectionResource,
  DAV_HOMES,
  type DavHome,
  isResource,
  memberOf,
  type Resource,
  type Target,
} from './resource.ts';

/**
 * Finds what a path names for this principal. A missing trailing slash on a collection is forgiven.
 * @throws DavError 400 for a path that cannot be one; 404 for other people's homes and for places that do not exist;
 *   403 for other people's principals, whether they exist or not, so that nobody learns names by asking.
 */
export async function locate(context: DavContext, path: string): Promise<Target> {
  const parsed = parsePath(path);
  const [first, domain, user, ...rest] = parsed.segments;
  if (first === undefined) return { kind: 'root', name: '', href: '/' };
  const home = DAV_HOMES.find((name) => name === first);
  if (home === undefined && first !== 'principals') throw nothingThere();
  if (domain === undefined) return { kind: 'container', name: first, href: collectionHref(first) };
  const isOwnDomain = domain.toLowerCase() === context.principal.domain;
  if (user === undefined) {
    if (!isOwnDomain) throw nothingThere();
    return { kind: 'container', name: context.principal.domain, href: collectionHref(first, context.principal.domain) };
  }
  const isOwn = isOwnDomain && user.normalize('NFC').toLowerCase() === context.principal.localPart;
  if (home === undefined) return locatePrincipal(context, isOwn, rest);
  if (!isOwn || !rightsOn(context.principal, context.principal.mailboxId).has('read')) throw nothingThere();
  return locateInHome(context, home, rest, parsed);
}

/** As `locate`, for methods that need something to exist. @throws DavError 404 as well */
export async function locateResource(context: DavContext, path: string): Promise<Resource> {
  const target = await locate(context, path);
  if (!isResource(target)) throw nothingThere();
  return target;
}

function locatePrincipal(context: DavContext, isOwn: boolean, rest: readonly string[]): Target {
  if (!isOwn) {
    throw new DavError(403, 'Only your own principal can be seen.', { condition: davCondition('need-privileges') });
  }
  if (rest.length > 0) throw nothingThere();
  return { kind: 'principal', href: context.principalHref };
}

async function locateInHome(
  context: DavContext,
  home: DavHome,
  [collectionName, itemName, ...deeper]: readonly string[],
  { hasTrailingSlash }: DavPath,
): Promise<Target> {
  const homeHref = context.homeHref(home);
  if (collectionName === undefined) return { kind: 'home', home, href: homeHref };
  const folder = await context.reader.folderByName(home, null, collectionName);
  const href = `${homeHref}${encodeSegment(collectionName)}/`;
  if (folder === null) {
    return itemName === undefined
      ? { kind: 'unmapped-collection', home, name: collectionName, href }
      : { kind: 'nowhere', href };
  }
  context.environment.onCollection?.(context.principal.mailboxId, folder.id);
  const collection: CollectionResource = { kind: 'collection', home, folder, href };
  if (itemName === undefined) return collection;
  const itemHref = href + encodeSegment(itemName);
  if (deeper.length > 0) return { kind: 'nowhere', href: itemHref };
  // `name/` would be a collection inside a collection, which there is not (RFC 4791 §4.2); only MKCOL may name it.
  const item = hasTrailingSlash ? null : await context.reader.itemByName(folder.id, itemName);
  return item === null
    ? { kind: 'unmapped-item', home, folder, name: itemName, href: itemHref }
    : memberOf(collection, item);
}

/** The collections of a home, in the store's order: default folders first. */
export async function collectionsOf(context: DavContext, home: DavHome): Promise<CollectionResource[]> {
  const homeHref = context.homeHref(home);
  const folders = await context.reader.folders();
  return folders
    .filter((folder) => HOME_OF[folder.itemClass] === home && folder.parentId === null)
    .map((folder) => ({ kind: 'collection', home, folder, href: `${homeHref}${encodeSegment(folder.name)}/` }));
}

/** What lies one level below a container or home; items of a collection are listed by `listMembers`. */
export async function childrenOf(context: DavContext, resource: Resource): Promise<Resource[]> {
  const { domain } = context.principal;
  switch (resource.kind) {
    case 'root':
      return ['principals', ...DAV_HOMES].map((name) => ({ kind: 'container', name, href: collectionHref(name) }));
    case 'container':
      return [await containedIn(context, resource.href, domain)];
    case 'home':
      return collectionsOf(context, resource.home);
    default:
      return [];
  }
}

async function containedIn(context: DavContext, href: string, domain: string): Promise<Resource> {
  const [first, below] = parsePath(href).segments;
  if (below === undefined) return { kind: 'container', name: domain, href: collectionHref(first!, domain) };
  const home = DAV_HOMES.find((name) => name === first);
  return home === undefined
    ? { kind: 'principal', href: context.principalHref }
    : { kind: 'home', home, href: context.homeHref(home) };
}

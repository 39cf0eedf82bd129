import type { Folder } from '../../src/domain/folder.ts';
import { type Item, revisionTag } from '../../src/domain/item.ts';
import { encodeSegment } from './path.ts';

/** The homes that this protocol family serves. */
export type DavHome = 'calendars' | 'addressbooks';
export const DAV_HOMES: readonly DavHome[] = ['calendars', 'addressbooks'];

interface Located {
  /** Canonical percent-encoded path; ends with a slash unless it is an item. */
  readonly href: string;
}

/** `/`, `/principals/`, `/calendars/` and their `<domain>/`: places that only lead further. */
export interface ContainerResource extends Located {
  readonly kind: 'root' | 'container';
  /** Last path segment, '' for the root. */
  readonly name: string;
}

/** `/principals/<domain>/<user>/`; always the one who asks. */
export interface PrincipalResource extends Located {
  readonly kind: 'principal';
}

/** `/calendars/<domain>/<user>/` or `/addressbooks/<domain>/<user>/`. */
export interface HomeResource extends Located {
  readonly kind: 'home';
  readonly home: DavHome;
}

export interface CollectionResource extends Located {
  readonly kind: 'collection';
  readonly home: DavHome;
  readonly folder: Folder;
}

export interface ItemResource extends Located {
  readonly kind: 'item';
  readonly home: DavHome;
  readonly folder: Folder;
  readonly item: Item;
  /** Present when a compiled property asked for it by `needsContent`. */
  readonly content?: Uint8Array;
}

/** Something that exists. */
export type Resource = ContainerResource | PrincipalResource | HomeResource | CollectionResource | ItemResource;

/** A name that names nothing, in a place where something could be created. */
export interface UnmappedItem extends Located {
  readonly kind: 'unmapped-item';
  readonly home: DavHome;
  readonly folder: Folder;
  readonly name: string;
}

export interface UnmappedCollection extends Located {
  readonly kind: 'unmapped-collection';
  readonly home: DavHome;
  readonly name: string;
}

/** A path in the principal's own tree whose parent does not exist or takes no members. */
export interface Nowhere extends Located {
  readonly kind: 'nowhere';
}

export type Target = Resource | UnmappedItem | UnmappedCollection | Nowhere;

export function isResource(target: Target): target is Resource {
  return target.kind !== 'unmapped-item' && target.kind !== 'unmapped-collection' && target.kind !== 'nowhere';
}

export function isPrincipal(resource: Resource): resource is PrincipalResource {
  return resource.kind === 'principal';
}

/** An item as a member of a collection, made fast: listings make one per member. */
export function memberOf(collection: CollectionResource, item: Item, content?: Uint8Array): ItemResource {
  const { home, folder } = collection;
  const href = collection.href + encodeSegment(item.name);
  return content === undefined
    ? { kind: 'item', home, folder, href, item }
    : { kind: 'item', home, folder, href, item, content };
}

/** The quoted ETag of an item (RFC 9110 §8.8.3); strong, since bytes are served as stored. */
export function etagOf(item: Item): string {
  return `"${revisionTag(item)}"`;
}

/** The ETag of what a collection gives on GET: it changes with everything in it and with its own properties. */
export function collectionEtag(folder: Folder): string {
  return `"c${folder.id.toString(36)}-${folder.last.toString(36)}"`;
}

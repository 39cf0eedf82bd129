import type { CollectionResource, ItemResource, Resource } from '../webdav/resource.ts';

export function isAddressBook(resource: Resource): resource is CollectionResource {
  return resource.kind === 'collection' && resource.home === 'addressbooks';
}

export function isCard(resource: Resource): resource is ItemResource {
  return resource.kind === 'item' && resource.home === 'addressbooks';
}

/** Whether address book reports can be made on it: they go over address books below it, or over the one card it is. */
export function isInAddressBooks(resource: Resource): boolean {
  const isHome = resource.kind === 'home' && resource.home === 'addressbooks';
  return isHome || isAddressBook(resource) || isCard(resource);
}

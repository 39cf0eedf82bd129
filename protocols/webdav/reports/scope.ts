import type { DavContext } from '../context.ts';
import { collectionsOf } from '../locate.ts';
import type { CollectionResource, Resource } from '../resource.ts';

/**
 * The collections whose members a query goes over (RFC 4791 §7.8, RFC 6352 §8.6: by Depth, relative to the request-URI).
 * Without the header that would be Depth 0 by the letter (RFC 3253 §3.6), which finds nothing in a collection; so much
 * client code leaves the header out and means its members that a missing one counts as 1.
 */
export async function collectionsInScope(context: DavContext, resource: Resource): Promise<CollectionResource[]> {
  const depth = context.depth('1');
  if (resource.kind === 'collection') return depth === '0' ? [] : [resource];
  if (resource.kind === 'home') return depth === 'infinity' ? collectionsOf(context, resource.home) : [];
  return [];
}

import type { Change } from '../../../src/domain/changes.ts';
import { type CompiledRequest, compileReport, statusResponse } from '../compile.ts';
import type { DavContext } from '../context.ts';
import { DavError, davCondition } from '../dav-error.ts';
import { encodeSegment } from '../path.ts';
import type { ReportDefinition } from '../registry.ts';
import { type CollectionResource, memberOf, type Resource } from '../resource.ts';
import type { SyncPosition } from '../sync-token.ts';
import { DAV, type XmlElement } from '../xml/element.ts';
import { childNamed, textOf } from '../xml/query.ts';

const PAGE_CHANGES = 500;

/** DAV:sync-collection (RFC 6578 §3): what changed since a token, costing by the change and not by the collection. */
export const SYNC_COLLECTION: ReportDefinition = {
  ns: DAV,
  name: 'sync-collection',
  appliesTo: (resource) => resource.kind === 'collection',
  run: syncCollection,
};

async function syncCollection(context: DavContext, resource: Resource, body: XmlElement): Promise<void> {
  if (resource.kind !== 'collection') throw new TypeError('sync-collection runs on collections only');
  checkLevel(body);
  // RFC 6578 §3.2 defines Depth 0 alone; clients of the drafts send 1 or infinity and mean sync-level, so only what is no
  // depth at all is refused.
  context.depth('0');
  const tokenElement = childNamed(body, 'sync-token');
  const { syncTokens } = context.environment;
  let at: SyncPosition = syncTokens.positionIn(tokenElement === null ? '' : textOf(tokenElement), resource.folder);
  let remaining = Math.min(limitIn(body), context.services.limits.maxResults);
  const compiled = await compileReport(context, body);
  const out = context.multistatus();
  let hasMore = true;
  while (hasMore && remaining > 0) {
    const limit = Math.min(remaining, PAGE_CHANGES);
    const page = await context.reader.changes(resource.folder.id, at.position, limit, compiled.needsContent, at.floor);
    for (const change of page.entries) {
      if (out.response(responseFor(resource, change, compiled, page.contents))) {
        await out.flush();
      }
    }
    remaining -= page.entries.length;
    at = page.floor === undefined ? { position: page.next } : { position: page.next, floor: page.floor };
    hasMore = page.more;
  }
  if (hasMore) {
    // RFC 6578 §3.6: truncation is 507 on the collection's own href.
    const condition = davCondition('number-of-matches-within-limits');
    out.response(statusResponse(resource.href, '507 Insufficient Storage', condition));
  }
  await out.end(syncTokens.tokenOf(resource.folder, at));
}

function responseFor(
  collection: CollectionResource,
  change: Change,
  compiled: CompiledRequest,
  contents: ReadonlyMap<number, Uint8Array> | undefined,
): string {
  if (change.kind === 'removed') {
    return statusResponse(collection.href + encodeSegment(change.name), '404 Not Found'); // RFC 6578 §3.5.2
  }
  return compiled.response(memberOf(collection, change.item, contents?.get(change.item.id)));
}

/**
 * RFC 6578 §3.3: 1 and infinite are the same here, since no collection holds another. Clients written for the drafts leave it out.
 */
function checkLevel(body: XmlElement): void {
  const level = childNamed(body, 'sync-level');
  if (level !== null && !['1', 'infinite', 'infinity'].includes(textOf(level).trim())) {
    throw new DavError(400, 'DAV:sync-level is 1 or infinite.');
  }
}

/** DAV:limit (RFC 5323 §5.17) in the body. @throws DavError 400 */
function limitIn(body: XmlElement): number {
  const limit = childNamed(body, 'limit');
  const results = limit === null ? null : childNamed(limit, 'nresults');
  if (results === null) return Number.POSITIVE_INFINITY;
  const text = textOf(results).trim();
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new DavError(400, 'DAV:nresults is a positive number.');
  return Number(text);
}

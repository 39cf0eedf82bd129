import type { CompiledRequest } from '../compile.ts';
import { statusResponse } from '../compile.ts';
import type { DavContext } from '../context.ts';
import { davCondition } from '../dav-error.ts';
import type { ItemResource, Resource } from '../resource.ts';

/**
 * Writes the members a query has found, in pages, up to `limit`. When there are more the answer says so with a 507 for
 * the request-URI (RFC 6352 §8.6.2; RFC 4791 §7.8 names the same condition).
 */
export async function answerQuery(
  context: DavContext,
  resource: Resource,
  compiled: CompiledRequest,
  pages: AsyncIterable<readonly ItemResource[]>,
  limit: number,
): Promise<void> {
  const out = context.multistatus();
  let room = limit;
  let isTruncated = false;
  for await (const page of pages) {
    for (const member of page.slice(0, room)) {
      if (out.response(compiled.response(member))) await out.flush();
    }
    isTruncated = page.length > room;
    room -= Math.min(room, page.length);
    if (isTruncated) break;
  }
  if (isTruncated) {
    const condition = davCondition('number-of-matches-within-limits');
    out.response(statusResponse(resource.href, '507 Insufficient Storage', condition));
  }
  await out.end();
}

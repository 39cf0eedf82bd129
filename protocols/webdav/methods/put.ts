import { putItem } from '../../../src/items/put-item.ts';
import type { DavContext } from '../context.ts';
import { DavError } from '../dav-error.ts';
import { mediaType } from '../headers.ts';
import { readConditions } from '../preconditions.ts';
import { readWholeBody } from '../request-body.ts';
import { etagOf, type Target } from '../resource.ts';
import { inUtf8 } from '../utf8-content.ts';

/** PUT (RFC 4918 §9.7): bytes in UTF-8 are stored as they are, so the ETag in the answer is of what was sent. */
export async function put(context: DavContext, target: Target): Promise<void> {
  const { koa, services, principal } = context;
  if (target.kind !== 'item' && target.kind !== 'unmapped-item') {
    if (target.kind !== 'nowhere') {
      throw new DavError(403, 'Items lie in calendars and address books, not beside them.');
    }
    // RFC 4918 §9.7.1: a member whose collection does not exist is a conflict.
    throw new DavError(409, 'The collection for this item does not exist; create it first.');
  }
  if (target.kind === 'unmapped-item' && koa.path.endsWith('/')) {
    throw new DavError(409, 'An item is stored under a name without a slash at its end.');
  }
  if (koa.get('Content-Range') !== '') {
    // RFC 9110 §14.5: a server that does not take partial PUT answers 400, or it would lose the rest.
    throw new DavError(400, 'Content-Range is not taken; send the whole item.');
  }
  const conditions = await readConditions(context, target);
  const sent = await readWholeBody(koa, services.limits.maxItemBytes);
  const content = inUtf8(sent, koa.get('Content-Type'));
  const { item, created } = await putItem(services, {
    principal,
    folder: target.folder,
    name: target.kind === 'item' ? target.item.name : target.name,
    content,
    contentType: mediaType(koa.get('Content-Type')),
    precondition: conditions.forItem,
  });
  koa.status = created ? 201 : 204;
  if (content === sent) {
    // RFC 4791 §5.3.4, RFC 6352 §6.3.2.3: only for bytes that are kept as they were sent.
    koa.set('ETag', etagOf(item));
    koa.set('Last-Modified', new Date(item.modifiedAt).toUTCString());
  }
  if (created) {
    koa.body = '';
  }
}

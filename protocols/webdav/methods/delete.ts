import { GatewayError } from '../../../src/domain/errors.ts';
import { deleteItem } from '../../../src/items/delete-item.ts';
import { deleteFolder } from '../../../src/items/folders.ts';
import type { DavContext } from '../context.ts';
import { DavError, nothingThere } from '../dav-error.ts';
import { readConditions, validatorsFor } from '../preconditions.ts';
import { isResource, type Target } from '../resource.ts';

/** DELETE of an item or of a collection with all it holds (RFC 4918 §9.6). */
export async function deleteResource(context: DavContext, target: Target): Promise<void> {
  const { koa, services, principal } = context;
  if (!isResource(target)) throw nothingThere();
  if (target.kind !== 'item' && target.kind !== 'collection') {
    // 403 and not 405: clients take the latter as a server that cannot delete at all.
    throw new GatewayError(
      'protected',
      { what: target.href, reason: 'it belongs to the account' },
      `${target.href} belongs to the account and goes with it; only calendars, address books and what is in them are deleted.`,
    );
  }
  const conditions = await readConditions(context, target);
  if (target.kind === 'item') {
    const { folder, item } = target;
    await deleteItem(services, { principal, folder, name: item.name, precondition: conditions.forItem });
  } else {
    // RFC 4918 §9.6.1: a collection goes as a whole or not at all.
    if (context.depth('infinity') !== 'infinity') {
      throw new DavError(400, 'A collection is deleted with all it holds: Depth is infinity or absent.');
    }
    conditions.check(validatorsFor(target));
    await deleteFolder(services, { principal, folder: target.folder });
  }
  koa.status = 204;
}

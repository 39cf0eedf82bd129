import { updateFolder } from '../../../src/items/folders.ts';
import { copyItem, moveItem } from '../../../src/items/transfer-item.ts';
import type { DavContext } from '../context.ts';
import { DavError, nothingThere } from '../dav-error.ts';
import { locateDestination, locationOf } from '../destination.ts';
import { parseOverwrite } from '../headers.ts';
import { readConditions, validatorsFor } from '../preconditions.ts';
import { type CollectionResource, etagOf, type ItemResource, type Target } from '../resource.ts';

/** COPY of an item (RFC 4918 §9.8). Collections do not allow it: a copy of many items would not be one transaction. */
export async function copy(context: DavContext, target: Target): Promise<void> {
  if (target.kind !== 'item') throw nothingThere();
  await transferItem(context, target, copyItem);
}

/** MOVE of an item to another name or collection, and renaming of a collection (RFC 4918 §9.9). */
export async function move(context: DavContext, target: Target): Promise<void> {
  if (target.kind === 'item') return transferItem(context, target, moveItem);
  if (target.kind === 'collection') return moveCollection(context, target);
  throw nothingThere();
}

async function transferItem(context: DavContext, source: ItemResource, transfer: typeof moveItem): Promise<void> {
  const { koa, services, principal } = context;
  const overwrite = parseOverwrite(koa.get('Overwrite'));
  const destination = await locateDestination(context);
  if (destination.kind !== 'item' && destination.kind !== 'unmapped-item') {
    throw new DavError(403, 'An item can only go to a name inside a calendar or an address book.');
  }
  const conditions = await readConditions(context, source);
  const collectionHref = destination.href.slice(0, destination.href.lastIndexOf('/') + 1);
  context.errorPlace = { home: destination.home, collectionHref };
  const { item, created } = await transfer(services, {
    principal,
    from: source.folder,
    name: source.item.name,
    to: destination.folder,
    newName: destination.kind === 'item' ? destination.item.name : destination.name,
    overwrite,
    precondition: conditions.forItem,
  });
  koa.status = created ? 201 : 204;
  koa.set('ETag', etagOf(item));
  if (created) {
    koa.body = '';
    koa.set('Location', locationOf(context, destination));
  }
}

/** The name changes and nothing else: members, sync state and properties stay. */
async function moveCollection(context: DavContext, source: CollectionResource): Promise<void> {
  const { koa, services, principal } = context;
  if (context.depth('infinity') !== 'infinity') {
    throw new DavError(400, 'A collection moves with all it holds: Depth is infinity or absent.'); // RFC 4918 §9.9.2
  }
  const overwrite = parseOverwrite(koa.get('Overwrite'));
  const destination = await locateDestination(context);
  if (destination.kind === 'collection') {
    if (!overwrite) throw new DavError(412, 'There is a collection of that name and overwriting was not allowed.');
    throw new DavError(403, 'A whole collection is never overwritten by a move; delete it first.');
  }
  if (destination.kind !== 'unmapped-collection' || destination.home !== source.home) {
    throw new DavError(403, 'A collection can only be renamed inside its own home.');
  }
  (await readConditions(context, source)).check(validatorsFor(source));
  await updateFolder(services, { principal, folder: source.folder, patch: { name: destination.name } });
  koa.status = 201;
  koa.body = '';
  koa.set('Location', locationOf(context, destination));
}

import type { Folder } from '../../src/domain/folder.ts';
import { createFolder } from '../../src/items/folders.ts';
import type { DavContext } from './context.ts';
import { DavError, davCondition } from './dav-error.ts';
import type { FolderDraft } from './property.ts';
import { draftUpdates, type PropertyUpdate, provisionalCollection, type UpdateOutcome } from './property-updates.ts';
import type { ResourceTypeDefinition } from './registry.ts';
import type { Target } from './resource.ts';

export interface CreateCollectionRequest {
  readonly target: Target;
  /** One whose `creates` is present. */
  readonly type: ResourceTypeDefinition;
  /** Properties to set with it, DAV:resourcetype left out. */
  readonly updates: readonly PropertyUpdate[];
}

/**
 * Creates a collection with its properties, for MKCOL and what resembles it: all of it or none.
 * @returns the folder, or the outcomes when a property was refused and nothing was created.
 * @throws DavError 403 with a condition, 409 where no such collection can be; GatewayError of `createFolder`
 */
export async function createCollection(
  context: DavContext,
  { target, type, updates }: CreateCollectionRequest,
): Promise<{ readonly folder: Folder } | { readonly refused: readonly UpdateOutcome[] }> {
  const { creates } = type;
  // RFC 4791 §4.2, §5.3.1.1 and RFC 6352 §5.2, §6.3.1.1: not inside one of its kind, nor in another home.
  if (creates === undefined || target.kind === 'unmapped-item' || ('home' in target && target.home !== creates.home)) {
    throw new DavError(403, `A collection of type ${type.name} cannot be here.`, {
      condition: { ns: type.ns, name: `${type.name}-collection-location-ok` },
    });
  }
  const place = requireFreePlace(target, 403);
  // The class may depend on the properties (components), and the properties on the class: the draft is made with the
  // home's plain class first, then the definition chooses.
  const first = creates.classFor({ properties: {} });
  const resource = provisionalCollection(context, place, first, place.name);
  const { draft, outcomes } = draftUpdates({ context, itemClass: first, folder: null, resource }, updates);
  if (outcomes.some(({ refusal }) => refusal !== null)) return { refused: outcomes };
  const itemClass = creates.classFor(draft);
  const folder = await createFolder(context.services, {
    principal: context.principal,
    itemClass,
    name: place.name,
    displayName: draft.displayName ?? null,
    components: draft.components ?? [],
    properties: setProperties(draft),
  });
  return { folder };
}

/**
 * @param taken What a name that is taken is answered with: 405 for plain MKCOL (RFC 4918 §9.3.1), 403 where being free is
 *   a precondition (RFC 4791 §5.3.1.1, RFC 6352 §6.3.1.1).
 * @throws DavError 403, 405, 409
 */
export function requireFreePlace(target: Target, taken: 403 | 405): Extract<Target, { kind: 'unmapped-collection' }> {
  switch (target.kind) {
    case 'unmapped-collection':
      return target;
    case 'unmapped-item':
      // RFC 4791 §4.2, RFC 6352 §5.2: no collections inside these collections.
      throw new DavError(403, 'A calendar or address book holds no collections.');
    case 'nowhere':
      throw new DavError(409, 'The collection above does not exist.'); // RFC 4918 §9.3.1
    default:
      throw new DavError(taken, 'There is something of that name already.', {
        condition: davCondition('resource-must-be-null'),
      });
  }
}

function setProperties(draft: FolderDraft): Record<string, string> {
  return Object.fromEntries(
    Object.entries(draft.properties).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

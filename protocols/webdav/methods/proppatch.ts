import type { FolderPatch } from '../../../src/domain/folder.ts';
import { updateFolder } from '../../../src/items/folders.ts';
import type { DavContext } from '../context.ts';
import { DavError, nothingThere } from '../dav-error.ts';
import { readConditions, validatorsFor } from '../preconditions.ts';
import type { FolderDraft } from '../property.ts';
import { draftUpdates, updatesIn, writePropstats } from '../property-updates.ts';
import { isResource, type Target } from '../resource.ts';
import { isNamed } from '../xml/query.ts';

/** PROPPATCH (RFC 4918 §9.2): all of it or none. Only collections keep what clients set. */
export async function proppatch(context: DavContext, target: Target): Promise<void> {
  if (!isResource(target)) throw nothingThere();
  const body = await context.xmlBody();
  const updates = body !== null && isNamed(body, 'propertyupdate') ? updatesIn(body) : [];
  if (updates.length === 0) {
    throw new DavError(400, 'The body of PROPPATCH is a DAV:propertyupdate that sets or removes something.');
  }
  (await readConditions(context, target)).check(validatorsFor(target));
  const folder = target.kind === 'collection' ? target.folder : null;
  const itemClass = folder?.itemClass ?? 'files';
  const { draft, outcomes } = draftUpdates({ context, itemClass, folder, resource: target }, updates);
  const isWhole = outcomes.every(({ refusal }) => refusal === null);
  if (isWhole && folder !== null) {
    await updateFolder(context.services, { principal: context.principal, folder, patch: patchOf(draft) });
  }
  if (isWhole && context.preferences.isMinimal) {
    // RFC 8144 §2.2
    context.koa.set('Preference-Applied', 'return=minimal');
    context.koa.status = 200;
    context.koa.body = '';
    return;
  }
  const out = context.multistatus();
  out.response(`<D:response><D:href>${target.href}</D:href>${writePropstats(outcomes)}</D:response>`);
  await out.end();
}

function patchOf({ displayName, components, properties }: FolderDraft): FolderPatch {
  return {
    properties,
    ...(displayName === undefined ? {} : { displayName }),
    ...(components === undefined ? {} : { components }),
  };
}

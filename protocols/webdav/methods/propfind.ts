import { type CompiledRequest, compileRequest, type PropertyRequest, propertyRequestIn } from '../compile.ts';
import type { DavContext } from '../context.ts';
import { DavError, davCondition, nothingThere } from '../dav-error.ts';
import { listMembers } from '../list-members.ts';
import { childrenOf } from '../locate.ts';
import { readConditions, validatorsFor } from '../preconditions.ts';
import { isResource, type Resource, type Target } from '../resource.ts';
import { isNamed } from '../xml/query.ts';

/**
 * PROPFIND (RFC 4918 §9.1). Without a Depth header members are listed as for 1: by the letter it means infinity, which
 * is refused, and no client that leaves the header out expects that.
 */
export async function propfind(context: DavContext, target: Target): Promise<void> {
  if (!isResource(target)) throw nothingThere();
  const depth = context.depth('1');
  if (depth === 'infinity') {
    throw new DavError(403, 'Depth: infinity is not served; list one level at a time.', {
      condition: davCondition('propfind-finite-depth'),
    });
  }
  const request = await readRequest(context);
  (await readConditions(context, target)).check(validatorsFor(target));
  const compiled = await compileRequest(context, request);
  const out = context.multistatus();
  if (depth === '0' || !context.preferences.isWithoutRoot) {
    out.response(compiled.response(await withContent(context, target, compiled)));
  }
  if (depth === '1') {
    for (const child of await childrenOf(context, target)) {
      if (out.response(compiled.response(child))) {
        await out.flush();
      }
    }
    if (target.kind === 'collection') {
      for await (const members of listMembers(context, target, { withContent: compiled.needsContent })) {
        for (const member of members) {
          if (out.response(compiled.response(member))) {
            await out.flush();
          }
        }
      }
    }
  }
  await out.end();
}

/** RFC 4918 §9.1: an empty body asks for everything. */
async function readRequest(context: DavContext): Promise<PropertyRequest> {
  const body = await context.xmlBody();
  if (body === null) return { kind: 'allprop', include: [] };
  const request = isNamed(body, 'propfind') ? propertyRequestIn(body) : null;
  if (request === null) {
    throw new DavError(400, 'The body of PROPFIND is a DAV:propfind with prop, allprop or propname.');
  }
  return request;
}

/** An item with its content, where a compiled property needs it. */
async function withContent(
  context: DavContext,
  resource: Resource,
  compiled: Pick<CompiledRequest, 'needsContent'>,
): Promise<Resource> {
  if (resource.kind !== 'item' || !compiled.needsContent || resource.content !== undefined) return resource;
  const [found] = await context.reader.itemsByNames(resource.folder.id, [resource.item.name], true);
  return found?.content === undefined ? resource : { ...resource, item: found.item, content: found.content };
}

import type { DavContext } from '../context.ts';
import { createCollection, requireFreePlace } from '../create-collection.ts';
import { DavError, davCondition } from '../dav-error.ts';
import { readConditions } from '../preconditions.ts';
import { type UpdateOutcome, updatesIn, writePropstats } from '../property-updates.ts';
import type { ResourceTypeDefinition } from '../registry.ts';
import type { Target } from '../resource.ts';
import { clark, DAV, type XmlElement } from '../xml/element.ts';
import { childElements, isNamed } from '../xml/query.ts';
import { ROOT_NAMESPACES, tagStrings, XML_DECLARATION } from '../xml/write.ts';

/** MKCOL, plain (RFC 4918 §9.3) and extended (RFC 5689). */
export async function mkcol(context: DavContext, target: Target): Promise<void> {
  const body = await readMkcolBody(context);
  // Inside a collection the refusal is in the words of the type, which the body says.
  if (target.kind !== 'unmapped-item') {
    requireFreePlace(target, body === null ? 405 : 403);
  }
  (await readConditions(context, target)).check(null);
  if (body === null) {
    requireFreePlace(target, 405);
    throw new DavError(403, 'Only calendars and address books can be here: name the type in the body of MKCOL.', {
      condition: davCondition('valid-resourcetype'),
    });
  }
  const updates = updatesIn(body);
  const isType = ({ element }: { element: XmlElement }): boolean => isNamed(element, 'resourcetype');
  const type = typeAskedFor(context, updates.find(isType)?.element);
  const result = await createCollection(context, { target, type, updates: updates.filter((u) => !isType(u)) });
  answerCreation(context, 'refused' in result ? result.refused : null, { ns: DAV, name: 'mkcol-response' });
}

/**
 * 201, or 403 with what was refused of each property (RFC 5689 §3, RFC 4791 §5.3.1).
 * @param root The element that holds the propstats, e.g. DAV:mkcol-response.
 */
export function answerCreation(
  { koa }: DavContext,
  refused: readonly UpdateOutcome[] | null,
  root: Pick<XmlElement, 'ns' | 'name'>,
): void {
  koa.set('Cache-Control', 'no-cache'); // RFC 5689 §3, RFC 4791 §5.3.1
  if (refused === null) {
    koa.status = 201;
    koa.body = '';
    return;
  }
  const tag = tagStrings(root.ns, root.name);
  koa.status = 403;
  koa.set('Content-Type', 'application/xml; charset=utf-8');
  koa.body = `${XML_DECLARATION}${tag.start}${ROOT_NAMESPACES}>${writePropstats(refused)}${tag.close}\n`;
}

/** RFC 4918 §9.3: a body that is not understood is 415. */
async function readMkcolBody(context: DavContext): Promise<XmlElement | null> {
  const body = await context.xmlBody();
  if (body !== null && !isNamed(body, 'mkcol')) {
    throw new DavError(415, 'The body of MKCOL is not a DAV:mkcol document.');
  }
  return body;
}

/** RFC 5689 §3.3: valid-resourcetype for a combination that is not served. */
function typeAskedFor(context: DavContext, resourcetype: XmlElement | undefined): ResourceTypeDefinition {
  const asked = resourcetype === undefined ? [] : childElements(resourcetype);
  const beside = asked.filter((element) => !isNamed(element, 'collection'));
  const [only] = beside;
  const type =
    beside.length === 1 && beside.length < asked.length
      ? context.registry.resourceTypes.find((one) => clark(one) === clark(only!) && one.creates !== undefined)
      : undefined;
  if (type === undefined) {
    throw new DavError(403, 'A collection of such a type cannot be made.', {
      condition: davCondition('valid-resourcetype'),
    });
  }
  return type;
}

import { compileElement, responseOf } from '../compile.ts';
import type { DavContext } from '../context.ts';
import { DavError } from '../dav-error.ts';
import { locateResource } from '../locate.ts';
import type { ReportDefinition } from '../registry.ts';
import type { Resource } from '../resource.ts';
import { DAV, type XmlElement } from '../xml/element.ts';
import { childrenNamed } from '../xml/query.ts';

/** Resources one answer may expand, so that nested requests cannot multiply without bound. */
const MAX_EXPANSIONS = 1000;

/** DAV:expand-property (RFC 3253 §3.8): properties that hold hrefs are answered with the properties of what they name. */
export const EXPAND_PROPERTY: ReportDefinition = {
  ns: DAV,
  name: 'expand-property',
  appliesTo: () => true,
  run: async (context, resource, body) => {
    const out = context.multistatus();
    out.response(await expand(context, resource, body, { left: MAX_EXPANSIONS }));
    await out.end();
  },
};

async function expand(
  context: DavContext,
  resource: Resource,
  parent: XmlElement,
  budget: { left: number },
): Promise<string> {
  budget.left -= 1;
  if (budget.left < 0) throw new DavError(507, `The report would expand more than ${MAX_EXPANSIONS} resources.`);
  let found = '';
  let missing = '';
  for (const property of childrenNamed(parent, 'property')) {
    const element = elementAskedFor(property);
    const slot = await compileElement(context, element);
    const inner = slot.write(resource);
    if (inner === null) {
      missing += slot.missing;
      continue;
    }
    const isNested = childrenNamed(property, 'property').length > 0;
    const value = isNested ? await expandHrefs(context, inner, property, budget) : inner;
    found += value === '' ? slot.empty : slot.open + value + slot.close;
  }
  return responseOf(resource.href, found, missing);
}

/** Each DAV:href of our own output is replaced by the DAV:response of the resource; one that leads nowhere stays. */
async function expandHrefs(
  context: DavContext,
  inner: string,
  property: XmlElement,
  budget: { left: number },
): Promise<string> {
  let result = '';
  let from = 0;
  for (const match of inner.matchAll(/<D:href>([^<]*)<\/D:href>/g)) {
    const named = await resourceAt(context, match[1]!);
    result += inner.slice(from, match.index);
    result += named === null ? match[0] : await expand(context, named, property, budget);
    from = match.index + match[0].length;
  }
  return result + inner.slice(from);
}

async function resourceAt(context: DavContext, href: string): Promise<Resource | null> {
  if (!href.startsWith('/')) {
    return null; // mailto: and other addresses
  }
  try {
    return await locateResource(context, href);
  } catch (error) {
    if (error instanceof DavError) return null;
    throw error;
  }
}

/** The attributes of DAV:property as the element they stand for. @throws DavError 400 */
function elementAskedFor(property: XmlElement): XmlElement {
  const name = property.attributes.get('name') ?? '';
  if (!/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(name)) throw new DavError(400, 'DAV:property needs a name.');
  return { ns: property.attributes.get('namespace') ?? DAV, name, attributes: new Map(), children: [] };
}

import { compileElement, compileReport } from '../compile.ts';
import type { DavContext } from '../context.ts';
import { DavError } from '../dav-error.ts';
import type { ReportDefinition } from '../registry.ts';
import type { PrincipalResource, Resource } from '../resource.ts';
import { CALDAV, DAV, type XmlElement } from '../xml/element.ts';
import { childElements, childNamed, childrenNamed, isNamed, textOf } from '../xml/query.ts';
import { ROOT_NAMESPACES, writeElement, XML_DECLARATION } from '../xml/write.ts';

const isPrincipalPlace = (resource: Resource): boolean =>
  resource.kind === 'root' || resource.href.startsWith('/principals/');

/** What principals are searched by; those that nobody defines are left out. */
const SEARCHABLE = [
  { ns: DAV, name: 'displayname', description: 'Name' },
  { ns: CALDAV, name: 'calendar-user-address-set', description: 'Calendar address' },
] as const;

/** DAV:principal-property-search (RFC 3744 §9.4) over the principals that can be seen, which is your own. */
export const PRINCIPAL_PROPERTY_SEARCH: ReportDefinition = {
  ns: DAV,
  name: 'principal-property-search',
  appliesTo: isPrincipalPlace,
  run: async (context, _resource, body) => {
    const searches = childrenNamed(body, 'property-search');
    if (context.depth('0') !== '0' || searches.length === 0) {
      throw new DavError(400, 'A search for principals has Depth 0 and at least one property-search.');
    }
    const compiled = await compileReport(context, body);
    const principal: PrincipalResource = { kind: 'principal', href: context.principalHref };
    const results = await Promise.all(searches.map((search) => matches(context, principal, search)));
    // test="anyof" is not of the RFC, but Apple's programs send it when they look for people.
    const isFound = body.attributes.get('test') === 'anyof' ? results.some(Boolean) : results.every(Boolean);
    const out = context.multistatus();
    if (isFound) {
      out.response(compiled.response(principal));
    }
    await out.end();
  },
};

/** All properties of one DAV:property-search must hold the text, whatever its case. */
async function matches(context: DavContext, principal: PrincipalResource, search: XmlElement): Promise<boolean> {
  const match = childNamed(search, 'match');
  const prop = childNamed(search, 'prop');
  if (match === null || prop === null) throw new DavError(400, 'A property-search has a prop and a match.');
  const wanted = fold(textOf(match));
  for (const element of childElements(prop)) {
    const slot = await compileElement(context, element);
    const isSearchable = SEARCHABLE.some(({ ns, name }) => isNamed(element, name, ns));
    const value = isSearchable ? slot.write(principal) : null;
    if (value === null || !fold(plainText(value)).includes(wanted)) return false;
  }
  return true;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The text of XML that we wrote ourselves. */
function plainText(xml: string): string {
  const withoutTags = xml.replaceAll(/<[^>]*>/g, '\n');
  return withoutTags.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#13;', '\r').replaceAll('&amp;', '&');
}

/** DAV:principal-search-property-set (RFC 3744 §9.5): what can be searched by. */
export const PRINCIPAL_SEARCH_PROPERTY_SET: ReportDefinition = {
  ns: DAV,
  name: 'principal-search-property-set',
  appliesTo: isPrincipalPlace,
  run: async ({ koa, registry }) => {
    const inner = SEARCHABLE.filter(({ ns, name }) => registry.properties.has(`{${ns}}${name}`)).map(
      ({ ns, name, description }) =>
        `<D:principal-search-property><D:prop>${writeElement(ns, name)}</D:prop>` +
        `<D:description xml:lang="en">${description}</D:description></D:principal-search-property>`,
    );
    const name = 'D:principal-search-property-set';
    koa.status = 200;
    koa.set('Content-Type', 'application/xml; charset=utf-8');
    koa.body = `${XML_DECLARATION}<${name}${ROOT_NAMESPACES}>${inner.join('')}</${name}>\n`;
  },
};

import type { Folder } from '../../src/domain/folder.ts';
import type { DavContext } from './context.ts';
import type { Condition } from './dav-error.ts';
import { DavError, writeCondition } from './dav-error.ts';
import type { CompiledProperty, PropertyDefinition } from './property.ts';
import type { Resource } from './resource.ts';
import { clark, type XmlElement } from './xml/element.ts';
import { childElements, childNamed } from './xml/query.ts';
import { escapeAttribute, tagStrings } from './xml/write.ts';

/** What a request asks of each resource (RFC 4918 §14.20, RFC 4791 §9.6). */
export type PropertyRequest =
  | { readonly kind: 'prop'; readonly elements: readonly XmlElement[] }
  | { readonly kind: 'allprop'; readonly include: readonly XmlElement[] }
  | { readonly kind: 'propname' };

/** Reads DAV:prop, DAV:allprop (with DAV:include) or DAV:propname inside a request body; null when none is there. */
export function propertyRequestIn(body: XmlElement): PropertyRequest | null {
  const prop = childNamed(body, 'prop');
  if (prop !== null) return { kind: 'prop', elements: childElements(prop) };
  if (childNamed(body, 'propname') !== null) return { kind: 'propname' };
  if (childNamed(body, 'allprop') !== null) {
    const include = childNamed(body, 'include');
    return { kind: 'allprop', include: include === null ? [] : childElements(include) };
  }
  return null;
}

/** A property request turned into writers, once per request; then each resource costs string building only. */
export interface CompiledRequest {
  /** True: item resources must carry their `content`. */
  readonly needsContent: boolean;
  /** One whole `<D:response>` with its propstats. */
  readonly response: (resource: Resource) => string;
}

/** One compiled property with the strings around it. */
export interface Slot {
  readonly key: string;
  readonly open: string;
  readonly close: string;
  readonly empty: string;
  readonly missing: string;
  readonly write: (resource: Resource) => string | null;
  readonly needsContent: boolean;
}

/** Properties one request may name, since each is looked for in every member. */
const MAX_PROPERTIES = 1_000;

const OK = '</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>';
const NOT_FOUND = '</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>';

/** Compiles what is asked. Return=minimal (RFC 8144 §2.1) leaves out what is missing, in reports as in PROPFIND. */
export async function compileRequest(context: DavContext, request: PropertyRequest): Promise<CompiledRequest> {
  if (context.preferences.isMinimal) {
    context.koa.set('Preference-Applied', 'return=minimal');
  }
  if (request.kind === 'propname') return compileNames(context);
  const slots: Slot[] = [];
  if (request.kind === 'allprop') {
    for (const definition of context.registry.properties.values()) {
      if (definition.inAllprop) {
        slots.push(await compileDefinition(context, definition, bare(definition)));
      }
    }
  }
  const asked = request.kind === 'prop' ? request.elements : request.include;
  if (asked.length > MAX_PROPERTIES) throw new DavError(413, `A request names at most ${MAX_PROPERTIES} properties.`);
  const seen = new Set(slots.map((slot) => slot.key));
  for (const element of asked) {
    const key = clark(element);
    if (!seen.has(key)) {
      seen.add(key);
      slots.push(await compileElement(context, element));
    }
  }
  const isQuiet = request.kind === 'allprop' || context.preferences.isMinimal;
  return {
    needsContent: slots.some((slot) => slot.needsContent),
    response: request.kind === 'allprop' ? withDeadProperties(context, slots) : responder(slots, isQuiet),
  };
}

/** Compiles what the body of a report asks; without DAV:prop that is the bare hrefs (RFC 3253 §3.6). */
export function compileReport(context: DavContext, body: XmlElement): Promise<CompiledRequest> {
  return compileRequest(context, propertyRequestIn(body) ?? { kind: 'prop', elements: [] });
}

/** Compiles one property by its element; a name that nobody defines is a dead property of collections. */
export async function compileElement(context: DavContext, element: XmlElement): Promise<Slot> {
  const definition = context.registry.properties.get(clark(element));
  return definition === undefined ? deadSlot(element) : compileDefinition(context, definition, element);
}

async function compileDefinition(
  context: DavContext,
  definition: PropertyDefinition,
  element: XmlElement,
): Promise<Slot> {
  const result = await definition.compile(context, element);
  const compiled: CompiledProperty = typeof result === 'function' ? { write: result } : result;
  const tag = tagStrings(definition.ns, definition.name);
  const attributes = compiled.attributes ?? '';
  return {
    key: clark(definition),
    open: `${tag.start}${attributes}>`,
    close: tag.close,
    empty: `${tag.start}${attributes}/>`,
    missing: tag.empty,
    write: (resource) => (definition.appliesTo(resource) ? compiled.write(resource) : null),
    needsContent: compiled.needsContent ?? false,
  };
}

function deadSlot(element: Pick<XmlElement, 'ns' | 'name'>): Slot {
  const key = clark(element);
  const tag = tagStrings(element.ns, element.name);
  return {
    key,
    open: tag.open,
    close: tag.close,
    empty: tag.empty,
    missing: tag.empty,
    write: (resource) => (resource.kind === 'collection' ? (resource.folder.properties[key] ?? null) : null),
    needsContent: false,
  };
}

function responder(slots: readonly Slot[], isQuiet: boolean): (resource: Resource) => string {
  return (resource) => {
    let found = '';
    let missing = '';
    for (const slot of slots) {
      const inner = slot.write(resource);
      if (inner === null) {
        missing += slot.missing;
      } else if (resource.kind === 'collection') {
        found += withLanguage(slot, resource.folder, inner);
      } else {
        found += inner === '' ? slot.empty : slot.open + inner + slot.close;
      }
    }
    return responseOf(resource.href, found, isQuiet ? '' : missing);
  };
}

/** RFC 4918 §4.3: the value goes out with the language it came in with. */
function withLanguage(slot: Slot, folder: Folder, inner: string): string {
  const language = folder.properties[slot.key + LANGUAGE_SUFFIX];
  if (language === undefined) return inner === '' ? slot.empty : slot.open + inner + slot.close;
  const open = slot.open.slice(0, -1);
  return `${open} xml:lang="${escapeAttribute(language)}">${inner}${slot.close}`;
}

/** `<D:response>` for written property elements: those it has, and those it has not (404). */
export function responseOf(href: string, found: string, missing: string): string {
  const head = `<D:response><D:href>${href}</D:href>`;
  // RFC 8144 §2.1: a response needs a propstat, so with nothing to say an empty one is given.
  const first = found !== '' || missing === '' ? `<D:propstat><D:prop>${found}${OK}` : '';
  const second = missing === '' ? '' : `<D:propstat><D:prop>${missing}${NOT_FOUND}`;
  return `${head}${first}${second}</D:response>`;
}

/** RFC 4918 §9.1: allprop gives the dead properties too. */
function withDeadProperties(context: DavContext, slots: readonly Slot[]): (resource: Resource) => string {
  const plain = responder(slots, true);
  return (resource) => {
    const dead = deadNames(context, resource);
    const known = new Set(slots.map((slot) => slot.key));
    const extra = dead.filter((name) => !known.has(clark(name))).map(deadSlot);
    return extra.length === 0 ? plain(resource) : responder([...slots, ...extra], true)(resource);
  };
}

/** RFC 4918 §14.19: names only. */
async function compileNames(context: DavContext): Promise<CompiledRequest> {
  const slots: Slot[] = [];
  for (const definition of context.registry.properties.values()) {
    const slot = await compileDefinition(context, definition, bare(definition));
    if (!slot.needsContent) {
      slots.push(slot); // what is made of the content (calendar-data) is not a property by name (RFC 4791 §9.6)
    }
  }
  return {
    needsContent: false,
    response: (resource) => {
      const live = slots.filter((slot) => slot.write(resource) !== null).map((slot) => slot.missing);
      const dead = deadNames(context, resource).map(({ ns, name }) => tagStrings(ns, name).empty);
      return responseOf(resource.href, [...live, ...dead].join(''), '');
    },
  };
}

/** The client-set properties of a collection that no definition speaks for. */
function deadNames(context: DavContext, resource: Resource): Pick<XmlElement, 'ns' | 'name'>[] {
  if (resource.kind !== 'collection') return [];
  return Object.keys(resource.folder.properties)
    .filter((key) => !context.registry.properties.has(key) && !key.endsWith(LANGUAGE_SUFFIX))
    .map(splitClark);
}

/**
 * RFC 4918 §4.3 wants xml:lang kept. The language of property `{ns}name` is kept under this name with the suffix, which
 * no element can have.
 */
export const LANGUAGE_SUFFIX = '#xml:lang';

function splitClark(key: string): Pick<XmlElement, 'ns' | 'name'> {
  const close = key.lastIndexOf('}');
  return { ns: key.slice(1, close), name: key.slice(close + 1) };
}

function bare({ ns, name }: Pick<XmlElement, 'ns' | 'name'>): XmlElement {
  return { ns, name, attributes: new Map(), children: [] };
}

/** `<D:response>` with one status for the whole resource (RFC 4918 §14.24), e.g. 404 in a multiget. */
export function statusResponse(href: string, status: string, condition?: Condition): string {
  const error = condition === undefined ? '' : `<D:error>${writeCondition(condition)}</D:error>`;
  return `<D:response><D:href>${href}</D:href><D:status>HTTP/1.1 ${status}</D:status>${error}</D:response>`;
}

import { GatewayError } from '../../../src/domain/errors.ts';
import { type CompiledRequest, compileReport, statusResponse } from '../compile.ts';
import type { DavContext } from '../context.ts';
import { DavError } from '../dav-error.ts';
import { collectionsOf } from '../locate.ts';
import { type DavPath, parsePath, pathOfHref } from '../path.ts';
import { type CollectionResource, type ItemResource, memberOf, type Resource } from '../resource.ts';
import type { XmlElement } from '../xml/element.ts';
import { childrenNamed, textOf } from '../xml/query.ts';
import { escapeText } from '../xml/write.ts';

const CHUNK_HREFS = 500;
const NOT_FOUND = '404 Not Found';

/** One href of the request: what it was written as, and which member it names if it can name one. */
interface Wanted {
  readonly href: string;
  readonly member: { readonly collection: CollectionResource; readonly name: string } | null;
}

/**
 * calendar-multiget and addressbook-multiget (RFC 4791 §7.9, RFC 6352 §8.7): one response per href, 404 for what is not
 * there, lies elsewhere or is not a path at all. Depth has no meaning here and is not read.
 */
export async function runMultiget(context: DavContext, resource: Resource, body: XmlElement): Promise<void> {
  const hrefs = new Set(childrenNamed(body, 'href').map((element) => textOf(element).trim()));
  if (hrefs.size === 0) throw new DavError(400, `${body.name} names no href.`);
  const limit = context.services.limits.maxResults;
  if (hrefs.size > limit) throw new GatewayError('too-many-results', { limit });
  const collections = await collectionsUnder(context, resource);
  const compiled = await compileReport(context, body);
  const out = context.multistatus();
  const wanted = withoutRepeats([...hrefs].map((href) => resolve(context, resource, collections, href)));
  for (let from = 0; from < wanted.length; from += CHUNK_HREFS) {
    for await (const response of answers(context, wanted.slice(from, from + CHUNK_HREFS), compiled)) {
      if (out.response(response)) await out.flush();
    }
  }
  await out.end();
}

async function collectionsUnder(context: DavContext, resource: Resource): Promise<readonly CollectionResource[]> {
  if (resource.kind === 'collection') return [resource];
  if (resource.kind === 'home') return collectionsOf(context, resource.home);
  if (resource.kind !== 'item') return [];
  const { home, folder, href } = resource;
  return [{ kind: 'collection', home, folder, href: href.slice(0, href.lastIndexOf('/') + 1) }];
}

/** RFC 4791 §7.9: what lies outside the request-URI is not found by it, whatever it is. */
function resolve(
  context: DavContext,
  resource: Resource,
  collections: readonly CollectionResource[],
  href: string,
): Wanted {
  const { segments, hasTrailingSlash } = pathIn(href, context.koa.host);
  const [home, domain, user, collectionName, name, ...deeper] = segments;
  const { principal } = context;
  const isOwn = domain?.toLowerCase() === principal.domain && user?.toLowerCase() === principal.localPart;
  if (!isOwn || name === undefined || deeper.length > 0 || hasTrailingSlash) return { href, member: null };
  const collection = collections.find((found) => found.home === home && found.folder.name === collectionName);
  const isOther = resource.kind === 'item' && resource.item.name !== name;
  return { href, member: collection === undefined || isOther ? null : { collection, name } };
}

function pathIn(href: string, host: string): DavPath {
  const path = pathOfHref(href, host);
  if (path === null) return { segments: [], hasTrailingSlash: false };
  try {
    return parsePath(path);
  } catch (error) {
    // A path that cannot be one names nothing; the other hrefs are answered all the same.
    if (error instanceof DavError) return { segments: [], hasTrailingSlash: false };
    throw error;
  }
}

/** RFC 4918 §14.24: an href stands once in a multistatus, however often and in whatever spelling it was asked for. */
function withoutRepeats(wanted: readonly Wanted[]): Wanted[] {
  const seen = new Set<string>();
  return wanted.filter(({ member }) => {
    if (member === null) return true;
    const key = `${member.collection.folder.id}/${member.name}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** One by one, since a single one may take long to make. */
async function* answers(
  context: DavContext,
  wanted: readonly Wanted[],
  compiled: CompiledRequest,
): AsyncGenerator<string, void> {
  const found = await read(context, wanted, compiled.needsContent);
  for (const { href, member } of wanted) {
    const item = member === null ? undefined : found.get(member.collection)?.get(member.name);
    yield item === undefined ? statusResponse(escapeText(href), NOT_FOUND) : compiled.response(item);
  }
}

async function read(
  context: DavContext,
  wanted: readonly Wanted[],
  withContent: boolean,
): Promise<ReadonlyMap<CollectionResource, ReadonlyMap<string, ItemResource>>> {
  const names = Map.groupBy(
    wanted.flatMap(({ member }) => member ?? []),
    (member) => member.collection,
  );
  const found = new Map<CollectionResource, ReadonlyMap<string, ItemResource>>();
  for (const [collection, members] of names) {
    const asked = members.map(({ name }) => name);
    const items = await context.reader.itemsByNames(collection.folder.id, asked, withContent);
    found.set(collection, new Map(items.map(({ item, content }) => [item.name, memberOf(collection, item, content)])));
  }
  return found;
}

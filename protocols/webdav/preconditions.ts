import { GatewayError } from '../../src/domain/errors.ts';
import type { Item } from '../../src/domain/item.ts';
import type { Precondition } from '../../src/items/precondition.ts';
import type { DavContext } from './context.ts';
import { DavError } from './dav-error.ts';
import { holdsIf, parseIfHeader, type ResourceState } from './if-header.ts';
import { locate } from './locate.ts';
import { pathOfHref } from './path.ts';
import { collectionEtag, etagOf, type Resource, type Target } from './resource.ts';

/** What a resource looks like to a condition. */
export interface Validators {
  /** With quotes; null when the representation has none. */
  readonly etag: string | null;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number | null;
}

/** The conditional headers of one request, judged the same way for every method. */
export interface Conditions {
  /** For item writes: judged inside the transaction. @throws GatewayError 'revision-mismatch' */
  readonly forItem: Precondition;
  /** For everything else; null: the resource does not exist. @throws GatewayError 'revision-mismatch' */
  readonly check: (current: Validators | null) => void;
}

/**
 * Reads If-Match, If-None-Match, If-Unmodified-Since (RFC 9110 §13) and If (RFC 4918 §10.4). Resources that If names
 * beside the request's own are looked up now, the request's own when it is judged.
 * @throws DavError 400 for an If header that does not follow the grammar.
 */
export async function readConditions(context: DavContext, target: Target): Promise<Conditions> {
  const { koa } = context;
  // RFC 9110 §13.2.1: they mean nothing to methods that neither read nor change one representation.
  const isConditional = koa.method !== 'PROPFIND' && koa.method !== 'REPORT';
  const headerOf = (name: string): string => (isConditional ? koa.get(name) : '');
  const ifMatch = parseEntityTags(headerOf('If-Match'));
  const ifNoneMatch = parseEntityTags(headerOf('If-None-Match'));
  const unmodifiedSince = parseHttpDate(headerOf('If-Unmodified-Since'));
  const isRead = koa.method === 'GET' || koa.method === 'HEAD';
  const lists = parseIfHeader(koa.get('If'));
  const others = new Map<string, ResourceState | typeof OWN>();
  for (const { resource } of lists) {
    if (resource !== null && !others.has(resource)) {
      others.set(resource, await stateAt(context, resource, target));
    }
  }
  const check = (current: Validators | null): void => {
    const etag = current?.etag ?? null;
    const refuse = (header: string): never => {
      throw mismatch(koa.get(header), etag, header);
    };
    if (ifMatch !== null) {
      if (current === null || !ifMatch.matchesStrongly(etag)) refuse('If-Match');
    } else if (unmodifiedSince !== null && isModifiedSince(current, unmodifiedSince)) {
      refuse('If-Unmodified-Since');
    }
    if (!isRead && ifNoneMatch !== null && current !== null && ifNoneMatch.matchesWeakly(etag)) {
      refuse('If-None-Match');
    }
    const own: ResourceState = { etag, syncToken: syncTokenOf(context, target) };
    const stateOf = (resource: string | null): ResourceState => {
      const other = resource === null ? OWN : (others.get(resource) ?? NO_STATE);
      return other === OWN ? own : other;
    };
    if (!holdsIf(lists, stateOf)) refuse('If');
  };
  return { check, forItem: (item) => check(item === null ? null : validatorsOf(item)) };
}

/** The validators of anything that exists. */
export function validatorsFor(resource: Resource): Validators {
  if (resource.kind === 'item') return validatorsOf(resource.item);
  return { etag: resource.kind === 'collection' ? collectionEtag(resource.folder) : null, modifiedAt: null };
}

export function validatorsOf(item: Item): Validators {
  return { etag: etagOf(item), modifiedAt: item.modifiedAt };
}

/** RFC 9110 §13.1.2 and §13.1.3: whether a GET or HEAD is answered 304. */
export function isNotModified(context: DavContext, current: Validators): boolean {
  const ifNoneMatch = parseEntityTags(context.koa.get('If-None-Match'));
  if (ifNoneMatch !== null) return ifNoneMatch.matchesWeakly(current.etag);
  const since = parseHttpDate(context.koa.get('If-Modified-Since'));
  return since !== null && current.modifiedAt !== null && !isModifiedSince(current, since);
}

/** Stands for "judge with the request's own resource". */
const OWN = 'own';
const NO_STATE: ResourceState = { etag: null, syncToken: null };

function syncTokenOf({ environment }: DavContext, target: Target): string | null {
  return target.kind === 'collection' ? environment.syncTokens.tokenOf(target.folder) : null;
}

async function stateAt(context: DavContext, resource: string, target: Target): Promise<ResourceState | typeof OWN> {
  const path = pathOfHref(resource, context.koa.host);
  if (path === null) return NO_STATE;
  try {
    const named = await locate(context, path);
    if (named.href === target.href) return OWN;
    if (named.kind === 'collection') {
      return { etag: collectionEtag(named.folder), syncToken: syncTokenOf(context, named) };
    }
    return named.kind === 'item' ? { etag: etagOf(named.item), syncToken: null } : NO_STATE;
  } catch (error) {
    if (error instanceof DavError) {
      return NO_STATE; // not there, or not to be seen: no tag of it can match
    }
    throw error;
  }
}

interface EntityTags {
  readonly matchesStrongly: (etag: string | null) => boolean;
  readonly matchesWeakly: (etag: string | null) => boolean;
}

/** `*` or a list of entity tags; null when the header is absent. Tags without quotes are taken as clients mean them. */
function parseEntityTags(header: string): EntityTags | null {
  const text = header.trim();
  if (text === '') return null;
  if (text === '*') return { matchesStrongly: () => true, matchesWeakly: () => true };
  const strong = new Set<string>();
  const weak = new Set<string>();
  for (const [, mark, quoted, loose] of text.matchAll(/(W\/)?"([^"]*)"|([^\s,"]+)/g)) {
    const tag = `"${quoted ?? loose}"`;
    weak.add(tag);
    if (mark === undefined) {
      strong.add(tag);
    }
  }
  const has = (set: Set<string>) => (etag: string | null) => etag !== null && set.has(etag);
  return { matchesStrongly: has(strong), matchesWeakly: has(weak) };
}

/** Milliseconds; null for an absent or unreadable date, which RFC 9110 §13.1.3 says to ignore. */
function parseHttpDate(header: string): number | null {
  const time = header === '' ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? null : time;
}

/** HTTP dates have whole seconds. */
function isModifiedSince(current: Validators | null, since: number): boolean {
  return current?.modifiedAt != null && Math.floor(current.modifiedAt / 1000) * 1000 > since;
}

function mismatch(expected: string, actual: string | null, header: string): GatewayError {
  return new GatewayError(
    'revision-mismatch',
    { expected, actual },
    `${header}: ${expected} does not hold; ${actual === null ? 'there is no such revision' : `the present one is ${actual}`}.`,
  );
}

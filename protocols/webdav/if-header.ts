import { DavError } from './dav-error.ts';

/** One condition in an If header: the resource's ETag, or a state token: a sync token, since there are no locks. */
export interface IfCondition {
  readonly isNegated: boolean;
  readonly kind: 'etag' | 'token';
  /** Opaque tag with quotes (and W/ if given), or the token URI. */
  readonly value: string;
}

/** Conditions that must all hold for one resource; the header holds when any of its lists does. */
export interface IfList {
  /** The tagged resource as written; null is the request's own. */
  readonly resource: string | null;
  readonly conditions: readonly IfCondition[];
}

const TOKEN = /\s*(?:(\()|(\))|<([^<>]*)>|\[\s*((?:W\/)?"[^"]*"|[^\]]*?)\s*\]|(not)(?=[\s<[]))/iy;
const MAX_CONDITIONS = 1000;

/**
 * RFC 4918 §10.4. Empty for an absent header.
 * @throws DavError 400 for what does not follow the grammar.
 */
export function parseIfHeader(header: string): IfList[] {
  const lists: IfList[] = [];
  let resource: string | null = null;
  let open: IfCondition[] | null = null;
  let isNegated = false;
  let conditions = 0;
  const text = header.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [match, opening, closing, uri, etag] = TOKEN.exec(text) ?? fail(header);
    if (opening !== undefined && open === null) {
      open = [];
    } else if (closing !== undefined && open !== null && open.length > 0 && !isNegated) {
      lists.push({ resource, conditions: open });
      open = null;
    } else if (uri !== undefined && open === null) {
      resource = uri;
    } else if (open !== null && (uri !== undefined || etag !== undefined)) {
      open.push({ isNegated, kind: uri === undefined ? 'etag' : 'token', value: uri ?? etag! });
      isNegated = false;
      conditions += 1;
    } else if (open !== null && match.trim().toLowerCase() === 'not' && !isNegated) {
      isNegated = true;
    } else {
      fail(header);
    }
    if (conditions > MAX_CONDITIONS) {
      fail(header);
    }
  }
  if (open !== null || (text !== '' && lists.length === 0)) {
    fail(header);
  }
  return lists;
}

/** What a resource's conditions are judged by; null where it has none. */
export interface ResourceState {
  /** With quotes. */
  readonly etag: string | null;
  /** RFC 6578 §5: the present DAV:sync-token of a collection. */
  readonly syncToken: string | null;
}

/** Whether any list holds. */
export function holdsIf(lists: readonly IfList[], stateOf: (resource: string | null) => ResourceState): boolean {
  if (lists.length === 0) return true;
  return lists.some((list) => {
    const { etag, syncToken } = stateOf(list.resource);
    return list.conditions.every(({ kind, value, isNegated }) => {
      const isTrue = value === (kind === 'etag' ? etag : syncToken);
      return isTrue !== isNegated;
    });
  });
}

function fail(header: string): never {
  throw new DavError(400, `The If header cannot be read: ${header.slice(0, 200)}`);
}

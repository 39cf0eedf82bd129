import type { ErrorCode, ErrorFacts } from '../../src/domain/errors.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { type Condition, DavError, davCondition, writeCondition } from './dav-error.ts';
import { encodeSegment } from './path.ts';
import type { HomeConditions } from './registry.ts';
import { DAV } from './xml/element.ts';
import { escapeText, ROOT_NAMESPACES, writeElement, writeHref, XML_DECLARATION } from './xml/write.ts';

/** Where the refusal happened: conditions are named by the home's own specification. */
export interface ErrorScope {
  readonly conditions: HomeConditions | null;
  /** Path of the request. */
  readonly href: string;
  /** Path of the collection that holds (or would hold) the item, with its slash. */
  readonly collectionHref: string;
}

interface Answer<C extends ErrorCode> {
  readonly status: number;
  readonly condition?: (facts: ErrorFacts[C], scope: ErrorScope) => Condition | null;
}

/** Every way the core refuses, in WebDAV's words. */
export const STATUS: { readonly [C in ErrorCode]: Answer<C> } = {
  'folder-not-found': { status: 404 },
  'item-not-found': { status: 404 },
  // RFC 3744 §7.1.1
  'access-denied': { status: 403, condition: ({ right }, { href }) => needPrivileges(right, href) },
  'revision-mismatch': { status: 412 },
  // RFC 6578 §3.2
  'cursor-expired': { status: 403, condition: () => davCondition('valid-sync-token') },
  // RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1: the href of the resource that has the UID
  'uid-conflict': {
    status: 409,
    condition: ({ name }, scope) =>
      homeCondition(scope, 'no-uid-conflict', writeHref(scope.collectionHref + encodeSegment(name))),
  },
  // RFC 5689 §3 and RFC 4791 §5.3.1.1
  'name-taken': { status: 409, condition: () => davCondition('resource-must-be-null') },
  'name-invalid': { status: 400 },
  'content-invalid': { status: 403, condition: (_, scope) => homeCondition(scope, scope.conditions?.validData) },
  'object-invalid': { status: 403, condition: (_, scope) => homeCondition(scope, scope.conditions?.validObject) },
  'content-unsupported': {
    // RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1: a precondition like the others (RFC 3253 §1.6), so not 415
    status: 403,
    condition: (_, scope) => homeCondition(scope, scope.conditions?.supportedData),
  },
  'component-unsupported': {
    status: 403,
    condition: (_, scope) => homeCondition(scope, 'supported-calendar-component'),
  },
  // RFC 4791 §1.3: a failed precondition of PUT is 403, not 413.
  'item-too-large': { status: 403, condition: (_, scope) => homeCondition(scope, 'max-resource-size') },
  // RFC 4331 §6
  'quota-exceeded': { status: 507, condition: () => davCondition('quota-not-exceeded') },
  'filter-unsupported': {
    status: 403,
    condition: ({ kind }, scope) => homeCondition(scope, filterCondition(kind, scope)),
  },
  // RFC 5323 §5.17.2, used by RFC 4791 §7.8 and RFC 6352 §8.6
  'too-many-results': { status: 507, condition: () => davCondition('number-of-matches-within-limits') },
  protected: { status: 403 },
  // Nothing that DAV can ask for.
  'wipe-refused': { status: 403 },
  // RFC 4331 §6 and RFC 4918 §11.5
  'storage-full': { status: 507, condition: () => davCondition('sufficient-disk-space') },
  // Sending mail is no request of DAV; said for whatever may one day be one.
  'message-invalid': { status: 400 },
  'no-recipient': { status: 400 },
  'recipient-invalid': { status: 400 },
  'submission-refused': { status: 403 },
  'store-unavailable': { status: 503 },
};

function filterCondition(kind: ErrorFacts['filter-unsupported']['kind'], scope: ErrorScope): string | undefined {
  if (kind === 'data') return scope.conditions?.supportedData;
  return kind === 'valid-filter' ? kind : `supported-${kind}`;
}

function homeCondition({ conditions }: ErrorScope, name: string | undefined, inner = ''): Condition | null {
  return conditions === null || name === undefined ? null : { ns: conditions.ns, name, inner };
}

function needPrivileges(right: string, href: string): Condition {
  const name = right === 'read' || right === 'write' ? right : 'all';
  const privilege = writeElement(DAV, 'privilege', writeElement(DAV, name));
  return davCondition('need-privileges', writeElement(DAV, 'resource', writeHref(href) + privilege));
}

/** One refusal, ready to be sent. */
export interface Refusal {
  readonly status: number;
  readonly condition: Condition | null;
  /** For people. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What to answer for an error; null for errors that are bugs. */
export function refusalOf(error: unknown, scope: ErrorScope): Refusal | null {
  if (error instanceof DavError) return error;
  if (!(error instanceof GatewayError)) return null;
  const answer = STATUS[error.code as ErrorCode] as Answer<ErrorCode>;
  const headers: Record<string, string> = error.code === 'store-unavailable' ? { 'Retry-After': '10' } : {};
  return {
    status: answer.status,
    condition: answer.condition?.(error.facts, scope) ?? null,
    message: error.message,
    headers,
  };
}

/**
 * The element for people in an error body. What stands in DAV:error is a condition (RFC 4918 §14.5), so the sentence has
 * to be in a namespace of its own; this is the one that Apple's programs and test suites know.
 */
export const SENTENCE = { ns: 'http://twistedmatrix.com/xml_namespace/dav/', name: 'error-description' } as const;

/** The DAV:error body (RFC 4918 §16): the condition, and a sentence for people. */
export function errorBody(condition: Condition | null, message: string): string {
  const inner = condition === null ? '' : writeCondition(condition);
  const sentence = writeElement(SENTENCE.ns, SENTENCE.name, escapeText(message));
  return `${XML_DECLARATION}<D:error${ROOT_NAMESPACES}>${inner}${sentence}</D:error>\n`;
}

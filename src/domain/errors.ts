import { errorSentence } from './error-sentence.ts';

/**
 * Every way in which a request can be refused, once for all protocols. Each protocol's `status.ts` maps every code to
 * its own words (`Record<ErrorCode, …>`), so a new code does not compile until every table answers it.
 *
 * A `GatewayError` means wrong *input* or circumstances: it is answered, never logged as a bug. Wrong *use* of a
 * function by our own code is a `TypeError`, answered as an internal error and logged with the request id.
 */
export interface ErrorFacts {
  /** The folder or its mailbox does not exist, or this principal may not know that it does. */
  'folder-not-found': { folder: string };
  'item-not-found': { item: string };
  /** The principal sees the thing but lacks the named right. */
  'access-denied': { right: string };
  /** A precondition on the revision failed (If-Match, If-None-Match). */
  'revision-mismatch': { expected: string; actual: string | null };
  /** The change cursor is older than the pruned horizon, of another folder, or of no store we know. */
  'cursor-expired': { cursor: string };
  /** Another item of the folder has this UID; `name` is that item's DAV name. */
  'uid-conflict': { uid: string; name: string };
  /** The name is taken (creating a folder, moving without overwrite). */
  'name-taken': { name: string };
  /** The name cannot be used: empty, too long, control characters, slash. */
  'name-invalid': { name: string; reason: string };
  /** Bytes that are not what they claim to be. `line` counts from 1 where known. */
  'content-invalid': { reason: string; line?: number };
  /** Well-formed, but not allowed in this folder (RFC 4791 §5.3.2.1 valid-calendar-object-resource). */
  'object-invalid': { reason: string; line?: number };
  /** The folder does not take this kind of content. */
  'content-unsupported': { contentType: string };
  /** The folder does not take this component (RFC 4791 §5.2.3). */
  'component-unsupported': { component: string; allowed: readonly string[] };
  'item-too-large': { size: number; limit: number };
  'quota-exceeded': { limit: number; unit: 'bytes' | 'items' };
  /** The query asks for something that is not supported (an unknown collation) or breaks the filter grammar ('valid-filter'). */
  'filter-unsupported': { reason: string; kind: 'filter' | 'valid-filter' | 'collation' | 'data' };
  /** The answer would exceed a limit (occurrences, results). */
  'too-many-results': { limit: number };
  /** The protected thing may not be changed or removed (a default folder, a home). */
  protected: { what: string; reason: string };
  /** What is asked for cannot be done to this device's wipe, or to this device because of its wipe. */
  'wipe-refused': { device: string; reason: string };
  /**
   * No space is left where the store is kept, or, with `isLimit`, no more than an administrator wants left (docs/watch.md); nothing
   * was written. Not the owner's limit: that is 'quota-exceeded'.
   */
  'storage-full': { reason: string; isLimit?: true };
  /** What should be sent is no message that can be sent: its header cannot be read, is too large or says two things. */
  'message-invalid': { reason: string };
  /** A message to be sent names nobody. */
  'no-recipient': { fields: readonly string[] };
  'recipient-invalid': { address: string; reason: string };
  /** The mail relay refused the message for good, for every recipient; nothing was kept. */
  'submission-refused': { reason: string };
  /** The store cannot answer now: locked, closed, broken. Trying again later may work. */
  'store-unavailable': { reason: string };
}

export type ErrorCode = keyof ErrorFacts;

export class GatewayError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly facts: ErrorFacts[C];

  /** @param message One sentence that names the thing, the reason and the remedy; without it one is made of the facts. */
  constructor(code: C, facts: ErrorFacts[C], message?: string) {
    super(message ?? errorSentence(code, facts));
    this.name = 'GatewayError';
    this.code = code;
    this.facts = facts;
  }
}

/** Narrows an unknown error to a `GatewayError` of one code. */
export function isGatewayError<C extends ErrorCode>(error: unknown, code: C): error is GatewayError<C> {
  return error instanceof GatewayError && error.code === code;
}

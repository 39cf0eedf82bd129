import type { ErrorCode, GatewayError } from '../../domain/errors.ts';

/** One mistake in a request: where, as `/path/…`, `/query/…` or `/body/…`, and what. */
export interface Mistake {
  readonly pointer: string;
  readonly detail: string;
}

/** What an operation refuses with; answered as problem+json (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly mistakes: readonly Mistake[];
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail One sentence for people. */
  constructor(
    kind: { readonly status: number; readonly code: string; readonly title: string },
    detail: string,
    more: { readonly mistakes?: readonly Mistake[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = kind.status;
    this.code = kind.code;
    this.title = kind.title;
    this.mistakes = more.mistakes ?? [];
    this.headers = more.headers ?? {};
  }
}

/** Refusals of the API itself; those of the core are in `CORE`. */
export const INVALID = {
  status: 400,
  code: 'request-invalid',
  title: 'The request is not as the document says',
} as const;
export const UNAUTHENTICATED = { status: 401, code: 'unauthenticated', title: 'Not signed in' } as const;
export const ENCRYPTION = {
  status: 403,
  code: 'encryption-required',
  title: 'The connection is not encrypted',
} as const;
export const NO_PATH = { status: 404, code: 'path-unknown', title: 'There is nothing at this address' } as const;
export const NO_METHOD = { status: 405, code: 'method-unknown', title: 'This address has other methods' } as const;
export const BODY_TOO_LARGE = { status: 413, code: 'body-too-large', title: 'The body is too large' } as const;
export const NO_JSON = { status: 415, code: 'media-type', title: 'The body is not JSON' } as const;
export const LOCKED = { status: 429, code: 'locked', title: 'Too many sign-ins failed' } as const;
export const INTERNAL = { status: 500, code: 'internal', title: 'Something went wrong in the server' } as const;

/** Status and title of every refusal of the core. */
const CORE: Readonly<Record<ErrorCode, readonly [status: number, title: string]>> = {
  'folder-not-found': [404, 'There is no such folder'],
  'item-not-found': [404, 'There is no such thing'],
  'access-denied': [403, 'The role does not allow this'],
  'revision-mismatch': [409, 'It has changed meanwhile'],
  'cursor-expired': [409, 'The cursor has expired'],
  'uid-conflict': [409, 'Another item has this UID'],
  'name-taken': [409, 'The name is taken'],
  'name-invalid': [400, 'The name cannot be used'],
  'content-invalid': [400, 'The content is not what it claims to be'],
  'object-invalid': [400, 'This is not allowed here'],
  'content-unsupported': [400, 'The folder does not take this kind of content'],
  'component-unsupported': [400, 'The folder does not take this component'],
  'item-too-large': [413, 'The item is too large'],
  'quota-exceeded': [507, 'The quota is used up'],
  'filter-unsupported': [400, 'The filter is not supported'],
  'too-many-results': [409, 'There are too many'],
  protected: [409, 'This is protected'],
  'wipe-refused': [409, 'The wipe does not allow this'],
  'storage-full': [507, 'No space is left'],
  'message-invalid': [400, 'The message cannot be sent'],
  'no-recipient': [400, 'The message names nobody'],
  'recipient-invalid': [400, 'A recipient is no address'],
  'submission-refused': [409, 'The message was refused'],
  'store-unavailable': [503, 'The store cannot answer now'],
};

export function problemOf(error: GatewayError): ApiProblem {
  const [status, title] = CORE[error.code];
  const headers = status === 503 ? { 'Retry-After': '30' } : {};
  return new ApiProblem({ status, code: error.code, title }, error.message, { headers });
}

/** The body of an answer. @param requestId Names the request in the log as well. */
export function problemBody({ status, code, title, message, mistakes }: ApiProblem, requestId: string): object {
  const problem = { type: `urn:causeway:problem:${code}`, title, status, detail: message, instance: requestId, code };
  return mistakes.length === 0 ? problem : { ...problem, errors: mistakes };
}

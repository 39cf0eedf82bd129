import type { SignIns } from '../../auth/tokens/sign-ins.ts';
import type { Administration } from '../administration.ts';

/** What the server knows of a request. */
export interface RequestOrigin {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
}

/** A request that the document and the token let through. */
export interface ApiRequest<Path = unknown, Query = unknown, Body = unknown> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** The administration as the one who asks may use it; for who needs no token, nobody's: each call refuses. */
  readonly calls: Administration;
  /** Who signs in with what: the operations about tokens alone use it. */
  readonly signIns: SignIns;
  /** The token; '' where none was needed. */
  readonly token: string;
  readonly origin: RequestOrigin & { readonly userAgent: string | undefined };
}

export type ApiAnswer =
  | { readonly status: 204 }
  | { readonly status: 200 | 201; readonly body: object; readonly location?: string }
  /** Bytes as they come; `fileName` is offered to who saves them. */
  | { readonly status: 200; readonly bytes: AsyncIterable<Uint8Array>; readonly fileName: string }
  | { readonly status: 200; readonly text: string; readonly type: string };

/** What answers an operation of the document. Rejects with GatewayError or ApiProblem. */
export type Operation = (request: ApiRequest) => Promise<ApiAnswer>;

/** Gives an operation the types of its parts. They are what the document says, to which each request was held before. */
export function operation<Path, Query = unknown, Body = unknown>(
  answer: (request: ApiRequest<Path, Query, Body>) => Promise<ApiAnswer>,
): Operation {
  return (request) => answer(request as ApiRequest<Path, Query, Body>);
}

export const DONE: ApiAnswer = { status: 204 };

export function ok(body: object): ApiAnswer {
  return { status: 200, body };
}

export interface OfUser {
  readonly address: string;
}

export interface OfDevice extends OfUser {
  readonly device: string;
}

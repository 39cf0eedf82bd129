import { Readable } from 'node:stream';
import type Koa from 'koa';
import type { SignIns } from '../../auth/tokens/sign-ins.ts';
import type { Authority } from '../../domain/admin-role.ts';
import { GatewayError } from '../../domain/errors.ts';
import { actingFor } from '../../observe/acting.ts';
import type { Log } from '../../observe/log.ts';
import type { Administration } from '../administration.ts';
import { authorised } from '../authority/authorised.ts';
import { requireScope } from '../authority/authority.ts';
import { noteWrite } from './audit.ts';
import { boundCursor, type CursorScope, placeIn } from './bound-cursor.ts';
import { operationsOf, type PlacedOperation, parseDocument, readDocumentText } from './document.ts';
import { createRoutes, type Route } from './match-route.ts';
import type { ApiAnswer, Operation, RequestOrigin } from './operation.ts';
import { ALL_OPERATIONS } from './operations/all-operations.ts';
import {
  ApiProblem,
  INTERNAL,
  INVALID,
  NO_METHOD,
  NO_PATH,
  problemBody,
  problemOf,
  UNAUTHENTICATED,
} from './problem.ts';
import { queryOf } from './query.ts';
import { BODY_BYTES, readJsonBody } from './read-body.ts';
import { createValidator, type ReadRequest, type Validator } from './validator.ts';

export const API_ROOT = '/api/admin/v1';

export interface AdminApiParts {
  readonly administration: Administration;
  readonly signIns: SignIns;
  readonly log: Log;
  /** What the server found out about a request. */
  readonly facts: (ctx: Koa.Context) => RequestOrigin;
  /** Answers that are not as the document says become 500, and not only a line in the error log: for tests. */
  readonly isStrict?: boolean;
}

export interface AdminApi {
  readonly name: string;
  handles(path: string): boolean;
  handle(ctx: Koa.Context): Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cache-Control': 'no-store',
};

/** A caller without a token: whatever it calls refuses. */
const NOBODY: Authority = { address: '', scopes: new Set(), domain: null };

/** The Admin API, as a part of the server that signs people in by itself. `openapi/admin.yaml` says what it takes and gives. */
export function createAdminApi(parts: AdminApiParts): AdminApi {
  const site = new DocumentedSite(parts);
  return {
    name: 'admin-api',
    handles: (path) => path === API_ROOT || path.startsWith(`${API_ROOT}/`),
    handle: (ctx) => site.handle(ctx),
  };
}

/** Who asks for what, once both are known. */
interface Asked {
  readonly route: Route;
  readonly authority: Authority;
  readonly token: string;
}

class DocumentedSite {
  readonly #parts: AdminApiParts;
  readonly #text: string;
  readonly #match: ReturnType<typeof createRoutes>;
  readonly #validator: Validator;
  readonly #operations: Readonly<Record<string, Operation>>;

  constructor(parts: AdminApiParts) {
    this.#parts = parts;
    this.#text = readDocumentText();
    const document = parseDocument(this.#text);
    this.#match = createRoutes(operationsOf(document));
    this.#validator = createValidator(document);
    const documentShow = async () => ({ status: 200, text: this.#text, type: 'application/yaml' }) as const;
    this.#operations = { ...ALL_OPERATIONS, documentShow };
  }

  async handle(ctx: Koa.Context): Promise<void> {
    ctx.set(HEADERS);
    try {
      await this.#route(ctx);
    } catch (error) {
      const problem = this.#problemFor(error);
      // What is not a refusal is a mistake of ours: the server tells it in its log and answers 500.
      if (problem === null) throw error;
      answerProblem(ctx, problem);
    }
  }

  async #route(ctx: Koa.Context): Promise<void> {
    const found = this.#match(ctx.method, ctx.path.slice(API_ROOT.length));
    if (found.kind === 'path') throw new ApiProblem(NO_PATH, `See ${API_ROOT}/openapi.yaml for what there is.`);
    if (found.kind === 'method') {
      const headers = { Allow: found.allowed.join(', ') };
      throw new ApiProblem(NO_METHOD, `Here are ${headers.Allow}.`, { headers });
    }
    const { operation } = found.route;
    const token = bearerIn(ctx.get('Authorization'));
    const authority = operation.security.length === 0 ? NOBODY : await this.#parts.signIns.verify(token);
    if (authority === null) throw unauthenticated(token);
    const { remoteAddress } = this.#parts.facts(ctx);
    ctx.state.logFields = { ...(ctx.state.logFields as object), operation: operation.operationId };
    if (authority !== NOBODY) Object.assign(ctx.state.logFields as object, { signedIn: authority.address });
    const acting = { protocol: 'admin-api', user: authority.address, address: remoteAddress };
    await actingFor(acting, () => this.#perform(ctx, { route: found.route, authority, token }));
  }

  async #perform(ctx: Koa.Context, asked: Asked): Promise<void> {
    const { operation, path } = asked.route;
    const note = (outcome: string) => {
      if (operation.method === 'get' || asked.authority === NOBODY) return;
      noteWrite(this.#parts.log, { operation, path, outcome, request: String(ctx.state.requestId) });
    };
    try {
      for (const scope of operation.security.flatMap(({ bearer }) => bearer)) requireScope(asked.authority, scope);
      const read = await this.#read(ctx, asked.route);
      const { cursor } = read.query;
      const scope = { operationId: operation.operationId, path: read.path, query: read.query };
      const query = typeof cursor === 'string' ? { ...read.query, cursor: placeIn(scope, cursor) } : read.query;
      const answer = await this.#answerFor(ctx, asked, { ...read, query });
      note('done');
      this.#send(ctx, operation, withBoundNext(answer, scope));
    } catch (error) {
      note(this.#problemFor(error)?.code ?? 'internal');
      throw error;
    }
  }

  async #read(ctx: Koa.Context, { operation, path }: Route): Promise<ReadRequest> {
    const hasBody = operation.requestBody !== undefined;
    const body = hasBody ? await readJsonBody(ctx.req, operation['x-body-bytes'] ?? BODY_BYTES) : undefined;
    const query = queryOf(ctx.querystring);
    const read = this.#validator.request(operation.operationId, { path, query, body });
    if (!Array.isArray(read)) return read as ReadRequest;
    throw new ApiProblem(INVALID, 'The request is not as openapi/admin.yaml says.', { mistakes: read });
  }

  #answerFor(ctx: Koa.Context, { route, authority, token }: Asked, read: ReadRequest): Promise<ApiAnswer> {
    const { signIns, administration, facts } = this.#parts;
    const answer = this.#operations[route.operation.operationId];
    if (answer === undefined) throw new TypeError(`nothing answers the operation ${route.operation.operationId}`);
    const { remoteAddress, isSecure } = facts(ctx);
    const origin = { remoteAddress, isSecure, userAgent: ctx.get('User-Agent') || undefined };
    return answer({ ...read, calls: authorised(administration, authority), signIns, token, origin });
  }

  #send(ctx: Koa.Context, { operationId }: PlacedOperation, answer: ApiAnswer): void {
    ctx.status = answer.status;
    if ('body' in answer) {
      this.#hold(operationId, answer.status, answer.body);
      if (answer.location !== undefined) ctx.set('Location', `${API_ROOT}${answer.location}`);
      ctx.type = 'application/json; charset=utf-8';
      ctx.body = JSON.stringify(answer.body);
    } else if ('bytes' in answer) {
      ctx.type = 'application/octet-stream';
      ctx.attachment(answer.fileName);
      ctx.body = Readable.from(answer.bytes, { objectMode: false });
    } else if ('text' in answer) {
      ctx.type = answer.type;
      ctx.body = answer.text;
    }
  }

  /**
   * What was done is done: to call it failed because its answer has a field too many would be worse than the field. So it is
   * an error in the log, and a failure in tests only.
   */
  #hold(operationId: string, status: number, body: object): void {
    const mistakes = this.#validator.answer(operationId, status, body);
    if (mistakes.length === 0) return;
    this.#parts.log.error({ operation: operationId, mistakes }, 'an answer is not as openapi/admin.yaml says');
    if (this.#parts.isStrict) throw new ApiProblem(INTERNAL, `The answer is not as the document says.`, { mistakes });
  }

  #problemFor(error: unknown): ApiProblem | null {
    if (error instanceof ApiProblem) return error;
    return error instanceof GatewayError ? problemOf(error) : null;
  }
}

/** Places in a list leave bound to it. */
function withBoundNext(answer: ApiAnswer, scope: CursorScope): ApiAnswer {
  if (!('body' in answer) || !('next' in answer.body) || typeof answer.body.next !== 'string') return answer;
  return { ...answer, body: { ...answer.body, next: boundCursor(scope, answer.body.next) } };
}

function answerProblem(ctx: Koa.Context, problem: ApiProblem): void {
  ctx.status = problem.status;
  ctx.set(problem.headers);
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer realm="Causeway administration"');
  (ctx.state.logFields as Record<string, unknown>).refused = problem.code;
  ctx.type = 'application/problem+json; charset=utf-8';
  ctx.body = JSON.stringify(problemBody(problem, String(ctx.state.requestId)));
}

/** RFC 6750 §2.1; '' where there is none. */
function bearerIn(authorization: string): string {
  return /^bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? '';
}

function unauthenticated(token: string): ApiProblem {
  const detail =
    token === ''
      ? `Send an access token: "Authorization: Bearer …". POST ${API_ROOT}/token gives one.`
      : 'The access token is not good any more, or none of this server.';
  return new ApiProblem(UNAUTHENTICATED, detail);
}

import type { ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import { type DebugLine, NO_DEBUG } from '../observe/debug-switches.ts';
import type { Log } from '../observe/log.ts';
import { meterBody } from './body-meter.ts';
import type { ClientConnection } from './forwarded.ts';
import type { CountedRequest } from './gateway-measures.ts';
import { type RequestFacts, requestFacts, setRequestFacts } from './request-facts.ts';
import { guardSlowBody } from './slow-body.ts';

/** What the first step of every request needs. */
export interface RequestLogParts {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** Told of every request that is over, to be counted. */
  readonly onRequest?: (request: CountedRequest) => void;
  /** Writes lines of the debug log. */
  readonly debug?: DebugLine;
  readonly readClient: (request: Koa.Request['req']) => ClientConnection;
}

function countOut(response: ServerResponse): () => number {
  let bytes = 0;
  const count = (chunk: unknown) => {
    if (typeof chunk === 'string') bytes += Buffer.byteLength(chunk);
    else if (chunk instanceof Uint8Array) bytes += chunk.length;
  };
  const write = response.write;
  const end = response.end;
  response.write = function (this: ServerResponse, ...args: Parameters<typeof write>) {
    count(args[0]);
    return Reflect.apply(write, this, args);
  } as typeof write;
  response.end = function (this: ServerResponse, ...args: Parameters<typeof end>) {
    count(args[0]);
    return Reflect.apply(end, this, args);
  } as typeof end;
  return () => bytes;
}

/**
 * First middleware: names the request, guards its body, and writes exactly one line when its connection is done with
 * it, whatever happened. No header but User-Agent, no query and no body are ever written.
 */
export function requestLog(parts: RequestLogParts): Koa.Middleware {
  const { clock, random, log } = parts;
  return async (ctx, next) => {
    const { req, res } = ctx;
    const started = clock.elapsed();
    const body = meterBody(req);
    const id = Buffer.from(random(9)).toString('base64url');
    setRequestFacts(ctx, { id, ...parts.readClient(req), body, user: null, mailboxId: null, protocol: null });
    // What protocols may know of it: the id for their own lines, and fields to add to the request's one.
    ctx.state.requestId = id;
    ctx.state.logFields = {};
    ctx.set('X-Request-Id', id);
    const bytesOut = countOut(res);
    guardSlowBody(req, res, body, clock);
    res.once('close', () => {
      const facts = requestFacts(ctx);
      const fields = {
        ...(ctx.state.logFields as Record<string, unknown>),
        request: id,
        remote: facts.remoteAddress,
        user: facts.user,
        protocol: facts.protocol,
        method: req.method,
        path: ctx.path,
        // Without an answer there is no status, whatever Koa had put there beforehand.
        status: res.headersSent ? res.statusCode : null,
        ms: Math.round(clock.elapsed() - started),
        bytesIn: body.bytes,
        bytesOut: bytesOut(),
        userAgent: ctx.get('User-Agent'),
        ...(res.writableFinished ? {} : { aborted: true }),
      };
      log.info(fields, 'request');
      const seconds = (clock.elapsed() - started) / 1000;
      const { protocol, method, status, bytesIn } = fields;
      const { user, mailboxId } = facts;
      parts.onRequest?.({
        ...{ user, mailboxId, protocol, method: method ?? '', status, seconds, bytesIn, bytesOut: fields.bytesOut },
        fields: ctx.state.logFields as Record<string, unknown>,
      });
      tellExchange(parts.debug ?? NO_DEBUG, ctx, facts);
    });
    await next();
  };
}

/** Headers that tell why a client was answered as it was; none of them holds a secret. */
const TOLD = [
  ...['depth', 'if-match', 'if-none-match', 'if', 'prefer', 'brief', 'destination', 'overwrite', 'content-type'],
  ...['content-length', 'accept', 'accept-encoding', 'etag', 'location', 'dav', 'preference-applied', 'retry-after'],
  ...['ms-asprotocolversion', 'x-ms-policykey', 'ms-asacceptmultipart', 'ms-server-activesync', 'x-ms-rp'],
];

/** The protocol's part of the debug log: what the request's own line leaves out. */
function tellExchange(debug: DebugLine, ctx: Koa.Context, { id, protocol }: RequestFacts): void {
  if (protocol !== 'activesync' && protocol !== 'webdav') return;
  const told = (headers: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(TOLD.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]));
  const fields = () => ({
    request: id,
    method: ctx.method,
    path: ctx.path,
    requestHeaders: told(ctx.req.headers),
    status: ctx.res.statusCode,
    answerHeaders: told(ctx.res.getHeaders()),
  });
  debug(protocol, fields, 'exchange');
}

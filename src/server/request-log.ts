import type { ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import type { Log } from '../observe/log.ts';
import { meterBody } from './body-meter.ts';
import type { ClientConnection } from './forwarded.ts';
import { requestFacts, setRequestFacts } from './request-facts.ts';
import { guardSlowBody } from './slow-body.ts';

/** What the first step of every request needs. */
export interface RequestLogParts {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
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
    setRequestFacts(ctx, { id, ...parts.readClient(req), body, user: null, protocol: null });
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
    });
    await next();
  };
}

import type { RequestListener } from 'node:http';
import Koa from 'koa';
import type { Recorder } from '../recorder/recorder.ts';
import { answerErrors, cutOff, isConnectionEnd } from './answer-errors.ts';
import { recordExchanges } from './record-exchanges.ts';
import { requestFacts } from './request-facts.ts';
import { type RequestLogParts, requestLog } from './request-log.ts';
import { originForm } from './request-target.ts';
import { type RouterParts, router } from './router.ts';
import type { ServiceGate } from './services/service-gate.ts';
import { unreadBody } from './unread-body.ts';

export type ApplicationParts = RequestLogParts &
  RouterParts & {
    /** Absent where nothing is ever recorded. */
    readonly recorder?: Pick<Recorder, 'isRecording' | 'recordingsOf'>;
  };

/** People store whatever they like: a stored page must not run as a page of this server. */
const HEADERS: Readonly<Record<string, string>> = {
  Server: 'Causeway',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; sandbox",
};

function commonHeaders(isDraining: () => boolean): Koa.Middleware {
  return async (ctx, next) => {
    ctx.set(HEADERS);
    if (isDraining()) ctx.set('Connection', 'close');
    await next();
    // A request that was in flight when draining began lets go of its connection as well.
    if (isDraining() && !ctx.res.headersSent) ctx.set('Connection', 'close');
  };
}

function beginsIn(gate: ServiceGate): Koa.Middleware {
  return (ctx, next) => {
    gate.begin(ctx);
    return next();
  };
}

/** Everything that happens to a request, as one listener for any number of servers. */
export function createApplication(parts: ApplicationParts): RequestListener {
  const { log } = parts;
  const app = new Koa();
  // Errors of streams that were given as a body, after every middleware is done.
  const told = new WeakSet<Koa.Context>();
  app.on('error', (error: unknown, ctx: Koa.Context) => {
    // Koa tells a failing stream's error twice: as the body's and as the pipe's.
    if (told.has(ctx)) return;
    told.add(ctx);
    log[isConnectionEnd(error) ? 'debug' : 'error']({ request: requestFacts(ctx).id, error }, 'error while answering');
    // Koa leaves such an answer hanging.
    cutOff(ctx);
  });
  app.use(requestLog(parts));
  const { gate } = parts;
  if (gate !== undefined) app.use(beginsIn(gate));
  if (parts.recorder !== undefined) app.use(recordExchanges(parts.recorder, log));
  app.use(commonHeaders(() => parts.health() === 'draining'));
  app.use(unreadBody(parts.clock));
  app.use(answerErrors(log));
  app.use(router(parts));
  const answer = app.callback();
  return (request, response) => {
    const target = originForm(request.url ?? '');
    if (target === null) {
      log.debug({ target: request.url }, 'refused what is no request target');
      response.writeHead(400, { Connection: 'close', 'Content-Length': 0 }).end();
      return;
    }
    request.url = target;
    void answer(request, response);
  };
}

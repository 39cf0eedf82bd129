import type Koa from 'koa';
import { isGatewayError } from '../domain/errors.ts';
import type { Log } from '../observe/log.ts';
import { requestFacts } from './request-facts.ts';

function answer(ctx: Koa.Context, status: number, text: string): void {
  ctx.status = status;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `${text}\n`;
}

const CONNECTION_CODES = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

/** Whether an error only says that the connection ended while it was written to or read. */
export function isConnectionEnd(error: unknown): boolean {
  return CONNECTION_CODES.has((error as NodeJS.ErrnoException | null)?.code ?? '');
}

/** Whether the client went away while we were reading or writing: nothing to answer, nothing of ours to mend. */
function isClientGone(ctx: Koa.Context, error: unknown): boolean {
  return (ctx.req.destroyed && !ctx.req.complete) || (ctx.res.destroyed && isConnectionEnd(error));
}

/** Ends an answer that has begun and cannot be finished; one that was finished stays. */
export function cutOff(ctx: Koa.Context): void {
  if (ctx.res.headersSent && !ctx.res.writableEnded) ctx.res.destroy();
}

/**
 * Whatever comes up through here was not answered by a protocol. A store that cannot answer is 503, to be tried again;
 * one without space is 507 (RFC 4918 §11.5);
 * anything else is a mistake of ours: one error line with the request's id, 500 with the same id, and life goes on.
 */
export function answerErrors(log: Log): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const { id } = requestFacts(ctx);
      if (isClientGone(ctx, error)) {
        log.debug({ request: id, error }, 'the client left before its request was done');
        return;
      }
      const isFull = isGatewayError(error, 'storage-full');
      const isUnavailable = isGatewayError(error, 'store-unavailable');
      log.error(
        { request: id, method: ctx.method, path: ctx.path, error },
        isFull ? 'disk full' : isUnavailable ? 'store unavailable' : 'internal error',
      );
      if (ctx.res.headersSent) {
        // Half an answer must not look like a whole one.
        ctx.respond = false;
        cutOff(ctx);
      } else if (isFull) answer(ctx, 507, `The server has no space left. Request ${id}.`);
      else if (isUnavailable) {
        ctx.set('Retry-After', '30');
        answer(ctx, 503, `The store cannot answer now; try again later. Request ${id}.`);
      } else answer(ctx, 500, `Something went wrong in the server; its log has the reason under request ${id}.`);
    }
  };
}

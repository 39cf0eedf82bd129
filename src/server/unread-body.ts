import type Koa from 'koa';
import type { Clock } from '../domain/clock.ts';
import { requestFacts } from './request-facts.ts';

/** What is read and thrown away so that the connection can be kept. */
const DISCARD_BYTES = 64 * 1024;
/** How long, and how much, is still read after an answer that closes the connection. */
interface Linger {
  readonly bytes: number;
  readonly ms: number;
}
/** A connection on which nothing comes for so long is not kept for an answer that nobody reads. */
const QUIET_MS = 2_000;
const STRANGER: Linger = { bytes: 1024 * 1024, ms: QUIET_MS };
/**
 * Most programs look for the answer when they have sent all. Who signed in may, so that the reason arrives and not a broken
 * connection: what is read is thrown away, and costs less than taking it would.
 */
const SIGNED_IN: Linger = { bytes: 256 * 1024 * 1024, ms: 30_000 };

/**
 * Middleware for answers given without reading the body, such as 401 to an upload. A small body is discarded and the
 * connection kept; a large one is not: the answer says `Connection: close`, and the connection stays half
 * open while more comes, since a reset would take the answer away from a client that is still sending (RFC 9112 §9.6).
 */
export function unreadBody(clock: Clock): Koa.Middleware {
  return async (ctx, next) => {
    await next();
    const { req, res } = ctx;
    const { socket } = req;
    if (req.complete || req.destroyed || res.headersSent) return;
    if (req.readableDidRead) {
      // A protocol that stopped reading in the middle says so itself.
      if (ctx.response.get('Connection') === 'close') lingerAndClose(ctx, clock);
      return;
    }
    const declared = Number(ctx.get('Content-Length') || '0');
    const isChunked = ctx.get('Transfer-Encoding') !== '';
    // RFC 9110 §10.1.1: whoever waits for 100 and gets an answer may send the body or not; only closing is unambiguous.
    const isWaiting = ctx.get('Expect') !== '' && requestFacts(ctx).body.bytes === 0;
    if (declared > DISCARD_BYTES || isWaiting) lingerAndClose(ctx, clock);
    else if (isChunked) {
      requestFacts(ctx).body.onBytes((bytes) => {
        if (bytes > DISCARD_BYTES) socket.destroy();
      });
    }
    // Read and thrown away here: Node would do the same after the answer, but uncounted.
    if (declared > 0 || isChunked) req.resume();
  };
}

function lingerAndClose(ctx: Koa.Context, clock: Clock): void {
  const { socket } = ctx.req;
  const { body, user } = requestFacts(ctx);
  const linger = user === null ? STRANGER : SIGNED_IN;
  ctx.set('Connection', 'close');
  const start = body.bytes;
  body.onBytes((bytes) => {
    // Not read any further rather than cut off: a client that stops to look finds the answer waiting.
    if (bytes - start > linger.bytes) ctx.req.pause();
  });
  ctx.req.resume();
  // Node calls destroySoon after the last answer of a connection, which resets it when there is unread input.
  socket.destroySoon = () => {
    if (socket.writable) socket.end();
    const end = clock.elapsed() + linger.ms;
    let seen = body.bytes;
    let cancel: () => void = () => {};
    const look = () => {
      if (body.bytes === seen || clock.elapsed() >= end) {
        socket.destroy();
        return;
      }
      seen = body.bytes;
      cancel = clock.after(QUIET_MS, look);
    };
    cancel = clock.after(QUIET_MS, look);
    socket.once('close', () => cancel());
  };
}

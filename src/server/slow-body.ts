import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import type { BodyMeter } from './body-meter.ts';

const CHECK_MS = 10_000;
/** 100 bytes a second: slower than any phone, and thousands of held connections would be needed to do harm. */
const LEAST_BYTES_PER_CHECK = 1_000;

/**
 * Ends a request whose body comes too slowly with 408 (RFC 9110 §15.5.9). Time in which nobody reads the body, or in
 * which it waits in our own buffer, is not held against the client; how long the answer takes is not limited at all.
 */
export function guardSlowBody(
  request: IncomingMessage,
  response: ServerResponse,
  meter: BodyMeter,
  clock: Clock,
): void {
  // Kept here: Node takes the socket from a request that some streams destroy.
  const { socket } = request;
  let seen = 0;
  let cancel: () => void = () => {};
  const check = () => {
    if (request.complete || socket.destroyed) return;
    const isWaitingForClient = request.readableFlowing !== null && request.readableLength === 0;
    if (isWaitingForClient && meter.bytes - seen < LEAST_BYTES_PER_CHECK) {
      refuse(request, response);
      return;
    }
    seen = meter.bytes;
    cancel = clock.after(CHECK_MS, check);
  };
  cancel = clock.after(CHECK_MS, check);
  // Also after an answer that did not wait for the body: what is discarded may not drip in for ever either.
  response.once('close', () => {
    if (request.complete || socket.destroyed) cancel();
  });
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    request.destroy();
    return;
  }
  response.statusCode = 408;
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  // Whoever reads the body is told by the stream's error; the answer has left by then.
  response.end('The request body came too slowly.\n', () => request.destroy());
}

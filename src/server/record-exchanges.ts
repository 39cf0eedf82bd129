import type { IncomingMessage, ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Log } from '../observe/log.ts';
import { CAPTURE_ORIGIN, type CapturedMessage, LEFT_OUT_HEADER, withoutCredentials } from '../recorder/capture.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { Recording } from '../recorder/recording.ts';
import { unpacked } from '../recorder/replay/wire-client.ts';
import { requestFacts } from './request-facts.ts';
import { HeldBytes, type KeptBody, keepRequest, keepResponse } from './tee-exchange.ts';

/** Before the sign-in nobody knows whose request it is; a client that sends more than this until then is not recorded. */
const MAX_UNSIGNED_BYTES = 256 * 1024;

/**
 * Middleware that hands exchanges of recorded people to the recorder, whichever protocol answers them. Costs one look at a
 * field while nothing is recorded.
 */
export function recordExchanges(recorder: Pick<Recorder, 'isRecording' | 'recordingsOf'>, log: Log): Koa.Middleware {
  const held = new HeldBytes();
  return async (ctx, next) => {
    if (!recorder.isRecording) return next();
    const exchange = new OpenExchange(ctx, recorder, held);
    ctx.res.once('close', () => {
      try {
        exchange.finish();
      } catch (error) {
        log.error({ request: requestFacts(ctx).id, error }, 'an exchange could not be recorded');
      }
    });
    await next();
    exchange.handled();
  };
}

interface Numbered {
  readonly recording: Recording;
  readonly number: number;
}

class OpenExchange {
  readonly #ctx: Koa.Context;
  readonly #recorder: Pick<Recorder, 'recordingsOf'>;
  readonly #request: KeptBody;
  readonly #response: KeptBody;
  #recordings: readonly Numbered[] | null = null;
  #wasParked = false;

  constructor(ctx: Koa.Context, recorder: Pick<Recorder, 'recordingsOf'>, held: HeldBytes) {
    this.#ctx = ctx;
    this.#recorder = recorder;
    this.#request = keepRequest(ctx.req, held);
    this.#response = keepResponse(ctx.res, held);
    const facts = requestFacts(ctx);
    let isDecided = false;
    facts.body.onBytes((bytes) => {
      if (isDecided) return;
      isDecided = this.#decide() !== null;
      if (!isDecided && bytes > MAX_UNSIGNED_BYTES) this.#release();
    });
    facts.onSignIn = () => this.#decide();
  }

  /** The handler is done: an answer that nobody has begun comes when something happened. */
  handled(): void {
    const { respond, res } = this.#ctx;
    this.#wasParked = respond === false && !res.headersSent && !res.destroyed;
  }

  finish(): void {
    const recordings = this.#decide() ?? [];
    try {
      if (recordings.length > 0) this.#record(recordings);
    } finally {
      this.#release();
    }
  }

  /** Which recordings the exchange is for, as soon as somebody has signed in; numbers count from that moment. */
  #decide(): readonly Numbered[] | null {
    const { user } = requestFacts(this.#ctx);
    if (this.#recordings !== null || user === null) return this.#recordings;
    this.#recordings = this.#recorder.recordingsOf(user).map((recording) => ({ recording, number: recording.begin() }));
    if (this.#recordings.length === 0) this.#release();
    return this.#recordings;
  }

  #record(recordings: readonly Numbered[]): void {
    const { req, res, state } = this.#ctx;
    const { isSecure } = requestFacts(this.#ctx);
    const origin = `${isSecure ? 'https' : 'http'}://${req.headers.host ?? ''}`;
    const request = captured(requestLine(req), pairs(req.rawHeaders), wholeOf(this.#request, req), origin);
    const answer = captured(`HTTP/1.1 ${res.statusCode}`, headersOf(res), this.#response, origin);
    const device = (state.logFields as { device?: unknown } | undefined)?.device;
    for (const { recording, number } of recordings) {
      recording.take(number, {
        request,
        response: res.writableFinished ? answer : null,
        userAgent: req.headers['user-agent'] ?? '',
        device: typeof device === 'string' ? device : null,
        wasParked: this.#wasParked,
      });
    }
  }

  #release(): void {
    this.#request.release();
    this.#response.release();
  }
}

/** Of a body that nobody read to its end, only its length. */
function wholeOf(kept: KeptBody, { complete, headers }: IncomingMessage): Pick<KeptBody, 'bytes' | 'content'> {
  if (complete) return kept;
  return { bytes: Math.max(kept.bytes, Number(headers['content-length']) || 0), content: () => null };
}

function requestLine({ method, url }: IncomingMessage): string {
  return `${method} ${url} HTTP/1.1`;
}

/** In the form of captures: no credentials, the server's address replaced, no content coding. */
function captured(
  startLine: string,
  given: readonly (readonly [string, string])[],
  kept: Pick<KeptBody, 'bytes' | 'content'>,
  origin: string,
): CapturedMessage {
  const ours = (value: string) => (origin.endsWith('//') ? value : value.replaceAll(origin, CAPTURE_ORIGIN));
  const headers = withoutCredentials(given).map(([name, value]): readonly [string, string] => [
    name,
    name.toLowerCase() === 'host' ? new URL(CAPTURE_ORIGIN).host : ours(value),
  ]);
  const content = kept.content();
  if (content === null) {
    return { startLine, headers: [...headers, [LEFT_OUT_HEADER, String(kept.bytes)]], body: Buffer.alloc(0) };
  }
  const message = plain({ startLine, headers, body: content });
  const isText = /^content-type: *(?:text\/|[^;]*xml)/imu.test(headers.map((pair) => pair.join(': ')).join('\n'));
  return isText ? { ...message, body: Buffer.from(ours(message.body.toString('latin1')), 'latin1') } : message;
}

/** A body that is not what its coding says stays as it came. */
function plain(message: CapturedMessage): CapturedMessage {
  try {
    return unpacked(message);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return message;
    throw error;
  }
}

function headersOf(response: ServerResponse): [string, string][] {
  // As they are written; the types know this of requests only.
  const names = (response as ServerResponse & { getRawHeaderNames(): string[] }).getRawHeaderNames();
  return names.flatMap((name) => {
    const value = response.getHeader(name);
    const values = Array.isArray(value) ? value : [String(value)];
    return values.map((one): [string, string] => [name, one]);
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, at) => [raw[at * 2]!, raw[at * 2 + 1]!]);
}

import { type CapturedExchange, type CapturedMessage, LEFT_OUT_HEADER, REDACTED } from '../capture.ts';
import { SHAPE } from '../masker.ts';
import { contentTypeOf, pathOf, redactMessage, targetOf } from '../redact/redact-message.ts';
import type { WireFormat } from '../wire-format.ts';
import { compareAnswers, headerOf, statusOf } from './compare.ts';
import { ANYWHERE, OpaqueValues } from './opaque-values.ts';
import { exchangeRaw, type ReplayServer, unpacked } from './wire-client.ts';

/** An exchange whose answer is not the recorded one. */
export interface Mismatch {
  readonly number: string;
  readonly requestLine: string;
  /** One for each difference, with both sides. */
  readonly differences: readonly string[];
}

export interface ReplayOptions {
  readonly server: ReplayServer;
  readonly formats: readonly WireFormat[];
  /** Who signs in where a request does not say it itself. */
  readonly user: string;
  readonly password: string;
  /** The values of people were masked when it was recorded: then they only have to be there. */
  readonly isMasked: boolean;
}

/** Sends the requests of a capture in order to a fresh gateway and compares every answer with the recorded one. */
export async function replay(exchanges: readonly CapturedExchange[], options: ReplayOptions): Promise<Mismatch[]> {
  const run = new Replay(options);
  const waiting: { readonly exchange: CapturedExchange; readonly answer: Promise<CapturedMessage> }[] = [];
  for (const exchange of exchanges) {
    const answer = run.send(exchange);
    // What it waited for comes with a later exchange. Should that overtake it, it is answered at once, by the same.
    if (exchange.parkedUntil === null) run.take(exchange, await answer);
    else {
      // Who waits for it learns of a failure; until then it is nobody's.
      answer.catch(() => {});
      waiting.push({ exchange, answer });
    }
    const isLast = exchange === exchanges.at(-1);
    while (waiting.length > 0) {
      const at = waiting.findIndex((one) => isLast || Number(one.exchange.parkedUntil) <= Number(exchange.number));
      if (at < 0) break;
      const [one] = waiting.splice(at, 1);
      run.take(one!.exchange, await one!.answer);
    }
  }
  return run.mismatches;
}

class Replay {
  readonly mismatches: Mismatch[] = [];
  readonly #options: ReplayOptions;
  readonly #opaque = new OpaqueValues();

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  send({ request, response }: CapturedExchange): Promise<CapturedMessage> {
    const { user, password, server } = this.#options;
    const { path, query } = targetOf(request.startLine);
    const named = this.#first(({ userOf }) => userOf?.(path, query));
    // A client that was told 401 in spite of credentials had the wrong ones.
    const word = statusOf(response) === '401' ? `not ${password}` : password;
    const credentials = `Basic ${Buffer.from(`${named ?? user}:${word}`).toString('base64')}`;
    return exchangeRaw(server, this.#withActualValues(request, path, credentials));
  }

  take(exchange: CapturedExchange, answer: CapturedMessage): void {
    const { request } = exchange;
    const path = pathOf(request);
    const { formats } = this.#options;
    const [recorded, actual] = [unpacked(exchange.response), answer].map((message) => this.#seen(message, path));
    const differences = compareAnswers(path, recorded!, actual!, this.#opaque, formats);
    if (differences.length === 0) return;
    this.mismatches.push({ number: exchange.number, requestLine: request.startLine, differences });
  }

  /** What is compared of an answer. */
  #seen(message: CapturedMessage, path: string): CapturedMessage {
    const { isMasked, formats } = this.#options;
    return isMasked ? redactMessage(message, path, { masker: SHAPE, formats, plainSteps: [] }) : message;
  }

  /** Puts the sign-in of this run, and the values that this server gave, into a recorded request. */
  #withActualValues(request: CapturedMessage, path: string, credentials: string): CapturedMessage {
    const opaque = this.#opaque;
    const etags = (value: string) => value.replace(/"[^"]*"/gu, (etag) => opaque.actual('etag', path, etag));
    const headers = request.headers
      .filter(([name]) => name !== LEFT_OUT_HEADER)
      .map(([name, value]): readonly [string, string] => {
        const lower = name.toLowerCase();
        const kind = this.#first(({ keyHeaders }) => keyHeaders?.[lower]);
        if (kind !== null) return [name, opaque.actual(kind, ANYWHERE, value)];
        if (lower === 'authorization' && value.endsWith(` ${REDACTED}`)) return [name, credentials];
        return /^(if|if-match|if-none-match|if-range)$/u.test(lower) ? [name, etags(value)] : [name, value];
      });
    return { startLine: this.#startLine(request), headers, body: this.#body(request, path) };
  }

  #startLine({ startLine }: CapturedMessage): string {
    const { path, query } = targetOf(startLine);
    if (query === '') return startLine;
    const bound = this.#first(({ bindQuery }) => bindQuery?.(path, query, this.#opaque));
    return bound === null ? startLine : startLine.replace(`?${query}`, () => `?${bound}`);
  }

  #body(request: CapturedMessage, path: string): Buffer {
    const { body } = request;
    const leftOut = headerOf(request, LEFT_OUT_HEADER.toLowerCase());
    if (leftOut !== null) return Buffer.alloc(Math.min(Number(leftOut) || 0, MAX_FILLER_BYTES), 'x');
    const type = contentTypeOf(request);
    const own = this.#options.formats.find(({ bodies }) => bodies?.takes(type, path) === true)?.bodies;
    if (own !== undefined) return bindOrKeep(() => own.bind(body, type, this.#opaque), body);
    return /[/+]xml$/u.test(type) ? withActualTokens(body, path, this.#opaque) : body;
  }

  #first<T>(of: (format: WireFormat) => T | null | undefined): T | null {
    for (const format of this.#options.formats) {
      const found = of(format) ?? null;
      if (found !== null) return found;
    }
    return null;
  }
}

/** Above what is taken of a request by default, so that one that was too large is too large again. */
const MAX_FILLER_BYTES = 64 * 1024 * 1024;

/** A body that was broken when it was recorded is sent as it was. */
function bindOrKeep(bind: () => Buffer, body: Buffer): Buffer {
  try {
    return bind();
  } catch (error) {
    if (error instanceof Error && !(error instanceof TypeError)) return body;
    throw error;
  }
}

function withActualTokens(body: Buffer, path: string, opaque: OpaqueValues): Buffer {
  const token = /(<(?:[\w-]+:)?sync-token(?:\s[^>]*)?>)([^<]*)/gu;
  const text = body.toString('latin1');
  return Buffer.from(
    text.replace(token, (_, tag: string, recorded: string) => tag + opaque.actual('sync-token', path, recorded)),
    'latin1',
  );
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CapturedExchange, type CapturedMessage, REDACTED } from '../support/capture.ts';
import { compareAnswers, headerOf, statusOf } from './compare.ts';
import { PASSWORD } from './gateway.ts';
import { OpaqueValues } from './opaque-values.ts';
import { WBXML, withActualDocument } from './wbxml-bodies.ts';
import { actualPolicyKey, withActualParameters } from './wbxml-values.ts';
import { exchangeRaw } from './wire-client.ts';

/** An exchange whose answer is not the recorded one. */
export interface Mismatch {
  readonly number: string;
  /** For a person: the request line and every difference with both sides. */
  readonly text: string;
}

/** The name that the recorded client signed in with, from `about.yaml`. */
export function recordedUser(folder: string): string {
  const user = /^user: (\S+)$/mu.exec(readFileSync(join(folder, 'about.yaml'), 'utf8'))?.[1];
  if (user === undefined) throw new Error(`${folder}/about.yaml names no user`);
  return user;
}

/** Sends the requests of a capture in order to a fresh gateway and compares every answer with the recorded one. */
export async function replay(port: number, user: string, exchanges: readonly CapturedExchange[]): Promise<Mismatch[]> {
  const opaque = new OpaqueValues();
  const mismatches: Mismatch[] = [];
  const take = ({ number, request, response }: CapturedExchange, answer: CapturedMessage) => {
    const differences = compareAnswers(pathOf(request), response, answer, opaque);
    if (differences.length > 0) {
      mismatches.push({ number, text: `exchange ${number}: ${request.startLine}\n${differences.join('\n')}` });
    }
  };
  const parked: { readonly exchange: CapturedExchange; readonly answer: Promise<CapturedMessage> }[] = [];
  for (const exchange of exchanges) {
    const { request, response, parkedUntil, number } = exchange;
    const path = pathOf(request);
    // A client that was told 401 in spite of credentials had the wrong ones.
    const password = statusOf(response) === '401' ? `not ${PASSWORD}` : PASSWORD;
    const values = { user: userOf(request) ?? user, password, path, opaque };
    const answer = exchangeRaw(port, withActualValues(request, values));
    // What it waited for comes with a later exchange. Should that overtake it, it is answered at once, by the same.
    if (parkedUntil === null) take(exchange, await answer);
    else parked.push({ exchange, answer });
    for (const waiting of parked.filter((one) => one.exchange.parkedUntil === number)) {
      take(waiting.exchange, await waiting.answer);
    }
  }
  return mismatches;
}

/** ActiveSync says in the query who signs in; captures may have several people. */
function userOf(request: CapturedMessage): string | null {
  return new URL(request.startLine.split(' ')[1] ?? '/', 'http://gateway.example').searchParams.get('User');
}

interface ActualValues {
  readonly user: string;
  readonly password: string;
  readonly path: string;
  readonly opaque: OpaqueValues;
}

/** Puts the sign-in of this run and the ETags and tokens that this gateway gave into a recorded request. */
function withActualValues(request: CapturedMessage, { user, password, path, opaque }: ActualValues): CapturedMessage {
  const credentials = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const etags = (value: string) => value.replace(/"[^"]*"/gu, (etag) => opaque.actual('etag', path, etag));
  return {
    startLine: withActualParameters(request.startLine, opaque),
    headers: request.headers.map(([name, value]) => {
      if (/^x-ms-policykey$/iu.test(name)) return [name, actualPolicyKey(value, opaque)];
      if (value === `Basic ${REDACTED}`) return [name, credentials];
      return /^(if|if-match|if-none-match|if-range)$/iu.test(name) ? [name, etags(value)] : [name, value];
    }),
    body: withActualBody(request, path, opaque),
  };
}

function withActualBody(request: CapturedMessage, path: string, opaque: OpaqueValues): Buffer {
  const type = headerOf(request, 'content-type') ?? '';
  if (type === WBXML) return withActualDocument(request.body, opaque);
  return /[/+]xml\b/u.test(type) ? withActualTokens(request.body, path, opaque) : request.body;
}

function withActualTokens(body: Buffer, path: string, opaque: OpaqueValues): Buffer {
  const token = /(<(?:[\w-]+:)?sync-token(?:\s[^>]*)?>)([^<]*)/gu;
  const text = body.toString('latin1');
  return Buffer.from(
    text.replace(token, (_, tag: string, recorded: string) => tag + opaque.actual('sync-token', path, recorded)),
    'latin1',
  );
}

function pathOf(request: CapturedMessage): string {
  const target = request.startLine.split(' ')[1] ?? '/';
  return target.startsWith('/') ? target : new URL(target).pathname;
}

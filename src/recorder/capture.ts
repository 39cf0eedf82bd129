import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One exchange of a capture: `NNN.request` and `NNN.response` hold the head (start line and headers, CRLF) and the
 * body's bytes, as on the wire but for what `about.yaml` lists as redacted. Header names are as they were sent.
 * `NNN.parked` is there for a request that waited while others were answered.
 */
export interface CapturedMessage {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface CapturedExchange {
  readonly number: string;
  readonly request: CapturedMessage;
  readonly response: CapturedMessage;
  /** For a request that waited: the last exchange that began while it did, which is what it waited for. */
  readonly parkedUntil: string | null;
}

/** The server's address in captures. */
export const CAPTURE_ORIGIN = 'http://gateway.example';
/** What stands for every credential. */
export const REDACTED = 'REDACTED';

/**
 * In a message whose body is not kept: the number of its bytes. Such a body is not compared, and as many other bytes are sent.
 */
export const LEFT_OUT_HEADER = 'Causeway-Body-Left-Out';

/** Headers that say nothing about the client or differ at every run. */
const LEFT_OUT = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date', 'x-request-id']);

/** The files of one exchange, by name. */
export function exchangeFiles(
  sequence: number,
  request: CapturedMessage,
  response: CapturedMessage,
  parkedUntil: number | null,
): { readonly name: string; readonly content: Buffer }[] {
  const number = paddedNumber(sequence);
  return [
    ...(parkedUntil === null
      ? []
      : [{ name: `${number}.parked`, content: Buffer.from(`${paddedNumber(parkedUntil)}\n`) }]),
    { name: `${number}.request`, content: encode(request) },
    { name: `${number}.response`, content: encode(response) },
  ];
}

export function readExchanges(folder: string): CapturedExchange[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.request'))
    .map((name) => name.slice(0, -'.request'.length))
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => {
      return {
        number,
        request: decodeMessage(readFileSync(join(folder, `${number}.request`))),
        response: decodeMessage(readFileSync(join(folder, `${number}.response`))),
        parkedUntil: existsSync(join(folder, `${number}.parked`))
          ? readFileSync(join(folder, `${number}.parked`), 'utf8').trim()
          : null,
      };
    });
}

/** As in the names of files: `007`. */
export function paddedNumber(sequence: number): string {
  return String(sequence).padStart(3, '0');
}

/** Headers without those that captures leave out, and without what lets somebody in. */
export function withoutCredentials(headers: CapturedMessage['headers']): [name: string, value: string][] {
  return headers
    .filter(([name]) => !LEFT_OUT.has(name.toLowerCase()))
    .map(([name, value]) => [name, isSecret(name) ? value.replace(/^(\S+)(?:\s.*)?$/su, credential) : value]);
}

/** A scheme tells how somebody signed in; a cookie has none. */
function credential(_value: string, first: string): string {
  return /^(?:basic|bearer|digest|negotiate|ntlm)$/iu.test(first) ? `${first} ${REDACTED}` : REDACTED;
}

function isSecret(name: string): boolean {
  return /^(?:proxy-)?authorization$|^(?:set-)?cookie2?$/iu.test(name);
}

function encode(message: CapturedMessage): Buffer {
  const head = [message.startLine, ...message.headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), message.body]);
}

/** Takes a head and the bytes after it apart. */
export function decodeMessage(bytes: Buffer): CapturedMessage {
  const split = bytes.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { startLine, headers, body: bytes.subarray(split + 4) };
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { type CapturedMessage, decodeMessage } from '../capture.ts';

/** The server that recorded requests are sent to. */
export interface ReplayServer {
  readonly url: URL;
  /** Whether its certificate need not be one that this machine trusts. */
  readonly isInsecure?: boolean;
}

/**
 * Sends a captured request byte by byte as it was recorded, odd headers included; only the framing that captures leave
 * out is added. Every exchange has its own connection, so the end of the connection ends the answer.
 */
export async function exchangeRaw(server: ReplayServer, request: CapturedMessage): Promise<CapturedMessage> {
  const lines = [request.startLine, ...request.headers.map(([name, value]) => `${name}: ${value}`)];
  if (request.body.length > 0 || /^(?:PUT|POST) /u.test(request.startLine)) {
    lines.push(`Content-Length: ${request.body.length}`);
  }
  lines.push('Connection: close', '', '');
  const socket = await open(server);
  socket.write(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), request.body]));
  const answer = decodeMessage(await received(socket));
  return unpacked(coding(answer, 'transfer-encoding') === null ? answer : { ...answer, body: plain(answer.body) });
}

async function open({ url, isInsecure = false }: ReplayServer): Promise<Socket> {
  const host = url.hostname.replace(/^\[(.*)\]$/u, '$1');
  const isSecure = url.protocol === 'https:';
  const port = Number(url.port || (isSecure ? 443 : 80));
  const socket = isSecure
    ? connectTls({ host, port, rejectUnauthorized: !isInsecure, servername: /^[\d.:]+$/u.test(host) ? '' : host })
    : connect(port, host);
  await once(socket, isSecure ? 'secureConnect' : 'connect');
  return socket;
}

/** Everything until the other side ended. */
function received(socket: Socket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => resolve(Buffer.concat(chunks)));
  // A reset after the answer is how some servers close; without one it is the caller's error.
  socket.on('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(error)));
  socket.on('close', () => resolve(Buffer.concat(chunks)));
  return promise;
}

function coding(message: CapturedMessage, name: string): string | null {
  return message.headers.find(([given]) => given.toLowerCase() === name)?.[1].toLowerCase() ?? null;
}

/** RFC 9112 §7.1, without trailers: the gateway sends none. */
function plain(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, line), 16);
    if (line < 0 || Number.isNaN(size)) throw new Error(`broken chunk at byte ${at}`);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/** The message with its content coding undone, and without the header that tells of it; as it is when the coding is not known. */
export function unpacked(message: CapturedMessage): CapturedMessage {
  const unpack = UNPACKERS[coding(message, 'content-encoding') ?? ''];
  if (unpack === undefined) return message;
  const headers = message.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
  return { ...message, headers, body: message.body.length === 0 ? message.body : unpack(message.body) };
}

const LIMIT = { maxOutputLength: 64 * 1024 * 1024 };
const UNPACKERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, LIMIT),
  'x-gzip': (body) => gunzipSync(body, LIMIT),
  deflate: (body) => inflateSync(body, LIMIT),
  br: (body) => brotliDecompressSync(body, LIMIT),
};

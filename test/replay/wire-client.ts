import { rawConnection } from '../server/support/raw.ts';
import { type CapturedMessage, decodeMessage } from '../support/capture.ts';

/**
 * Sends a captured request byte by byte as it was recorded, odd headers included; only the framing that captures leave
 * out is added. Every exchange has its own connection, so the end of the connection ends the answer.
 */
export async function exchangeRaw(port: number, request: CapturedMessage): Promise<CapturedMessage> {
  const connection = await rawConnection(port);
  const lines = [request.startLine, ...request.headers.map(([name, value]) => `${name}: ${value}`)];
  if (request.body.length > 0 || /^(?:PUT|POST) /u.test(request.startLine)) {
    lines.push(`Content-Length: ${request.body.length}`);
  }
  lines.push('Connection: close', '', '');
  connection.send(lines.join('\r\n') + request.body.toString('latin1'));
  const answer = decodeMessage(Buffer.from(await connection.rest(), 'latin1'));
  const coding = answer.headers.find(([name]) => name.toLowerCase() === 'transfer-encoding')?.[1];
  return coding === undefined ? answer : { ...answer, body: withoutChunks(answer.body) };
}

/** RFC 9112 §7.1, without trailers: the gateway sends none. */
function withoutChunks(body: Buffer): Buffer {
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

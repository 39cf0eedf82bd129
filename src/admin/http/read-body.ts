import type { IncomingMessage } from 'node:http';
import { ApiProblem, BODY_TOO_LARGE, INVALID, NO_JSON } from './problem.ts';

/** What one body may have, where the document says nothing else. */
export const BODY_BYTES = 1024 * 1024;

/**
 * Reads a body of JSON.
 * @throws ApiProblem when it is no JSON (RFC 8259: UTF-8), has another type, or more than `limit` bytes
 */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ApiProblem(NO_JSON, 'Send the body as JSON, with "Content-Type: application/json".');
  }
  const tooLarge = () => new ApiProblem(BODY_TOO_LARGE, `The body has more than ${limit} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks));
}

/** @throws ApiProblem for what is no JSON in UTF-8 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new ApiProblem(INVALID, 'The body is not JSON.', { mistakes: [{ pointer: '/body', detail }] });
  }
}

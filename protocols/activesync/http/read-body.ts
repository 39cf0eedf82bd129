import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { EasBody } from '../command.ts';
import { EasStatusError } from '../status.ts';
import { readWbxml } from '../wbxml/decode.ts';
import { DEFAULT_WBXML_LIMITS } from '../wbxml/limits.ts';

/** The body is larger than is taken: 413, whatever version and command. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Types of documents; the last is what some clients put when they know nothing better. */
const DOCUMENT_TYPES = new Set([
  'application/vnd.ms-sync.wbxml',
  'application/vnd.ms-sync',
  'application/octet-stream',
  '',
]);
const MESSAGE_TYPE = 'message/rfc822';

/**
 * Reads and unpacks the body of a request.
 * @throws EasStatusError 101 for a type or packing that is not taken; WbxmlError; BodyTooLarge
 */
export async function readBody(request: IncomingMessage, takesMessage: boolean, limit: number): Promise<EasBody> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  const chunks = limited(unpacked(request), limit);
  if (type === MESSAGE_TYPE) {
    if (!takesMessage) throw new EasStatusError(101, 'a message where a document belongs');
    const message = await gathered(chunks);
    return message.length === 0 ? { kind: 'none' } : { kind: 'message', chunks: message };
  }
  if (!DOCUMENT_TYPES.has(type)) throw new EasStatusError(101, `content type ${type}`);
  const root = await readWbxml(chunks, { ...DEFAULT_WBXML_LIMITS, maxBytes: limit });
  return root === null ? { kind: 'none' } : { kind: 'document', root };
}

/** @throws EasStatusError 101 when the coding is not known or the bytes are not of it */
async function* unpacked(request: IncomingMessage): AsyncGenerator<Uint8Array, void, void> {
  // Whoever stops reading leaves the request as it is: destroying it would cut off the answer.
  const source: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
  const coding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '') {
    yield* source;
    return;
  }
  const unzip =
    coding === 'gzip' || coding === 'x-gzip' ? createGunzip() : coding === 'deflate' ? createInflate() : null;
  if (unzip === null) throw new EasStatusError(101, `content coding ${coding}`);
  // Errors reach the reader below; pipeline also ends the one when the other breaks.
  pipeline(Readable.from(shielded(source), { objectMode: false }), unzip, () => {});
  try {
    yield* unzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw new EasStatusError(101, 'the body is not gzip');
    throw error;
  }
}

/** What is thrown into a generator that reads a request destroys the request; of this one its end is all that gets through. */
async function* shielded(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of source) yield chunk;
}

async function* limited(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void, void> {
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (total > limit) throw new BodyTooLarge(`The body is larger than ${limit} bytes.`);
    yield chunk;
  }
}

async function gathered(source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}

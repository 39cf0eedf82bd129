import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { constants, createGzip, gzipSync } from 'node:zlib';
import type { Turns } from '../../../src/domain/turns.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { EasResponse, ResponsePart } from '../command.ts';
import type { WbxElement } from '../wbxml/element.ts';
import { streamWbxml } from '../wbxml/encode.ts';

export const WBXML_TYPE = 'application/vnd.ms-sync.wbxml';
const MULTIPART = 'application/vnd.ms-sync.multipart';
/** Below this packing saves next to nothing; above it lies the first FolderSync of a new account. */
const MIN_GZIP_BYTES = 256;

export interface WriteOptions {
  readonly version: ClassVersion;
  /** The client asked for it. */
  readonly gzip: boolean;
  /** Told of elements that were left out because this version does not have them: a mistake of ours. */
  readonly onMisfit: (name: string, reason: string) => void;
  /** The turns of a long answer. */
  readonly turns: Turns;
}

type Written = Exclude<EasResponse, { kind: 'parked' }>;

/**
 * Writes an answer as the client takes it. Throws before the first byte for what cannot be begun; what fails later
 * must cut the connection, so that half an answer does not look like a whole one.
 */
export async function writeResponse(res: ServerResponse, response: Written, options: WriteOptions): Promise<void> {
  switch (response.kind) {
    case 'document':
      return send(res, WBXML_TYPE, streamWbxml(response.root, options), options.gzip, options.turns);
    case 'multipart': {
      const { root, parts } = response;
      return send(res, MULTIPART, await multipart(root, parts, options), options.gzip, options.turns);
    }
    case 'bytes':
      return send(res, response.contentType, response.body, false, options.turns);
    case 'empty':
      return end(res, 200);
    case 'http': {
      for (const [name, value] of Object.entries(response.headers ?? {})) res.setHeader(name, value);
      return end(res, response.status);
    }
  }
}

function end(res: ServerResponse, status: number): void {
  res.statusCode = status;
  res.setHeader('Content-Length', 0);
  res.end();
}

/** Answers of one piece get their length; longer ones are sent as they are made. */
async function send(
  res: ServerResponse,
  type: string,
  body: AsyncIterable<Uint8Array>,
  gzip: boolean,
  turns: Turns,
): Promise<void> {
  const pieces = body[Symbol.asyncIterator]();
  const first = await pieces.next();
  const second: IteratorResult<Uint8Array> = first.done ? first : await pieces.next();
  res.statusCode = 200;
  res.setHeader('Content-Type', type);
  const isShort = second.done === true;
  const bytes = first.done ? 0 : first.value.length;
  if (!gzip || (isShort && bytes < MIN_GZIP_BYTES)) {
    if (isShort) res.setHeader('Content-Length', bytes);
    return pump(res, joined(first, second, pieces), turns);
  }
  res.setHeader('Content-Encoding', 'gzip');
  res.setHeader('Vary', 'Accept-Encoding');
  if (!isShort) return pump(res, zipped(joined(first, second, pieces)), turns);
  const packed = gzipSync(first.value!, { level: constants.Z_BEST_SPEED });
  res.setHeader('Content-Length', packed.length);
  res.end(packed);
}

async function* joined(
  first: IteratorResult<Uint8Array>,
  second: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for (let next = first, ahead: IteratorResult<Uint8Array> | null = second; !next.done; ) {
    yield next.value;
    next = ahead ?? (await rest.next());
    ahead = null;
  }
}

async function* zipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  const fed = feed(gzip, source);
  // A source that fails ends the reader below with its error.
  fed.catch((error: Error) => gzip.destroy(error));
  yield* gzip as AsyncIterable<Uint8Array>;
  await fed;
}

async function feed(gzip: ReturnType<typeof createGzip>, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of source) if (!gzip.write(piece)) await once(gzip, 'drain');
  gzip.end();
}

async function pump(res: ServerResponse, source: AsyncIterable<Uint8Array>, turns: Turns): Promise<void> {
  for await (const piece of source) {
    if (res.destroyed) return;
    if (!res.write(piece)) await drained(res);
    // A quick client is written to without anybody else having a turn.
    if (turns.isOver) await turns.give();
  }
  res.end();
}

/** Until the client took what was written, or left. */
async function drained(res: ServerResponse): Promise<void> {
  if (res.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  res.once('drain', resolve).once('close', resolve);
  await promise;
  res.off('drain', resolve).off('close', resolve);
}

/**
 * MS-ASCMD §2.2.1.10.1: how many parts, then offset and length of each, little-endian as every server writes them, then
 * the parts; the document is part 0.
 */
async function multipart(
  root: WbxElement,
  parts: readonly ResponsePart[],
  options: WriteOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const document: Uint8Array[] = [];
  for await (const piece of streamWbxml(root, options)) document.push(piece);
  const lengths = [
    document.reduce((sum, piece) => sum + piece.length, 0),
    ...parts.map(({ byteLength }) => byteLength),
  ];
  const head = Buffer.alloc(4 + 8 * lengths.length);
  head.writeUInt32LE(lengths.length, 0);
  let offset = head.length;
  for (const [index, length] of lengths.entries()) {
    head.writeUInt32LE(offset, 4 + 8 * index);
    head.writeUInt32LE(length, 8 + 8 * index);
    offset += length;
  }
  return (async function* () {
    yield head;
    yield* document;
    for (const part of parts) yield* exactly(part);
  })();
}

/** Offsets were sent before the bytes: another number of bytes would shift every part after it. */
async function* exactly(part: ResponsePart): AsyncGenerator<Uint8Array, void, void> {
  let left = part.byteLength;
  for await (const chunk of part.open()) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new TypeError(`A part of ${part.byteLength} bytes gave another number of bytes.`);
}

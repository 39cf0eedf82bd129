import { createTextDecoder } from './charset.ts';
import type { ByteRange, MessagePart } from './message-index.ts';
import { createTransferDecoder } from './transfer-decoder.ts';

/** A whole message: its bytes, or its bytes in chunks from the first one on. */
export type MessageSource = Uint8Array | AsyncIterable<Uint8Array>;

/** How much of a message in memory is decoded at a time. */
const CHUNK_BYTES = 64 * 1024;

/** The bytes of the range; reading of a stream stops at its end. */
async function* readRange(source: MessageSource, range: ByteRange): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    for (let at = range.start; at < range.end; at += CHUNK_BYTES) {
      yield source.subarray(at, Math.min(range.end, at + CHUNK_BYTES));
    }
    return;
  }
  let position = 0;
  for await (const chunk of source) {
    const from = Math.max(0, range.start - position);
    const to = Math.min(chunk.length, range.end - position);
    if (from < to) yield chunk.subarray(from, to);
    position += chunk.length;
    if (position >= range.end) return;
  }
}

/** The part's body with its transfer encoding undone, as a stream. Broken encodings yield what can be read; never throws of itself. */
export async function* decodePart(source: MessageSource, part: MessagePart): AsyncGenerator<Uint8Array> {
  const decoder = createTransferDecoder(part.transferEncoding);
  for await (const chunk of readRange(source, part.body)) {
    const decoded = decoder.write(chunk);
    if (decoded.length > 0) yield decoded;
  }
  const rest = decoder.end();
  if (rest.length > 0) yield rest;
}

/**
 * The part's text: transfer encoding undone, decoded by its charset. Without a charset this runtime knows (RFC 2045
 * §5.2: US-ASCII) UTF-8 sequences are UTF-8 and other bytes windows-1252.
 * @param except Ranges of the decoded body to leave out, in their order.
 */
export async function* decodePartText(
  source: MessageSource,
  part: MessagePart,
  except: readonly ByteRange[] = [],
): AsyncGenerator<string> {
  const decoder = createTextDecoder(part.parameters.get('charset') ?? '');
  const bytes = decodePart(source, part);
  for await (const chunk of except.length === 0 ? bytes : withoutRanges(bytes, except)) {
    const text = decoder.write(chunk);
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

async function* withoutRanges(
  chunks: AsyncIterable<Uint8Array>,
  ranges: readonly ByteRange[],
): AsyncGenerator<Uint8Array> {
  let position = 0;
  let next = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      while (next < ranges.length && ranges[next]!.end <= position + at) next += 1;
      const { start, end } = ranges[next] ?? { start: Infinity, end: Infinity };
      const kept = Math.min(chunk.length, Math.max(at, start - position));
      if (kept > at) yield chunk.subarray(at, kept);
      at = Math.min(chunk.length, Math.max(kept, end - position));
    }
    position += chunk.length;
  }
}

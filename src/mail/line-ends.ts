import { ChunkCollector } from './chunk-collector.ts';

const CR = 13;
const LF = 10;
const CR_BYTES = Uint8Array.of(CR);
const LF_BYTES = Uint8Array.of(LF);

/**
 * The chunks with every line end made CRLF: the very same ones when all are so already, as nearly every program writes
 * them, else one copy. A bare CR or LF must not be sent (RFC 5321 §2.3.8), since receivers differ in what they take for
 * the end of a line, and so of a message.
 */
export function toCrlf(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (isCrlf(chunks)) return chunks;
  const collector = new ChunkCollector();
  let last = -1;
  for (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if ((byte === LF) !== (last === CR)) {
        collector.write(chunk.subarray(start, at));
        collector.write(byte === LF ? CR_BYTES : LF_BYTES);
        start = at;
      }
      last = byte;
    }
    collector.write(chunk.subarray(start));
  }
  if (last === CR) collector.write(LF_BYTES);
  return collector.end();
}

function isCrlf(chunks: readonly Uint8Array[]): boolean {
  let isCrBefore = false;
  for (const chunk of chunks) {
    for (const byte of chunk) {
      if ((byte === LF) !== isCrBefore) return false;
      isCrBefore = byte === CR;
    }
  }
  return !isCrBefore;
}

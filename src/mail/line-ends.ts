const CR = 13;
const LF = 10;
const CR_BYTES = Uint8Array.of(CR);
const LF_BYTES = Uint8Array.of(LF);

/**
 * The chunks with every line end made CRLF, as pieces to be counted or copied: nothing is copied here. A bare CR or LF
 * must not be sent (RFC 5321 §2.3.8), since receivers differ in what they take for the end of a line, and of a message.
 */
export function* withCrlf(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let last = -1;
  for (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if ((byte === LF) !== (last === CR)) {
        if (at > start) yield chunk.subarray(start, at);
        yield byte === LF ? CR_BYTES : LF_BYTES;
        start = at;
      }
      last = byte;
    }
    if (start < chunk.length) yield chunk.subarray(start);
  }
  if (last === CR) yield LF_BYTES;
}

/** Bytes of all pieces together. */
export function sizeOf(pieces: Iterable<Uint8Array>): number {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  return size;
}

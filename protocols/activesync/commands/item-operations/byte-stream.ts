/** Opens a stream anew at each call. */
export type OpenBytes = () => AsyncIterable<Uint8Array>;

/** How many bytes a stream gives; read to its end and not held. */
export async function countBytes(open: OpenBytes): Promise<number> {
  let count = 0;
  for await (const chunk of open()) count += chunk.length;
  return count;
}

/** Whether a stream gives nothing; read no further than its first byte. */
export async function isEmptyStream(open: OpenBytes): Promise<boolean> {
  for await (const chunk of open()) if (chunk.length > 0) return false;
  return true;
}

/** The bytes from `start` to before `end`. */
export async function* sliceBytes(open: OpenBytes, start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
  let at = 0;
  for await (const chunk of open()) {
    const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += chunk.length;
    if (piece.length > 0) yield piece;
    if (at >= end) return;
  }
}

/** A stream as base64 text in ASCII, without line ends. */
export async function* base64Bytes(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    // A copy: whoever gave the chunk may use its memory again.
    rest = bytes.slice(whole);
    if (whole > 0) yield base64(bytes.subarray(0, whole));
  }
  if (rest.length > 0) yield base64(rest);
}

function base64(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), 'latin1');
}

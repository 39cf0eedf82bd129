/** An item's bytes, whole or as chunks of any size in order, so that a large message is held once while it is gathered. */
export type Content = Uint8Array | readonly Uint8Array[];

/** Bytes of the whole. */
export function contentLength(content: Content): number {
  return chunksOf(content).reduce((total, chunk) => total + chunk.byteLength, 0);
}

export function chunksOf(content: Content): readonly Uint8Array[] {
  return content instanceof Uint8Array ? [content] : content;
}

/**
 * The bytes in pieces of exactly `size`, the last one shorter. A piece is copied only when it spans several chunks, and then
 * into memory that the next such piece takes again: use each before you ask for the next.
 */
export function* contentPieces(content: Content, size: number): Generator<Uint8Array> {
  let shared: Buffer | null = null;
  const joined = (parts: readonly Uint8Array[]): Uint8Array => {
    if (parts.length === 1 && parts[0] !== undefined) return parts[0];
    const bytes = shared ?? Buffer.allocUnsafeSlow(size);
    shared = bytes;
    let used = 0;
    for (const part of parts) {
      bytes.set(part, used);
      used += part.byteLength;
    }
    return bytes.subarray(0, used);
  };
  let parts: Uint8Array[] = [];
  let held = 0;
  for (const chunk of chunksOf(content)) {
    let at = 0;
    while (at < chunk.byteLength) {
      const part = chunk.subarray(at, at + size - held);
      parts.push(part);
      held += part.byteLength;
      at += part.byteLength;
      if (held < size) continue;
      yield joined(parts);
      parts = [];
      held = 0;
    }
  }
  if (held > 0) yield joined(parts);
}

/** The bytes from `start` (inclusive) to `end` (exclusive), in the memory they are in. */
export function contentRange(content: Content, start: number, end: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  let at = 0;
  for (const chunk of chunksOf(content)) {
    const from = Math.max(0, start - at);
    const to = Math.min(chunk.byteLength, end - at);
    if (from < to) found.push(chunk.subarray(from, to));
    at += chunk.byteLength;
    if (at >= end) break;
  }
  return found;
}

/** Whether these bytes stand at this offset of the content. */
export function holdsAt(content: Content, offset: number, bytes: Uint8Array): boolean {
  const end = offset + bytes.byteLength;
  let at = 0;
  for (const chunk of chunksOf(content)) {
    const from = Math.max(at, offset);
    const to = Math.min(at + chunk.byteLength, end);
    const isOther =
      from < to && Buffer.compare(chunk.subarray(from - at, to - at), bytes.subarray(from - offset, to - offset)) !== 0;
    if (isOther) return false;
    at += chunk.byteLength;
  }
  return at >= end;
}

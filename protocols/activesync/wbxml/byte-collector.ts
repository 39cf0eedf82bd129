/** Pieces from here on are kept as they came; smaller ones are gathered, so that a body of tiny chunks costs its bytes only. */
const KEPT_BYTES = 16 * 1024;
/** Values up to this length come in one piece, however they arrived. */
export const BLOCK_BYTES = 64 * 1024;
const FIRST_BLOCK_BYTES = 512;

/** Gathers a value that arrives in pieces, without a second copy of large ones. Memory is taken as bytes arrive. */
export class ByteCollector {
  readonly #chunks: Uint8Array[] = [];
  #block: Uint8Array | null = null;
  #used = 0;
  #length = 0;

  get byteLength(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (piece.length >= KEPT_BYTES) {
      this.#closeBlock();
      this.#chunks.push(piece);
      return;
    }
    let rest = piece;
    while (rest.length > 0) {
      this.#block ??= new Uint8Array(Math.min(BLOCK_BYTES, Math.max(FIRST_BLOCK_BYTES, this.#length)));
      const part = rest.subarray(0, this.#block.length - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
      if (this.#used === this.#block.length) this.#closeBlock();
    }
  }

  /** What was collected: one chunk up to 64 KiB, as many as it took above. */
  finish(): Uint8Array[] {
    this.#closeBlock();
    return this.#length <= BLOCK_BYTES && this.#chunks.length !== 1 ? [concat(this.#chunks)] : this.#chunks;
  }

  #closeBlock(): void {
    if (this.#block !== null) this.#chunks.push(exact(this.#block, this.#used));
    this.#block = null;
    this.#used = 0;
  }
}

/** A small value must not keep a whole block alive. */
function exact(block: Uint8Array, used: number): Uint8Array {
  return used > block.length / 2 ? block.subarray(0, used) : block.slice(0, used);
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

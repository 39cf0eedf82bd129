const BLOCK_BYTES = 64 * 1024;

/**
 * Gathers bytes in blocks of one size, whatever pieces they come in: a message that arrives byte by byte costs no more
 * memory than one that arrives at once, and nothing is copied again at the end.
 */
export class ChunkCollector {
  readonly #blocks: Uint8Array[] = [];
  /** Bytes of the last block that are in use. */
  #used = BLOCK_BYTES;

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#used === BLOCK_BYTES) {
        this.#blocks.push(new Uint8Array(BLOCK_BYTES));
        this.#used = 0;
      }
      const part = piece.subarray(at, at + BLOCK_BYTES - this.#used);
      this.#blocks.at(-1)!.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
    }
  }

  /** All of it, in order; nothing is to be written afterwards. */
  end(): readonly Uint8Array[] {
    const last = this.#blocks.pop();
    if (last !== undefined) this.#blocks.push(last.subarray(0, this.#used));
    return this.#blocks;
  }
}

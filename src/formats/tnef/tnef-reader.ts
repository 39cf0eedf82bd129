/** Reads little-endian values; what lies beyond the end throws the one error the decoder stops at. */
export class TnefReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    return this.take(2).readUInt16LE(0);
  }

  u32(): number {
    return this.take(4).readUInt32LE(0);
  }

  /** The next bytes, sharing memory with the input. */
  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new TnefEnd();
    const piece = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return piece;
  }

  /** The next bytes and what fills them up to a multiple of four. */
  padded(length: number): Buffer {
    const piece = this.take(length);
    this.take(Math.min((4 - (length % 4)) % 4, this.#bytes.length - this.#at));
    return piece;
  }
}

/** The data ended in the middle of a value. */
export class TnefEnd extends Error {}

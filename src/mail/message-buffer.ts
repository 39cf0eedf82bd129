import { fromLatin1 } from '../formats/mime/charset.ts';

/** Bytes kept free before a message: more than its trace fields can take, whose parts are all bounded. */
const ROOM = 8 * 1024;

/**
 * A whole message, held once however many mailboxes get it: what differs between them stands before it, in room that was
 * left free. So a message of 25 MB costs 25 MB of memory and not 25 MB for each recipient.
 */
export class MessageBuffer {
  readonly #bytes: Uint8Array;
  readonly #start: number;

  private constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  /** Copies the pieces, which have `size` bytes together. */
  static from(pieces: Iterable<Uint8Array>, size: number): MessageBuffer {
    const bytes = new Uint8Array(ROOM + size);
    let at = ROOM;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    if (at !== bytes.length) throw new TypeError(`a message of ${size} bytes came with ${at - ROOM}`);
    return new MessageBuffer(bytes, ROOM);
  }

  /** The message as it is. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start);
  }

  /** The same message without its first bytes, in the same memory. */
  without(first: number): MessageBuffer {
    return new MessageBuffer(this.#bytes, this.#start + first);
  }

  /** The message with these fields before it, one character per byte; good until the next call. */
  withTrace(fields: string): Uint8Array {
    const start = this.#start - fields.length;
    if (start < 0) throw new TypeError(`trace fields of ${fields.length} bytes have no room`);
    this.#bytes.set(fromLatin1(fields), start);
    return this.#bytes.subarray(start);
  }
}
